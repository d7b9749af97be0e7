//go:build linux

package proof_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// sending is one change whose way to the disk is looked for in the trace.
type sending struct {
	what  string
	mark  string // bytes that the change carries to the disk
	reply string // bytes that only its acknowledgement holds
}

// Requirement rows 000-03, 002-05: an acknowledgement leaves the program only
// after its change was synced to disk, and nobody else sees the change before.
// Killing the program can't show that, because what the system has accepted
// survives the program; the order of its system calls does.
func TestEveryAcknowledgementFollowsItsSync(t *testing.T) {
	h := &proof.House{Binary: binary(t), Dir: t.TempDir()}
	people := people(t, h, 2)
	file := traced(t, h, "fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg")
	p := start(t, h)
	all := oneByOne(t, p, people)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if code, err := p.Terminate(ctx); err != nil || code != 0 {
		t.Fatalf("the program ended with %d: %v", code, err)
	}
	calls := readTrace(t, file)
	for _, s := range all {
		s.check(t, calls)
	}
}

// oneByOne sends messages and pad updates, each after the last was acknowledged.
func oneByOne(t *testing.T, p *proof.Process, people []proof.Person) []sending {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	room, err := p.Room(ctx, "Raum", people)
	if err != nil {
		t.Fatal(err)
	}
	pad, err := p.Pad(ctx, "Pad", people[0])
	if err != nil {
		t.Fatal(err)
	}
	writer := joined(ctx, t, p, people[0], room, pad)
	joined(ctx, t, p, people[1], room, pad) // hears everything
	var all []sending
	for n := range 20 {
		client := id.New()
		data := map[string]any{"client_id": client, "text": "Guten Morgen"}
		if err := writer.Ask(ctx, "send", "room:"+room, 0, data, nil); err != nil {
			t.Fatal(err)
		}
		all = append(all, sending{"message", client, client})
		var stored struct {
			Seq int64 `json:"seq"`
		}
		mark := fmt.Sprintf("Buchstabe-%03d.", n)
		if err := writer.Frame(ctx, pad, proof.UpdateFrame, proof.Update([]byte(mark)), &stored); err != nil {
			t.Fatal(err)
		}
		all = append(all, sending{"pad update", mark, fmt.Sprintf(`\"ok\":{\"seq\":%d}}`, stored.Seq)})
	}
	return all
}

func joined(ctx context.Context, t *testing.T, p *proof.Process, who proof.Person, room, pad string) *proof.Tab {
	t.Helper()
	tab, err := proof.Open(ctx, p.URL, who, proof.Ears{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	for _, topic := range []string{"me", "room:" + room, "pad:" + pad} {
		if err := tab.Ask(ctx, "join", topic, -1, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	return tab
}

// check finds where the change was written to the log of the database and how
// far it had to go before anything about it left the program.
func (s sending) check(t *testing.T, calls []call) {
	t.Helper()
	synced := -1 // line after which the change is on the disk
	wrote := false
	left := 0
	for _, c := range calls {
		switch {
		case c.writesTo("-wal") && strings.Contains(c.text, s.mark):
			if left == 0 {
				wrote, synced = true, -1
			}
		case wrote && synced < 0 && c.syncs():
			synced = c.ended
		case c.writesTo("socket:") && (strings.Contains(c.text, s.reply) || strings.Contains(c.text, s.mark)):
			left++
			if synced < 0 || c.begun < synced {
				t.Errorf("%s %s left the program before it was synced: %.120s", s.what, s.mark, c.text)
			}
		}
	}
	if !wrote || left < 2 {
		t.Errorf("%s %s: written to the log of the database %v, left the program %d times; want true and at least its acknowledgement and one delivery",
			s.what, s.mark, wrote, left)
	}
}
