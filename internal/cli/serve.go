package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"
)

func (p *program) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the portal (what happens without a command)",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context()) },
	}
}

// serve runs the portal and keeps the service manager informed.
func (p *program) serve(ctx context.Context) error {
	if p.deps.Serve == nil {
		return errors.New("this build has no server")
	}
	cfg, err := p.load()
	if err != nil {
		return err
	}
	manager := p.supervisor()
	watching, stop := context.WithCancel(ctx)
	var once sync.Once
	var watch sync.WaitGroup
	call := ServeCall{Streams: p.Streams, Warnings: cfg.Warnings.In("en")}
	call.Ready = func(alive func(context.Context) error) {
		once.Do(func() {
			if err := manager.send("READY=1"); err != nil {
				p.complain("rathaus: " + err.Error())
			}
			watch.Go(func() {
				if err := manager.watch(watching, alive); err != nil {
					p.complain("rathaus: " + err.Error())
				}
			})
		})
	}
	unhook := context.AfterFunc(ctx, func() {
		if err := manager.send("STOPPING=1"); err != nil {
			p.complain("rathaus: " + err.Error())
		}
	})
	defer unhook()
	err = p.deps.Serve(ctx, cfg, call)
	stop()
	watch.Wait()
	return err
}
