package meet

import "time"

// Limits of the module. Sizes are bytes unless said otherwise.
const (
	maxTitle         = 120 // characters
	maxNameLength    = 60
	maxDescription   = 64 << 10 // one session description from a client
	maxCandidate     = 2 << 10
	maxTiles         = 64 // tiles in one view
	maxListed        = 100
	maxPerPersonCall = 4    // devices of one person in one meeting
	maxRinging       = 20   // people whose devices ring; larger rooms get the card only
	maxAdopted       = 1000 // meetings taken over at the start

	resumeGrace   = 15 * time.Second // without a socket, before a participant is gone
	emptyGrace    = 60 * time.Second // without people, before a meeting ends
	sweepInterval = 500 * time.Millisecond

	negotiationsPerSecond = 2 // descriptions from one participant
	negotiationBurst      = 20

	startsPerMinute = 10 // meetings started by one person
	startBurst      = 10

	knocksPerMinute = 12 // addresses of meetings tried by one network, signed out
	knockBurst      = 20

	guestPassLife = 5 * time.Minute // from knocking to being in
	guestLinkLife = 24 * time.Hour  // of a link for guests, unless asked otherwise
	maxLinkLife   = 30 * 24 * time.Hour

	publicPerHour         = 5 // meetings started by one network without an account
	publicBurst           = 3
	publicLife            = 2 * time.Hour
	publicMaxParticipants = 10
	publicMaxRunning      = 20 // at the same time on this node
)
