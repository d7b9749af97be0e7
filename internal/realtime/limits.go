package realtime

import "time"

// The limits of the socket. All of them protect the process from one client.
const (
	maxInbound       = 2 << 20          // bytes of one message from a client
	maxQueuedFrames  = 1024             // frames waiting for one connection; more means resync
	maxQueuedBytes   = 8 << 20          // bytes waiting for one connection; more means resync
	maxHeldFrames    = 1024             // frames held back while one join reads its snapshot
	maxOpenQuestions = 64               // questions of one connection being worked on
	maxTopics        = 512              // topics of one connection
	questionsPerSec  = 100              // steady rate of questions of one connection
	questionBurst    = 300              // burst on top of it
	maxBatch         = 64 << 10         // bytes handed to the system at once, if it is more than one frame
	maxPerPerson     = 32               // connections of one person; the oldest goes first
	writeWait        = 10 * time.Second // for one message to leave
	heartbeat        = 25 * time.Second // between pings
	silence          = 60 * time.Second // without any sign of life
	maxTopicName     = 128              // bytes of a topic name
	maxOpName        = 32               // bytes of an operation name
)

// Close codes of the protocol beyond those of RFC 6455.
const (
	CloseRestart      = 1012
	CloseResync       = 4000
	CloseSessionEnded = 4001
	CloseMalformed    = 4003
	CloseTooMany      = 4008
)
