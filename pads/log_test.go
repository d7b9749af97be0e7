package pads_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/pads"
)

type caughtUp struct {
	Head     int64 `json:"head"`
	Snapshot *struct {
		Seq   int64  `json:"seq"`
		Frame []byte `json:"frame"`
	} `json:"snapshot"`
	Updates []struct {
		Seq   int64  `json:"seq"`
		Frame []byte `json:"frame"`
	} `json:"updates"`
	LatestSnapshot int64 `json:"latest_snapshot"`
	TailBytes      int64 `json:"tail_bytes"`
}

func (p *somebody) log(pad string, query string) caughtUp {
	p.t.Helper()
	raw, err := json.Marshal(p.must("GET", "/pads/"+pad+"/log"+query, nil))
	require.NoError(p.t, err)
	var out caughtUp
	require.NoError(p.t, json.Unmarshal(raw, &out))
	return out
}

func joined(t *testing.T, m message) caughtUp {
	t.Helper()
	require.Empty(t, m.code())
	var out struct {
		Log caughtUp `json:"log"`
	}
	require.NoError(t, json.Unmarshal(m.OK, &out))
	return out.Log
}

func TestLog_an_update_is_stored_then_acknowledged_then_heard_by_others(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada, ben := w.member("Ada"), w.member("Ben")
		pad := ada.pad("Niederschrift")
		ada.share(pad, ben, "write")
		ada.enter(pad, -1)
		ben.enter(pad, -1)

		f := frameOf(pads.KindUpdate, 0, "eins")
		answer := ada.send(pad, pads.KindUpdate, f)
		require.JSONEq(t, `{"seq":1}`, string(answer.OK))
		seq, got := ben.receives(pads.KindUpdate)
		require.EqualValues(t, 1, seq)
		require.Equal(t, f, got)

		late := joined(t, ben.enter(pad, 0))
		require.EqualValues(t, 1, late.Head)
		require.Equal(t, f, late.Updates[0].Frame)
	})
}

func TestLog_a_frame_sent_again_keeps_its_place(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("Plan")
		ada.enter(pad, -1)
		f := frameOf(pads.KindUpdate, 0, "eins")
		first := ada.send(pad, pads.KindUpdate, f)
		again := ada.send(pad, pads.KindUpdate, f)
		require.JSONEq(t, string(first.OK), string(again.OK))
		r := ada.post(pad, f, frameOf(pads.KindUpdate, 0, "zwei"), f)
		require.Equal(t, []any{1.0, 2.0, 1.0}, r.Body["seqs"])
		require.EqualValues(t, 2, ada.log(pad, "?after=0").Head)
	})
}

func TestLog_many_writers_get_places_without_gaps(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("Plan")
		writers := make([]*somebody, 8)
		for i := range writers {
			writers[i] = w.member(fmt.Sprint("Person ", i))
			ada.share(pad, writers[i], "write")
			writers[i].enter(pad, -1)
		}
		const each = 15
		for range each {
			for _, one := range writers {
				one.throw(pad, pads.KindUpdate, frameOf(pads.KindUpdate, 0, "x"))
			}
		}
		require.Eventually(t, func() bool { return ada.log(pad, "?after=0").Head == each*8 }, patience, 20e6)
		for i, u := range ada.log(pad, "?after=0").Updates {
			require.EqualValues(t, i+1, u.Seq)
		}
	})
}

