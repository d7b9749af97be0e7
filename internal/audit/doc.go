// Package audit is the record of who did what to whom: sign-ins, people and
// their rights, settings, access to what is not one's own.
//
// An [Entry] names an actor, an action ("user.disabled") and an object. It
// carries no content of rooms, pads or meetings and no network addresses;
// detail holds a few plain values such as the old and the new role.
//
// The table audit_log is append-only: the database itself refuses to change an
// entry, and to delete one that is younger than 30 days.
//
// What must not happen without leaving a trace is recorded in the transaction
// that does it, with [Log.RecordTx].
package audit
