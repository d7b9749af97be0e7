package meet

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"rathaus/internal/access"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/module"
	"rathaus/internal/pace"
	"rathaus/internal/realtime"
	"rathaus/internal/store"
	"rathaus/meet/sfu"
)

//go:embed migrations
var migrations embed.FS

// Rooms is what meetings ask of chat and tell it.
type Rooms interface {
	// MayEnter returns nil if the person may read and write in the room.
	MayEnter(ctx context.Context, p access.Principal, roomID string) error
	// MemberIDs lists the people of the room.
	MemberIDs(ctx context.Context, roomID string) ([]string, error)
	// PostCall puts the card of a call into the room, in the name of p.
	PostCall(ctx context.Context, p access.Principal, roomID string, card Card) error
	// EndCall marks the card as ended. It is called once for each posted card.
	EndCall(ctx context.Context, roomID, meetingID string, endedAt time.Time) error
}

// Card is what a room shows of a call.
type Card struct {
	MeetingID string    `json:"meeting_id"`
	Name      string    `json:"name"`
	Title     string    `json:"title"`
	StartedAt time.Time `json:"started_at"`
}

// GuestLink describes a link that lets somebody without an account in.
type GuestLink struct {
	Kind    string // "meeting"
	ID      string
	Right   string // "join" or "host"
	Expires time.Time
	MaxUses int // 0: any number
}

// Links makes links for guests. By is nobody when somebody without an account
// has started the meeting.
type Links interface {
	MintGuestLink(ctx context.Context, by access.Principal, link GuestLink) (token string, err error)
}

// Deps is everything the module needs from outside. Rooms and Links may be
// nil: then there are no calls in rooms, or no guests.
type Deps struct {
	DB     *store.DB
	Hub    *realtime.Hub
	Clock  clock.Clock
	Log    *slog.Logger
	Config config.Meet
	// Certificate is the portal's own, for TURN over TLS without one of its own.
	Certificate config.TLS
	Rooms       Rooms
	Links       Links
	// Loopback also offers 127.0.0.1 for media, for browsers on the same machine.
	Loopback bool
}

// Service holds meetings. All methods are safe for concurrent use.
type Service struct {
	db    *store.DB
	hub   *realtime.Hub
	clock clock.Clock
	log   *slog.Logger
	cfg   config.Meet
	rooms Rooms
	links Links

	media *sfu.SFU
	relay *relay
	calls *calls

	starts  *pace.Pace // by person
	knocks  *pace.Pace // by network
	publics *pace.Pace // by network
}

// New opens the media ports. The caller closes the service.
func New(d Deps) (*Service, error) {
	if d.DB == nil || d.Hub == nil || d.Clock == nil || d.Log == nil {
		return nil, errors.New("meet: a dependency is missing")
	}
	if d.Rooms == nil {
		d.Rooms = noRooms{}
	}
	media, err := openMedia(d)
	if err != nil {
		return nil, fmt.Errorf("meet: %w", err)
	}
	relay, err := openRelay(d, media)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("meet: %w", err), media.Close())
	}
	return &Service{
		db: d.DB, hub: d.Hub, clock: d.Clock, log: d.Log, cfg: d.Config, rooms: d.Rooms, links: d.Links,
		media: media, relay: relay, calls: newCalls(),
		starts:  pace.New(startsPerMinute/60.0, startBurst),
		knocks:  pace.New(knocksPerMinute/60.0, knockBurst),
		publics: pace.New(publicPerHour/3600.0, publicBurst),
	}, nil
}

// Migrations are the SQL files of the module.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic("meet: the folder of migrations is not embedded: " + err.Error())
	}
	return files
}

// Module is how the program runs meetings.
func (s *Service) Module() module.Module {
	return module.Module{Name: "meet", Migrations: Migrations(), Routes: s.routes, Topics: s.topics, Run: s.Run}
}

// Run sweeps what time ends: participants who did not come back, meetings
// without people, meetings past their hard end. It returns when ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.adopt(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(sweepInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.sweep(ctx)
		}
	}
}

// Close ends all media and waits for its goroutines.
func (s *Service) Close() error {
	return errors.Join(s.relay.close(), s.media.Close())
}

// noRooms stands in where there is no chat.
type noRooms struct{}

func (noRooms) MayEnter(context.Context, access.Principal, string) error { return errNotFound }

func (noRooms) MemberIDs(context.Context, string) ([]string, error) { return []string{}, nil }

func (noRooms) PostCall(context.Context, access.Principal, string, Card) error { return nil }

func (noRooms) EndCall(context.Context, string, string, time.Time) error { return nil }
