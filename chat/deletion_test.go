package chat_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/id"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// telltale is a word that is said nowhere but in the room that is deleted.
const telltale = "Feuerwehrfest"

// Deleting a room deletes: nothing of it is left in any table, and no file on
// the disk.
func TestDeleted_room_leaves_nothing_behind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, sources, func(t *testing.T, db *store.DB) {
		index, err := search.New(t.Context(), db, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		k := newRigWith(t, db, func(d *chat.Deps) { d.Index = index })
		ada, bob, eva := k.person("Ada"), k.person("Bob"), k.person("Eva")
		room := k.room(ada, chat.Public, "Markt", bob, eva)
		other := k.room(ada, chat.Public, "Bleibt", bob)
		kept := k.send(ada, other.ID, "Das bleibt stehen")
		k.fillRoom(room.ID, ada, bob, eva)
		require.NoError(t, k.chat.TakeIn(ctx))
		before := k.traces(room.ID)
		for _, column := range []string{
			"chat_rooms.id", "chat_messages.text", "chat_members.room_id", "chat_versions.text", "chat_drafts.text", "chat_later.message", "chat_saved.room_id",
			"chat_pins.room_id", "chat_polls.room_id", "chat_reports.room_id", "chat_slow.room_id", "chat_silences.room_id", "chat_pictures.room_id",
			"chat_attachments.room_id", "search_scopes.name", "search_marks.part", "search_docs.text", "files.name",
		} {
			require.Contains(t, before, column, "the test itself: there is something to find")
		}

		reader := k.tab(bob)
		require.Nil(t, reader.join(room.ID))
		require.Equal(t, "chat.owners_only", code(k.chat.DeleteRoom(ctx, bob, room.ID, "Markt")))
		require.Equal(t, "chat.room_name_differs", code(k.chat.DeleteRoom(ctx, ada, room.ID, "Mark")))
		require.Nil(t, k.call(ada, "POST", "/rooms/"+room.ID+"/delete", map[string]any{"name": " Markt "}, nil))
		reader.event("room_removed", about(room.ID, `"reason":"deleted"`, `"name":"Markt"`))
		for _, p := range []access.Principal{ada, bob, k.person("Fritz")} {
			require.Equal(t, "chat.room_not_found", k.call(p, "GET", "/rooms/"+room.ID, nil, nil).Code)
			require.Equal(t, "chat.room_not_found", k.call(p, "POST", "/rooms/"+room.ID+"/messages", chat.NewMessage{ClientID: id.New(), Text: "Zu spät"}, nil).Code)
		}
		require.Equal(t, "chat.room_not_found", code(k.chat.DeleteRoom(ctx, ada, room.ID, "Markt")))
		require.NotEqual(t, room.ID, k.room(eva, chat.Public, "Markt").ID, "its name is free at once")

		k.works(t)
		k.soon("everything goes", func() bool {
			return len(k.traces(room.ID)) == 0 && k.bytesKept() == 0 && k.count(t, "SELECT count(*) FROM file_garbage") == 0
		})
		require.Zero(t, k.count(t, "SELECT count(*) FROM files"))
		require.Zero(t, k.count(t, "SELECT count(*) FROM search_docs WHERE scope NOT IN (SELECT no FROM search_scopes)"))
		require.Zero(t, k.count(t, "SELECT count(*) FROM search_grams WHERE scope NOT IN (SELECT no FROM search_scopes)"))
		require.Zero(t, k.count(t, "SELECT count(*) FROM chat_thread_followers"))
		left, err := k.chat.History(ctx, bob, other.ID, chat.Span{})
		require.NoError(t, err)
		require.Equal(t, kept.ID, left.Messages[len(left.Messages)-1].ID, "other rooms keep everything")
		require.Equal(t, 1, k.count(t, "SELECT count(*) FROM audit_log WHERE action = 'room.deleted' AND object_id = ?", room.ID))
	})
}

// Who deletes a room does not wait for its messages, and a restart goes on with them.
func TestDeleted_room_is_gone_before_its_messages_are(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, telltale, bob)
		k.send(bob, room.ID, telltale)
		require.NoError(t, k.chat.DeleteRoom(ctx, ada, room.ID, telltale))
		require.Equal(t, 1, k.count(t, "SELECT count(*) FROM chat_messages WHERE text = ?", telltale), "the work is not done yet")
		for _, p := range []access.Principal{ada, bob} {
			mine, err := k.chat.RoomsOf(ctx, p)
			require.NoError(t, err)
			require.Empty(t, mine.Rooms)
			archived, err := k.chat.ArchivedRooms(ctx, p)
			require.NoError(t, err)
			require.Empty(t, archived.Rooms)
			taken, err := k.chat.TakeMine(ctx, p)
			require.NoError(t, err)
			require.Empty(t, taken)
		}
		k.works(t)
		k.soon("the messages go", func() bool { return len(k.traces(room.ID)) == 0 })
	})
}

