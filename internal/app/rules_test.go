package app_test

import (
	"time"

	"rathaus/internal/id"
)

// The cells stand for: nobody guest owner insider outsider auditor admin disabled.

// Levels that hold for everything behind them alike.
const (
	everybody   = "ok"
	sessions    = "anon ok ok ok ok ok ok anon" // any session, guests included
	members     = "anon no ok ok ok ok ok anon" // people of the town
	auditors    = "anon no no no no ok ok anon" // auditors and administrators
	admins      = "anon no no no no no ok anon"
	roomPeople  = "anon no ok ok chat.room_not_found chat.room_not_found chat.room_not_found anon"
	roomOwners  = "anon no ok chat.owners_only chat.room_not_found chat.room_not_found chat.room_not_found anon"
	roomSeats   = "anon ok ok ok chat.room_not_found chat.room_not_found chat.room_not_found anon" // guests by link included
	roomOrder   = "anon no ok chat.moderators_only chat.room_not_found chat.room_not_found chat.room_not_found anon"
	roomAuthors = "anon chat.not_your_message ok chat.not_your_message chat.room_not_found chat.room_not_found chat.room_not_found anon"
	padReaders  = "anon ok ok ok pads.not_found pads.not_found pads.not_found anon"
	padWriters  = "anon ok ok pads.right_missing pads.not_found pads.not_found pads.not_found anon"
	callPeople  = "anon ok ok ok meet.not_found meet.not_found meet.not_found anon" // guests come by a link
	callMembers = "anon no ok ok meet.not_found meet.not_found meet.not_found anon"
	entered     = "anon ok ok ok meet.not_entered meet.not_entered meet.not_entered anon"
	ownerless   = "anon no no no no no pads.not_found anon" // of a pad that has an owner nobody takes it
	padOwners   = "anon no ok pads.right_missing pads.not_found pads.not_found pads.not_found anon"
)

// fixed is the same data for everybody.
func fixed(v any) func(*scene) any { return func(*scene) any { return v } }

func fields(pairs ...any) func(*scene) any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		m[name] = pairs[i+1]
	}
	return fixed(m)
}

func httpRules() []rule {
	all := append(houseRules(), authRules()...)
	all = append(all, chatRules()...)
	all = append(all, personalRules()...)
	all = append(all, roomRules()...)
	all = append(all, fileRules()...)
	all = append(all, padRules()...)
	all = append(all, meetRules()...)
	return append(all, adminRules()...)
}

func houseRules() []rule {
	return []rule{
		{op: "GET /me", want: sessions},
		{op: "GET /licenses", want: everybody},
		{op: "POST /exports", want: members, account: "ok", data: fields("kind", "mine")},
		{op: "GET /exports/{export}", want: "anon no export.not_found export.not_found export.not_found export.not_found export.not_found anon", account: "export.not_found"},
		{op: "DELETE /exports/{export}", want: "anon no export.not_found export.not_found export.not_found export.not_found export.not_found anon", account: "export.not_found"},
		{op: "GET /exports/{export}/archive", want: "anon no export.not_found export.not_found export.not_found export.not_found export.not_found anon", account: "export.not_found"},
		{op: "GET /search", want: sessions, path: func(*scene) string { return "/search?q=Bauhof" }},
		{op: "GET /openapi.json", want: everybody},
		{op: "GET /socket", want: "anon websocket_needed websocket_needed websocket_needed websocket_needed websocket_needed websocket_needed anon"},
		{op: "GET /town/texts/{name}", want: everybody},
		{op: "GET /town/links", want: members},
		{op: "GET /town/coat-of-arms", want: "admin.no_coat_of_arms"},
	}
}

