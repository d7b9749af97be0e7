package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rathaus/internal/config"
)

// Status is how a check ended.
type Status string

// The values of Status, the worst last.
const (
	StatusOK   Status = "ok"
	StatusWarn Status = "warn"
	StatusFail Status = "fail"
)

// checkTimeout bounds a check that sets no limit itself.
const checkTimeout = 15 * time.Second

// Check is one question of doctor.
type Check struct {
	Name    string
	Timeout time.Duration // 0: checkTimeout
	Run     func(context.Context) Finding
}

// Finding is the answer to a check. Detail and Hint are for the screen: they hold no secrets.
type Finding struct {
	Status Status `json:"status"`
	Detail string `json:"detail"`
	Hint   string `json:"hint,omitempty"` // what to do about it
}

func ok(format string, args ...any) Finding {
	return Finding{Status: StatusOK, Detail: fmt.Sprintf(format, args...)}
}

func warn(hint, format string, args ...any) Finding {
	return Finding{Status: StatusWarn, Detail: fmt.Sprintf(format, args...), Hint: hint}
}

func fail(hint, format string, args ...any) Finding {
	return Finding{Status: StatusFail, Detail: fmt.Sprintf(format, args...), Hint: hint}
}

// report is what doctor says, also as JSON.
type report struct {
	Status Status        `json:"status"`
	Checks []namedResult `json:"checks"`
}

type namedResult struct {
	Name string `json:"name"`
	Finding
}

func (p *program) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is or will be wrong with this installation",
		Long:  "Looks for what is or will be wrong with this installation.\nIt changes nothing, and may run beside the server. Ends with 1 if a check failed.",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.doctor(cmd.Context(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (p *program) doctor(ctx context.Context, asJSON bool) error {
	r := report{Status: StatusOK}
	note := func(name string, f Finding) error {
		r.add(name, f)
		if asJSON {
			return nil
		}
		return p.writeFinding(name, f)
	}
	cfg, err := p.load()
	if err := note("configuration", p.configFinding(cfg, err)); err != nil {
		return err
	}
	if err == nil {
		for _, check := range p.checks(cfg) {
			if err := note(check.Name, check.run(ctx)); err != nil {
				return err
			}
		}
	}
	if asJSON {
		if err := p.writeJSON(r); err != nil {
			return err
		}
	}
	if r.Status == StatusFail {
		return errReported
	}
	return nil
}

func (p *program) checks(cfg *config.Config) []Check {
	checks := []Check{
		{Name: "file permissions", Run: p.permissions(cfg)},
		{Name: "data directory", Run: dataDirectory(cfg)},
		{Name: "disk space", Run: diskSpace(cfg)},
		{Name: "files folder", Run: filesFolder(cfg)},
		{Name: "virus scanner", Run: virusScanner(cfg)},
		{Name: "clock", Run: clockCheck},
		{Name: "public address", Run: publicAddress(cfg)},
		{Name: "ports", Run: ports(cfg)},
		{Name: "database", Timeout: databaseTimeout, Run: p.database(cfg)},
	}
	for _, provider := range cfg.Auth.OIDC {
		checks = append(checks, Check{Name: "sign-in " + provider.Name, Run: discovery(provider)})
	}
	if p.deps.Checks != nil {
		checks = append(checks, p.deps.Checks(cfg)...)
	}
	return checks
}

func (c Check) run(ctx context.Context) Finding {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = checkTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.Run(ctx)
}

func (r *report) add(name string, f Finding) {
	r.Checks = append(r.Checks, namedResult{name, f})
	if f.Status == StatusFail || r.Status == StatusOK {
		r.Status = f.Status
	}
}

func (p *program) writeFinding(name string, f Finding) error {
	text := fmt.Sprintf("%-4s  %-18s %s\n", f.Status, name, indent(f.Detail, 25))
	if f.Hint != "" {
		text += fmt.Sprintf("%25s→ %s\n", "", indent(f.Hint, 27))
	}
	_, err := fmt.Fprint(p.Out, text)
	return err
}

func indent(text string, columns int) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+strings.Repeat(" ", columns))
}

func (p *program) configFinding(cfg *config.Config, err error) Finding {
	var problems config.Problems
	switch {
	case errors.As(err, &problems):
		return fail("correct the lines named; config.example.yaml explains every key", "%s", strings.Join(problems.In(p.locale()), "\n"))
	case err != nil:
		return fail("", "%v", err)
	case len(cfg.Warnings) > 0:
		return warn("", "%s", strings.Join(cfg.Warnings.In(p.locale()), "\n"))
	}
	if file := p.source().File; file != "" {
		return ok("%s", file)
	}
	return ok("no file, built-in defaults and environment")
}
