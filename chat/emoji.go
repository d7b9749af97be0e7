package chat

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif"  // kinds of picture that may be an emoji
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"regexp"
	"strings"
	"time"

	_ "golang.org/x/image/webp" // the same
	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/fault"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// Emoji is one of the town's own pictures; in texts and reactions it is :code:.
type Emoji struct {
	ID   string `json:"id"`
	Code string `json:"code"`
}

// EmojiList holds the town's own emoji.
type EmojiList struct {
	Items []Emoji `json:"items" nullable:"false" doc:"By code"`
}

// NewEmoji is a picture that becomes an emoji.
type NewEmoji struct {
	Code    string `json:"code" minLength:"2" maxLength:"40" doc:"Small letters, digits, - and _"`
	Picture []byte `json:"picture" maxLength:"131072" doc:"PNG, GIF, JPEG or WebP, at most 64 KiB and 512 × 512"`
}

// emojiPicture is what is served.
type emojiPicture struct {
	Type    string
	Picture []byte
}

var (
	emojiCode   = regexp.MustCompile(`^[a-z0-9_-]{2,32}$`)
	errNoEmoji  = fault.NotFound("chat.emoji_unknown")
	errNotImage = fault.Invalid("chat.emoji_picture_invalid", "max", maxEmojiPicture)
)

// codeIn returns the code in ":code:".
func codeIn(emoji string) (string, bool) {
	code, closed := strings.CutSuffix(emoji, ":")
	code, opened := strings.CutPrefix(code, ":")
	return code, opened && closed && emojiCode.MatchString(code)
}

// Emoji lists the town's own emoji.
func (c *Chat) Emoji(ctx context.Context) (EmojiList, error) {
	list := EmojiList{Items: []Emoji{}}
	err := c.db.Read(ctx).Raw("SELECT id, code FROM chat_emoji ORDER BY code LIMIT ?", maxTownEmoji).Scan(&list.Items).Error
	if err != nil {
		return list, fmt.Errorf("list emoji: %w", err)
	}
	return list, nil
}

// AddEmoji makes a picture an emoji of the town.
func (c *Chat) AddEmoji(ctx context.Context, p access.Principal, in NewEmoji) (Emoji, error) {
	if !p.IsAdmin() {
		return Emoji{}, fault.Forbidden("not_allowed")
	}
	in.Code = strings.ToLower(strings.Trim(strings.TrimSpace(in.Code), ":"))
	if !emojiCode.MatchString(in.Code) {
		return Emoji{}, fault.Invalid("chat.emoji_code_invalid")
	}
	kind, err := pictureType(in.Picture)
	if err != nil {
		return Emoji{}, err
	}
	e := Emoji{ID: id.New(), Code: in.Code}
	err = c.db.Write(ctx, func(tx *gorm.DB) error {
		if err := insertEmoji(tx, e, kind, in.Picture, p.UserID, c.clock.Now()); err != nil {
			return err
		}
		return c.audit.RecordTx(tx, emojiEntry("emoji.added", p, e))
	})
	if store.IsUnique(err) {
		err = fault.Conflict("chat.emoji_code_taken", "code", in.Code)
	}
	return e, err
}

// RemoveEmoji takes an emoji away. Where it was used, its code stays.
func (c *Chat) RemoveEmoji(ctx context.Context, p access.Principal, emojiID string) error {
	if !p.IsAdmin() {
		return fault.Forbidden("not_allowed")
	}
	return c.db.Write(ctx, func(tx *gorm.DB) error {
		var gone []Emoji
		if err := tx.Raw("DELETE FROM chat_emoji WHERE id = ? RETURNING id, code", emojiID).Scan(&gone).Error; err != nil {
			return fmt.Errorf("remove emoji %s: %w", emojiID, err)
		}
		if len(gone) == 0 {
			return errNoEmoji
		}
		return c.audit.RecordTx(tx, emojiEntry("emoji.removed", p, gone[0]))
	})
}

func emojiEntry(action string, p access.Principal, e Emoji) audit.Entry {
	return audit.Entry{
		Action: action, ActorID: p.UserID, ActorName: p.Name, ObjectKind: "emoji", ObjectID: e.ID, Detail: map[string]any{"code": e.Code},
	}
}

// picture returns the picture of an emoji.
func (c *Chat) picture(ctx context.Context, emojiID string) (emojiPicture, error) {
	var all []emojiPicture
	if !id.Valid(emojiID) {
		return emojiPicture{}, errNoEmoji
	}
	err := c.db.Read(ctx).Raw("SELECT type, picture FROM chat_emoji WHERE id = ?", emojiID).Scan(&all).Error
	if err != nil {
		return emojiPicture{}, fmt.Errorf("read emoji %s: %w", emojiID, err)
	}
	if len(all) == 0 {
		return emojiPicture{}, errNoEmoji
	}
	return all[0], nil
}

// pictureType says what a picture is by its content. Its size is looked at
// before anything is decoded, and then all of it must be decodable.
func pictureType(b []byte) (string, error) {
	if len(b) == 0 || len(b) > maxEmojiPicture {
		return "", errNotImage
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width > maxEmojiSide || head.Height > maxEmojiSide {
		return "", errNotImage
	}
	if _, _, err := image.Decode(bytes.NewReader(b)); err != nil {
		return "", errNotImage
	}
	return "image/" + kind, nil
}

func insertEmoji(tx *gorm.DB, e Emoji, kind string, picture []byte, by string, at time.Time) error {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_emoji").Row().Scan(&n); err != nil {
		return fmt.Errorf("count emoji: %w", err)
	}
	if n >= maxTownEmoji {
		return fault.Conflict("chat.too_many_emoji", "max", maxTownEmoji)
	}
	err := tx.Exec("INSERT INTO chat_emoji (id, code, type, picture, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		e.ID, e.Code, kind, picture, by, at).Error
	if err != nil {
		return fmt.Errorf("store emoji %s: %w", e.ID, err)
	}
	return nil
}

func emojiExists(tx *gorm.DB, code string) (bool, error) {
	var n int
	if err := tx.Raw("SELECT count(*) FROM chat_emoji WHERE code = ?", code).Row().Scan(&n); err != nil {
		return false, fmt.Errorf("look for an emoji: %w", err)
	}
	return n > 0, nil
}
