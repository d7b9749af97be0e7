package chat

import "time"

// The limits of chat. Lengths of names and texts are in characters unless the
// name says bytes.
const (
	defaultMessageBytes = 16 << 10
	defaultRoomMembers  = 5000
	maxMessageChars     = 16_000
	maxName             = 80
	maxTopicText        = 250
	maxTitle            = 200 // of a topic in a forum
	maxDescription      = 2000
	maxMentions         = 50  // people that one message calls
	maxAttachments      = 20  // files of one message
	maxAddedAtOnce      = 200 // people in one request
	maxRoomsOfPerson    = 1000
	minGroup            = 3 // people of a group, with the one who opens it
	maxGroup            = 8
	maxOffice           = 200  // people of an office to which one can write
	maxOfficesNoted     = 1000 // of which one knows that they have changed
	officeRoomsAtOnce   = 100  // conversations that follow their office in one transaction
	maxGroupsAtOnce     = 20   // groups of the directory in one request
	maxNamedInEntry     = 20   // people whom an entry names one by one
	maxSlowSeconds      = 3600
	maxSilence          = 366 * 24 * time.Hour
	maxRoomLinks        = 50 // links of one room that hold at the same time
	maxLinkUses         = 1000
	maxLinkDays         = 365
	maxReportNote       = 500
	maxQueue            = 200 // reports shown at once
	maxBlocks           = 500 // people whom one person blocks
	maxEmojiRunes       = 12
	maxUnread           = 1000 // counting stops here; the client shows "999+"
	maxResume           = 500  // changes that a client gets one by one before it starts afresh
	defaultPage         = 50
	maxPage             = 100
	maxQuery            = 100
	maxExcerpt          = 200 // characters of a message that another one refers to
	maxThreadFaces      = 5   // people shown at a thread
	threadFacesFrom     = 50  // latest replies among which they are looked for after a deletion
	askAbove            = 20  // people that a message calls without asking its author
	maxCalledGroups     = 10  // groups that one message calls
	maxReactionKinds    = 20  // different emoji under one message
	maxReactions        = 500 // under one message
	maxEmojiBytes       = 64  // of one emoji as text
	maxTownEmoji        = 500
	maxEmojiPicture     = 64 << 10 // bytes
	maxEmojiSide        = 512      // pixels
	maxPins             = 100      // in one room
	maxVersions         = 100      // of one message; of more the oldest go
	maxPollQuestion     = 500
	maxPollOption       = 200
	minPollOptions      = 2
	maxPollOptions      = 20
	maxNamedVoters      = 500 // members of a room in which a poll may show names
	secretFrom          = 3   // votes from which on a secret poll shows its result
	maxPollTime         = 366 * 24 * time.Hour
	rowsAtOnce          = 500 // rows in one statement

	sendsPerSecond   = 10
	sendBurst        = 40
	createsPerSecond = 0.5
	createBurst      = 30
	reportsPerSecond = 0.05
	reportBurst      = 20
	maxComings       = 10_000 // people who have come or gone and of whom nobody was told yet

	maxRosterMembers = 50_000 // members in the cache of rosters, over all rooms

	longestSleep  = time.Minute          // of a loop that has nothing to do
	shortestSleep = 5 * time.Millisecond // of a loop that has
	retryAfter    = 30 * time.Second     // background work that failed
)

type limits struct {
	messageBytes int
	roomMembers  int
}

func limitsOf(d Deps) limits {
	l := limits{messageBytes: d.MaxMessageBytes, roomMembers: d.MaxRoomMembers}
	if l.messageBytes <= 0 {
		l.messageBytes = defaultMessageBytes
	}
	if l.roomMembers <= 0 {
		l.roomMembers = defaultRoomMembers
	}
	return l
}

// Limits of what is personal.
const (
	farYear         = 9999 // "for good"
	maxQuietTimes   = 14
	maxSections     = 50
	maxSectionName  = 60
	maxStatus       = 100
	maxCompanions   = 2000 // people who hear of a new status at once
	maxAskedStatus  = 100
	presencePause   = 3 * time.Second // before others are told that somebody came or went
	maxReaders      = 500
	maxReceipts     = 5000 // members of a room of announcements of whom one knows how far they have read
	maxSaved        = 300
	maxDrafts       = 100
	draftBegins     = 120 // characters of a draft in lists
	maxLater        = 100
	laterPause      = 10 * time.Second // of one that meets a slow room
	maxLaterAhead   = 366 * 24 * time.Hour
	emptyDraftKept  = 30 * 24 * time.Hour
	dueAtOnce       = 100 // of what waits for its time, in one transaction
	endedSideBySide = 16
	shortestExpiry  = 5 // seconds
	longestExpiry   = 366 * 24 * 60 * 60
	shortestRoomAge = 60 // seconds, for the default of a room
)
