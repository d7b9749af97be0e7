//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"rathaus/internal/id"
	"rathaus/internal/proof"
)

// plan is what the command line asks for.
type plan struct {
	binary string
	dsn    string
	only   string
	length time.Duration
	warm   time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var p plan
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.StringVar(&p.binary, "binary", "", "the built program; empty: build it")
	flags.StringVar(&p.dsn, "postgres", "", "connection string of a PostgreSQL server on which databases may be made; empty: SQLite")
	flags.StringVar(&p.only, "only", "", "run only loads whose name contains this")
	flags.DurationVar(&p.length, "length", 12*time.Second, "length of each measurement")
	short := flags.Bool("short", false, "a quick look: two seconds each")
	if err := flags.Parse(args); err != nil {
		return err
	}
	p.warm = 2 * time.Second
	if *short {
		p.length, p.warm = 2*time.Second, time.Second
	}
	return p.run(ctx, out)
}

func (p *plan) run(ctx context.Context, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "rathaus-load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if p.binary == "" {
		if p.binary, err = proof.Build(ctx, dir); err != nil {
			return err
		}
	}
	r := &report{out: out}
	if err := r.head(p); err != nil {
		return err
	}
	for _, l := range loads() {
		if !strings.Contains(l.name, p.only) {
			continue
		}
		if err := p.measure(ctx, dir, l, r); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

// measure runs one load on a program and data of its own.
func (p *plan) measure(ctx context.Context, dir string, l load, r *report) (err error) {
	data, err := os.MkdirTemp(dir, "data-")
	if err != nil {
		return err
	}
	dsn, err := p.database(ctx)
	if err != nil {
		return err
	}
	house := &proof.House{Binary: p.binary, Dir: data, DSN: dsn, Env: []string{"RATHAUS_CHAT_MAX_ROOM_MEMBERS=2000"}}
	people, err := house.People(ctx, l.people)
	if err != nil {
		return fmt.Errorf("make people: %w", err)
	}
	process, err := house.Start(ctx)
	if err != nil {
		return err
	}
	defer process.Kill() // after Terminate it does nothing
	res, err := l.run(ctx, p, process, people)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, process.Log())
	}
	if err := r.row(l, res); err != nil {
		return err
	}
	ending, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if code, err := process.Terminate(ending); err != nil || code != 0 {
		return fmt.Errorf("the program ended with %d: %w", code, err)
	}
	return nil
}

// database makes a fresh database where PostgreSQL is measured.
func (p *plan) database(ctx context.Context) (string, error) {
	if p.dsn == "" {
		return "", nil
	}
	server, err := pgx.Connect(ctx, p.dsn)
	if err != nil {
		return "", err
	}
	name := "load_" + strings.ReplaceAll(id.New(), "-", "")
	_, err = server.Exec(ctx, "CREATE DATABASE "+name)
	// Of two database names in a connection string the last one counts.
	return p.dsn + " dbname=" + name, errors.Join(err, server.Close(ctx))
}
