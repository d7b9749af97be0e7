//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// chat is people who write messages. Everybody in the room receives, the
// sender too.
type chat struct{}

const (
	messageText  = "Guten Morgen, die Unterlagen für die Sitzung am Dienstag liegen bereit. "
	messageEvent = `{"ev":"message"`
	markSign     = "mark:"
)

func (chat) silent() int { return 0 }

func (chat) place(ctx context.Context, p *proof.Process, n int, circle []proof.Person) (string, error) {
	room, err := p.Room(ctx, "Raum "+strconv.Itoa(n), circle)
	return "room:" + room, err
}

func (chat) send(ctx context.Context, tab *proof.Tab, topic string, mark []byte) error {
	text := messageText + markSign + hex.EncodeToString(mark)
	return tab.Ask(ctx, "send", topic, 0, map[string]any{"client_id": id.New(), "text": text}, nil)
}

func (chat) ears(heard func([]byte)) proof.Ears {
	return proof.Ears{Line: func(line []byte) bool {
		if !bytes.HasPrefix(line, []byte(messageEvent)) {
			return !bytes.HasPrefix(line, []byte(`{"re":`))
		}
		at := bytes.Index(line, []byte(markSign))
		if at < 0 {
			return true // an entry of the house
		}
		at += len(markSign)
		mark := make([]byte, markLength)
		if _, err := hex.Decode(mark, line[at:at+2*markLength]); err == nil {
			heard(mark)
		}
		return true
	}}
}

// pads is people who type. Everybody but the sender receives.
type pads struct{}

// typing is the size of a keystroke's update after sealing.
const typing = 64 // bytes

func (pads) silent() int { return 1 }

func (pads) place(ctx context.Context, p *proof.Process, n int, circle []proof.Person) (string, error) {
	pad, err := p.Pad(ctx, "Pad "+strconv.Itoa(n), circle[0])
	return "pad:" + pad, err
}

func (pads) send(ctx context.Context, tab *proof.Tab, topic string, mark []byte) error {
	content := append(append(make([]byte, 0, typing), mark...), make([]byte, typing-markLength)...)
	return tab.Frame(ctx, strings.TrimPrefix(topic, "pad:"), proof.UpdateFrame, proof.Update(content), nil)
}

func (pads) ears(heard func([]byte)) proof.Ears {
	return proof.Ears{Binary: func(b proof.Binary) {
		const header = 32
		if b.Kind == proof.UpdateFrame && len(b.Payload) >= header+markLength {
			heard(b.Payload[header : header+markLength])
		}
	}}
}
