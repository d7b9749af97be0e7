package app

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"

	"rathaus/admin"
	"rathaus/auth"
	"rathaus/chat"
	"rathaus/internal/audit"
	"rathaus/internal/config"
	"rathaus/internal/directory"
	"rathaus/internal/doctext"
	"rathaus/internal/export"
	"rathaus/internal/files"
	"rathaus/internal/module"
	"rathaus/internal/search"
	"rathaus/internal/store"
	"rathaus/meet"
	"rathaus/pads"
)

// listModules is the table of contents of the program.
func (p *Program) listModules() []module.Module {
	return []module.Module{
		p.auth.Module(),
		p.files.Module(),
		p.chat.Module(),
		p.pads.Module(),
		p.meet.Module(),
		p.finder.Module(),
		p.export.Module(),
		p.admin.Module(),
	}
}

// Migrations lists the schema changes of all parts. They run before any part is
// built, because parts read the database when they are.
func Migrations() []store.Source {
	return []store.Source{
		audit.Source(),
		directory.Source(),
		auth.Source(),
		files.Source(),
		search.Source(),
		source("chat", chat.Migrations()),
		source("pads", pads.Migrations()),
		source("meet", meet.Migrations()),
	}
}

func source(name string, files fs.FS) store.Source { return store.Source{Name: name, FS: files} }

// StoreConfig says where the configured database is.
func StoreConfig(cfg *config.Config, log *slog.Logger) store.Config {
	return store.Config{Driver: cfg.Database.Driver, Path: cfg.SQLitePath(), DSN: cfg.Database.DSN.Reveal(), Log: log}
}

// buildFeatures makes the modules. Who asks whom is in glue.go.
func (p *Program) buildFeatures(ctx context.Context) (err error) {
	p.auth, err = auth.New(ctx, auth.Deps{
		DB: p.db, Directory: p.directory, Audit: p.audit, Clock: p.clock, Log: p.log,
		Config: p.cfg.Auth, Town: p.cfg.Town, PublicURL: p.cfg.Server.PublicURL, Version: p.version,
		Features: p.switches, Hooks: p.signInHooks(),
	})
	if err != nil {
		return fmt.Errorf("build sign-in: %w", err)
	}
	p.chat, err = chat.New(chat.Deps{
		DB: p.db, Hub: p.hub, Files: p.files, People: peopleOfChat{p.directory}, Links: linksOfChat{p.auth}, Clock: p.clock, Audit: p.audit, Log: p.log, Index: p.words,
		FileTexts:       doctext.Uploads{Files: p.files, Reader: doctext.Reader{Command: p.readText}},
		MaxMessageBytes: p.cfg.Chat.MaxMessageBytes, MaxRoomMembers: p.cfg.Chat.MaxRoomMembers,
		Policies:   chat.Policies{Presence: chat.Policy(p.cfg.Chat.Presence), ReadReceipts: chat.Policy(p.cfg.Chat.ReadReceipts)},
		EndMeeting: func(ctx context.Context, meetingID string) error { return p.meet.EndMeeting(ctx, meetingID) },
	})
	if err != nil {
		return fmt.Errorf("build chat: %w", err)
	}
	p.files.GuardBy(chat.FileHolder, p.chat.MayReadFile)
	p.pads, err = pads.New(pads.Deps{
		DB: p.db, Hub: p.hub, Directory: directoryOfPads{p.directory}, Links: linksOfPads{p.auth}, Clock: p.clock, Audit: p.audit, Log: p.log, Index: p.words,
		MaxUpdateBytes: p.cfg.Pads.MaxUpdateBytes, MaxSnapshotBytes: p.cfg.Pads.MaxSnapshotBytes,
	})
	if err != nil {
		return fmt.Errorf("build pads: %w", err)
	}
	p.meet, err = meet.New(meet.Deps{
		DB: p.db, Hub: p.hub, Clock: p.clock, Log: p.log, Config: p.cfg.Meet, Certificate: p.cfg.Server.TLS,
		Rooms: roomsOfMeet{p.chat}, Links: linksOfMeet{p.auth}, Loopback: p.localOnly(),
	})
	if err != nil {
		return fmt.Errorf("build meetings: %w", err)
	}
	p.finder, err = search.NewService(search.ServiceDeps{Finders: p.finders(), People: p.directory, Clock: p.clock})
	if err != nil {
		return fmt.Errorf("build search: %w", err)
	}
	p.export, err = export.New(export.Deps{Chapters: p.chapters(), Audit: p.audit, Clock: p.clock, Log: p.log})
	if err != nil {
		return fmt.Errorf("build exports: %w", err)
	}
	p.admin, err = admin.New(admin.Deps{
		DB: p.db, Directory: p.directory, Audit: p.audit, Clock: p.clock, Config: p.cfg, Version: p.version,
	})
	if err != nil {
		return fmt.Errorf("build administration: %w", err)
	}
	p.directory.OnChange(p.directoryChanged)
	return nil
}