func authRules() []rule {
	login := fields("login", "niemand@example.org", "password", "falsches Passwort")
	return []rule{
		{op: "GET /auth/session", want: everybody},
		{op: "GET /auth/providers", want: everybody},
		{op: "POST /auth/setup", want: "auth.setup_done", data: fields("token", id.Token(), "town_name", "Musterstadt", "name", "Eva", "email", "eva@example.org", "password", "ein langes Passwort 7")},
		{op: "POST /auth/login", want: "auth.wrong_password", data: login},
		{op: "POST /auth/logout", want: everybody},
		{op: "POST /auth/password", want: "anon no auth.no_password auth.no_password auth.no_password auth.no_password auth.no_password anon", account: "auth.no_password", data: fields("old", "falsches Passwort", "new", "ein langes Passwort 7")},
		{op: "PATCH /auth/me", want: members, account: "ok", data: fields("theme", "dark")},
		{op: "GET /auth/sessions", want: members, account: "ok"},
		{op: "DELETE /auth/sessions", want: members, account: "ok"},
		{op: "DELETE /auth/sessions/{session}", want: "anon no auth.session_not_found auth.session_not_found auth.session_not_found auth.session_not_found auth.session_not_found anon", account: "auth.session_not_found"},
		{op: "POST /auth/invitations", want: admins, data: fields("name", "Neue Kollegin")},
		{op: "GET /auth/invitations", want: admins},
		{op: "DELETE /auth/invitations/{invitation}", want: admins},
		{op: "POST /auth/tickets/read", want: "auth.link_unknown", data: fields("kind", "invitation", "token", id.Token())},
		{op: "POST /auth/invitations/accept", want: "auth.link_unknown", data: fields("token", id.Token(), "name", "Eva", "password", "ein langes Passwort 7")},
		{op: "POST /auth/reset", want: "auth.link_unknown", data: fields("token", id.Token(), "password", "ein langes Passwort 7")},
		{op: "POST /auth/guest", want: "auth.link_unknown", data: fields("token", id.Token(), "name", "Gast")},
		{op: "POST /auth/guest/read", want: "auth.link_unknown", data: fields("token", id.Token())},
		{op: "GET /auth/oidc/{name}/start", want: everybody},
		{op: "GET /auth/oidc/{name}/callback", want: everybody},
		{op: "POST /auth/oidc/{name}/backchannel", want: "auth.provider_unknown"},
	}
}

