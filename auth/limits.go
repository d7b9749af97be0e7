package auth

import "time"

// Limits on what comes from outside and on how long things hold.
const (
	maxPasswordBytes = 1024 // checked before hashing: a long password must cost nothing
	maxNameLength    = 80   // characters of a person's or a town's name
	maxEmailLength   = 254  // characters, RFC 5321
	maxReturnTo      = 512  // characters of a path to come back to

	setupValid     = 24 * time.Hour   // renewed at each start
	resetValid     = 24 * time.Hour   // a link to set a new password
	flowValid      = 10 * time.Minute // a trip to a provider and back
	guestValid     = 24 * time.Hour   // a guest's session
	logoutKept     = time.Hour        // how long a logout token's id is remembered at least
	sweepEvery     = time.Minute      // how often expired rows are removed
	providerWait   = 10 * time.Second // one request to a provider
	providerRetry  = 15 * time.Second // pause after a failed discovery, doubled up to the next
	providerGiveUp = 5 * time.Minute  // longest pause between two tries

	maxSessions    = 50  // sessions of one person; the one unused for longest goes first
	maxGuestGrants = 50  // things that one guest's session can open
	maxOpenTickets = 500 // invitations that are open at once
	maxGroups      = 50  // groups named in an invitation
	pageLimit      = 100 // rows of one page at most

	// seenStep is how coarsely a session remembers its last use: it serves
	// the idle limit and "my devices", and must not show who worked when.
	seenStep = 5 * time.Minute

	maxHashesAtOnce  = 2  // argon2id takes hashMemory each
	maxHashesWaiting = 64 // beyond, sign-in answers "busy"
)
