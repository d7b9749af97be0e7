package chat

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"

	"rathaus/internal/audit"
	"rathaus/internal/clock"
	"rathaus/internal/files"
	"rathaus/internal/module"
	"rathaus/internal/pace"
	"rathaus/internal/realtime"
	"rathaus/internal/search"
	"rathaus/internal/store"
)

//go:embed migrations
var migrations embed.FS

// People is what chat asks the directory.
type People interface {
	// People returns those of the ids that exist, by id, disabled ones included.
	People(ctx context.Context, ids []string) (map[string]Person, error)
	// GroupMembers returns the ids of the people of groups, each once.
	GroupMembers(ctx context.Context, groups []string) ([]string, error)
	// GroupNames returns the names of those groups that exist, by id.
	GroupNames(ctx context.Context, groups []string) (map[string]string, error)
	// Office returns a group as those see it who write to it; of a group that is
	// gone, one that takes no messages and has nobody.
	Office(ctx context.Context, group string) (Office, error)
	// Admins returns the ids of those who administer the town and are active.
	Admins(ctx context.Context) ([]string, error)
}

// Person is somebody as chat shows them.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Guest bool   `json:"guest,omitempty" doc:"Came by a link, or is a guest of the town"`
	// Active people can be added to rooms; disabled ones can't.
	Active bool `json:"-"`
}

// Deps is all that chat needs.
type Deps struct {
	DB     *store.DB
	Hub    *realtime.Hub
	People People
	Links  Links
	Clock  clock.Clock
	// Audit keeps what was done that can't be seen in a room any more.
	Audit *audit.Log
	// EndMeeting ends a call whose room goes away; without it the call ends when
	// its people are asked again for their right to it.
	EndMeeting func(ctx context.Context, meetingID string) error
	// Index is where messages are found by their words; without it nothing is.
	Index *search.Index
	// FileTexts reads the words of files for the index; without it they are
	// found by their names only.
	FileTexts FileTexts
	// Log is where background work reports; it may be left out.
	Log *slog.Logger
	// MaxMessageBytes and MaxRoomMembers come from the configuration; 0 means
	// the default.
	MaxMessageBytes int
	MaxRoomMembers  int
	// Files takes in what people upload; without it messages carry no files.
	Files *files.Files
	// Policies on what tells about people; empty means off.
	Policies Policies
}

// Chat holds the use cases. It is safe for concurrent use.
type Chat struct {
	db        *store.DB
	hub       *realtime.Hub
	people    People
	files     *files.Files // nil: messages carry none
	links     Links
	clock     clock.Clock
	audit     *audit.Log
	log       *slog.Logger
	loops     []*loop // the background work, see run.go
	polls     *loop   // ends polls
	index     *search.Index
	feed      *feeder // takes messages into the index
	reader    *loop   // looks into files
	fileTexts FileTexts
	limits    limits
	rosters   *rosters
	sends     *pace.Pace
	creates   *pace.Pace
	reports   *pace.Pace

	policies   Policies
	reminders  *loop
	later      *loop
	endings    *loop
	presence   *loop // tells who is here, where the town allows it
	comings    comings
	offices    *loop // lets conversations follow their offices
	officeWork officeWork
	deleted    *loop // removes what is left of deleted rooms

	endMeeting func(ctx context.Context, meetingID string) error // nil: nobody does
}

// New returns the module's use cases.
func New(d Deps) (*Chat, error) {
	if d.DB == nil || d.Hub == nil || d.People == nil || d.Links == nil || d.Clock == nil || d.Audit == nil {
		return nil, errors.New("chat: database, hub, people, links, clock and audit log are needed")
	}
	c := &Chat{
		db: d.DB, hub: d.Hub, people: d.People, files: d.Files, links: d.Links, clock: d.Clock, audit: d.Audit, log: logOf(d),
		limits:  limitsOf(d),
		rosters: newRosters(d.DB),
		sends:   pace.New(sendsPerSecond, sendBurst),
		creates: pace.New(createsPerSecond, createBurst),
		reports: pace.New(reportsPerSecond, reportBurst),

		policies: d.Policies.orOff(),
		index:    d.Index,

		endMeeting: d.EndMeeting,
	}
	c.reminders = newLoop("reminders", c.remind)
	c.later = newLoop("send later", c.sendDue)
	c.endings = newLoop("self-destruct", c.endDue)
	c.polls = newLoop("end polls", c.closePolls)
	c.deleted = newLoop("remove deleted rooms", c.removeDeleted)
	c.offices = newLoop("conversations with offices", c.followOffices)
	c.officeWork.note("") // what changed while the program did not run
	c.loops = append(c.loops, c.reminders, c.later, c.endings, c.polls, c.deleted, c.offices)
	c.presence = newLoop("presence", c.tellHere)
	if c.policies.Presence == PolicyOptional {
		c.loops = append(c.loops, c.presence)
		c.hub.WatchPeople(c.came)
	}
	c.fileTexts, c.reader = d.FileTexts, newLoop("words of files", c.readFiles)
	c.feed = newFeeder(c.takeIn)
	feeding := newLoop("index of words", c.feed.gather)
	c.feed.wake = feeding.rouse
	if c.index != nil {
		c.loops = append(c.loops, feeding)
		if c.fileTexts != nil {
			c.loops = append(c.loops, c.reader)
		}
	}
	return c, nil
}

// Module is chat's entry in the list of modules.
func (c *Chat) Module() module.Module {
	return module.Module{Name: "chat", Migrations: Migrations(), Routes: c.routes, Topics: c.topics, Run: c.Run}
}

// Migrations holds the schema, one folder for each dialect.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("chat: embedded migrations are missing: " + err.Error())
	}
	return sub
}