func TestLog_two_snapshots_and_the_log_between_them_stay(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada, ben := w.member("Ada"), w.member("Ben")
		pad := ada.pad("Satzung")
		ada.share(pad, ben, "read")
		ben.enter(pad, -1)
		snapshot := func(covers int64, text string) reply {
			return ada.call("POST", "/pads/"+pad+"/snapshots",
				map[string]any{"frame": b64(frameOf(pads.KindSnapshot, covers, text)), "shadow": text})
		}
		write := func(n int) {
			for range n {
				require.Equal(t, 200, ada.post(pad, frameOf(pads.KindUpdate, 0, "x")).Status)
			}
		}
		write(30)
		require.Equal(t, 30.0, snapshot(30, "erste").Body["covers"])
		ben.hears("snapshot")
		require.Equal(t, 30.0, snapshot(30, "doppelt").Body["covers"], "the first for its part of the log wins")
		write(5)
		require.Equal(t, 30.0, snapshot(35, "zu früh").Body["covers"])
		write(25)
		require.Equal(t, 60.0, snapshot(60, "zweite").Body["covers"])
		write(30)
		require.Equal(t, 90.0, snapshot(90, "dritte").Body["covers"])
		write(1)

		fresh := ada.log(pad, "")
		require.EqualValues(t, 90, fresh.Snapshot.Seq)
		require.Len(t, fresh.Updates, 1)
		require.EqualValues(t, 91, fresh.Head)

		older := ada.log(pad, "?older_than=90")
		require.EqualValues(t, 60, older.Snapshot.Seq)
		require.Len(t, older.Updates, 31)

		oldest := ada.log(pad, "?older_than=60")
		require.Nil(t, oldest.Snapshot)
		require.EqualValues(t, 61, oldest.Updates[0].Seq, "what the older snapshot covers is gone")

		behind := ada.log(pad, "?after=70")
		require.EqualValues(t, 90, behind.Snapshot.Seq)
		require.Len(t, ada.log(pad, "?after=90").Updates, 1)
		require.Nil(t, ada.log(pad, "?after=90").Snapshot)

		require.Equal(t, "pads.snapshot_ahead", snapshot(500, "gelogen").code())
	})
}

func TestLog_long_catch_ups_come_in_pages(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("Lang")
		big := string(make([]byte, 700<<10))
		for range 9 {
			require.Equal(t, 200, ada.post(pad, frameOf(pads.KindUpdate, 0, big)).Status)
		}
		first := ada.log(pad, "?after=0")
		require.Less(t, len(first.Updates), 9)
		rest := ada.log(pad, fmt.Sprint("?after=", len(first.Updates)))
		require.EqualValues(t, 9, rest.Updates[len(rest.Updates)-1].Seq)
		require.Less(t, len(joined(t, ada.enter(pad, 0)).Updates), 3, "a join answers with little")
	})
}

func TestLog_frames_that_do_not_belong_are_refused(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		ada := w.member("Ada")
		pad := ada.pad("Plan")
		secret := ada.confidential()
		other := ada.confidential()
		forged := sealed{id: secret.id, key: other.key}
		altered := secret.frame(pads.KindUpdate, 0, "x")
		altered[60] ^= 1
		epoch := frameOf(pads.KindUpdate, 0, "x")
		epoch[7] = 2
		for name, c := range map[string]struct {
			pad   string
			frame []byte
			code  string
		}{
			"garbage":                     {pad, []byte("garbage"), "pads.wrong_frame"},
			"a snapshot":                  {pad, frameOf(pads.KindSnapshot, 1, "x"), "pads.wrong_frame"},
			"a cursor":                    {pad, frameOf(pads.KindAwareness, 0, "x"), "pads.wrong_frame"},
			"another epoch":               {pad, epoch, "pads.epoch_over"},
			"a sealed one in an open pad": {pad, secret.frame(pads.KindUpdate, 0, "x"), "pads.wrong_frame"},
			"an open one in a sealed pad": {secret.id, frameOf(pads.KindUpdate, 0, "x"), "pads.wrong_frame"},
			"signed by another key":       {secret.id, forged.frame(pads.KindUpdate, 0, "x"), "pads.signature_wrong"},
			"signed for another pad":      {secret.id, sealed{other.id, secret.key}.frame(pads.KindUpdate, 0, "x"), "pads.signature_wrong"},
			"altered":                     {secret.id, altered, "pads.signature_wrong"},
			"too large":                   {pad, frameOf(pads.KindUpdate, 0, string(make([]byte, 1<<20))), "pads.update_too_large"},
		} {
			require.Equal(t, c.code, ada.post(c.pad, c.frame).code(), name)
			ada.enter(c.pad, -1)
			require.Equal(t, c.code, ada.send(c.pad, pads.KindUpdate, c.frame).code(), name)
		}
		require.Zero(t, ada.log(pad, "?after=0").Head)
		require.Zero(t, ada.log(secret.id, "?after=0").Head)
		require.Equal(t, 200, ada.post(secret.id, secret.frame(pads.KindUpdate, 0, "x")).Status)
	})
}
