package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rathaus/internal/cli"
	"rathaus/internal/config"
	"rathaus/internal/fault"
)

// people is a directory that notes what it is asked.
type people struct {
	created  cli.NewPerson
	reset    string
	password config.Secret
	disabled map[string]bool
	list     []cli.Person
	err      error
	closed   int
}

func (p *people) Create(_ context.Context, n cli.NewPerson) (cli.Access, error) {
	p.created = n
	return p.access(n.Password), p.err
}

func (p *people) ResetPassword(_ context.Context, who string, password config.Secret) (cli.Access, error) {
	p.reset, p.password = who, password
	return p.access(password), p.err
}

func (p *people) access(password config.Secret) cli.Access {
	if password.IsSet() {
		return cli.Access{}
	}
	return cli.Access{Link: "http://localhost:8080/#/invitation/abc", Expires: time.Now().Add(time.Hour)}
}

func (p *people) SetDisabled(_ context.Context, who string, disabled bool) error {
	p.disabled = map[string]bool{who: disabled}
	return p.err
}

func (p *people) List(context.Context) ([]cli.Person, error) { return p.list, p.err }

func (p *people) Close() error {
	p.closed++
	return nil
}

func (p *people) deps() cli.Deps {
	return cli.Deps{OpenPeople: func(context.Context, *config.Config) (cli.People, error) { return p, nil }}
}

func TestUserCreate(t *testing.T) {
	p := &people{}
	s := newShell(t, p.deps())
	r := s.run("user", "create", "ada", "--name", "Ada Lovelace", "--email", "ada@stadt.example", "--role", "admin")
	require.Equal(t, 0, r.code, r.err)
	require.Equal(t, cli.NewPerson{Login: "ada", Name: "Ada Lovelace", Email: "ada@stadt.example", Role: "admin"}, p.created)
	require.Contains(t, r.out, "http://localhost:8080/#/invitation/abc")
	require.Equal(t, 1, p.closed)

	s.stdin = canary + "\n"
	r = s.run("user", "create", "bob", "--password-stdin")
	require.Equal(t, 0, r.code, r.err)
	require.Equal(t, canary, p.created.Password.Reveal())
	require.Equal(t, "bob", p.created.Name)
	require.Equal(t, "bob: created\n", r.out)

	require.Equal(t, 2, s.run("user", "create", "eve", "--role", "owner").code)
	for _, stdin := range []string{"", "\n", "two\nlines\n", strings.Repeat("x", 2000)} {
		s.stdin = stdin
		require.Equal(t, 2, s.run("user", "create", "eve", "--password-stdin").code)
	}
	require.Equal(t, "bob", p.created.Login)
}

func TestUserReset(t *testing.T) {
	p := &people{}
	s := newShell(t, p.deps())
	require.Contains(t, s.run("user", "reset", "ada").out, "One-time link, valid until")
	require.Equal(t, "ada", p.reset)
	s.stdin = canary
	require.Equal(t, "ada: reset\n", s.run("user", "reset", "ada", "--password-stdin").out)
	require.Equal(t, canary, p.password.Reveal())
}

func TestUserDisableAndEnable(t *testing.T) {
	p := &people{}
	s := newShell(t, p.deps())
	require.Equal(t, "ada: disabled\n", s.run("user", "disable", "ada").out)
	require.Equal(t, map[string]bool{"ada": true}, p.disabled)
	require.Equal(t, "ada: enabled\n", s.run("user", "enable", "ada").out)
	require.Equal(t, map[string]bool{"ada": false}, p.disabled)

	for err, want := range map[error]string{
		errors.New("disk full"):                                    "disk full",
		fault.NotFound("directory.user_not_found"):                 "nobody has this sign-in name or e-mail address",
		fault.Invalid("auth.password_too_short", "min", 10):        "the password is too short (min: 10)",
		fault.Invalid("directory.something_new", "max", 1, "a", 2): "directory.something_new (a: 2, max: 1)",
	} {
		p.err = err
		require.Equal(t, result{1, "", "rathaus: disable \"zoe\": " + want + "\n"}, s.run("user", "disable", "zoe"))
	}
	require.Equal(t, 6, p.closed)
}

// A name must not drive the terminal of who lists it (trust.md, class 32).
func TestUserListEscapesNames(t *testing.T) {
	p := &people{list: []cli.Person{
		{Login: "eve", Name: "\x1b]0;pwned\a\x1b[2J\u202eevE\u0085\tx\nfake  line", Email: "e\xff@x", Role: "member"},
		{Login: "jürgen", Name: "Jürgen Groß 😀", Role: "admin", Disabled: true},
	}}
	s := newShell(t, p.deps())
	r := s.run("user", "list")
	require.Equal(t, 0, r.code)
	require.Equal(t, 3, strings.Count(r.out, "\n"), r.out)
	require.Contains(t, r.out, `\x1b]0;pwned\x07\x1b[2J\u202eevE\u0085\tx\nfake  line`)
	require.Contains(t, r.out, `e\xff@x`)
	require.Contains(t, r.out, "Jürgen Groß 😀")
	require.NotContains(t, r.out, "\x1b")

	var list []cli.Person
	require.NoError(t, json.Unmarshal([]byte(s.run("user", "list", "--json").out), &list))
	require.Len(t, list, 2)
	require.True(t, list[1].Disabled)
}
