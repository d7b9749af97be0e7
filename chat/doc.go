// Package chat is the town's conversations: rooms, their members and messages.
//
// Nouns: a room is public (any person of the town may find, read and join it),
// private (only its members know that it exists) or direct (exactly two
// people). A member has a role and one reading cursor. A message has a place in
// its room and may be edited, and deleted for real.
//
// Invariants:
//   - Every change of a room takes the next number from chat_rooms.last_seq in
//     the transaction that makes it: no number is missing or used twice. A new
//     message has seq = rev = that number; an edit or deletion moves rev.
//   - What a client with cursor N missed is therefore "messages with rev > N",
//     and applying it gives the same as loading afresh.
//   - Unread derives from the cursor alone: messages of others beyond it that
//     are not deleted. Mentions likewise. Nothing is counted anywhere.
//   - Deleting removes text, data and mentions from the rows. What stays is an
//     empty row that keeps the numbers whole.
//   - A private room that one is not a member of does not exist: 404, not 403.
//
// Tables: chat_rooms, chat_members, chat_messages, chat_mentions.
//
// Topics: "room" (see topics.go). Events of "me": room_added, room_updated,
// room_removed, room_bumped, room_read.
//
// Counting at the client: room_bumped goes to members who have not joined the
// topic; who has joined sees the event message instead. Edits and deletions are
// rare, so their room_bumped goes to all members and the event changed never
// alters a count.
//
// Goroutines: none. The cache of rosters is invalidated on the writer's
// goroutine, after the commit and before anybody is told.
package chat
