package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"rathaus/internal/config"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // wrong arguments or wrong configuration: nothing has been started
)

// defaultFile is read if it exists and nothing else is named.
const defaultFile = "config.yaml"

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// program is one run of the command line.
type program struct {
	deps Deps
	Streams
	env        []string
	configFile string // flag
}

// errReported ends a command whose failure is already on the screen.
var errReported = errors.New("already reported")

// usageError is a mistake in the arguments.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Run runs the command that args name and returns the exit code. It returns
// when ctx ends, after what is under way has come to a good end.
func Run(ctx context.Context, deps Deps, streams Streams, args, env []string) int {
	p := &program{deps: deps, env: env, Streams: Streams{
		In:  streams.In,
		Out: newCleanWriter(streams.Out),
		Err: newCleanWriter(streams.Err),
	}}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	return p.exitCode(root.ExecuteContext(ctx))
}

func (p *program) exitCode(err error) int {
	var problems config.Problems
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &problems):
		p.complain(strings.Join(problems.In(p.locale()), "\n"))
		return exitUsage
	case errors.As(err, &usage):
		p.complain(err.Error() + "\nSee: rathaus help")
		return exitUsage
	default:
		p.complain("rathaus: " + explain(err))
		return exitFailed
	}
}

// complain writes to standard error; if even that fails there is nobody left to tell.
func (p *program) complain(message string) {
	_, _ = fmt.Fprintln(p.Err, message)
}

func (p *program) root() *cobra.Command {
	// Without this a double click on Windows would only show a lecture about consoles.
	cobra.MousetrapHelpText = ""
	root := &cobra.Command{
		Use:           "rathaus",
		Short:         "Chat, pads and video meetings for a municipality",
		Long:          "Rathaus is chat, pads and video meetings in one program.\nWithout a command it serves the portal.",
		Args:          noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context()) },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVarP(&p.configFile, "config", "c", "",
		"configuration file (default: $RATHAUS_CONFIG, then ./"+defaultFile+" if it exists)")
	root.AddCommand(
		p.serveCommand(),
		p.configCommand(),
		p.userCommand(),
		p.doctorCommand(),
		p.versionCommand(),
		p.licensesCommand(),
		p.openAPICommand(),
		p.searchCommand(),
		p.readTextCommand(),
		p.healthCommand(),
	)
	return root
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%q is not a command of %s", args[0], cmd.CommandPath())}
	}
	return nil
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: noArguments, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(commands...)
	return cmd
}

// source is where the configuration comes from.
func (p *program) source() config.Source {
	file := p.configFile
	if file == "" {
		file = p.getenv("RATHAUS_CONFIG")
	}
	if file == "" {
		if _, err := os.Stat(defaultFile); err == nil {
			file = defaultFile
		}
	}
	return config.Source{File: file, Env: p.env}
}

func (p *program) load() (*config.Config, error) { return config.Load(p.source()) }

func (p *program) getenv(name string) string {
	for i := len(p.env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(p.env[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// locale is the language of the terminal, "de" or "en".
func (p *program) locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := p.getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "de") {
				return "de"
			}
			break
		}
	}
	return "en"
}
