package chat

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Reference shows another message of the same room as it is now: nothing of it
// is copied, so deleting it deletes it here too. Who holds a reference applies
// later changes of that message to it.
type Reference struct {
	ID      string `json:"id"`
	Seq     int64  `json:"seq"`
	Author  Person `json:"author"`
	Text    string `json:"text" doc:"The beginning, without marks for people; empty once deleted"`
	Deleted bool   `json:"deleted"`
}

// refer shows a message that another one names. Nil if it is not known.
func (k *known) refer(messageID string) *Reference {
	m, ok := k.messages[messageID]
	if !ok {
		return nil
	}
	return &Reference{
		ID: m.ID, Seq: m.Seq, Author: named(k.people, m.AuthorID),
		Text: excerpt(m.gist(), k.people), Deleted: m.DeletedAt != nil,
	}
}

// gist is what a message says in a word: its text, or what else it brings.
func (m message) gist() string {
	if m.Text != "" || m.Data == "" {
		return m.Text
	}
	s, err := m.stored()
	switch {
	case err != nil:
		return ""
	case s.Poll != nil:
		return s.Poll.Question
	}
	return namesOf(s.Files)
}

// ReferenceTo shows a message that went out: what a client does when one to
// which others refer changes.
func ReferenceTo(m Message) *Reference {
	people := map[string]Person{}
	for _, p := range m.People {
		people[p.ID] = p
	}
	gist := m.Text
	switch {
	case gist == "" && m.Poll != nil:
		gist = m.Poll.Question
	case gist == "":
		gist = namesOf(m.Files)
	}
	return &Reference{ID: m.ID, Seq: m.Seq, Author: m.Author, Text: excerpt(gist, people), Deleted: m.DeletedAt != ""}
}

// callLink matches a call in a text: [@Ada Berg](person:0199…) and the like.
var callLink = regexp.MustCompile(`\[@((?:[^\]\\]|\\.)*)\]\((person|group|all|here|room):([0-9a-f-]{36})\)`)

var escaped = regexp.MustCompile(`\\(.)`)

// excerpt is the beginning of a text on one line, with names instead of calls.
func excerpt(text string, people map[string]Person) string {
	text = callLink.ReplaceAllStringFunc(text, func(link string) string {
		part := callLink.FindStringSubmatch(link)
		if who, ok := people[part[3]]; ok && part[2] == "person" {
			return "@" + who.Name
		}
		return "@" + escaped.ReplaceAllString(part[1], "$1")
	})
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= maxExcerpt {
		return text
	}
	return string([]rune(text)[:maxExcerpt-1]) + "…"
}