func chatRules() []rule {
	market := func(then string) func(*scene) string {
		return func(s *scene) string { return "/chat/rooms/" + s.publicRoom() + then }
	}
	poll := func(then string) func(*scene) string {
		return func(s *scene) string { return "/chat/rooms/" + s.room() + "/messages/" + s.poll() + then }
	}
	return []rule{
		{op: "GET /chat/rooms", want: sessions},
		{op: "POST /chat/rooms", want: members, data: fields("kind", "private", "name", "Neuer Raum")},
		{op: "GET /chat/public-rooms", want: members},
		{op: "POST /chat/direct", want: members, data: func(s *scene) any { return map[string]any{"user_id": s.target()} }},
		{op: "POST /chat/offices/{office}", want: members, path: func(s *scene) string { return "/chat/offices/" + s.office() }},
		{op: "PUT /chat/rooms/{room}/hidden", want: roomPeople, data: fields("hidden", true), path: func(s *scene) string { return "/chat/rooms/" + s.direct() + "/hidden" }},
		{op: "GET /chat/rooms/{room}", want: roomSeats},
		{op: "PATCH /chat/rooms/{room}", want: roomOwners, data: func(*scene) any { return map[string]any{"name": "Raum " + id.New()} }},
		{op: "DELETE /chat/rooms/{room}", want: roomOwners},
		{op: "POST /chat/rooms/{room}/delete", want: roomOwners, data: func(s *scene) any { return map[string]any{"name": s.things["name of "+s.room()]} }},
		{op: "PUT /chat/rooms/{room}/picture", want: roomOrder, data: fields("picture", onePixel)},
		{op: "DELETE /chat/rooms/{room}/picture", want: roomOrder},
		{op: "GET /chat/rooms/{room}/picture/{picture}", want: roomSeats, path: (*scene).roomPicture},
		{op: "GET /chat/rooms/{room}/members", want: roomSeats},
		{op: "POST /chat/rooms/{room}/members", want: roomOrder, data: func(s *scene) any { return map[string]any{"user_ids": []string{s.target()}} }},
		{op: "PATCH /chat/rooms/{room}/members/{user}", want: roomOwners, data: fields("role", "owner")},
		{op: "DELETE /chat/rooms/{room}/members/{user}", want: roomOrder, path: (*scene).third},
		{op: "POST /chat/rooms/{room}/join", want: members, path: market("/join")},
		{op: "POST /chat/rooms/{room}/leave", want: "anon ok chat.last_owner ok chat.room_not_found chat.room_not_found chat.room_not_found anon"},
		{op: "GET /chat/rooms/{room}/messages", want: roomSeats},
		{op: "POST /chat/rooms/{room}/messages", want: roomSeats, data: (*scene).newMessage},
		{op: "PATCH /chat/rooms/{room}/messages/{message}", want: roomAuthors, data: fields("text", "Guten Abend")},
		{op: "DELETE /chat/rooms/{room}/messages/{message}", want: roomAuthors},
		{op: "GET /chat/threads", want: members, account: "ok"},
		{op: "GET /chat/rooms/{room}/messages/{message}/thread", want: roomSeats},
		{op: "PUT /chat/rooms/{room}/messages/{message}/following", want: roomSeats, data: fields("following", true)},
		{op: "POST /chat/rooms/{room}/messages/{message}/reactions", want: roomSeats, data: fields("emoji", "👍", "on", true)},
		{op: "PUT /chat/rooms/{room}/messages/{message}/pin", want: roomSeats},
		{op: "DELETE /chat/rooms/{room}/messages/{message}/pin", want: roomSeats},
		{op: "GET /chat/rooms/{room}/pins", want: roomSeats},
		{op: "GET /chat/rooms/{room}/messages/{message}/versions", want: roomSeats},
		{op: "POST /chat/rooms/{room}/messages/{message}/forward", want: roomPeople, data: func(s *scene) any { return map[string]any{"client_id": id.New(), "room_id": s.room()} }},
		{op: "GET /chat/rooms/{room}/messages/{message}/vote", want: roomSeats, path: poll("/vote")},
		{op: "PUT /chat/rooms/{room}/messages/{message}/vote", want: roomSeats, path: poll("/vote"), data: fields("options", []string{"1"})},
		{op: "POST /chat/rooms/{room}/messages/{message}/close-poll", want: roomAuthors, path: poll("/close-poll")},
		{op: "GET /chat/emoji", want: sessions},
		{op: "GET /chat/emoji/{emoji}/picture", want: sessions},
		{op: "POST /chat/emoji", want: admins, data: (*scene).newEmoji},
		{op: "DELETE /chat/emoji/{emoji}", want: admins},
		{op: "GET /chat/rooms/{room}/changes", want: roomSeats},
		{op: "POST /chat/rooms/{room}/read", want: roomSeats, data: fields("seq", 1)},
	}
}

