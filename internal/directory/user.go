package directory

import (
	"time"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// User is a person of the directory.
type User struct {
	ID         string
	Name       string
	Email      string // as given; may be empty, may be shared
	Role       access.Role
	Title      string // what the person is: "Sachbearbeiterin"
	Unit       string // where: "Bauamt"
	Phone      string
	Room       string // where to knock: "Zimmer 12"
	DeputyID   string // who stands in; empty: nobody. It counts while [Directory.DeputyOf] says so
	Locale     string // "de", "en"; empty means the town's
	Theme      string // "light", "dark"; empty means the device's
	DisabledAt *time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Disabled reports whether the person is shut out.
func (u User) Disabled() bool { return u.DisabledAt != nil }

// administers reports whether the person counts as an active administrator.
func (u User) administers() bool { return u.Role == access.RoleAdmin && !u.Disabled() }

// NewUser is what is needed to create a person. Without a role it is a member.
type NewUser struct {
	Name   string
	Email  string
	Role   access.Role
	Title  string
	Unit   string
	Phone  string
	Room   string
	Locale string
	Theme  string
}

// UserChange names the fields to change; nil leaves a field as it is.
type UserChange struct {
	Name     *string
	Email    *string
	Title    *string
	Unit     *string
	Phone    *string
	Room     *string
	DeputyID *string // empty: nobody
	Locale   *string
	Theme    *string
}

// apply returns u with the changes, tidied and checked.
func (c UserChange) apply(u User) (User, error) {
	for _, field := range []struct {
		from *string
		to   *string
	}{
		{c.Name, &u.Name}, {c.Email, &u.Email}, {c.Title, &u.Title}, {c.Unit, &u.Unit},
		{c.Phone, &u.Phone}, {c.Room, &u.Room}, {c.DeputyID, &u.DeputyID}, {c.Locale, &u.Locale}, {c.Theme, &u.Theme},
	} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	return u.tidy()
}

// tidy returns u with its texts cleaned, or says which one breaks a rule.
func (u User) tidy() (User, error) {
	var err error
	if u.Name, err = tidyName(u.Name, "directory.name"); err != nil {
		return User{}, err
	}
	if u.Email, err = TidyEmail(u.Email); err != nil {
		return User{}, err
	}
	for _, field := range []struct {
		name  string
		value *string
		limit int
	}{
		{"title", &u.Title, maxFieldLetters}, {"unit", &u.Unit, maxFieldLetters}, {"phone", &u.Phone, maxPhoneLetters},
		{"room", &u.Room, maxFieldLetters},
	} {
		if *field.value, err = tidyLine(*field.value, field.name, field.limit); err != nil {
			return User{}, err
		}
	}
	switch {
	case !u.Role.Valid():
		return User{}, fault.Invalid("directory.role_unknown")
	case !validLocale(u.Locale):
		return User{}, fault.Invalid("directory.locale_invalid")
	case u.Theme != "" && u.Theme != "light" && u.Theme != "dark":
		return User{}, fault.Invalid("directory.theme_unknown")
	}
	return u, nil
}

// Filter chooses people of a list. The zero value chooses all.
type Filter struct {
	Query    string      // words that name, e-mail, title, unit or room begin with, or part of the phone number
	Role     access.Role // only this role
	GroupID  string      // only members of this group
	Staff    bool        // only people of the town, not its guests
	Active   bool        // only people who are not disabled
	Disabled bool        // only people who are
}

// Page is one page of a list. Next is empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}
