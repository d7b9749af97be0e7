package directory

// Kind says what happened to somebody.
type Kind string

// The kinds of change.
const (
	UserCreated       Kind = "user_created"
	UserUpdated       Kind = "user_updated"
	UserDisabled      Kind = "user_disabled"
	UserEnabled       Kind = "user_enabled"
	RoleChanged       Kind = "role_changed"
	MembershipAdded   Kind = "group_membership_added"
	MembershipRemoved Kind = "group_membership_removed"
	GroupChanged      Kind = "group_changed" // renamed, made an office or none, or deleted; of nobody alone
)

// Change is one thing that happened. What the person is now is in the directory.
type Change struct {
	Kind    Kind
	UserID  string
	GroupID string // for memberships and groups
}

// OnChange registers a hook. All hooks are registered before Run starts; it
// calls them one after the other on its own goroutine, in order of the commits,
// so each should take little time.
func (d *Directory) OnChange(hook func(Change)) { d.hooks = append(d.hooks, hook) }

// poke makes Run look at once. It never blocks: one waiting poke is enough.
func (d *Directory) poke() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
