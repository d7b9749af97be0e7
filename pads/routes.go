package pads

import (
	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

func (s *Service) routes(h huma.API) {
	huma.Register(h, api.Op("GET", "/pads", "pads-list", access.Member, "List the pads I may open"), s.handleList)
	huma.Register(h, api.Op("POST", "/pads", "pads-create", access.Member, "Create a pad"), s.handleCreate)
	huma.Register(h, api.Op("GET", "/pads/{pad}", "pads-get", access.Guest, "Read a pad without its content"), s.handleGet)
	huma.Register(h, api.Op("PATCH", "/pads/{pad}", "pads-rename", access.Guest, "Set a pad's title"), s.handleRename)
	huma.Register(h, api.Op("DELETE", "/pads/{pad}", "pads-delete", access.Member, "Delete a pad for good"), s.handleDelete)

	huma.Register(h, api.Op("GET", "/pads/{pad}/log", "pads-read-log", access.Guest, "Read what happened after a seq"), s.handleReadLog)
	huma.Register(h, s.large(api.Op("POST", "/pads/{pad}/log", "pads-append", access.Guest, "Store updates"), maxBatchBytes),
		s.handleAppend)
	huma.Register(h, s.large(api.Op("POST", "/pads/{pad}/snapshots", "pads-snapshot", access.Guest, "Offer a snapshot"),
		s.maxSnapshot+maxShadow), s.handleSnapshot)

	huma.Register(h, api.Op("GET", "/pads/{pad}/shares", "pads-list-shares", access.Member, "List who may do what"), s.handleShares)
	huma.Register(h, api.Op("PUT", "/pads/{pad}/shares/{kind}/{subject}", "pads-share", access.Member, "Give a right"), s.handleShare)
	huma.Register(h, api.Op("DELETE", "/pads/{pad}/shares/{kind}/{subject}", "pads-unshare", access.Member, "End a right"), s.handleUnshare)

	huma.Register(h, api.Op("GET", "/pads/{pad}/links", "pads-list-links", access.Member, "List a pad's links"), s.handleLinks)
	huma.Register(h, api.Op("POST", "/pads/{pad}/links", "pads-create-link", access.Member, "Make a link"), s.handleMakeLink)
	huma.Register(h, api.Op("DELETE", "/pads/{pad}/links/{link}", "pads-delete-link", access.Member, "Withdraw a link"), s.handleEndLink)
	huma.Register(h, api.Op("GET", "/admin/pads", "pads-list-ownerless", access.Admin, "List pads whose owners have left"), s.handleOwnerless)
	huma.Register(h, api.Op("PUT", "/admin/pads/{pad}/owner", "pads-hand-over", access.Admin, "Give a pad whose owners have left to a member"), s.handleHandOver)
	huma.Register(h, api.Op("DELETE", "/admin/pads/{pad}", "pads-delete-ownerless", access.Admin, "Delete a pad whose owners have left"), s.handleDeleteOwnerless)

	huma.Register(h, api.Op("POST", "/pad-links/open", "pads-open-link", access.Member, "Take the right of a link"), s.handleOpenLink)
}

// large widens the limit of a body that carries so many bytes as base64 in JSON.
func (s *Service) large(op huma.Operation, bytes int) huma.Operation {
	op.MaxBodyBytes = int64(bytes)*2 + 64<<10
	return op
}
