package chat_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"rathaus/chat"
	"rathaus/internal/id"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// first is the schema of the first release.
func first(t *testing.T) []store.Source {
	t.Helper()
	old := fstest.MapFS{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		name := dialect + "/00300_chat.sql"
		b, err := fs.ReadFile(chat.Migrations(), name)
		require.NoError(t, err)
		old[name] = &fstest.MapFile{Data: b}
	}
	return []store.Source{{Name: "chat", FS: old}}
}

// Wider kinds and roles must not cost a row (the trap of rebuilding a table to
// which others refer).
func TestMigration_of_a_filled_town_keeps_every_row(t *testing.T) {
	t.Parallel()
	storetest.Each(t, first(t), func(t *testing.T, db *store.DB) {
		ada, bob := id.New(), id.New()
		rooms := map[string]string{"public": id.New(), "private": id.New(), "direct": id.New()}
		at := time.Now().UTC().Truncate(time.Microsecond)
		require.NoError(t, db.Write(t.Context(), func(tx *gorm.DB) error {
			for kind, room := range rooms {
				statements := []struct {
					sql  string
					args []any
				}{
					{"INSERT INTO chat_rooms (id, kind, name, name_key, last_seq, last_at, created_by, created_at) VALUES (?, ?, ?, ?, 1, ?, ?, ?)", []any{room, kind, kind, kind, at, ada, at}},
					{"INSERT INTO chat_members (room_id, user_id, role, read_seq, joined_at) VALUES (?, ?, 'owner', 1, ?), (?, ?, 'member', 0, ?)", []any{room, ada, at, room, bob, at}},
					{"INSERT INTO chat_messages (id, room_id, seq, rev, kind, author_id, client_id, text, created_at) VALUES (?, ?, 1, 1, 'text', ?, ?, 'Hallo', ?)", []any{kind + "-m", room, ada, id.New(), at}},
					{"INSERT INTO chat_mentions (message_id, room_id, user_id, seq) VALUES (?, ?, ?, 1)", []any{kind + "-m", room, bob}},
				}
				for _, s := range statements {
					if err := tx.Exec(s.sql, s.args...).Error; err != nil {
						return err
					}
				}
			}
			return nil
		}))

		require.NoError(t, db.Migrate(t.Context(), sources))

		for table, want := range map[string]int{"chat_rooms": 3, "chat_members": 6, "chat_messages": 3, "chat_mentions": 3} {
			var n int
			require.NoError(t, db.Read(t.Context()).Raw("SELECT count(*) FROM "+table).Row().Scan(&n))
			require.Equal(t, want, n, table)
		}
		for kind, room := range rooms {
			var got, form, role string
			require.NoError(t, db.Read(t.Context()).Raw("SELECT kind, form FROM chat_rooms WHERE id = ?", room).Row().Scan(&got, &form))
			require.Equal(t, []string{kind, "talk"}, []string{got, form})
			require.NoError(t, db.Read(t.Context()).Raw("SELECT role FROM chat_members WHERE room_id = ? AND user_id = ?", room, ada).Row().Scan(&role))
			require.Equal(t, "owner", role)
		}
		// The rules of the tables are still there, and the wider words fit.
		insert := func(kind, role string) error {
			return db.Write(t.Context(), func(tx *gorm.DB) error {
				room := id.New()
				err := tx.Exec("INSERT INTO chat_rooms (id, kind, name, name_key, last_at, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)", room, kind, "public", "public", at, ada, at).Error
				if err != nil {
					return err
				}
				return tx.Exec("INSERT INTO chat_members (room_id, user_id, role, joined_at) VALUES (?, ?, ?, ?)", room, ada, role, at).Error
			})
		}
		require.NoError(t, insert("group", "moderator"))
		require.NoError(t, insert("self", "guest"))
		require.Error(t, insert("secret", "member"))
		require.Error(t, insert("group", "king"))
		require.True(t, store.IsUnique(insert("public", "owner")), "two public rooms still can't share a name")
	})
}
