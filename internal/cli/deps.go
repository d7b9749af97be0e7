package cli

import (
	"context"
	"time"

	"rathaus/internal/config"
	"rathaus/internal/store"
)

// Deps is what the commands need of the whole program.
type Deps struct {
	// Serve runs the portal until ctx ends, and then stops it gracefully.
	Serve func(ctx context.Context, cfg *config.Config, call ServeCall) error
	// OpenPeople opens the directory for the commands under "user". The server may be running meanwhile.
	OpenPeople func(ctx context.Context, cfg *config.Config) (People, error)
	// Migrations lists what all modules bring, for doctor.
	Migrations func() []store.Source
	// Checks are further checks of doctor, after those that this package has itself. May be nil.
	Checks func(cfg *config.Config) []Check
	// RebuildSearch has the index of words built anew. The server may be running meanwhile.
	RebuildSearch func(ctx context.Context, cfg *config.Config) error
	// OpenAPI is the API document as JSON.
	OpenAPI func() ([]byte, error)
}

// ServeCall is what the serve command hands to the program.
type ServeCall struct {
	Streams
	Warnings []string // remarks about the configuration, to be logged
	// Ready must be called once, when all listeners are open. alive answers for the
	// service manager whether the program still works; it must respect its context.
	Ready func(alive func(context.Context) error)
}

// People is what the commands under "user" ask of the directory.
// "who" is a sign-in name or an e-mail address.
type People interface {
	Create(context.Context, NewPerson) (Access, error)
	ResetPassword(ctx context.Context, who string, password config.Secret) (Access, error)
	// SetDisabled takes effect on running sessions at once.
	SetDisabled(ctx context.Context, who string, disabled bool) error
	List(context.Context) ([]Person, error)
	Close() error
}

// NewPerson is somebody to be created.
type NewPerson struct {
	Login, Name, Email string
	Role               string        // member, auditor, admin
	Password           config.Secret // empty: an Access with a link is wanted
}

// Access is how a person comes in for the first time.
type Access struct {
	Link    string // one-time link to choose a password; empty if a password was given
	Expires time.Time
}

// Person is a line of "user list".
type Person struct {
	ID       string    `json:"id"`
	Login    string    `json:"login"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Role     string    `json:"role"`
	Disabled bool      `json:"disabled"`
	Created  time.Time `json:"created"`
}
