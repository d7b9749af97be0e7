// Package pads is where people write together.
//
// A pad is a row, an append-only log of frames and the newest two snapshots.
// The server orders frames, stores them durably, acknowledges them, hands them
// on and prunes them; it never decodes one. docs/pads.md describes the frames
// byte by byte and who can read what.
//
// # Nouns
//
//   - Pad: one document of one class, organisation or confidential.
//   - Frame: a sealed parcel: an update, a snapshot, a cursor (awareness) or a title.
//   - Log: the updates of a pad by seq, without gaps.
//   - Snapshot: the whole document up to a seq, made by a client.
//   - Share: a right (read, write, own) of a person, a group or everyone.
//   - Link: a guest link of the house that gives a right to whoever holds its token.
//   - Seat: one connection that has joined a pad, with the right it had then.
//
// # Invariants
//
//   - seq rises by one with every stored update; a frame id is stored once.
//   - Updates after the older of the two snapshots are all there.
//   - A confidential update, snapshot or title carries a good signature.
//   - No table says who wrote a frame, and none holds an address.
//   - Every change of a right ends the seats that it concerns.
//
// # Tables and topics
//
// pads, pad_updates, pad_snapshots, pad_access, pad_visits, pad_shadow. Topic pad:<id>, binary code 1.
//
// # Goroutines
//
// Service.Run ends the seats of rights that expire and takes titles and texts
// into the index of words; the module owns no other.
package pads
