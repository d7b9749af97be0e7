package audit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/fault"
	"rathaus/internal/store"
	"rathaus/internal/store/storetest"
)

func each(t *testing.T, fn func(t *testing.T, db *store.DB, log *audit.Log, now *clock.Fake)) {
	t.Helper()
	storetest.Each(t, []store.Source{audit.Source()}, func(t *testing.T, db *store.DB) {
		now := clock.NewFake(time.Now())
		log, err := audit.New(audit.Deps{DB: db, Clock: now})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, db, log, now)
	})
}

func record(t *testing.T, log *audit.Log, e audit.Entry) {
	t.Helper()
	if err := log.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func actions(t *testing.T, log *audit.Log, f audit.Filter) []string {
	t.Helper()
	page, err := log.List(t.Context(), f, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range page.Items {
		all = append(all, e.Action)
	}
	return all
}

func TestEntryComesBackAsRecorded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *store.DB, log *audit.Log, now *clock.Fake) {
		ctx := access.With(t.Context(), access.Principal{UserID: "u1", Name: "Ada"})
		detail := map[string]any{"from": "member", "to": "admin", "sure": true}
		err := log.Record(ctx, audit.Entry{Action: "user.role_changed", ObjectKind: "user", ObjectID: "u2", Detail: detail})
		if err != nil {
			t.Fatal(err)
		}
		page, err := log.List(ctx, audit.Filter{}, "", 10)
		if err != nil || len(page.Items) != 1 || page.Next != "" {
			t.Fatalf("one entry on one page expected: %+v %v", page, err)
		}
		e := page.Items[0]
		if e.ActorID != "u1" || e.ActorName != "Ada" || e.Action != "user.role_changed" || e.ObjectID != "u2" ||
			!e.At.Equal(now.Now()) || !maps.Equal(e.Detail, detail) {
			t.Errorf("the entry came back as %+v", e)
		}
	})
}

func TestWithoutAPersonTheActorIsTheSystem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *store.DB, log *audit.Log, _ *clock.Fake) {
		record(t, log, audit.Entry{Action: "system.started"})
		if got := actions(t, log, audit.Filter{ActorID: audit.System}); !slices.Equal(got, []string{"system.started"}) {
			t.Errorf("entries of the system: %v", got)
		}
	})
}

func TestNobodyChangesOrDeletesAnEntry(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *store.DB, log *audit.Log, now *clock.Fake) {
		record(t, log, audit.Entry{Action: "user.disabled"})
		now.Advance(-40 * 24 * time.Hour)
		record(t, log, audit.Entry{Action: "user.enabled"})
		forbidden := []string{
			"UPDATE audit_log SET action = 'nothing.happened'",
			"UPDATE audit_log SET at = '2001-01-01 00:00:00+00:00'",
			"DELETE FROM audit_log",
		}
		if db.Dialect() == store.Postgres {
			forbidden = append(forbidden, "TRUNCATE audit_log")
		}
		for _, statement := range forbidden {
			err := db.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement).Error })
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s answered %v", statement, err)
			}
		}
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("DELETE FROM audit_log WHERE action = 'user.enabled'").Error
		})
		if err != nil {
			t.Errorf("an entry of 40 days may go, but: %v", err)
		}
		if got := actions(t, log, audit.Filter{}); !slices.Equal(got, []string{"user.disabled"}) {
			t.Errorf("left are %v", got)
		}
	})
}

func TestDeedAndTraceHappenTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *store.DB, log *audit.Log, _ *clock.Fake) {
		refused := fault.Conflict("refused")
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			if err := log.RecordTx(tx, audit.Entry{Action: "user.disabled"}); err != nil {
				return err
			}
			return refused
		})
		if fault.From(err).Code != "refused" || len(actions(t, log, audit.Filter{})) != 0 {
			t.Errorf("after a refused deed (%v) the log holds %v", err, actions(t, log, audit.Filter{}))
		}
	})
}

