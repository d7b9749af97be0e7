// Package meet is where people see and hear each other.
//
// Nouns: a Meeting has a stable address (/meet/NAME) and either belongs to a
// chat room, is open to the town, or is known to whoever has its address. A
// call is a running meeting in memory, with its participants; a participant is
// one device of one person or guest. Media is forwarded by meet/sfu and, where
// networks need it, relayed by meet/turn.
//
// Invariants:
//   - At most one call runs for each chat room (a unique index says so).
//   - Who takes part is kept in memory only and never stored.
//   - Every operation asks access.go again; what a browser hides proves nothing.
//   - A participant whose socket breaks stays for resumeGrace, with sound and
//     picture, and comes back with its token. Somebody whose right ended is
//     gone at once: see Service.EndFor, EndSession and Recheck.
//   - A meeting without people ends after emptyGrace.
//   - A meeting lives on one node.
//
// Table: meetings. Topic: "meeting:<id>"; none of its events is stored, so a
// client that joins again gets everything anew.
//
// Goroutines: Run sweeps calls twice a second. The forwarding unit owns its own
// and delivers the events of each participant one at a time.
//
// Lock order: calls.mu before call.mu. Nothing is called out or published
// while one of them is held.
package meet
