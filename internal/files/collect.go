package files

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/blob"
)

// run removes what is no longer needed until ctx ends.
func (f *Files) run(ctx context.Context) error {
	collect := time.NewTicker(collectEvery)
	defer collect.Stop()
	expire := time.NewTicker(sweepEvery)
	defer expire.Stop()
	orphans := time.NewTicker(orphanEvery)
	defer orphans.Stop()
	f.tidy(ctx, f.expire, f.sweepOrphans)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-collect.C:
		case <-expire.C:
			f.tidy(ctx, f.expire)
		case <-orphans.C:
			f.tidy(ctx, f.sweepOrphans)
		}
		f.tidy(ctx, f.collect)
	}
}

// tidy does work that is done again later anyway; what fails is logged.
func (f *Files) tidy(ctx context.Context, work ...func(context.Context) error) {
	for _, do := range work {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			f.Log.Error("files not tidied up", "err", err)
		}
	}
}

// collect removes the bytes of released files.
func (f *Files) collect(ctx context.Context) error {
	for {
		keys, err := garbage(f.DB.Read(ctx))
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, k := range keys {
			if err := f.Blobs.Remove(k, func() (bool, error) { return f.needs(ctx, k) }); err != nil {
				return err
			}
		}
		if err := f.DB.Write(ctx, func(tx *gorm.DB) error { return deleteGarbage(tx, keys) }); err != nil {
			return err
		}
	}
}

func (f *Files) needs(ctx context.Context, k blob.Key) (bool, error) {
	used, err := usedBlobs(f.DB.Read(ctx), []blob.Key{k})
	return used[k], err
}

// expire removes uploads that were not finished, and files that were not sent,
// in time.
func (f *Files) expire(ctx context.Context) error {
	now := f.Clock.Now()
	ids, err := expiredUploads(f.DB.Read(ctx), now)
	if err != nil {
		return err
	}
	for _, one := range ids {
		if err := f.dropExpired(ctx, one); err != nil {
			return err
		}
	}
	rows, err := unsentFiles(f.DB.Read(ctx), now.Add(-f.Limits.UnfinishedValid))
	if err != nil || len(rows) == 0 {
		return err
	}
	err = f.DB.Write(ctx, func(tx *gorm.DB) error {
		for _, r := range rows {
			still, err := readFiles(tx, []string{r.ID})
			if err != nil {
				return err
			}
			if len(still) == 1 && still[0].Holder == "" {
				if err := deleteFiles(tx, still); err != nil {
					return err
				}
			}
		}
		return nil
	})
	f.Collect()
	return err
}

func (f *Files) dropExpired(ctx context.Context, uploadID string) error {
	release, err := f.turns.take(ctx, uploadID, func() {})
	if err != nil {
		return err
	}
	defer release()
	return f.drop(ctx, uploadID)
}

// sweepOrphans removes bytes that no row knows, left behind by a crash.
func (f *Files) sweepOrphans(ctx context.Context) error {
	before := time.Now().Add(-orphanAge) // file times are those of the machine
	_, err := f.Blobs.Sweep(ctx, before, func(keys []blob.Key) (map[blob.Key]bool, error) {
		return usedBlobs(f.DB.Read(ctx), keys)
	})
	if err != nil {
		return err
	}
	_, err = f.Blobs.SweepParts(ctx, before, func(uploads []string) (map[string]bool, error) {
		known, err := knownUploads(f.DB.Read(ctx), uploads)
		out := make(map[string]bool, len(known))
		for _, one := range known {
			out[one] = true
		}
		return out, err
	})
	return err
}