// roomRules are about who may enter rooms, and who keeps order in them.
func roomRules() []rule {
	report := func(town bool) func(*scene) string {
		return func(s *scene) string { return "/chat/reports/" + s.report(town) + "/close" }
	}
	const closers = "anon no ok chat.report_not_found chat.report_not_found chat.report_not_found chat.report_not_found anon"
	return []rule{
		{op: "GET /chat/rooms/{room}/links", want: roomOrder},
		{op: "POST /chat/rooms/{room}/links", want: roomOrder, data: fields("right", "write", "days", 7)},
		{op: "DELETE /chat/rooms/{room}/links/{link}", want: roomOrder, path: func(s *scene) string { return "/chat/rooms/" + s.room() + "/links/" + s.roomLink() }},
		{op: "POST /chat/room-links/open", want: "anon no auth.link_unknown auth.link_unknown auth.link_unknown auth.link_unknown auth.link_unknown anon", account: "auth.link_unknown", data: fields("token", id.Token())},
		{op: "PUT /chat/rooms/{room}/members/{user}/silence", want: roomOrder, data: fields("until", "2000-01-01T00:00:00Z"), path: func(s *scene) string { return s.third() + "/silence" }},
		{op: "POST /chat/rooms/{room}/messages/{message}/reports", want: roomSeats, data: fields("reason", "spam"), path: func(s *scene) string {
			return "/chat/rooms/" + s.room() + "/messages/" + s.foreignMessage() + "/reports"
		}},
		{op: "GET /chat/rooms/{room}/reports", want: roomOrder},
		{op: "GET /chat/reports", want: admins},
		{op: "POST /chat/reports/{report}/close", want: closers, data: fields("outcome", "done"), path: report(false)},
		{op: "GET /chat/rooms/{room}/topics", want: roomSeats},
		{op: "PUT /chat/rooms/{room}/messages/{message}/solved", want: "anon chat.not_a_topic chat.not_a_topic chat.not_a_topic chat.room_not_found chat.room_not_found chat.room_not_found anon", data: fields("solved", true)},
		{op: "GET /chat/blocks", want: members},
		{op: "PUT /chat/blocks/{person}", want: members},
		{op: "DELETE /chat/blocks/{person}", want: members},
	}
}

// personalRules are about what is a person's alone: nobody can even name what is another's.
func personalRules() []rule {
	soon := time.Now().Add(time.Hour).Format(time.RFC3339)
	none := "anon no chat.later_not_found chat.later_not_found chat.later_not_found chat.later_not_found chat.later_not_found anon"
	return []rule{
		{op: "GET /chat/settings", want: members, account: "ok"},
		{op: "PUT /chat/settings", want: members, account: "ok", data: fields("quiet", map[string]any{"times": []any{}}, "hide_content", true, "sound", false, "announce", "all", "presence", true, "receipts", true)},
		{op: "GET /chat/layout", want: members, account: "ok"},
		{op: "PUT /chat/layout", want: members, account: "ok", data: fields("version", 0, "favourites", []any{}, "sections", []any{})},
		{op: "GET /chat/status", want: members, account: "ok", path: func(s *scene) string { return "/chat/status?people=" + s.target() }},
		{op: "PUT /chat/status", want: members, account: "ok", data: fields("text", "im Außendienst")},
		{op: "PATCH /chat/rooms/{room}/wishes", want: roomPeople, account: "ok", data: fields("level", "none")},
		{op: "POST /chat/rooms/{room}/unread", want: roomPeople, account: "ok", data: fields("seq", 1)},
		{op: "GET /chat/saved", want: members, account: "ok"},
		{op: "PUT /chat/rooms/{room}/messages/{message}/saved", want: roomPeople, account: "ok", data: fields("remind_at", soon)},
		{op: "DELETE /chat/rooms/{room}/messages/{message}/saved", want: members, account: "ok"}, // of one's own list alone
		{op: "GET /chat/rooms/{room}/messages/{message}/readers", want: "anon no chat.receipts_off chat.receipts_off chat.room_not_found chat.room_not_found chat.room_not_found anon"},
		{op: "GET /chat/rooms/{room}/receipts", want: "anon no chat.receipts_off chat.receipts_off chat.room_not_found chat.room_not_found chat.room_not_found anon"},
		{op: "GET /chat/drafts", want: members, account: "ok"},
		{op: "PUT /chat/rooms/{room}/draft", want: roomPeople, account: "ok", data: fields("text", "Entwurf", "meant", []any{}, "written_at", soon)},
		{op: "GET /chat/later", want: members, account: "ok"},
		{op: "POST /chat/rooms/{room}/later", want: roomPeople, account: "ok", data: func(s *scene) any { return map[string]any{"send_at": soon, "message": s.newMessage()} }},
		{op: "PATCH /chat/later/{later}", want: none, account: "chat.later_not_found", data: fields("text", "anders")},
		{op: "DELETE /chat/later/{later}", want: none, account: "chat.later_not_found"},
	}
}

