// Command rathaus is chat, pads and video meetings for a municipality in one program.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"rathaus/internal/app"
	"rathaus/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the usual effect is back: a second one ends at once.
	context.AfterFunc(ctx, stop)
	streams := cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	code := cli.Run(ctx, app.Commands(webApplication), streams, os.Args[1:], os.Environ())
	stop()
	os.Exit(code)
}
