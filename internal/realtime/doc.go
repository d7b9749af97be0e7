// Package realtime is the one websocket of the house.
//
// Nouns: a Conn is one browser tab; a topic is one conversation ("room:…",
// "pad:…", "meeting:…", or "me" for everything addressed to a person); a Kind
// is how a feature answers for its topics; the Hub knows who listens to what.
//
// Invariants:
//   - Nothing here is the truth. A frame is published after its commit; a
//     connection that can't keep up is closed with "resync" and comes back by
//     its cursor.
//   - The hub is indexed by topic, person and session. Nobody walks all
//     connections.
//   - One marshalled frame is shared by all receivers.
//   - Every queue is bounded: see the limits block in limits.go.
//
// Goroutines: each connection owns a reader and a writer, and one short-lived
// lane for each topic that has operations waiting. They end when the connection
// closes; Hub.Close waits for all of them.
//
// Lock order: Hub.mu before topic.mu before Conn.mu. Under a lock frames are only
// appended to bounded queues; nothing blocks and nothing is called out.
//
// The wire is described in docs/protocol.md.
package realtime
