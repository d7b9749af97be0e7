// Package admin is where the town is administered and looked up: people,
// groups, the audit log, the settings as they hold, and the public pages.
//
// It owns no tables. People and groups are in internal/directory, the record in
// internal/audit, the settings in the configuration file. What concerns signing
// in (sessions, invitations, passwords) belongs to auth, whose operations stand
// under the same /admin.
//
// Invariants: every change leaves its trace in the transaction that makes it.
// Nobody takes their own role or access away, and the last administrator stays.
// Auditors read the audit log and change nothing. Guests see nobody.
package admin