func padRules() []rule {
	right := fields("right", "read")
	return []rule{
		{op: "GET /pads", want: members},
		{op: "POST /pads", want: members, data: fields("class", "organisation", "title", "Notizen")},
		{op: "GET /pads/{pad}", want: padReaders},
		{op: "PATCH /pads/{pad}", want: padWriters, data: fields("title", "Neuer Titel")},
		{op: "DELETE /pads/{pad}", want: padOwners},
		{op: "GET /pads/{pad}/log", want: padReaders},
		{op: "POST /pads/{pad}/log", want: padWriters, data: (*scene).updates},
		{op: "POST /pads/{pad}/snapshots", want: "anon pads.wrong_frame pads.wrong_frame pads.right_missing pads.not_found pads.not_found pads.not_found anon", data: fields("frame", "AAAA")},
		{op: "GET /pads/{pad}/shares", want: "anon no ok ok pads.not_found pads.not_found pads.not_found anon"},
		{op: "PUT /pads/{pad}/shares/{kind}/{subject}", want: padOwners, data: right},
		{op: "DELETE /pads/{pad}/shares/{kind}/{subject}", want: padOwners},
		{op: "GET /pads/{pad}/links", want: padOwners},
		{op: "POST /pads/{pad}/links", want: padOwners, data: right},
		{op: "DELETE /pads/{pad}/links/{link}", want: padOwners},
		{op: "GET /admin/pads", want: admins},
		{op: "PUT /admin/pads/{pad}/owner", want: ownerless, data: func(s *scene) any { return map[string]any{"user_id": s.insider.ID} }},
		{op: "DELETE /admin/pads/{pad}", want: ownerless},
		{op: "POST /pad-links/open", want: "anon no auth.link_unknown auth.link_unknown auth.link_unknown auth.link_unknown auth.link_unknown anon", data: fields("token", id.Token())},
	}
}

func meetRules() []rule {
	return []rule{
		{op: "GET /meet/meetings", want: members},
		{op: "POST /meet/meetings", want: roomPeople, data: func(s *scene) any { return map[string]any{"room_id": s.room()} }},
		{op: "GET /meet/meetings/{name}", want: "meet.not_found ok ok ok meet.not_found meet.not_found meet.not_found meet.not_found"},
		{op: "DELETE /meet/meetings/{name}", want: "anon meet.moderators_only ok meet.moderators_only meet.not_found meet.not_found meet.not_found anon"},
		{op: "POST /meet/meetings/{name}/reopen", want: callMembers},
		{op: "POST /meet/meetings/{name}/decline", want: callMembers},
		{op: "POST /meet/meetings/{name}/links", want: callMembers, data: fields("hours", 1)},
		{op: "POST /meet/meetings/{name}/knock", want: "meet.not_found"},
		{op: "POST /meet/public", want: "not_found", data: fields("title", "Besprechung")},
		{op: "GET /meet/ice", want: callPeople, path: func(s *scene) string { return "/meet/ice?meeting=" + s.meetingID() }},
	}
}

