package search

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
	"rathaus/internal/module"
)

// Module is the search's entry in the list of modules.
func (s *Service) Module() module.Module {
	return module.Module{Name: "search", Routes: s.routes}
}

func (s *Service) routes(h huma.API) {
	huma.Register(h, api.Op("GET", "/search", "search-everywhere", access.Guest, "Find messages, files, pads, people, rooms and meetings"), s.getSearch)
}

func (s *Service) getSearch(ctx context.Context, in *struct {
	Query  string   `query:"q" maxLength:"800" doc:"Words, \"phrases\", and filters: von: in: vor: nach: seit: bis: am: hat: or from: in: before: after: since: until: on: has:"`
	Kind   string   `query:"kind" enum:"room,message,file,pad,person,meeting" doc:"Only things of this kind"`
	From   []string `query:"from" maxItems:"8" doc:"Ids of people who wrote it"`
	In     []string `query:"in" maxItems:"8" doc:"Ids of rooms in which it stands"`
	Zone   int      `query:"zone" minimum:"-840" maximum:"840" doc:"Minutes by which days of the reader begin before those of UTC"`
	Offset int      `query:"offset" minimum:"0" maximum:"200"`
	Limit  int      `query:"limit" minimum:"1" maximum:"50" default:"20"`
},
) (*struct{ Body Answer }, error) {
	out, err := s.Search(ctx, access.From(ctx), Wish{
		Text: in.Query, Kind: in.Kind, From: in.From, In: in.In, Zone: in.Zone, Offset: in.Offset, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return &struct{ Body Answer }{out}, nil
}
