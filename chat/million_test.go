package chat_test

import (
	"fmt"
	"log/slog"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
	rooms  []string // of the person, the largest first
	words  []string
	random *rand.Rand
}

const (
	archiveRooms = 400
	archiveMine  = 50
	archiveTown  = 300 // people
)

// TestSearchAtScale measures search and history in a large database and prints
// rows for docs/performance.md. RATHAUS_BENCH_MESSAGES says how many messages;
// without it a small database shows that the measurement works.
func TestSearchAtScale(t *testing.T) {
	t.Parallel()
	count, given := 3000, false
	if n, err := strconv.Atoi(os.Getenv("RATHAUS_BENCH_MESSAGES")); err == nil {
		count, given = n, true
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			a := newArchive(t, storetest.Open(t, dialect, sources))
			began := time.Now()
			a.fill(count)
			filled := time.Since(began)
			began = time.Now()
			require.NoError(t, a.chat.TakeIn(t.Context()))
			t.Logf("%s: %d messages written in %s, taken into the index in %s", dialect, count, filled.Round(time.Second), time.Since(began).Round(time.Second))
			a.measure(given)
		})
	}
}

func newArchive(tb testing.TB, db *store.DB) *archive {
	tb.Helper()
	index, err := search.New(tb.Context(), db, slog.New(slog.DiscardHandler))
	require.NoError(tb, err)
	c, err := chat.New(chat.Deps{DB: db, Hub: realtime.NewHub(realtime.NewTopics(), "test", slog.New(slog.DiscardHandler)), People: &town{}, Links: &doors{}, Clock: clock.System, Index: index})
	require.NoError(tb, err)
	a := &archive{tb: tb, db: db, chat: c, random: rand.New(rand.NewSource(7))}
	a.person = access.Principal{UserID: id.New(), Name: "Ada", Role: access.RoleMember, SessionID: "s"}
	a.words = vocabulary(a.random)
	return a
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

func (a *archive) text(zipf *rand.Zipf) string {
	var b strings.Builder
	for range 4 + a.random.Intn(22) {
		b.WriteString(a.words[zipf.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

// fill writes rooms of very different size and messages over three years.
func (a *archive) fill(count int) {
	zipf := rand.NewZipf(a.random, 1.05, 8, uint64(len(a.words)-1))
	people := []string{a.person.UserID}
	for len(people) < archiveTown {
		people = append(people, id.New())
	}
	begin := time.Date(2023, 11, 1, 8, 0, 0, 0, time.UTC)
	step := 3 * 365 * 24 * time.Hour / time.Duration(count)
	sent := 0
	for room := range archiveRooms {
		roomID := id.New()
		mine := room%(archiveRooms/archiveMine) == 0
		size := count / archiveRooms / 2
		if room%4 == 0 {
			size = count/archiveRooms*2 + count/archiveRooms/2
		}
		a.write(func(tx *gorm.DB) error {
			if err := tx.Exec("INSERT INTO chat_rooms (id, kind, name, name_key, last_seq, last_at, created_by, created_at) VALUES (?, 'private', ?, ?, ?, ?, ?, ?)",
				roomID, "Raum "+roomID, roomID, size, begin, a.person.UserID, begin).Error; err != nil || !mine {
				return err
			}
			a.rooms = append(a.rooms, roomID)
			return tx.Exec("INSERT INTO chat_members (room_id, user_id, role, joined_at) VALUES (?, ?, 'owner', ?)", roomID, a.person.UserID, begin).Error
		})
		for seq := 0; seq < size; {
			n := min(500, size-seq)
			args := make([]any, 0, n*9)
			for range n {
				seq++
				sent++
				text := a.text(zipf)
				if sent%5000 == 1 {
					text += " Xylophonkonzert"
				}
				at := begin.Add(step*time.Duration(seq*(count/size)) + time.Duration(room)*time.Second)
				args = append(args, id.New(), roomID, seq, seq, people[a.random.Intn(len(people))], id.New(), text, at)
			}
			rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, 'text', ?, ?, ?, ?),", n), ",")
			a.write(func(tx *gorm.DB) error {
				return tx.Exec("INSERT INTO chat_messages (id, room_id, seq, rev, kind, author_id, client_id, text, created_at) VALUES "+rows, args...).Error
			})
		}
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

func (a *archive) measure(strict bool) {
	var all []time.Duration
	for _, q := range scaleQueries {
		var times []time.Duration
		var found chat.FoundMessages
		for range 15 {
			began := time.Now()
			parsed, err := search.Parse(q.text, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			require.NoError(a.tb, err)
			found, err = a.chat.Find(a.tb.Context(), a.person, chat.FindQuery{Terms: parsed.Terms, Since: parsed.Since, Before: parsed.Before, Limit: 20})
			require.NoError(a.tb, err)
			times = append(times, time.Since(began))
		}
		all = append(all, times...)
		a.report(fmt.Sprintf("search: %s (%s), %d hits, more %v", q.name, q.text, found.Total, found.More), times)
	}
	a.report("search: all of them", all)
	var pages []time.Duration
	for _, room := range a.rooms {
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
	a.report("history: a page of 50", pages)
	if slices.Sort(all); strict && all[len(all)*95/100] > 50*time.Millisecond {
		a.tb.Errorf("95 of 100 searches take up to %s, more than 50 ms", all[len(all)*95/100])
	}
}

func (a *archive) report(name string, times []time.Duration) {
	slices.Sort(times)
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	a.tb.Logf("| %s | %s | %s | %s |", name, ms(times[len(times)/2]), ms(times[len(times)*95/100]), ms(times[len(times)-1]))
}
