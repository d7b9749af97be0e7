//go:build linux

package proof_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"testing"

	"rathaus/internal/proof"
)

// killsEnv is how often the program is killed; the long run is 100.
const killsEnv = "RATHAUS_TEST_KILLS"

func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv(killsEnv)
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", killsEnv, err)
	}
	return n
}

// Requirement rows 000-03, 000-21, 002-05: an acknowledged change is never lost
// and never there twice, whatever happens to the process.
func TestNothingAcknowledgedIsLostWhenTheProgramIsKilled(t *testing.T) {
	each(t, func(t *testing.T, h *proof.House) {
		people := people(t, h, 8)
		p := start(t, h)
		c := gather(t, people, p)
		for range kills(t) {
			c.acknowledgements(40 + rand.IntN(160))
			p.Kill()
			p = start(t, h)
			c.with(func() { c.process = p })
		}
		c.acknowledgements(100)
		c.end()
		c.check(p)
	})
}

// Requirement row 000-20: a graceful stop loses nothing and tells when to come back.
func TestNothingAcknowledgedIsLostWhenTheProgramIsStopped(t *testing.T) {
	each(t, func(t *testing.T, h *proof.House) {
		people := people(t, h, 8)
		p := start(t, h)
		c := gather(t, people, p)
		c.acknowledgements(100)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		code, err := p.Terminate(ctx)
		if err != nil || code != 0 {
			t.Fatalf("asked to end, the program ended with %d: %v\n%s", code, err, p.Log())
		}
		if err := c.until(ctx, func() bool { return len(c.farewells) >= len(people) }); err != nil {
			t.Fatalf("%d of %d people were told that the program ends", len(c.farewells), len(people))
		}
		c.with(func() { c.toldToComeBack(len(people)) })
		p = start(t, h)
		c.with(func() { c.process = p })
		c.acknowledgements(100)
		c.end()
		c.check(p)
	})
}

func (c *crowd) toldToComeBack(n int) {
	hint := regexp.MustCompile(`^\{"retry_ms":[1-9][0-9]*\}$`)
	for _, f := range c.farewells[:n] {
		if f.code != 1012 || !hint.MatchString(f.reason) {
			c.t.Errorf("a socket ended with %d %q, want 1012 and when to come back", f.code, f.reason)
		}
	}
}

// check compares what was acknowledged with what is there.
func (c *crowd) check(p *proof.Process) {
	c.t.Helper()
	for _, err := range c.trouble {
		c.t.Error(err)
	}
	for _, room := range c.rooms {
		c.compare("room", room, c.messages, c.history(p, room))
	}
	for _, pad := range c.pads {
		c.compare("pad", pad, c.frames, c.log(p, pad))
	}
	c.t.Logf("%d messages and %d frames were acknowledged, %d of them after a lost answer; %d sockets ended",
		len(c.messages), len(c.frames), c.again, len(c.farewells))
}

// entry is one row of a room's history or a pad's log.
type entry struct {
	seq int64
	id  string // of the client; empty for entries of the house
}

func (c *crowd) compare(kind, thing string, acknowledged map[string]place, found []entry) {
	c.t.Helper()
	there := map[string]int64{}
	for i, e := range found {
		if e.seq != int64(i)+1 {
			c.t.Fatalf("%s %s: entry %d has seq %d: there is a gap or a double", kind, thing, i+1, e.seq)
		}
		if _, twice := there[e.id]; twice && e.id != "" {
			c.t.Errorf("%s %s: %s is there twice", kind, thing, e.id)
		}
		there[e.id] = e.seq
	}
	for id, at := range acknowledged {
		if at.thing == thing && there[id] != at.seq {
			c.t.Errorf("%s %s: %s was acknowledged as %d and is at %d (0: lost)", kind, thing, id, at.seq, there[id])
		}
	}
}

// history reads a room from its first entry to its last.
func (c *crowd) history(p *proof.Process, room string) []entry {
	c.t.Helper()
	var all []entry
	for {
		var page struct {
			Messages []struct {
				Seq      int64  `json:"seq"`
				ClientID string `json:"client_id"`
			} `json:"messages"`
			After bool `json:"after"`
		}
		after := int64(0)
		if len(all) > 0 {
			after = all[len(all)-1].seq
		}
		// The first page is found around the first place: after=0 means the latest.
		path := fmt.Sprintf("/chat/rooms/%s/messages?limit=100&after=%d", room, after)
		if after == 0 {
			path = fmt.Sprintf("/chat/rooms/%s/messages?limit=100&around=1", room)
		}
		if err := p.Call(c.t.Context(), c.people[0], "GET", path, nil, &page); err != nil {
			c.t.Fatalf("read room %s: %v", room, err)
		}
		for _, m := range page.Messages {
			all = append(all, entry{m.Seq, m.ClientID})
		}
		if !page.After || len(page.Messages) == 0 {
			return all
		}
	}
}

// log reads a pad from its first frame to its last.
func (c *crowd) log(p *proof.Process, pad string) []entry {
	c.t.Helper()
	var all []entry
	for {
		var page struct {
			Head    int64 `json:"head"`
			Updates []struct {
				Seq   int64  `json:"seq"`
				Frame string `json:"frame"`
			} `json:"updates"`
		}
		path := fmt.Sprintf("/pads/%s/log?after=%d", pad, len(all))
		if err := p.Call(c.t.Context(), c.people[0], "GET", path, nil, &page); err != nil {
			c.t.Fatalf("read pad %s: %v", pad, err)
		}
		for _, u := range page.Updates {
			raw, err := base64.StdEncoding.DecodeString(u.Frame)
			if err != nil {
				c.t.Fatal(err)
			}
			all = append(all, entry{u.Seq, proof.FrameID(raw)})
		}
		if int64(len(all)) >= page.Head || len(page.Updates) == 0 {
			return all
		}
	}
}
