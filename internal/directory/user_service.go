package directory

import (
	"context"
	"slices"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// Create adds a person.
func (d *Directory) Create(ctx context.Context, n NewUser) (u User, err error) {
	err = d.write(ctx, func(t *tables) error {
		u, err = t.create(n)
		return err
	})
	return u, err
}

// ByID returns a person, disabled or not.
func (d *Directory) ByID(ctx context.Context, userID string) (User, error) {
	return userByID(d.db.Read(ctx), userID)
}

// ByIDs returns people by their ids; those that do not exist are left out.
func (d *Directory) ByIDs(ctx context.Context, ids []string) (map[string]User, error) {
	found := make(map[string]User, len(ids))
	for chunk := range slices.Chunk(slices.DeleteFunc(slices.Clone(ids), invalidID), idsAtOnce) {
		people, err := usersByID(d.db.Read(ctx), chunk)
		if err != nil {
			return nil, err
		}
		for _, u := range people {
			found[u.ID] = u
		}
	}
	return found, nil
}

func invalidID(s string) bool { return !id.Valid(s) }

// ByEmail returns everybody with this address, in any case. There may be
// several, so it never tells who somebody is.
func (d *Directory) ByEmail(ctx context.Context, email string) ([]User, error) {
	email, err := TidyEmail(email)
	if err != nil || email == "" {
		return nil, err
	}
	return usersByEmail(d.db.Read(ctx), email)
}

// Search returns the first active people, by name, of whom every word of the
// query begins a word of the name, e-mail address, title, unit or room. Case,
// accents and the spelling of umlauts make no difference. Digits may instead be
// part of the phone number, however it is spelled.
func (d *Directory) Search(ctx context.Context, query string, limit int) ([]User, error) {
	return usersByName(d.db.Read(ctx), Filter{Query: query, Active: true}, place{}, pageSize(limit))
}

// List returns a page of people by name. The cursor is empty or a page's Next.
func (d *Directory) List(ctx context.Context, f Filter, cursor string, limit int) (Page[User], error) {
	if f.GroupID != "" && invalidID(f.GroupID) {
		return Page[User]{}, fault.NotFound("directory.group_not_found")
	}
	after, err := placeOf(cursor)
	if err != nil {
		return Page[User]{}, err
	}
	limit = pageSize(limit)
	people, err := usersByName(d.db.Read(ctx), f, after, limit+1)
	if err != nil {
		return Page[User]{}, err
	}
	return cut(people, limit, func(u User) place { return place{Name: spell(u.Name), ID: u.ID} }), nil
}

// Count returns how many people the filter chooses.
func (d *Directory) Count(ctx context.Context, f Filter) (int, error) {
	return countUsers(d.db.Read(ctx), f)
}

// Update changes fields of a person and returns the result.
func (d *Directory) Update(ctx context.Context, userID string, c UserChange) (u User, err error) {
	err = d.write(ctx, func(t *tables) error {
		u, err = t.update(userID, c)
		return err
	})
	return u, err
}

// SetRole gives a person another role. The last active administrator keeps theirs.
func (d *Directory) SetRole(ctx context.Context, userID string, role access.Role) error {
	return d.write(ctx, func(t *tables) error { return t.setRole(userID, role) })
}

// Disable shuts a person out. The last active administrator stays.
func (d *Directory) Disable(ctx context.Context, userID string) error {
	return d.write(ctx, func(t *tables) error { return t.disable(userID) })
}

// Enable lets a person in again.
func (d *Directory) Enable(ctx context.Context, userID string) error {
	return d.write(ctx, func(t *tables) error { return t.enable(userID) })
}

func (t *tables) create(n NewUser) (User, error) {
	if n.Role == "" {
		n.Role = access.RoleMember
	}
	u, err := User{
		Name: n.Name, Email: n.Email, Role: n.Role, Title: n.Title, Unit: n.Unit, Phone: n.Phone, Room: n.Room,
		Locale: n.Locale, Theme: n.Theme,
	}.tidy()
	if err != nil {
		return User{}, err
	}
	u.ID, u.CreatedAt, u.UpdatedAt = id.New(), t.at, t.at
	if err := t.insertUser(u); err != nil {
		return User{}, err
	}
	return u, t.record(Change{Kind: UserCreated, UserID: u.ID})
}

func (t *tables) update(userID string, c UserChange) (User, error) {
	before, err := t.user(userID)
	if err != nil {
		return User{}, err
	}
	after, err := c.apply(before)
	if err != nil || after == before {
		return after, err
	}
	if after.DeputyID != before.DeputyID {
		if err := t.maySubstitute(after.DeputyID, userID); err != nil {
			return User{}, err
		}
	}
	return t.save(after, UserUpdated)
}

func (t *tables) setRole(userID string, role access.Role) error {
	u, err := t.user(userID)
	if err != nil {
		return err
	}
	switch {
	case !role.Valid():
		return fault.Invalid("directory.role_unknown")
	case u.Role == role:
		return nil
	}
	if err := t.keepsAdministrator(u); err != nil {
		return err
	}
	u.Role = role
	_, err = t.save(u, RoleChanged)
	return err
}

func (t *tables) disable(userID string) error {
	u, err := t.user(userID)
	if err != nil || u.Disabled() {
		return err
	}
	if err := t.keepsAdministrator(u); err != nil {
		return err
	}
	u.DisabledAt = &t.at
	_, err = t.save(u, UserDisabled)
	return err
}

func (t *tables) enable(userID string) error {
	u, err := t.user(userID)
	if err != nil || !u.Disabled() {
		return err
	}
	u.DisabledAt = nil
	_, err = t.save(u, UserEnabled)
	return err
}

// keepsAdministrator refuses to take the last active administrator away.
func (t *tables) keepsAdministrator(u User) error {
	if !u.administers() {
		return nil
	}
	others, err := t.otherAdministrators(u.ID)
	if err != nil {
		return err
	}
	if others == 0 {
		return fault.Conflict("directory.last_admin")
	}
	return nil
}

// save stores u as changed now and leaves a trace of what was done to it.
func (t *tables) save(u User, kind Kind) (User, error) {
	u.UpdatedAt = t.at
	if err := t.saveUser(u); err != nil {
		return User{}, err
	}
	return u, t.record(Change{Kind: kind, UserID: u.ID})
}