// Only named rooms can be deleted: a conversation belongs to its people alike.
func TestConversation_of_two_can_not_be_deleted(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, chief := k.person("Ada"), k.person("Bob"), k.somebody("Chefin", access.RoleAdmin)
		direct, err := k.chat.Direct(ctx, ada, []string{bob.UserID})
		require.NoError(t, err)
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.DeleteRoom(ctx, ada, direct.ID, "")))
		room, hidden := k.room(ada, chat.Public, "Markt"), k.room(ada, chat.Private, "Still")
		require.Equal(t, "chat.room_not_found", code(k.chat.DeleteRoom(ctx, chief, hidden.ID, "Still")))
		require.NoError(t, k.chat.DeleteRoom(ctx, chief, room.ID, "Markt"), "administrators delete public rooms")
	})
}

// works runs the background work of chat until the test ends.
func (k *rig) works(t *testing.T) {
	t.Helper()
	live, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.chat.Run(live) }()
	t.Cleanup(func() { stop(); require.NoError(t, <-done) })
}

// fillRoom leaves something of each kind in a room.
func (k *rig) fillRoom(room string, ada, bob, eva access.Principal) {
	must := func(err error) { k.tb.Helper(); require.NoError(k.tb, err) }
	first := k.send(ada, room, telltale+" am [@Bob](person:"+bob.UserID+") Samstag")
	answer := k.reply(bob, room, first.ID, "Ich komme zum "+telltale)
	_, err := k.chat.Edit(ctx, ada, room, first.ID, chat.NewText{Text: telltale + " am Sonntag"})
	must(err)
	_, err = k.chat.React(ctx, bob, room, first.ID, "🎉", true)
	must(err)
	_, err = k.chat.SetPin(ctx, ada, room, first.ID, true)
	must(err)
	_, err = k.chat.Keep(ctx, bob, room, first.ID, chat.KeepMessage{RemindAt: time.Now().Add(time.Hour).Format(time.RFC3339)})
	must(err)
	_, err = k.chat.KeepDraft(ctx, bob, room, chat.NewDraft{Text: "Zum " + telltale, WrittenAt: time.Now().Format(time.RFC3339Nano)})
	must(err)
	waiting := k.uploaded(eva, telltale+" später.txt", "Später")
	_, err = k.chat.SendLater(ctx, eva, room, chat.NewLater{SendAt: time.Now().Add(time.Hour).Format(time.RFC3339), Message: chat.NewMessage{ClientID: id.New(), Text: telltale, Files: []string{waiting}}})
	must(err)
	must(k.chat.Report(ctx, bob, room, first.ID, chat.NewReport{Reason: "other", Town: true}))
	must(k.chat.Report(ctx, ada, room, answer.ID, chat.NewReport{Reason: "spam"}))
	k.sendFiles(ada, room, "", k.uploaded(ada, telltale+".txt", "Der Plan zum "+telltale))
	secret, err := k.say(ada, room, chat.NewMessage{Poll: &chat.NewPoll{Question: telltale, Options: []string{"Ja", "Nein"}, Anonymous: true, ClosesAt: time.Now().Add(time.Hour)}})
	must(err)
	_, err = k.chat.Vote(ctx, bob, room, secret.ID, []string{secret.Poll.Options[0].ID})
	must(err)
	_, err = k.say(bob, room, chat.NewMessage{Text: telltale, ExpiresIn: 3600})
	must(err)
	slow := 5
	_, err = k.chat.Change(ctx, ada, room, chat.RoomChange{SlowSeconds: &slow})
	must(err)
	_, err = k.say(eva, room, chat.NewMessage{Text: telltale})
	must(err)
	_, err = k.chat.SetPicture(ctx, ada, room, chat.NewPicture{Picture: pixels(300, 200)})
	must(err)
	must(k.chat.Silence(ctx, ada, room, eva.UserID, time.Now().Add(time.Hour)))
	must(k.chat.Leave(ctx, eva, room))
}

// traces lists the columns of the whole database in which a room shows by its
// id or by its word, apart from the audit log.
func (k *rig) traces(room string) []string {
	k.tb.Helper()
	list := "SELECT m.name AS tab, p.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
	if k.db.Read(ctx).Name() == "postgres" {
		list = "SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = current_schema()"
	}
	var columns []struct{ Tab, Col string }
	require.NoError(k.tb, k.db.Read(ctx).Raw(list).Scan(&columns).Error)
	require.Greater(k.tb, len(columns), 100)
	var out []string
	for _, c := range columns {
		if c.Tab == "audit_log" {
			continue
		}
		sql := fmt.Sprintf(`SELECT count(*) FROM %s WHERE CAST("%s" AS text) LIKE ? OR lower(CAST("%s" AS text)) LIKE ?`, c.Tab, c.Col, c.Col)
		if k.count(k.tb, sql, "%"+room+"%", "%feuerwehrfest%") > 0 {
			out = append(out, c.Tab+"."+c.Col)
		}
	}
	return out
}
