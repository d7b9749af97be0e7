package chat_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/blob"
	"rathaus/internal/clock"
	"rathaus/internal/files"
	"rathaus/internal/id"
	"rathaus/internal/store"
)

// filesFor takes in files of a rig and tidies up as the house does.
func filesFor(tb testing.TB, db *store.DB) *files.Files {
	tb.Helper()
	blobs, err := blob.Open(filepath.Join(tb.TempDir(), "files"))
	require.NoError(tb, err)
	f, err := files.New(files.Deps{
		DB: db, Blobs: blobs, Clock: clock.System, Log: slog.New(slog.DiscardHandler),
		Limits: files.Limits{MaxSize: 1 << 20, ImageMaxPixels: 1 << 20, UnfinishedValid: time.Hour},
	})
	require.NoError(tb, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Module().Run(ctx) }()
	tb.Cleanup(func() { stop(); require.NoError(tb, <-done) })
	return f
}

// uploaded is a file that p has uploaded and not sent yet.
func (k *rig) uploaded(p access.Principal, name, content string) string {
	k.tb.Helper()
	u, err := k.files.Create(background, p, files.NewUpload{Name: name, Size: int64(len(content))})
	require.NoError(k.tb, err)
	_, err = k.files.Append(background, p, u.ID, 0, bytes.NewReader([]byte(content)), func() {})
	require.NoError(k.tb, err)
	return u.ID
}

func (k *rig) sendFiles(p access.Principal, room, text string, ids ...string) chat.Message {
	k.tb.Helper()
	m, err := k.chat.Send(background, p, room, chat.NewMessage{ClientID: id.New(), Text: text, Files: ids})
	require.NoError(k.tb, err)
	return m
}

// bytesKept counts the blobs on the disk.
func (k *rig) bytesKept() int {
	k.tb.Helper()
	all, err := filepath.Glob(filepath.Join(k.files.Blobs.Dir(), "blobs", "*", "*", "*"))
	require.NoError(k.tb, err)
	return len(all)
}

func (k *rig) soon(what string, ok func() bool) {
	k.tb.Helper()
	require.Eventually(k.tb, ok, patience, 5*time.Millisecond, what)
}

// Requirement row 000-17, trust class 9: a file is read by who may read its message.
func TestFile_is_read_by_who_may_read_its_message(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eve := k.person("Ada"), k.person("Bob"), k.person("Eve")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		reader := k.tab(bob)
		require.Nil(t, reader.join(room.ID))
		file := k.uploaded(ada, "Plan.txt", "Plan der Baustelle")
		m := k.sendFiles(ada, room.ID, "", file)
		require.Empty(t, m.Text)
		require.Equal(t, []chat.File{{ID: file, Name: "Plan.txt", Type: "text/plain", Kind: files.Other, Size: 18}}, m.Files)
		reader.event("message", about(file, "Plan.txt"))

		require.NoError(t, k.chat.MayReadFile(background, ada, file))
		require.NoError(t, k.chat.MayReadFile(background, bob, file))
		require.Equal(t, "chat.room_not_found", code(k.chat.MayReadFile(background, eve, file)))
		require.NoError(t, k.chat.Remove(background, ada, room.ID, bob.UserID))
		require.Equal(t, "chat.room_not_found", code(k.chat.MayReadFile(background, bob, file)), "at once")
		require.Equal(t, "chat.message_not_found", code(k.chat.MayReadFile(background, ada, id.New())))
	})
}

func TestFile_is_sent_once_and_by_its_owner(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		file := k.uploaded(ada, "Plan.txt", "Plan")
		send := func(p access.Principal, ids ...string) error {
			_, err := k.chat.Send(background, p, room.ID, chat.NewMessage{ClientID: id.New(), Files: ids})
			return err
		}
		require.Equal(t, "files.not_found", code(send(bob, file)))
		require.Equal(t, "files.not_found", code(send(ada, file, file)))
		require.Equal(t, "files.not_found", code(send(ada, id.New())))
		require.Equal(t, "files.not_found", code(send(ada, "../../etc/passwd")))
		require.Equal(t, "chat.too_many_files", code(send(ada, make([]string, 21)...)))
		require.Equal(t, "chat.message_empty", code(send(ada)))

		in := chat.NewMessage{ClientID: id.New(), Text: "hier", Files: []string{file}}
		first, err := k.chat.Send(background, ada, room.ID, in)
		require.NoError(t, err)
		again, err := k.chat.Send(background, ada, room.ID, in)
		require.NoError(t, err, "a second sending is answered with the first")
		require.Equal(t, first, again)
		require.Equal(t, "files.already_sent", code(send(ada, file)))

		_, err = k.chat.Delete(background, ada, room.ID, first.ID)
		require.NoError(t, err)
		gone, err := k.chat.Send(background, ada, room.ID, in)
		require.NoError(t, err)
		require.NotEmpty(t, gone.DeletedAt)
	})
}

