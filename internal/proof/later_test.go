//go:build linux

package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

const waiting = 30 // messages that wait for their time; so many may be handed in at once

// Requirement row 004-09: what shall be sent later is sent once, although the
// program is killed while it sends, again and again.
func TestWhatIsSentLaterIsSentOnceAlthoughTheProgramIsKilled(t *testing.T) {
	each(t, func(t *testing.T, h *proof.House) {
		author := people(t, h, 1)[0]
		p := start(t, h)
		room, err := p.Room(t.Context(), "Bauhof", []proof.Person{author})
		if err != nil {
			t.Fatal(err)
		}
		for n := range waiting {
			scheduled(t, p, author, room, n)
		}
		for range kills(t) {
			<-time.After(time.Duration(rand.IntN(300)) * time.Millisecond) // the moment of the kill is what is varied
			p.Kill()
			p = start(t, h)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for left := waiting; left > 0; left = stillWaiting(ctx, t, p, author) {
			if err := ctx.Err(); err != nil {
				t.Fatalf("%d messages still wait: %v", left, err)
			}
		}
		said := map[string]int{}
		var page struct{ Messages []struct{ Text string } }
		if err := p.Call(ctx, author, "GET", "/chat/rooms/"+room+"/messages?limit=100", nil, &page); err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			said[m.Text]++
		}
		for n := range waiting {
			if text := fmt.Sprint("Nummer ", n); said[text] != 1 {
				t.Errorf("%s was sent %d times", text, said[text])
			}
		}
	})
}

// stillWaiting asks, a few times a second, how many messages wait.
func stillWaiting(ctx context.Context, t *testing.T, p *proof.Process, author proof.Person) int {
	t.Helper()
	<-time.After(200 * time.Millisecond)
	var list struct{ Items []struct{ Problem string } }
	if err := p.Call(ctx, author, "GET", "/chat/later", nil, &list); err != nil {
		t.Fatal(err)
	}
	return len(list.Items)
}

// scheduled lets a message wait for one to four seconds.
func scheduled(t *testing.T, p *proof.Process, author proof.Person, room string, n int) {
	t.Helper()
	in := map[string]any{
		"send_at": time.Now().Add(time.Second + time.Duration(rand.IntN(3000))*time.Millisecond).UTC(),
		"message": map[string]any{"client_id": id.New(), "text": fmt.Sprint("Nummer ", n)},
	}
	if err := p.Call(t.Context(), author, "POST", "/chat/rooms/"+room+"/later", in, nil); err != nil {
		t.Fatalf("message %d can't wait: %v", n, err)
	}
}
