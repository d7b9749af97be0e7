package chat_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"rathaus/chat"
	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/id"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

// archive is a database of many messages, made from a seed.
type archive struct {
	tb     testing.TB
	db     *store.DB
	chat   *chat.Chat
	person access.Principal
	people []string
	words  []string
	random *rand.Rand
	zipf   *rand.Zipf
	sent   int
}

const (
	archiveRooms = 400
	archiveMine  = 50
	archiveTown  = 300 // people
	archiveTail  = 256 // messages of a room that are at most younger than its packed index
)

// The names of what the measurement is told by the environment: how many
// messages, where databases are kept for the next time, and where profiles go.
const (
	envMessages = "RATHAUS_BENCH_MESSAGES"
	envKeep     = "RATHAUS_BENCH_KEEP"
	envProfile  = "RATHAUS_BENCH_PROFILE"
)

// TestSearchAtScale measures search and history in a large database and prints
// rows for docs/performance.md. RATHAUS_BENCH_MESSAGES says how many messages;
// without it a small database shows that the measurement works.
func TestSearchAtScale(t *testing.T) {
	t.Parallel()
	count, given := 3000, false
	if n, err := strconv.Atoi(os.Getenv(envMessages)); err == nil {
		count, given = n, true
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			a := newArchive(t, openArchive(t, dialect, count))
			if !a.filled() {
				a.make(dialect, count)
			}
			a.measure(dialect, given)
		})
	}
}

// openArchive opens a database that is new or, in a folder that the environment
// names, one of an earlier run.
func openArchive(tb testing.TB, dialect string, count int) *store.DB {
	tb.Helper()
	folder := os.Getenv(envKeep)
	if folder == "" {
		return storetest.Open(tb, dialect, sources)
	}
	cfg := store.Config{Driver: dialect, Path: filepath.Join(folder, fmt.Sprintf("archive-%d.db", count))}
	if dialect == store.Postgres {
		cfg.DSN = keptPostgres(tb, fmt.Sprintf("archive_%d", count))
	}
	return storetest.Connect(tb, cfg, sources)
}

