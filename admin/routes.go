package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rathaus/internal/access"
	"rathaus/internal/api"
)

// routes registers every operation of admin, one line each.
func (a *Admin) routes(h huma.API) {
	huma.Register(h, api.Op("GET", "/people", "people-search", access.Member, "Active people of the town, by name; found by name, unit, function, room, address or phone number"), a.searchPeople)
	huma.Register(h, api.Op("GET", "/people/{person}", "people-read", access.Member, "The card of a person of the town"), a.readPerson)
	huma.Register(h, api.Op("GET", "/groups", "people-list-groups", access.Member, "All groups, by name"), a.listGroupNames)

	huma.Register(h, api.Op("GET", "/admin/people", "admin-list-people", access.Admin, "All people, by name"), a.listPeople)
	huma.Register(h, api.Op("GET", "/admin/people/{person}", "admin-read-person", access.Admin, "A person with their groups"), a.adminPerson)
	huma.Register(h, api.Op("PATCH", "/admin/people/{person}", "admin-change-person", access.Admin, "Change a person's fields or role"), a.patchPerson)
	huma.Register(h, noContent(api.Op("POST", "/admin/people/{person}/disable", "admin-disable-person", access.Admin, "Shut a person out; ends everything at once")), a.disablePerson)
	huma.Register(h, noContent(api.Op("POST", "/admin/people/{person}/enable", "admin-enable-person", access.Admin, "Let a person in again")), a.enablePerson)

	huma.Register(h, api.Op("GET", "/admin/groups", "admin-list-groups", access.Admin, "All groups, by name"), a.listGroups)
	huma.Register(h, api.Op("POST", "/admin/groups", "admin-create-group", access.Admin, "Make a group"), a.postGroup)
	huma.Register(h, api.Op("GET", "/admin/groups/{group}", "admin-read-group", access.Admin, "A group"), a.readGroup)
	huma.Register(h, api.Op("PATCH", "/admin/groups/{group}", "admin-change-group", access.Admin, "Rename or describe a group"), a.patchGroup)
	huma.Register(h, noContent(api.Op("DELETE", "/admin/groups/{group}", "admin-delete-group", access.Admin, "Delete a group")), a.deleteGroup)
	huma.Register(h, api.Op("GET", "/admin/groups/{group}/members", "admin-list-members", access.Admin, "Members of a group, by name"), a.listMembers)
	huma.Register(h, noContent(api.Op("PUT", "/admin/groups/{group}/members/{person}", "admin-add-member", access.Admin, "Put a person into a group")), a.putMember)
	huma.Register(h, noContent(api.Op("DELETE", "/admin/groups/{group}/members/{person}", "admin-remove-member", access.Admin, "Take a person out of a group")), a.deleteMember)

	huma.Register(h, api.Op("GET", "/admin/audit", "admin-list-audit", access.Auditor, "Who did what, the newest first"), a.listAudit)
	huma.Register(h, api.Op("GET", "/admin/settings", "admin-read-settings", access.Admin, "The configuration as it holds, without secrets"), a.readSettings)

	huma.Register(h, api.Op("GET", "/town/texts/{name}", "town-read-text", access.Public, "Imprint, privacy or accessibility, as Markdown"), a.readText)
	huma.Register(h, api.Op("GET", "/town/links", "town-list-links", access.Member, "Other services of the town, for tiles of the start page"), a.listLinks)
	api.Raw(h, api.Op("GET", "/town/coat-of-arms", "town-read-coat-of-arms", access.Public, "The town's coat of arms as an image"), http.HandlerFunc(a.serveArms))
}

func noContent(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusNoContent
	return op
}
