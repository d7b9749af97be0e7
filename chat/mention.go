package chat

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// cause says why a message calls somebody.
type cause string

// The causes. Nobody is called twice by one message: who follows its thread is
// called for that, whatever else it says, then come names, then groups.
const (
	byName   cause = "person"
	byGroup  cause = "group"  // is in a group that is called
	byAll    cause = "all"    // @alle: everybody in the room
	byHere   cause = "here"   // @hier: was connected when it was written
	byThread cause = "thread" // follows the thread in which the message is
)

// called is a person whom a message calls.
type called struct {
	UserID string
	Cause  cause
}

// callsByName calls those of the people who are members, but not the author.
func callsByName(ros *roster, author string, people []string) []called {
	var out []called
	for _, u := range people {
		if u != author && ros.role(u) != "" {
			out = append(out, called{u, byName})
		}
	}
	return out
}

// joinCalls adds those who are not called yet.
func joinCalls(calls, more []called) []called {
	if len(more) == 0 {
		return calls
	}
	have := make(map[string]bool, len(calls)+len(more))
	for _, one := range calls {
		have[one.UserID] = true
	}
	for _, one := range more {
		if !have[one.UserID] {
			have[one.UserID] = true
			calls = append(calls, one)
		}
	}
	return calls
}

// callsOf returns those of the calls that have one of the causes.
func callsOf(calls []called, causes ...cause) []called {
	var out []called
	for _, one := range calls {
		if slices.Contains(causes, one.Cause) {
			out = append(out, one)
		}
	}
	return out
}

func peopleOf(calls []called) []string {
	if len(calls) == 0 {
		return nil
	}
	out := make([]string, len(calls))
	for i, one := range calls {
		out[i] = one.UserID
	}
	return out
}

func sameCalls(a, b []called) bool {
	byUser := func(x, y called) int { return strings.Compare(x.UserID, y.UserID) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), byUser), slices.SortedFunc(slices.Values(b), byUser))
}

func mentionsOf(tx *gorm.DB, messageID string) ([]called, error) {
	var out []called
	if err := tx.Raw("SELECT user_id, cause FROM chat_mentions WHERE message_id = ?", messageID).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("read mentions of message %s: %w", messageID, err)
	}
	return out, nil
}

// insertMentions stores the calls of a message, many in one statement.
func insertMentions(tx *gorm.DB, m message, calls []called) error {
	for some := range slices.Chunk(calls, rowsAtOnce) {
		args := make([]any, 0, 5*len(some))
		for _, one := range some {
			args = append(args, m.ID, m.RoomID, one.UserID, m.Seq, one.Cause)
		}
		err := tx.Exec("INSERT INTO chat_mentions (message_id, room_id, user_id, seq, cause) VALUES "+
			strings.Repeat("(?, ?, ?, ?, ?), ", len(some)-1)+"(?, ?, ?, ?, ?)", args...).Error
		if err != nil {
			return fmt.Errorf("store mentions in message %s: %w", m.ID, err)
		}
	}
	return nil
}

func deleteMentions(tx *gorm.DB, messageID string) error {
	if err := tx.Exec("DELETE FROM chat_mentions WHERE message_id = ?", messageID).Error; err != nil {
		return fmt.Errorf("remove mentions of message %s: %w", messageID, err)
	}
	return nil
}