func keptPostgres(tb testing.TB, name string) string {
	tb.Helper()
	server := os.Getenv(storetest.PostgresEnv)
	admin, err := pgx.Connect(tb.Context(), server)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, admin.Close(context.Background())) }()
	var there bool
	require.NoError(tb, admin.QueryRow(tb.Context(), "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there))
	if !there {
		_, err = admin.Exec(tb.Context(), "CREATE DATABASE "+name)
		require.NoError(tb, err)
	}
	return server + " dbname=" + name
}

func newArchive(tb testing.TB, db *store.DB) *archive {
	tb.Helper()
	index, err := search.New(tb.Context(), db, slog.New(slog.DiscardHandler))
	require.NoError(tb, err)
	c, err := chat.New(chat.Deps{DB: db, Hub: realtime.NewHub(realtime.NewTopics(), "test", slog.New(slog.DiscardHandler)), People: &town{}, Links: &doors{}, Clock: clock.System, Audit: auditOf(tb, db), Index: index})
	require.NoError(tb, err)
	a := &archive{tb: tb, db: db, chat: c, random: rand.New(rand.NewSource(7))}
	a.words = vocabulary(a.random)
	a.zipf = rand.NewZipf(a.random, 1.05, 8, uint64(len(a.words)-1))
	return a
}

// filled reports whether the database is one of an earlier run that was complete.
func (a *archive) filled() bool {
	var ids []string
	require.NoError(a.tb, a.db.Read(a.tb.Context()).Raw("SELECT user_id FROM chat_members WHERE role = 'owner' LIMIT 1").Scan(&ids).Error)
	for _, id := range ids {
		a.person = access.Principal{UserID: id, Name: "Ada", Role: access.RoleMember, SessionID: "s"}
	}
	return len(ids) > 0
}

// vocabulary makes German-looking words: short common ones first, compounds after them.
func vocabulary(r *rand.Rand) []string {
	words := strings.Fields(`die der und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei
		einer um am sind noch wie einem über einen so zum haben nur oder aber vor zur bis mehr durch man sein wurde wenn können wir bitte danke morgen heute gestern Termin`)
	first := strings.Fields(`Haushalt Straßen Bau Bürger Gemeinde Schul Wasser Feuerwehr Stadt Rats Amts Personal Müll Kinder Jugend Sport Friedhofs Markt Grund Wohn Verkehrs Umwelt Energie Garten Bücherei`)
	second := strings.Fields(`satzung plan sitzung beleuchtung meister hof gebühr ordnung amt leitung antrag bescheid prüfung bericht protokoll vorlage fest kasse stelle konzept schaden auftrag abrechnung genehmigung`)
	for _, f := range first {
		for _, s := range second {
			words = append(words, f+s, f+"s"+s+"en", strings.ToUpper(s[:1])+s[1:])
		}
	}
	r.Shuffle(len(words)-80, func(i, j int) { words[i+80], words[j+80] = words[j+80], words[i+80] })
	for i := range 12_000 {
		words = append(words, fmt.Sprintf("%s%s%d", first[i%len(first)], second[i%len(second)], i))
	}
	return words
}

func (a *archive) text() string {
	var b strings.Builder
	for range 4 + a.random.Intn(22) {
		b.WriteString(a.words[a.zipf.Uint64()])
		b.WriteByte(' ')
	}
	if a.sent++; a.sent%5000 == 1 {
		b.WriteString("Xylophonkonzert")
	}
	return b.String()
}

// archiveRoom is a room on its way into the archive.
type archiveRoom struct {
	id         string
	size, tail int
	written    int
	step       time.Duration // from one message to the next
	begin      time.Time
}

// make writes rooms of very different size and messages over three years, the
// last of each room after the others are packed in the index, as in a
// town that goes on writing.
func (a *archive) make(dialect string, count int) {
	a.person = access.Principal{UserID: id.New(), Name: "Ada", Role: access.RoleMember, SessionID: "s"}
	a.people = []string{a.person.UserID}
	for len(a.people) < archiveTown {
		a.people = append(a.people, id.New())
	}
	rooms := make([]*archiveRoom, archiveRooms)
	began := time.Now()
	for i := range rooms {
		rooms[i] = a.room(i, count)
		a.fill(rooms[i], rooms[i].size-rooms[i].tail)
	}
	filled := time.Since(began)
	began = time.Now()
	require.NoError(a.tb, a.chat.TakeIn(a.tb.Context()))
	taken := time.Since(began)
	for _, r := range rooms {
		a.fill(r, r.size)
	}
	require.NoError(a.tb, a.chat.TakeIn(a.tb.Context()))
	a.write(func(tx *gorm.DB) error {
		for i := 0; i < archiveRooms; i += archiveRooms / archiveMine {
			err := tx.Exec("INSERT INTO chat_members (room_id, user_id, role, joined_at) VALUES (?, ?, 'owner', ?)", rooms[i].id, a.person.UserID, rooms[i].begin).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	if dialect == store.Postgres { // as its autovacuum would
		a.write(func(tx *gorm.DB) error { return tx.Exec("ANALYZE").Error })
	}
	a.tb.Logf("%s: %d messages written in %s, taken into the index in %s", dialect, a.sent, filled.Round(time.Second), taken.Round(time.Second))
}

func (a *archive) room(i, count int) *archiveRoom {
	size := count / archiveRooms / 2
	if i%4 == 0 {
		size = count/archiveRooms*2 + count/archiveRooms/2
	}
	r := &archiveRoom{
		id: id.New(), size: size, tail: min(a.random.Intn(archiveTail), size/2), step: 3 * 365 * 24 * time.Hour / time.Duration(size),
		begin: time.Date(2023, 11, 1, 8, 0, i, 0, time.UTC),
	}
	a.write(func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO chat_rooms (id, kind, name, name_key, last_seq, last_at, created_by, created_at) VALUES (?, 'private', ?, ?, 0, ?, ?, ?)",
			r.id, "Raum "+r.id, r.id, r.begin, a.people[0], r.begin).Error
	})
	return r
}

// fill writes messages of a room until it has so many.
func (a *archive) fill(r *archiveRoom, until int) {
	for r.written < until {
		n := min(500, until-r.written)
		args := make([]any, 0, n*8)
		for range n {
			r.written++
			at := r.begin.Add(r.step * time.Duration(r.written))
			args = append(args, id.New(), r.id, r.written, r.written, a.people[a.random.Intn(len(a.people))], id.New(), a.text(), at)
		}
		rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, 'text', ?, ?, ?, ?),", n), ",")
		a.write(func(tx *gorm.DB) error {
			if err := tx.Exec("INSERT INTO chat_messages (id, room_id, seq, rev, kind, author_id, client_id, text, created_at) VALUES "+rows, args...).Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE chat_rooms SET last_seq = ? WHERE id = ?", r.written, r.id).Error
		})
	}
}

func (a *archive) write(fn func(tx *gorm.DB) error) {
	require.NoError(a.tb, a.db.Write(a.tb.Context(), fn))
}

// scaleQueries are of all kinds: everywhere, common, seldom, never, inside words, several
// words, with filters.
var scaleQueries = []struct{ name, text string }{
	{"very common word", "die"}, {"common word", "Termin"}, {"inside of words, common", "satzung"}, {"compound", "Haushaltssatzung"},
	{"rare word", "Xylophon"}, {"inside of a rare word", "phonkonz"}, {"one place only", "Straßenplan1201"}, {"not there", "Kreisverkehrsinsel"},
	{"two words", "gebühr bericht"}, {"spelled out", "Buergermeister"}, {"two letters", "zu"}, {"with a span", "satzung nach:2024-05 vor:2024-07"}, {"phrase", `"der und"`},
}

func (a *archive) measure(dialect string, strict bool) {
	var all []time.Duration
	for _, q := range scaleQueries {
		stop := a.profile(dialect, q.name)
		times, found := a.ask(q.text)
		stop()
		all = append(all, times...)
		a.report(fmt.Sprintf("search: %s (%s), %d hits, more %v", q.name, q.text, found.Total, found.More), times)
	}
	a.report("search: all of them", all)
	a.report("history: a page of 50", a.turnPages())
	if slices.Sort(all); strict && all[len(all)*95/100] > 50*time.Millisecond {
		a.tb.Errorf("95 of 100 searches take up to %s, more than 50 ms", all[len(all)*95/100])
	}
}

// ask looks for the same 15 times.
func (a *archive) ask(text string) (times []time.Duration, found chat.FoundMessages) {
	parsed, err := search.Parse(text, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(a.tb, err)
	for range 15 {
		began := time.Now()
		found, err = a.chat.Find(a.tb.Context(), a.person, chat.FindQuery{Terms: parsed.Terms, Since: parsed.Since, Before: parsed.Before, Limit: 20})
		require.NoError(a.tb, err)
		times = append(times, time.Since(began))
	}
	return times, found
}

// turnPages reads the histories of the person's rooms backwards.
func (a *archive) turnPages() (pages []time.Duration) {
	var rooms []string
	require.NoError(a.tb, a.db.Read(a.tb.Context()).Raw("SELECT room_id FROM chat_members WHERE user_id = ? ORDER BY room_id", a.person.UserID).Scan(&rooms).Error)
	for _, room := range rooms {
		for before := int64(0); len(pages)%40 < 39; {
			began := time.Now()
			page, err := a.chat.History(a.tb.Context(), a.person, room, chat.Span{Before: before, Limit: 50})
			require.NoError(a.tb, err)
			pages = append(pages, time.Since(began))
			if !page.Before {
				break
			}
			before = page.Messages[0].Seq
		}
	}
	return pages
}

// profile writes where the processor's time goes, if the environment names a folder.
func (a *archive) profile(dialect, name string) (stop func()) {
	folder := os.Getenv(envProfile)
	if folder == "" {
		return func() {}
	}
	file, err := os.Create(filepath.Join(folder, dialect+"-"+strings.ReplaceAll(name, " ", "-")+".prof"))
	require.NoError(a.tb, err)
	require.NoError(a.tb, pprof.StartCPUProfile(file))
	return func() {
		pprof.StopCPUProfile()
		require.NoError(a.tb, file.Close())
	}
}

// report prints the fastest, the median, 95 of 100 and the slowest.
func (a *archive) report(name string, times []time.Duration) {
	slices.Sort(times)
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	a.tb.Logf("| %s | %s | %s | %s | %s |", name, ms(times[0]), ms(times[len(times)/2]), ms(times[len(times)*95/100]), ms(times[len(times)-1]))
}
