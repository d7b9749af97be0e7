package chat

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// turning runs a feeder as its loop does, until the test ends.
func turning(t *testing.T, work func()) *feeder {
	f := newFeeder(func(context.Context) (time.Time, error) {
		work()
		return time.Time{}, nil
	})
	woken := make(chan struct{}, 1)
	f.wake = func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
	go func() {
		for {
			select {
			case <-woken:
			case <-t.Context().Done():
				return
			}
			_, err := f.gather(t.Context())
			require.NoError(t, err)
		}
	}()
	return f
}

func TestChangesGatherBeforeTheyAreIndexed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var rounds []time.Duration
		f := turning(t, func() { rounds = append(rounds, time.Since(start)) })
		for range 100 {
			f.changed()
			<-time.After(100 * time.Millisecond)
		}
		<-time.After(feedBusy)
		synctest.Wait()
		require.Equal(t, []time.Duration{feedPause, feedPause + feedBusy, feedPause + 2*feedBusy}, rounds)
	})
}

func TestSearchTakesInWhatWasWrittenBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		written, taken := 0, 0
		f := turning(t, func() {
			now := written
			<-time.After(5 * time.Millisecond) // the transaction
			taken = now
		})
		for range 20 {
			written++
			f.changed()
			<-time.After(3 * time.Millisecond) // a round of an earlier search may be under way
			began := time.Now()
			f.catchUp(t.Context())
			require.Equal(t, written, taken)
			require.LessOrEqual(t, time.Since(began), feedApart+10*time.Millisecond)
		}
		began := time.Now()
		f.catchUp(t.Context())
		require.Zero(t, time.Since(began), "nothing has changed")
	})
}

func TestManySearchesBeginFewRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rounds := 0
		f := turning(t, func() { rounds++ })
		began := time.Now()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				for range 20 {
					f.changed()
					f.catchUp(t.Context())
				}
			})
		}
		all.Wait()
		synctest.Wait()
		require.LessOrEqual(t, rounds, int(time.Since(began)/feedApart)+2)
	})
}

func TestSearchDoesNotWaitForAnIndexThatIsMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := turning(t, func() { <-time.After(time.Minute) })
		f.changed()
		began := time.Now()
		f.catchUp(t.Context())
		require.Equal(t, feedWait, time.Since(began))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		began = time.Now()
		f.catchUp(gone)
		require.Zero(t, time.Since(began), "whoever asked has left")
		<-time.After(2 * time.Minute)
	})
}
