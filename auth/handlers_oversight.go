package auth

import "context"

type presencesOut struct {
	Body struct {
		Items []Presence `json:"items" nullable:"false"`
		Next  string     `json:"next"`
	}
}

func (s *Service) listAllSessions(ctx context.Context, in *pageIn) (*presencesOut, error) {
	list, err := s.Sessions(ctx, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &presencesOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.Next = list[in.Limit-1].ID
	}
	out.Body.Items = list
	return out, nil
}

func (s *Service) deleteAnySession(ctx context.Context, in *sessionIn) (*struct{}, error) {
	return nil, s.EndAnySession(ctx, in.Session)
}

type personIn struct {
	Person string `path:"person" maxLength:"36"`
}

type signInOut struct{ Body SignInOf }

func (s *Service) readSignIn(ctx context.Context, in *personIn) (*signInOut, error) {
	how, err := s.SignInOf(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	return &signInOut{Body: how}, nil
}

func (s *Service) deleteSessionsOf(ctx context.Context, in *personIn) (*countOut, error) {
	n, err := s.EndAllSessionsOf(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	out := &countOut{}
	out.Body.Ended = n
	return out, nil
}

func (s *Service) postResetLink(ctx context.Context, in *personIn) (*linkOut, error) {
	link, err := s.ResetLink(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	return &linkOut{Body: link}, nil
}
