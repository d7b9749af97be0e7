package chat_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// BenchmarkSend measures storing one message and handing it to the hub, with
// many people sending at once and nobody connected.
func BenchmarkSend(b *testing.B) {
	k := newRig(b, storetest.Open(b, store.SQLite, sources))
	people := make([]access.Principal, 400)
	rooms := make([]chat.Room, 20)
	for n := range people {
		people[n] = k.person(fmt.Sprint("P", n))
	}
	for n := range rooms {
		rooms[n] = k.room(people[n*20], chat.Private, fmt.Sprint("R", n), people[n*20+1:n*20+20]...)
	}
	var next atomic.Int64
	b.ResetTimer()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			// A person may send only so fast, so the next one comes each time.
			n := int(next.Add(1))
			_, err := k.chat.Send(context.Background(), people[n%len(people)], rooms[n%len(people)/20].ID, chat.NewMessage{ClientID: id.New(), Text: "Guten Morgen zusammen"})
			if code(err) == "chat.too_fast" {
				continue
			}
			require.NoError(b, err)
		}
	})
}
