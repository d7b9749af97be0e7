package admin

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"rathaus/internal/access"
	"rathaus/internal/directory"
)

func read[T any](o *office, w *httptest.ResponseRecorder) T {
	o.Helper()
	var v T
	o.must(json.Unmarshal(o.want(w, 200).Body.Bytes(), &v))
	return v
}

// Requirement row 003-16: the address book always has exactly the right contacts.
func TestCardTellsHowSomebodyIsReachedAndWhoStandsIn(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		bea, ozlem := o.people["Bea Bauhof"], o.people["Özlem Straßer"]
		change := map[string]any{"title": "Leiterin", "phone": "07231 39-12", "room": "Zimmer 12", "deputy_id": ozlem.ID}
		saved := read[Person](o, o.ask("Ada Amtmann", "PATCH", "/admin/people/"+bea.ID, change))
		if saved.Deputy == nil || saved.Deputy.Name != "Özlem Straßer" || saved.Room != "Zimmer 12" {
			o.Errorf("saved is %+v", saved)
		}
		common, err := o.directory.CreateGroup(o.Context(), "Bauamt", "")
		o.must(err)
		private, err := o.directory.CreateGroup(o.Context(), "Personalrat", "")
		o.must(err)
		for _, m := range [][2]string{{common.ID, bea.ID}, {common.ID, ozlem.ID}, {private.ID, bea.ID}} {
			o.must(o.directory.AddMember(o.Context(), m[0], m[1]))
		}

		card := read[Card](o, o.ask("Özlem Straßer", "GET", "/people/"+bea.ID, nil))
		if !card.Active || card.Phone != "07231 39-12" || card.Deputy == nil || card.Deputy.ID != ozlem.ID {
			o.Errorf("the card says %+v", card)
		}
		if len(card.Groups) != 1 || card.Groups[0].Name != "Bauamt" {
			o.Errorf("groups of somebody else are shown: %+v", card.Groups)
		}
		if own := read[Card](o, o.ask("Bea Bauhof", "GET", "/people/"+bea.ID, nil)); len(own.Groups) != 2 {
			o.Errorf("one's own groups are %+v", own.Groups)
		}

		// Who leaves is found no more, stands in for nobody, and leaves a name only.
		o.want(o.ask("Ada Amtmann", "POST", "/admin/people/"+ozlem.ID+"/disable", nil), 204)
		if card := read[Card](o, o.ask("Adam Archiv", "GET", "/people/"+bea.ID, nil)); card.Deputy != nil {
			o.Errorf("who left stands in: %+v", card.Deputy)
		}
		o.must(o.directory.Disable(o.Context(), bea.ID))
		gone := read[Card](o, o.ask("Adam Archiv", "GET", "/people/"+bea.ID, nil))
		if gone.Active || gone.Name != "Bea Bauhof" || gone.Phone != "" || gone.Room != "" || len(gone.Groups) != 0 {
			o.Errorf("of who left the card says %+v", gone)
		}
		found := read[struct{ Items []Colleague }](o, o.ask("Adam Archiv", "GET", "/people?q=0723139", nil))
		if len(found.Items) != 0 {
			o.Errorf("who left is found: %+v", found.Items)
		}
	})
}

func TestBadDeputiesAndRoomsAreRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		path := "/admin/people/" + o.people["Bea Bauhof"].ID
		guest, err := o.directory.Create(o.Context(), directory.NewUser{Name: "Gast", Role: "guest"})
		o.must(err)
		o.want(o.ask("Ada Amtmann", "PATCH", path, map[string]any{"deputy_id": o.people["Bea Bauhof"].ID}), 422, "directory.deputy_self")
		for _, deputy := range []string{guest.ID, "x", "' OR 1=1"} {
			o.want(o.ask("Ada Amtmann", "PATCH", path, map[string]any{"deputy_id": deputy}), 422, "directory.deputy_unknown")
		}
		o.want(o.ask("Ada Amtmann", "PATCH", path, map[string]any{"room": "12\u202e"}), 422, "directory.text_invalid")
		o.want(o.ask("Bea Bauhof", "GET", "/people/"+guest.ID, nil), 404, "directory.user_not_found")
	})
}

func TestAddressBookComesInPagesAndWithoutGuests(t *testing.T) {
	t.Parallel()
	onEach(t, func(o *office) {
		for _, name := range []string{"Gast Eins", "Gast Zwei", "Ganz Dabei"} {
			role := map[bool]string{true: "guest", false: "member"}[name != "Ganz Dabei"]
			_, err := o.directory.Create(o.Context(), directory.NewUser{Name: name, Role: access.Role(role)})
			o.must(err)
		}
		var all []string
		cursor := ""
		for {
			page := read[struct {
				Items []Colleague
				Next  string
			}](o, o.ask("Bea Bauhof", "GET", "/people?limit=2&cursor="+cursor, nil))
			for _, one := range page.Items {
				all = append(all, one.Name)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
			if len(page.Items) != 2 {
				o.Fatalf("a page in the middle holds %d", len(page.Items))
			}
		}
		if len(all) != 5 {
			o.Errorf("the address book lists %v", all)
		}
		o.want(o.ask("Bea Bauhof", "GET", "/people?cursor=x", nil), 422, "cursor_invalid")
	})
}
