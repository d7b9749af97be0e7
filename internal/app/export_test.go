package app

import (
	"rathaus/internal/api"
	"rathaus/internal/realtime"
)

// Routes lists every HTTP operation, for the permission matrix.
func (p *Program) Routes() []api.Route { return api.Inventory(p.api.Huma) }

// Operations lists every operation of the socket, for the permission matrix.
func (p *Program) Operations() []realtime.Operation { return p.topics.Inventory() }
