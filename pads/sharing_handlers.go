package pads

import (
	"context"
	"time"
)

type sharesOutput struct {
	Body struct {
		Items []ShareView `json:"items"`
	}
}

func (s *Service) handleShares(ctx context.Context, in *PadPath) (*sharesOutput, error) {
	all, err := s.Shares(ctx, in.Pad)
	if err != nil {
		return nil, err
	}
	out := &sharesOutput{}
	out.Body.Items = make([]ShareView, 0, len(all))
	for _, one := range all {
		out.Body.Items = append(out.Body.Items, shareView(one))
	}
	return out, nil
}

// SharePath names what somebody may do with a pad.
type SharePath struct {
	PadPath
	Kind    string `path:"kind" enum:"person,group,everyone"`
	Subject string `path:"subject" maxLength:"36" doc:"The id, or the word everyone"`
}

type shareInput struct {
	SharePath
	Body struct {
		Right string `json:"right" enum:"read,write,own"`
	}
}

func (s *Service) handleShare(ctx context.Context, in *shareInput) (*struct{}, error) {
	share := Share{Kind: ShareKind(in.Kind), SubjectID: in.Subject, Right: Right(in.Body.Right)}
	return nil, s.Share(ctx, in.Pad, share)
}

func (s *Service) handleUnshare(ctx context.Context, in *SharePath) (*struct{}, error) {
	return nil, s.Unshare(ctx, in.Pad, ShareKind(in.Kind), in.Subject)
}

type linksOutput struct {
	Body struct {
		Items []LinkView `json:"items"`
	}
}

func (s *Service) handleLinks(ctx context.Context, in *PadPath) (*linksOutput, error) {
	all, err := s.LinksOf(ctx, in.Pad)
	if err != nil {
		return nil, err
	}
	out := &linksOutput{}
	out.Body.Items = make([]LinkView, 0, len(all))
	for _, one := range all {
		out.Body.Items = append(out.Body.Items, linkView(one, ""))
	}
	return out, nil
}

type makeLinkInput struct {
	PadPath
	Body struct {
		Right     string     `json:"right" enum:"read,write"`
		Label     string     `json:"label,omitempty" maxLength:"80"`
		MaxUses   int64      `json:"max_uses,omitempty" minimum:"0" maximum:"10000"`
		ExpiresAt *time.Time `json:"expires_at,omitempty"`
	}
}

type linkOutput struct{ Body LinkView }

func (s *Service) handleMakeLink(ctx context.Context, in *makeLinkInput) (*linkOutput, error) {
	made, token, err := s.MakeLink(ctx, in.Pad, NewLink{
		Right: Right(in.Body.Right), Label: in.Body.Label, MaxUses: in.Body.MaxUses, ExpiresAt: in.Body.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return &linkOutput{linkView(made, token)}, nil
}

type linkPath struct {
	PadPath
	Link string `path:"link" maxLength:"36"`
}

func (s *Service) handleEndLink(ctx context.Context, in *linkPath) (*struct{}, error) {
	return nil, s.EndLink(ctx, in.Pad, in.Link)
}

type openLinkInput struct {
	Body struct {
		Token string `json:"token" maxLength:"64"`
	}
}

type openLinkOutput struct {
	Body struct {
		PadID string `json:"pad_id"`
	}
}

func (s *Service) handleOpenLink(ctx context.Context, in *openLinkInput) (*openLinkOutput, error) {
	pad, err := s.OpenMember(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &openLinkOutput{}
	out.Body.PadID = pad
	return out, nil
}
