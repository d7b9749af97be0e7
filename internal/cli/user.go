package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rathaus/internal/config"
)

// maxPasswordBytes bounds what --password-stdin reads.
const maxPasswordBytes = 1024

func (p *program) userCommand() *cobra.Command {
	return group("user", "Create people and let them in again",
		p.userCreateCommand(),
		p.userResetCommand(),
		p.userSwitchCommand("disable", "End all sessions of a person and refuse new ones", true),
		p.userSwitchCommand("enable", "Let a disabled person sign in again", false),
		p.userListCommand(),
	)
}

// withPeople loads the configuration and opens the directory for one use.
func (p *program) withPeople(ctx context.Context, use func(People) error) (err error) {
	if p.deps.OpenPeople == nil {
		return errors.New("this build has no directory")
	}
	cfg, err := p.load()
	if err != nil {
		return err
	}
	people, err := p.deps.OpenPeople(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, people.Close()) }()
	return use(people)
}

func (p *program) userCreateCommand() *cobra.Command {
	var person NewPerson
	var stdin bool
	cmd := &cobra.Command{
		Use:   "create LOGIN",
		Short: "Create a person and print a one-time link to choose a password",
		Args:  oneArgument("LOGIN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			person.Login = args[0]
			if person.Name == "" {
				person.Name = person.Login
			}
			if roles := []string{"member", "auditor", "admin"}; !slices.Contains(roles, person.Role) {
				return usageError{fmt.Errorf("--role %s is none of %s", person.Role, strings.Join(roles, ", "))}
			}
			var err error
			if person.Password, err = p.password(stdin); err != nil {
				return err
			}
			return p.withPeople(cmd.Context(), func(people People) error {
				access, err := people.Create(cmd.Context(), person)
				if err != nil {
					return fmt.Errorf("create %q: %w", person.Login, err)
				}
				return p.writeAccess("created", person.Login, access)
			})
		},
	}
	cmd.Flags().StringVar(&person.Name, "name", "", "name as others see it (default: LOGIN)")
	cmd.Flags().StringVar(&person.Email, "email", "", "e-mail address")
	cmd.Flags().StringVar(&person.Role, "role", "member", "member, auditor or admin")
	passwordFlag(cmd, &stdin)
	return cmd
}

func (p *program) userResetCommand() *cobra.Command {
	var stdin bool
	cmd := &cobra.Command{
		Use:   "reset WHO",
		Short: "Forget a person's password and print a one-time link to choose another",
		Args:  oneArgument("WHO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := p.password(stdin)
			if err != nil {
				return err
			}
			return p.withPeople(cmd.Context(), func(people People) error {
				access, err := people.ResetPassword(cmd.Context(), args[0], password)
				if err != nil {
					return fmt.Errorf("reset %q: %w", args[0], err)
				}
				return p.writeAccess("reset", args[0], access)
			})
		},
	}
	passwordFlag(cmd, &stdin)
	return cmd
}

func (p *program) userSwitchCommand(verb, short string, disabled bool) *cobra.Command {
	return &cobra.Command{
		Use:   verb + " WHO",
		Short: short,
		Args:  oneArgument("WHO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withPeople(cmd.Context(), func(people People) error {
				if err := people.SetDisabled(cmd.Context(), args[0], disabled); err != nil {
					return fmt.Errorf("%s %q: %w", verb, args[0], err)
				}
				_, err := fmt.Fprintf(p.Out, "%s: %sd\n", args[0], verb)
				return err
			})
		},
	}
}

func (p *program) userListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List all people",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withPeople(cmd.Context(), func(people People) error {
				all, err := people.List(cmd.Context())
				if err != nil {
					return fmt.Errorf("list people: %w", err)
				}
				if asJSON {
					return p.writeJSON(all)
				}
				return p.writePeople(all)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (p *program) writePeople(all []Person) error {
	table := tabwriter.NewWriter(p.Out, 0, 4, 2, ' ', 0)
	lines := []string{"LOGIN\tNAME\tE-MAIL\tROLE\tSTATE"}
	for _, one := range all {
		state := "active"
		if one.Disabled {
			state = "disabled"
		}
		lines = append(lines, strings.Join([]string{cell(one.Login), cell(one.Name), cell(one.Email), cell(one.Role), state}, "\t"))
	}
	if _, err := fmt.Fprintln(table, strings.Join(lines, "\n")); err != nil {
		return err
	}
	return table.Flush()
}

// cell keeps a value from making columns or lines of its own.
func cell(value string) string {
	return strings.NewReplacer("\t", `\t`, "\n", `\n`, "\v", `\v`, "\f", `\f`).Replace(value)
}

func (p *program) writeAccess(what, who string, access Access) error {
	text := fmt.Sprintf("%s: %s\n", cell(who), what)
	if access.Link != "" {
		text += fmt.Sprintf("One-time link, valid until %s:\n%s\n", access.Expires.Local().Format(time.DateTime), access.Link)
	}
	_, err := io.WriteString(p.Out, text)
	return err
}

func passwordFlag(cmd *cobra.Command, stdin *bool) {
	cmd.Flags().BoolVar(stdin, "password-stdin", false, "read the password from standard input instead of making a link")
}

// password reads one line. A password is never an argument: those are visible to all processes.
func (p *program) password(stdin bool) (config.Secret, error) {
	if !stdin {
		return "", nil
	}
	content, err := io.ReadAll(io.LimitReader(p.In, maxPasswordBytes+1))
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	line := strings.TrimRight(string(content), "\r\n")
	if line == "" || len(line) > maxPasswordBytes || strings.ContainsAny(line, "\r\n") {
		return "", usageError{fmt.Errorf("standard input must hold one password of at most %d bytes", maxPasswordBytes)}
	}
	return config.Secret(line), nil
}

func oneArgument(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("%s needs exactly one %s", cmd.CommandPath(), name)}
		}
		return nil
	}
}