func adminRules() []rule {
	return []rule{
		{op: "GET /people", want: members},
		{op: "GET /people/{person}", want: members},
		{op: "GET /groups", want: members},
		{op: "GET /admin/people", want: admins},
		{op: "GET /admin/people/{person}", want: admins},
		{op: "PATCH /admin/people/{person}", want: admins, data: fields("name", "Neuer Name")},
		{op: "POST /admin/people/{person}/disable", want: admins},
		{op: "POST /admin/people/{person}/enable", want: admins},
		{op: "POST /admin/people/{person}/reset-link", want: "anon no no no no no auth.email_needed anon"},
		{op: "GET /admin/people/{person}/sign-in", want: admins},
		{op: "DELETE /admin/people/{person}/sessions", want: admins},
		{op: "GET /admin/sessions", want: admins},
		{op: "DELETE /admin/sessions/{session}", want: admins, path: func(s *scene) string { return "/admin/sessions/" + s.foreignSession() }},
		{op: "GET /admin/groups", want: admins},
		{op: "POST /admin/groups", want: admins, data: func(*scene) any { return map[string]any{"name": "Gruppe " + id.New()} }},
		{op: "GET /admin/groups/{group}", want: admins},
		{op: "PATCH /admin/groups/{group}", want: admins, data: fields("description", "Bauhof")},
		{op: "DELETE /admin/groups/{group}", want: admins},
		{op: "GET /admin/groups/{group}/members", want: admins},
		{op: "PUT /admin/groups/{group}/members/{person}", want: admins},
		{op: "DELETE /admin/groups/{group}/members/{person}", want: admins},
		{op: "GET /admin/audit", want: auditors},
		{op: "GET /admin/settings", want: admins},
	}
}

func socketRules() []rule {
	return []rule{
		{op: "me.join", want: sessions},
		{op: "room.join", want: roomSeats},
		{op: "room.send", want: roomSeats, data: (*scene).newMessage},
		{op: "room.edit", want: roomAuthors, data: func(s *scene) any { return map[string]any{"id": s.message(), "text": "Guten Abend"} }},
		{op: "room.delete", want: roomAuthors, data: func(s *scene) any { return map[string]any{"id": s.message()} }},
		{op: "room.read", want: roomSeats, data: fields("seq", 1)},
		{op: "room.typing", want: roomSeats},
		{op: "room.react", want: roomSeats, data: func(s *scene) any { return map[string]any{"id": s.message(), "emoji": "👍", "on": true} }},
		{op: "room.pin", want: roomSeats, data: func(s *scene) any { return map[string]any{"id": s.message(), "on": true} }},
		{op: "room.vote", want: roomSeats, data: func(s *scene) any { return map[string]any{"id": s.poll(), "options": []string{"1"}} }},
		{op: "room.close_poll", want: roomAuthors, data: func(s *scene) any { return map[string]any{"id": s.poll()} }},
		{op: "pad.join", want: padReaders},
		{op: "pad.binary", want: "anon ok ok pads.right_missing not_joined not_joined not_joined anon"},
		{op: "meeting.join", want: callPeople},
		{op: "meeting.enter", want: callPeople},
		{op: "meeting.exit", want: entered},
		{op: "meeting.publish", want: "anon meet.description_invalid meet.description_invalid meet.description_invalid meet.not_entered meet.not_entered meet.not_entered anon", data: fields("sdp", "v=0")},
		{op: "meeting.offer", want: entered},
		{op: "meeting.answer", want: "anon meet.no_offer meet.no_offer meet.no_offer meet.not_entered meet.not_entered meet.not_entered anon", data: fields("sdp", "v=0")},
		{op: "meeting.source", want: entered, data: fields("kind", "mic", "on", true)},
		{op: "meeting.view", want: entered, data: fields("tiles", []any{})},
		{op: "meeting.mute", want: "anon meet.moderators_only meet.participant_not_found meet.moderators_only meet.not_entered meet.not_entered meet.not_entered anon", data: fields("participant_id", "niemand", "kind", "mic")},
		{op: "meeting.remove", want: "anon meet.moderators_only meet.participant_not_found meet.moderators_only meet.not_entered meet.not_entered meet.not_entered anon", data: fields("participant_id", "niemand")},
		{op: "meeting.end", want: "anon meet.moderators_only ok meet.moderators_only meet.not_entered meet.not_entered meet.not_entered anon"},
	}
}
