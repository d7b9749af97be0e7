package meet

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

func (s *Service) routes(h huma.API) {
	huma.Register(h, api.Op("GET", "/meet/meetings", "meet-list-meetings", access.Member, "Running meetings and mine"), s.handleList)
	huma.Register(h, api.Op("POST", "/meet/meetings", "meet-start-meeting", access.Member, "Start a meeting, or return the call that runs in the room"), s.handleStart)
	huma.Register(h, api.Op("GET", "/meet/meetings/{name}", "meet-get-meeting", access.Public, "Find a meeting by its address"), s.handleFind)
	huma.Register(h, api.Op("DELETE", "/meet/meetings/{name}", "meet-end-meeting", access.Guest, "End a meeting for everybody"), s.handleEnd)
	huma.Register(h, api.Op("POST", "/meet/meetings/{name}/reopen", "meet-reopen-meeting", access.Member, "Let an ended meeting run again"), s.handleReopen)
	huma.Register(h, api.Op("POST", "/meet/meetings/{name}/decline", "meet-decline-call", access.Member, "Stop the ringing on my other devices"), s.handleDecline)
	huma.Register(h, api.Op("POST", "/meet/meetings/{name}/links", "meet-invite-guest", access.Member, "Make a link for guests"), s.handleInvite)
	huma.Register(h, api.Op("POST", "/meet/meetings/{name}/knock", "meet-knock", access.Public, "Get a guest's pass by the address alone, where the meeting allows it"), s.handleKnock)
	huma.Register(h, api.Op("POST", "/meet/public", "meet-start-public", access.Public, "Start a meeting without an account, where the town allows it"), s.handlePublic)
	huma.Register(h, api.Op("GET", "/meet/ice", "meet-list-ice-servers", access.Guest, "Relays for media, with credentials for a while"), s.handleICE)
}

// Caller is the network address of whoever asks.
type Caller struct{ address string }

// Resolve takes the address from the request.
func (c *Caller) Resolve(ctx huma.Context) []error {
	c.address = humagin.Unwrap(ctx).ClientIP()
	return nil
}

// Address is the last part of a meeting's stable address.
type Address struct {
	Name string `path:"name" maxLength:"60"`
}

type summaryOutput struct{ Body Summary }

func (s *Service) handleList(ctx context.Context, _ *struct{}) (*struct{ Body List }, error) {
	list, err := s.List(ctx, access.From(ctx))
	return &struct{ Body List }{list}, err
}

func (s *Service) handleStart(ctx context.Context, in *struct{ Body StartInput }) (*summaryOutput, error) {
	out, err := s.Start(ctx, access.From(ctx), in.Body)
	return &summaryOutput{out}, err
}

func (s *Service) handleFind(ctx context.Context, in *struct {
	Address
	Caller
}) (*summaryOutput, error) {
	p := access.From(ctx)
	if !p.Authenticated() && !s.knocks.Allow(networkOf(in.address), time.Now()) {
		return nil, errTooManyTries
	}
	out, err := s.Find(ctx, p, in.Name)
	return &summaryOutput{out}, err
}

func (s *Service) handleEnd(ctx context.Context, in *Address) (*struct{}, error) {
	return nil, s.End(ctx, access.From(ctx), in.Name)
}

func (s *Service) handleReopen(ctx context.Context, in *Address) (*summaryOutput, error) {
	out, err := s.Reopen(ctx, access.From(ctx), in.Name)
	return &summaryOutput{out}, err
}

func (s *Service) handleDecline(ctx context.Context, in *Address) (*struct{}, error) {
	return nil, s.Decline(ctx, access.From(ctx), in.Name)
}

func (s *Service) handleInvite(ctx context.Context, in *struct {
	Address
	Body struct {
		Hours int `json:"hours,omitempty" minimum:"1" maximum:"720" doc:"How long the link opens the meeting; 24 if left out"`
	}
}) (*struct{ Body Invitation }, error) {
	out, err := s.Invite(ctx, access.From(ctx), in.Name, time.Duration(in.Body.Hours)*time.Hour)
	return &struct{ Body Invitation }{out}, err
}

func (s *Service) handleKnock(ctx context.Context, in *struct {
	Address
	Caller
}) (*struct{ Body Pass }, error) {
	out, err := s.Knock(ctx, in.address, in.Name)
	return &struct{ Body Pass }{out}, err
}

func (s *Service) handlePublic(ctx context.Context, in *struct {
	Caller
	Body struct {
		Title string `json:"title,omitempty" maxLength:"480"`
	}
}) (*struct{ Body Pass }, error) {
	out, err := s.StartPublic(ctx, in.address, in.Body.Title)
	return &struct{ Body Pass }{out}, err
}

func (s *Service) handleICE(ctx context.Context, in *struct {
	Meeting string `query:"meeting" required:"true" maxLength:"36"`
}) (*struct{ Body ICEServers }, error) {
	if _, err := s.admitted(ctx, access.From(ctx), in.Meeting); err != nil {
		return nil, err
	}
	return &struct{ Body ICEServers }{ICEServers{Servers: s.iceServers(access.From(ctx))}}, nil
}
