package chat_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
)

// pixels is a picture of a size.
func pixels(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		img.Set(x, x%h, color.RGBA{R: 200, G: uint8(x), A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// claiming is a small picture whose head says that it has w times h pixels.
func claiming(w, h uint32) []byte {
	b := pixels(8, 8)
	head := b[12:29] // IHDR and its 13 bytes, before their sum
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(head))
	return b
}

func TestPicture_of_a_room(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eve := k.person("Ada"), k.person("Bob"), k.person("Eve")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		at := "/rooms/" + room.ID + "/picture"
		tab := k.tab(bob)
		require.Equal(t, "chat.moderators_only", k.call(bob, "PUT", at, chat.NewPicture{Picture: pixels(8, 8)}, nil).Code)
		require.Equal(t, "chat.room_not_found", k.call(eve, "PUT", at, chat.NewPicture{Picture: pixels(8, 8)}, nil).Code)
		for what, bad := range map[string][]byte{
			"a text": []byte("kein Bild"), "a drawing with scripts": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"),
			"too many bytes": append(pixels(8, 8), make([]byte, 1<<20)...), "half a picture": pixels(300, 300)[:200],
			"far too many pixels": claiming(5000, 2000),
		} {
			require.Equal(t, "chat.room_picture_invalid", k.call(ada, "PUT", at, chat.NewPicture{Picture: bad}, nil).Code, what)
		}
		var now chat.Room
		require.Nil(t, k.call(ada, "PUT", at, chat.NewPicture{Picture: pixels(600, 300)}, &now))
		require.NotEmpty(t, now.Picture)
		tab.event("room_updated", about(now.Picture))
		small, err := k.chat.Picture(ctx, bob, room.ID, now.Picture)
		require.NoError(t, err)
		head, _, err := image.DecodeConfig(bytes.NewReader(small.Bytes))
		require.NoError(t, err)
		require.Equal(t, []int{256, 128}, []int{head.Width, head.Height}, "only a small copy is kept")
		require.Equal(t, "chat.room_not_found", k.call(eve, "GET", at+"/"+now.Picture, nil, nil).Code)
		require.Equal(t, "chat.room_picture_unknown", k.call(bob, "GET", at+"/"+room.ID, nil, nil).Code)
		mine, err := k.chat.RoomsOf(ctx, bob)
		require.NoError(t, err)
		require.Equal(t, now.Picture, mine.Rooms[0].Picture)
		k.role(ada, room.ID, bob, chat.Moderator)
		require.Nil(t, k.call(bob, "DELETE", at, nil, &now))
		require.Empty(t, now.Picture)
		require.Zero(t, k.count(t, "SELECT count(*) FROM chat_pictures"))
	})
}