func TestFiltersChoose(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *store.DB, log *audit.Log, now *clock.Fake) {
		start := now.Now()
		for _, e := range []audit.Entry{
			{Action: "user.created", ActorID: "a", ObjectKind: "user", ObjectID: "1"},
			{Action: "user.role_changed", ActorID: "b", ObjectKind: "user", ObjectID: "2"},
			{Action: "user_import.done", ActorID: "a"},
			{Action: "group.created", ActorID: "b", ObjectKind: "group", ObjectID: "1"},
		} {
			record(t, log, e)
			now.Advance(time.Minute)
		}
		for name, c := range map[string]struct {
			f    audit.Filter
			want []string
		}{
			"all":                        {audit.Filter{}, []string{"group.created", "user_import.done", "user.role_changed", "user.created"}},
			"area":                       {audit.Filter{Action: "user"}, []string{"user.role_changed", "user.created"}},
			"action":                     {audit.Filter{Action: "user.created"}, []string{"user.created"}},
			"no pattern of the caller's": {audit.Filter{Action: "%"}, nil},
			"actor":                      {audit.Filter{ActorID: "a"}, []string{"user_import.done", "user.created"}},
			"object":                     {audit.Filter{ObjectKind: "user", ObjectID: "2"}, []string{"user.role_changed"}},
			"time":                       {audit.Filter{Since: start.Add(time.Minute), Before: start.Add(2 * time.Minute)}, []string{"user.role_changed"}},
		} {
			if got := actions(t, log, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	})
}

func TestPagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *store.DB, log *audit.Log, now *clock.Fake) {
		for n := range 25 {
			record(t, log, audit.Entry{Action: "test.counted", Detail: map[string]any{"n": n}})
			if n%3 == 0 {
				now.Advance(time.Second)
			}
		}
		var seen []string
		cursor := ""
		for {
			page, err := log.List(t.Context(), audit.Filter{}, cursor, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Items {
				seen = append(seen, e.ID)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		slices.Sort(seen)
		if len(seen) != 25 || len(slices.Compact(seen)) != 25 {
			t.Errorf("25 entries by pages of ten gave %d", len(seen))
		}
		for _, cursor := range []string{"!", "YQ", "MjAyNi0wMS0wMVQwMDowMDowMFogeA"} {
			if _, err := log.List(t.Context(), audit.Filter{}, cursor, 10); fault.From(err).Kind != fault.KindInvalid {
				t.Errorf("cursor %q answered %v", cursor, err)
			}
		}
	})
}

func TestHostileTextsAreTamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *store.DB, log *audit.Log, _ *clock.Fake) {
		hostile := "a\x00b\n\x1b[31m\u202e\xff" + strings.Repeat("x", 10_000)
		record(t, log, audit.Entry{
			Action: "sign_in.refused", ActorID: hostile, ActorName: hostile, ObjectID: hostile,
			Detail: map[string]any{"name": hostile},
		})
		page, err := log.List(t.Context(), audit.Filter{}, "", 1)
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("one entry expected: %v", err)
		}
		e := page.Items[0]
		for _, text := range []string{e.ActorID, e.ActorName, e.ObjectID, e.Detail["name"].(string)} {
			if strings.ContainsAny(text, "\x00\n\x1b\u202e") || len(text) > 300 {
				t.Errorf("the log took over %q", text)
			}
		}
	})
}

func TestMistakesOfTheProgramAreFound(t *testing.T) {
	t.Parallel()
	log, err := audit.New(audit.Deps{DB: storetest.Open(t, store.SQLite, []store.Source{audit.Source()}), Clock: clock.System})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []audit.Entry{
		{},
		{Action: "Something happened"},
		{Action: "user.changed", Detail: map[string]any{"user": struct{ Password string }{"secret"}}},
	} {
		if err := log.Record(t.Context(), e); err == nil {
			t.Errorf("%+v was recorded", e)
		}
	}
	if _, err := audit.New(audit.Deps{}); err == nil {
		t.Error("a log without a database was made")
	}
}
