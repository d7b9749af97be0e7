package chat

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// Reaction is one emoji under a message with those who set it, the first first.
type Reaction struct {
	Emoji  string   `json:"emoji" doc:"A Unicode emoji, or :code: of one of the town's own"`
	People []Person `json:"people" nullable:"false"`
}

// storedReaction is the same in the data of the message.
type storedReaction struct {
	Emoji  string   `json:"emoji"`
	People []string `json:"people"`
}

// React sets or takes back p's reaction to a message. Doing it twice does no harm.
func (c *Chat) React(ctx context.Context, p access.Principal, roomID, messageID, emoji string, on bool) (Message, error) {
	if err := c.keepPace(c.sends, p.UserID); err != nil {
		return Message{}, err
	}
	if err := c.emojiKnown(ctx, emoji, on); err != nil {
		return Message{}, err
	}
	return c.alter(ctx, p, roomID, messageID, func(ros *roster, ch *change) error {
		if err := canAnswer(p, ros.room, ros.role(p.UserID), ch.message); err != nil {
			return err
		}
		if on {
			if err := canBeHeard(p, ros, c.clock.Now()); err != nil {
				return err
			}
		}
		next, err := reacted(ch.stored.Reactions, emoji, p.UserID, on)
		ch.same = len(next) == len(ch.stored.Reactions) && countReactions(next) == countReactions(ch.stored.Reactions)
		ch.stored.Reactions = next
		return err
	})
}

// reacted returns the reactions after one more or one less. The given ones stay
// as they are.
func reacted(all []storedReaction, emoji, user string, on bool) ([]storedReaction, error) {
	at := slices.IndexFunc(all, func(r storedReaction) bool { return sameEmoji(r.Emoji, emoji) })
	if at < 0 {
		if !on {
			return all, nil
		}
		if len(all) >= maxReactionKinds {
			return all, fault.Conflict("chat.too_many_reactions", "max", maxReactionKinds)
		}
		return append(slices.Clone(all), storedReaction{emoji, []string{user}}), nil
	}
	people := all[at].People
	if slices.Contains(people, user) == on {
		return all, nil
	}
	if on && countReactions(all) >= maxReactions {
		return all, fault.Conflict("chat.too_many_reactions", "max", maxReactions)
	}
	next := slices.Clone(all)
	if on {
		next[at].People = append(slices.Clone(people), user)
		return next, nil
	}
	next[at].People = without(people, []string{user})
	if len(next[at].People) == 0 {
		next = slices.Delete(next, at, at+1)
	}
	return next, nil
}

func countReactions(all []storedReaction) int {
	n := 0
	for _, r := range all {
		n += len(r.People)
	}
	return n
}

// sameEmoji does not mind whether the picture is asked for explicitly.
func sameEmoji(a, b string) bool {
	const variant = "\uFE0F"
	return strings.ReplaceAll(a, variant, "") == strings.ReplaceAll(b, variant, "")
}

// emojiKnown refuses what is no emoji. Those of the town must exist to be set.
func (c *Chat) emojiKnown(ctx context.Context, emoji string, on bool) error {
	if code, ok := codeIn(emoji); ok {
		if !on {
			return nil
		}
		known, err := emojiExists(c.db.Read(ctx), code)
		if err == nil && !known {
			err = fault.Invalid("chat.emoji_unknown")
		}
		return err
	}
	if !isEmoji(emoji) {
		return fault.Invalid("chat.emoji_unknown")
	}
	return nil
}

const (
	joiner      = '\u200D'
	pictureMark = '\uFE0F'
	keycap      = '\u20E3'
	lastTag     = '\U000E007F'
)

// isEmoji says whether s is one Unicode emoji: a flag, a key, or pictures that
// joiners make into one.
func isEmoji(s string) bool {
	if s == "" || len(s) > maxEmojiBytes || !utf8.ValidString(s) {
		return false
	}
	runes := []rune(s)
	if len(runes) == 2 && isFlagLetter(runes[0]) && isFlagLetter(runes[1]) {
		return true
	}
	if strings.ContainsRune("0123456789#*", runes[0]) {
		return runes[len(runes)-1] == keycap && (len(runes) == 2 || len(runes) == 3 && runes[1] == pictureMark)
	}
	for len(runes) > 0 {
		rest := onePicture(runes)
		if rest == nil {
			return false
		}
		if len(rest) == 0 {
			return true
		}
		if rest[0] != joiner {
			return false
		}
		runes = rest[1:]
	}
	return false
}

// onePicture takes one picture with its marks from the front and returns the rest,
// or nil if there is none.
func onePicture(runes []rune) []rune {
	if !isPicture(runes[0]) {
		return nil
	}
	rest := runes[1:]
	for len(rest) > 0 && (rest[0] == pictureMark || rest[0] >= 0x1F3FB && rest[0] <= 0x1F3FF || rest[0] >= 0xE0020 && rest[0] <= lastTag) {
		rest = rest[1:]
	}
	return rest
}

func isFlagLetter(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func isPicture(r rune) bool {
	switch {
	case isFlagLetter(r):
		return false
	case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2190 && r <= 0x2BFF:
		return true
	}
	return strings.ContainsRune("\u00A9\u00AE\u203C\u2049\u2122\u2139\u3030\u303D\u3297\u3299", r)
}