// Who is silenced leaves no trace in the room, by none of the ways there are.
func TestSilenced_person_neither_reacts_nor_votes_nor_pins(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Public, "Markt", bob)
		forum := k.open(ada, chat.Forum, bob)
		said, own := k.send(ada, room.ID, "Davor"), k.send(bob, room.ID, "Eigenes")
		poll, err := k.say(bob, room.ID, chat.NewMessage{Poll: &chat.NewPoll{Question: "Wann?", Options: []string{"Heute", "Morgen"}}})
		require.NoError(t, err)
		topic, err := k.say(bob, forum.ID, chat.NewMessage{Title: "Drucker", Text: "Geht nicht"})
		require.NoError(t, err)
		_, err = k.chat.React(ctx, bob, room.ID, said.ID, "👍", true)
		require.NoError(t, err)
		until := time.Now().Add(time.Hour)
		require.NoError(t, k.chat.Silence(ctx, ada, room.ID, bob.UserID, until))
		require.NoError(t, k.chat.Silence(ctx, ada, forum.ID, bob.UserID, until))

		message := func(m chat.Message) string { return "/rooms/" + room.ID + "/messages/" + m.ID }
		for _, try := range []struct {
			what, method, path string
			in                 any
		}{
			{"send", "POST", "/rooms/" + room.ID + "/messages", chat.NewMessage{ClientID: said.ClientID, Text: "Danach"}},
			{"edit", "PATCH", message(own), chat.NewText{Text: "Anders"}},
			{"react", "POST", message(said) + "/reactions", chat.SetReaction{Emoji: "🎉", On: true}},
			{"vote", "PUT", message(poll) + "/vote", chat.NewVote{Options: []string{"1"}}},
			{"end a poll", "POST", message(poll) + "/close-poll", nil},
			{"pin", "PUT", message(own) + "/pin", nil},
			{"unpin", "DELETE", message(own) + "/pin", nil},
			{"forward", "POST", message(own) + "/forward", map[string]any{"client_id": own.ID, "room_id": room.ID}},
			{"solve", "PUT", "/rooms/" + forum.ID + "/messages/" + topic.ID + "/solved", map[string]any{"solved": true}},
			{"answer", "POST", "/rooms/" + forum.ID + "/messages", chat.NewMessage{ClientID: said.ClientID, Text: "Doch", ThreadID: topic.ID}},
			{"bring people", "POST", "/rooms/" + room.ID + "/members", chat.NewMembers{UserIDs: []string{eva.UserID}}},
		} {
			f := k.call(bob, try.method, try.path, try.in, nil)
			require.NotNil(t, f, try.what)
			require.Equal(t, "chat.silenced", f.Code, try.what)
		}
		require.Nil(t, k.call(bob, "POST", message(said)+"/reactions", chat.SetReaction{Emoji: "👍"}, nil), "taking back is allowed")
		require.Nil(t, k.call(bob, "DELETE", message(own), nil, nil), "one's own words, too")

		require.NoError(t, k.chat.Leave(ctx, bob, room.ID))
		_, err = k.chat.Join(ctx, bob, room.ID)
		require.NoError(t, err)
		_, err = k.say(bob, room.ID, chat.NewMessage{Text: "Bin wieder da"})
		require.Equal(t, "chat.silenced", code(err), "going and coming back does not help")
		require.NoError(t, k.chat.Silence(ctx, ada, room.ID, bob.UserID, time.Time{}))
		require.NoError(t, k.chat.Leave(ctx, bob, room.ID))
		_, err = k.chat.Join(ctx, bob, room.ID)
		require.NoError(t, err)
		k.send(bob, room.ID, "Wieder da")
	})
}

func TestEntries_about_self_destruction_and_emoji(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, chief := k.person("Ada"), k.somebody("Chefin", access.RoleAdmin)
		room := k.room(ada, chat.Private, "Bauhof")
		for _, seconds := range []int{3600, 3600, 0} {
			_, err := k.chat.Change(ctx, ada, room.ID, chat.RoomChange{ExpireAfter: &seconds})
			require.NoError(t, err)
		}
		page, err := k.chat.History(ctx, ada, room.ID, chat.Span{})
		require.NoError(t, err)
		var seconds []int
		for _, m := range page.Messages {
			if m.Kind == chat.KindExpiry {
				seconds = append(seconds, m.Data.Seconds)
			}
		}
		require.Equal(t, []int{3600, 0}, seconds, "one entry for each change")

		emoji, err := k.chat.AddEmoji(ctx, chief, chat.NewEmoji{Code: "wappen", Picture: pixels(4, 4)})
		require.NoError(t, err)
		require.NoError(t, k.chat.RemoveEmoji(ctx, chief, emoji.ID))
		require.Equal(t, "chat.emoji_unknown", code(k.chat.RemoveEmoji(ctx, chief, emoji.ID)))
		var actions []string
		require.NoError(t, k.db.Read(ctx).Raw("SELECT action FROM audit_log WHERE object_id = ? AND actor_id = ? AND detail LIKE '%wappen%' ORDER BY id", emoji.ID, chief.UserID).Scan(&actions).Error)
		require.Equal(t, "emoji.added emoji.removed", strings.Join(actions, " "))
	})
}
