// Package auth proves who somebody is: the first start, sign-in with a password
// or through one of several OIDC providers, sessions, invitations, links for
// guests.
//
// # Nouns
//
//   - A Session is a signed-in browser, of a person or of a guest. The browser
//     holds a secret in a cookie, the database its hash. Every request looks the
//     session up together with the person's role, so that signing out, disabling
//     and a new role act at once.
//   - A ticket is a link that works once: the first set-up, an invitation, a new
//     password. Its secret is in the fragment of the link, which no server log sees.
//   - An identity is (issuer, subject). Nothing else ever finds a person: an e-mail
//     address links no accounts.
//   - A flow is a trip to a provider and back, bound to one browser.
//   - A GuestLink opens one pad, room or meeting to whoever has it.
//
// # Invariants
//
// Secrets have 256 bits and are stored hashed. What is checked and then done is
// one transaction: a ticket or flow is used once, however many try at a time. A
// disabled person is refused on every path. No network address is stored: the
// counters against guessing have keyed hashes as names and are removed when their
// window ends. A failed sign-in says the same, and takes as long, whether or not
// there is such an account.
//
// # Tables
//
// auth_sessions, auth_guest_grants, auth_passwords, auth_identities, auth_tickets,
// auth_flows, auth_logouts, auth_throttle, auth_settings, auth_preferences, guest_links.
//
// # Goroutines
//
// Run owns the sweeper. Nothing else outlives a call.
package auth
