package app

import (
	"rathaus/internal/blob"
	"rathaus/internal/files"
)

// buildFiles makes what takes in and hands out files. Who may read one is
// decided by the feature that holds it, see glue.go.
func (p *Program) buildFiles() error {
	blobs, err := blob.Open(p.cfg.FilesDir())
	if err != nil {
		return err
	}
	c := p.cfg.Files
	deps := files.Deps{
		DB: p.db, Blobs: blobs, Clock: p.clock, Log: p.log, ScanRequired: c.Clamd.Required,
		Limits: files.Limits{MaxSize: c.MaxSize, QuotaPerson: c.QuotaPerson, ImageMaxPixels: c.ImageMaxPixels, UnfinishedValid: c.UnfinishedValid},
	}
	if network, address, ok := c.Clamd.Target(); ok {
		deps.Scanner = files.Clamd{Network: network, Address: address}
	}
	p.files, err = files.New(deps)
	return err
}

// Files takes in and hands out files, for tests.
func (p *Program) Files() *files.Files { return p.files }