// Deleting deletes: the row, the attachment, the file and its bytes.
func TestFile_goes_with_its_message(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		m := k.sendFiles(ada, room.ID, "zwei", k.uploaded(ada, "a.txt", "eins"), k.uploaded(ada, "b.txt", "zwei"))
		other := k.sendFiles(ada, room.ID, "", k.uploaded(ada, "c.txt", "zwei"))
		require.Equal(t, 2, k.bytesKept(), "the same bytes lie there once")
		deleted, err := k.chat.Delete(background, ada, room.ID, m.ID)
		require.NoError(t, err)
		require.Empty(t, deleted.Files)
		k.soon("the bytes to go", func() bool { return k.bytesKept() == 1 })
		require.Equal(t, "chat.message_not_found", code(k.chat.MayReadFile(background, ada, m.Files[0].ID)))
		require.NoError(t, k.chat.MayReadFile(background, ada, other.Files[0].ID))
		var left []string
		require.NoError(t, k.db.Read(background).Raw("SELECT id FROM files UNION SELECT file_id FROM chat_attachments").Scan(&left).Error)
		require.Equal(t, []string{other.Files[0].ID}, left)
		require.NoError(t, filepath.WalkDir(k.files.Blobs.Dir(), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				content, err := os.ReadFile(path)
				require.NoError(t, err)
				require.Equal(t, "zwei", string(content))
			}
			return err
		}))
	})
}

// Row 004-07: what removes itself takes its files along.
func TestFile_goes_when_its_message_ends(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		m, err := k.chat.Send(background, ada, room.ID, chat.NewMessage{ClientID: id.New(), Files: []string{k.uploaded(ada, "a.txt", "eins")}, ExpiresIn: 60})
		require.NoError(t, err)
		require.Equal(t, 1, k.bytesKept())
		k.turn(time.Minute)
		require.Equal(t, "chat.message_not_found", code(k.chat.MayReadFile(background, ada, m.Files[0].ID)))
		k.soon("the bytes to go", func() bool { return k.bytesKept() == 0 })
	})
}

func TestFile_waits_with_a_message_that_is_sent_later(t *testing.T) {
	eachTimed(t, func(t *testing.T, k *timed) {
		ada, bob := k.person("Ada"), k.person("Bob")
		room := k.room(ada, chat.Private, "Bauhof", bob)
		later := func(name string) chat.Later {
			l, err := k.chat.SendLater(background, ada, room.ID, chat.NewLater{SendAt: k.in(time.Hour), Message: chat.NewMessage{ClientID: id.New(), Files: []string{k.uploaded(ada, name, name)}}})
			require.NoError(t, err)
			return l
		}
		sent, cancelled := later("bleibt.txt"), later("geht.txt")
		require.Equal(t, "chat.message_not_found", code(k.chat.MayReadFile(background, bob, sent.Message.Files[0])))
		require.NoError(t, k.chat.CancelLater(background, ada, cancelled.ID))
		k.soon("the bytes of what was cancelled to go", func() bool { k.files.Collect(); return k.bytesKept() == 1 })
		k.turn(time.Hour)
		k.soon("the message to be sent", func() bool { return k.chat.MayReadFile(background, bob, sent.Message.Files[0]) == nil })
	})
}

