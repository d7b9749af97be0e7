package chat

// Bump tells a member that a room changed, without its content. Who has joined
// the topic of the room gets new messages there instead.
type Bump struct {
	RoomID     string `json:"room_id"`
	Seq        int64  `json:"seq" doc:"Number of this change"`
	MessageSeq int64  `json:"message_seq" doc:"Place of the message that was sent or changed; counts alter only if the reader's cursor is below it"`
	At         string `json:"at,omitempty" format:"date-time" doc:"Time of a new message"`
	Author     Person `json:"author"`
	Unread     int    `json:"unread" doc:"1, 0 or -1, for everybody but the author"`
	Mentions   int    `json:"mentions" doc:"1, 0 or -1, for this reader"`
	Silent     bool   `json:"silent,omitempty" doc:"It counts as unread, but raises no notice"`
}

// ReadMark tells a person's devices how far they have read.
type ReadMark struct {
	RoomID   string `json:"room_id"`
	Seq      int64  `json:"seq" doc:"The counts hold up to this change"`
	ReadSeq  int64  `json:"read_seq"`
	Unread   int    `json:"unread"`
	Mentions int    `json:"mentions"`
}

// RoomGone tells a person that a room is no longer theirs.
type RoomGone struct {
	RoomID string `json:"room_id"`
	Reason string `json:"reason" enum:"left,removed,archived,deleted"`
	Name   string `json:"name,omitempty" doc:"What a deleted room was called"`
}

// RoomFacts tells members what a room is called now.
type RoomFacts struct {
	RoomID      string `json:"room_id"`
	Name        string `json:"name"`
	Topic       string `json:"topic"`
	Description string `json:"description"`
	Color       string `json:"color"`
	Emoji       string `json:"emoji"`
	Picture     string `json:"picture"`
	SlowSeconds int    `json:"slow_seconds"`
	ArchivedAt  string `json:"archived_at,omitempty" format:"date-time"`
	Members     int    `json:"members"`
	Call        string `json:"call"`
	ExpireAfter int    `json:"expire_after" doc:"Seconds after which new messages remove themselves; 0: they stay"`
}

// Typing says who is writing at the moment. It is not stored.
type Typing struct {
	Person Person `json:"person"`
}

func topicOf(roomID string) string { return "room:" + roomID }

// tellMessage publishes a new message. It runs after the commit. Those who are
// called get the bump too, and before the message: only it says so.
func (c *Chat) tellMessage(ros *roster, m Message, mentioned []string) {
	ros = c.rosters.latest(ros)
	c.feed.changed()
	topic := topicOf(ros.room.ID)
	bump := Bump{RoomID: ros.room.ID, Seq: m.Rev, MessageSeq: m.Seq, Author: m.Author}
	if countable(m.Kind) {
		bump.Unread, bump.At, bump.Silent = 1, m.CreatedAt, m.Silent
	}
	others := ros.ids
	if len(mentioned) > 0 {
		others = without(ros.ids, mentioned)
		call := bump
		call.Mentions = 1
		c.hub.Notify(mentioned, "", "room_bumped", call)
	}
	c.hub.Publish(topic, m.Rev, "message", m)
	c.hub.Notify(others, topic, "room_bumped", bump)
}

// tellChange publishes an edit or deletion. before and after are the people
// whom the message called and calls.
func (c *Chat) tellChange(ros *roster, m Message, unread int, before, after []string) {
	ros = c.rosters.latest(ros)
	c.feed.changed()
	topic := topicOf(ros.room.ID)
	c.hub.Publish(topic, m.Rev, "changed", m)
	bump := Bump{RoomID: ros.room.ID, Seq: m.Rev, MessageSeq: m.Seq, Author: m.Author, Unread: unread}
	c.bump(ros, bump, without(after, before), without(before, after))
}

// bump tells all members, those who are called more or less than before apart.
func (c *Chat) bump(ros *roster, b Bump, more, fewer []string) {
	c.hub.Notify(without(without(ros.ids, more), fewer), "", "room_bumped", b)
	for delta, people := range map[int][]string{1: more, -1: fewer} {
		if len(people) > 0 {
			b.Mentions = delta
			c.hub.Notify(people, "", "room_bumped", b)
		}
	}
}

// tellFacts publishes what a room is called now, who is in it and what runs.
func (c *Chat) tellFacts(ros *roster) {
	r := ros.room
	facts := RoomFacts{
		RoomID: r.ID, Name: r.Name, Topic: r.Topic, Description: r.Description,
		Color: r.Color, Emoji: r.Emoji, Picture: r.Picture, SlowSeconds: r.SlowSeconds, ExpireAfter: r.ExpireAfter,
		ArchivedAt: stampOf(r.ArchivedAt), Members: len(ros.ids), Call: r.CallMeeting,
	}
	c.hub.Publish(topicOf(r.ID), 0, "room", facts)
	c.hub.Notify(ros.ids, topicOf(r.ID), "room_updated", facts)
}

// without returns the members of all that are not in some.
func without(all, some []string) []string {
	if len(some) == 0 {
		return all
	}
	gone := make(map[string]bool, len(some))
	for _, id := range some {
		gone[id] = true
	}
	var out []string
	for _, id := range all {
		if !gone[id] {
			out = append(out, id)
		}
	}
	return out
}
