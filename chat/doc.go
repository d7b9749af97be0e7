// Package chat is the town's conversations: rooms, their members and messages.
//
// Nouns: a room is public (any person of the town may find, read and join it),
// private (only its members know that it exists), direct (exactly two people),
// a group (three to eight; the same people have one such room) or one's own.
// Public and private rooms have a form: talk, announcement (few write) or forum
// (messages with titles that others answer in threads). A guest is of the
// directory, or came by a link and is one as long as it holds. A member has a role and one reading cursor. A message has a place in
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
//   - What a message shows of another one (a quote, what began its thread) is a
//     reference: nothing is copied, and whoever holds it applies changes of that
//     message to it.
//   - All readers get the same bytes. What one person alone may know (their vote in
//     a secret poll, what they follow) never is in a message.
//   - Of a secret poll numbers are kept, and who voted until it is over; nothing
//     joins the two.
//   - Deleting removes text, data and mentions from the rows. What stays is an
//     empty row that keeps the numbers whole.
//   - A private room that one is not a member of does not exist: 404, not 403.
//
// Tables: chat_guests, chat_blocks, chat_slow, chat_topics, chat_reports (who came
// by a link, who wants nothing from whom, the pace of slow rooms, the order of a
// forum's topics, what was reported); chat_rooms, chat_members, chat_messages, chat_mentions, and what belongs
// to messages: chat_versions, chat_pins, chat_polls, chat_poll_voters (see
// forget.go); chat_thread_followers, chat_emoji; and what is a person's alone:
// chat_people, chat_saved, chat_drafts, chat_later. chat_pictures and chat_silences hold
// the pictures of rooms, and who is still silenced when they come back. A room that was
// deleted keeps an empty row until its messages are gone (see deletion.go).
//
// Topics: "room" (see topics.go). Events of "me": room_added, room_updated,
// room_removed, room_bumped, room_read, following, voted, and to one's own devices
// room_silenced, room_blocked, room_reported, town_reported, settings, layout, room_wishes, saved, draft, later, status, receipt, here.
//
// Counting at the client: the room_bumped of a new message goes to members who
// have not joined the topic, and, just before the message, to those whom it
// calls; others who have joined count the event message, which calls nobody.
// The room_bumped of a change goes to all members, and the event changed never
// alters a count. What was counted once (by its number) is not counted again.
//
// Goroutines: the loops of background work in run.go, started by Run. The cache
// of rosters is invalidated on the writer's goroutine, after the commit and before anybody is told.
package chat
