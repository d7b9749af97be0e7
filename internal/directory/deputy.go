package directory

import (
	"context"
	"errors"

	"rathaus/internal/access"
	"rathaus/internal/fault"
)

// DeputyOf returns who stands in for a person. It is the zero User if nobody
// does, or if that person has left or is only a guest by now.
func (d *Directory) DeputyOf(ctx context.Context, u User) (User, error) {
	if u.DeputyID == "" {
		return User{}, nil
	}
	deputy, err := d.ByID(ctx, u.DeputyID)
	switch {
	case errors.Is(err, fault.NotFound("directory.user_not_found")):
		return User{}, nil
	case err != nil:
		return User{}, err
	case !deputy.substitutes():
		return User{}, nil
	}
	return deputy, nil
}

// substitutes reports whether the person can stand in for others.
func (u User) substitutes() bool { return !u.Disabled() && u.Role != access.RoleGuest }

// maySubstitute refuses as a deputy whoever is not there or is the person.
func (t *tables) maySubstitute(deputyID, userID string) error {
	switch deputyID {
	case "":
		return nil
	case userID:
		return fault.Invalid("directory.deputy_self")
	}
	deputy, err := t.user(deputyID)
	if errors.Is(err, fault.NotFound("directory.user_not_found")) || err == nil && !deputy.substitutes() {
		return fault.Invalid("directory.deputy_unknown")
	}
	return err
}
