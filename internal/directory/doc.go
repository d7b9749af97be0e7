// Package directory is the one directory of people and groups.
//
// Nouns: a User is a person with one role in the town; a Group is a set of
// people, made here ("local") or named by an issuer of sign-ins; a membership
// says who is in which group and on whose word (its source). A person is in a
// group as long as one source says so.
//
// Invariants:
//   - There is always an administrator who is not disabled, once there was one.
//   - An issuer puts people only into groups of its own origin: a claim of one
//     issuer never opens what belongs to the town or to another issuer.
//   - An e-mail address identifies nobody; it is not unique.
//   - A deputy is another active person of the town when chosen, and counts only
//     as long as that stays true.
//   - Every change leaves a row in directory_changes, in the same transaction.
//
// Tables: users, groups, memberships, directory_changes.
//
// # Telling others
//
// Whoever must act on a change (end sessions, close sockets, leave calls)
// registers a hook with [Directory.OnChange] before [Directory.Run] starts. Run
// owns the one goroutine that reads directory_changes by a cursor and calls the
// hooks in order: at once after a change of this process, and twice a second
// for those of others, such as the command line or a second node. Both kinds come
// the same way and therefore once. Hooks may write to the database.
//
// Who may read or change what is decided by the callers, not here.
package directory