// What is passed on has files of its own: deleting one leaves the other whole.
func TestFile_that_is_passed_on_outlives_its_source(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, bob, eve := k.person("Ada"), k.person("Bob"), k.person("Eve")
		from, to := k.room(ada, chat.Private, "Bauhof", bob), k.room(bob, chat.Private, "Rathaus", eve)
		m := k.sendFiles(ada, from.ID, "", k.uploaded(ada, "Plan.txt", "Plan"))
		in := chat.PassOn{ClientID: id.New(), RoomID: to.ID}
		passed, err := k.chat.Pass(background, bob, from.ID, m.ID, in)
		require.NoError(t, err)
		again, err := k.chat.Pass(background, bob, from.ID, m.ID, in)
		require.NoError(t, err)
		require.Equal(t, passed, again)
		copied := passed.Message.Files[0].ID
		require.NotEqual(t, m.Files[0].ID, copied)
		require.Equal(t, 1, k.bytesKept())
		require.NoError(t, k.chat.MayReadFile(background, eve, copied))
		require.Equal(t, "chat.room_not_found", code(k.chat.MayReadFile(background, eve, m.Files[0].ID)))
		_, err = k.chat.Delete(background, ada, from.ID, m.ID)
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			var n int
			return k.db.Read(background).Raw("SELECT count(*) FROM file_garbage").Row().Scan(&n) == nil && n == 0
		}, patience, 5*time.Millisecond)
		require.Equal(t, 1, k.bytesKept())
		require.NoError(t, k.chat.MayReadFile(background, eve, copied))
	})
}

func TestFiles_of_a_room_are_listed(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, eve := k.person("Ada"), k.person("Eve")
		room := k.room(ada, chat.Private, "Bauhof")
		for range 5 {
			k.sendFiles(ada, room.ID, "x", k.uploaded(ada, "a.txt", id.New()), k.uploaded(ada, "b.txt", id.New()))
			k.send(ada, room.ID, "nur Worte")
		}
		first, err := k.chat.Attachments(background, ada, room.ID, "", 0, 3)
		require.NoError(t, err)
		require.Len(t, first.Items, 6)
		rest, err := k.chat.Attachments(background, ada, room.ID, "", first.Next, 3)
		require.NoError(t, err)
		require.Len(t, rest.Items, 4)
		require.Zero(t, rest.Next)
		none, err := k.chat.Attachments(background, ada, room.ID, "image", 0, 3)
		require.NoError(t, err)
		require.Empty(t, none.Items)
		_, err = k.chat.Attachments(background, eve, room.ID, "", 0, 3)
		require.Equal(t, "chat.room_not_found", code(err))
	})
}

func TestMessage_with_files_may_lose_its_words(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada := k.person("Ada")
		room := k.room(ada, chat.Private, "Bauhof")
		m := k.sendFiles(ada, room.ID, "Plan", k.uploaded(ada, "Plan.txt", "x"))
		edited, err := k.chat.Edit(background, ada, room.ID, m.ID, chat.NewText{})
		require.NoError(t, err)
		require.Empty(t, edited.Text)
		require.Equal(t, m.Files, edited.Files)
		_, err = k.chat.Edit(background, ada, room.ID, k.send(ada, room.ID, "nur Worte").ID, chat.NewText{})
		require.Equal(t, "chat.message_empty", code(err))
		q, err := k.chat.Send(background, ada, room.ID, chat.NewMessage{ClientID: id.New(), Text: "der", QuoteID: m.ID})
		require.NoError(t, err)
		require.Equal(t, "Plan.txt", q.Quote.Text, "a file without words is named by its name")
	})
}

// Row 004-18: everybody has one room of their own, and nobody else sees it.
func TestRoom_of_oneself(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ada, admin := k.person("Ada"), k.somebody("Amt", access.RoleAdmin)
		phone := k.tab(ada)
		room, err := k.chat.OneselfRoom(background, ada)
		require.NoError(t, err)
		require.Equal(t, chat.Self, room.Kind)
		require.Nil(t, room.Partner)
		require.Equal(t, 1, room.Members)
		require.False(t, room.CanManage || room.CanAdd || room.CanModerate)
		require.True(t, room.CanPost)
		phone.event("room_added", about(room.ID, `"kind":"self"`))
		again, err := k.chat.OneselfRoom(background, ada)
		require.NoError(t, err)
		require.Equal(t, room.ID, again.ID)
		require.Nil(t, phone.join(room.ID))
		m := k.sendFiles(ada, room.ID, "", k.uploaded(ada, "Einkauf.txt", "Brot"))
		phone.event("message", about(m.Files[0].ID))
		mine, err := k.chat.RoomsOf(background, ada)
		require.NoError(t, err)
		require.Equal(t, chat.Self, mine.Rooms[0].Kind)
		require.Zero(t, mine.Rooms[0].Unread)
		_, err = k.chat.Room(background, admin, room.ID)
		require.Equal(t, "chat.room_not_found", code(err))
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Leave(background, ada, room.ID)))
		require.Equal(t, "chat.direct_is_fixed", code(k.chat.Add(background, ada, room.ID, chat.NewMembers{UserIDs: []string{admin.UserID}})))
	})
}
