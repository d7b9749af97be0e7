package chat

import (
	"context"

	"rathaus/internal/access"
)

// Personal is what of chat is a person's alone, as the topic "me" tells it.
type Personal struct {
	Policies Policies   `json:"policies"`
	Settings Settings   `json:"settings"`
	Layout   Layout     `json:"layout"`
	Status   Status     `json:"status"`
	Drafts   []DraftRef `json:"drafts" nullable:"false"`
	Saved    []SavedRef `json:"saved" nullable:"false"`
	Later    []LaterRef `json:"later" nullable:"false" doc:"Messages that wait for their time"`
}

// DraftRef says that there is a draft, and how it begins.
type DraftRef struct {
	RoomID    string `json:"room_id"`
	ThreadID  string `json:"thread_id,omitempty"`
	Begins    string `json:"begins"`
	WrittenAt string `json:"written_at" format:"date-time"`
}

// PersonalOf returns what of chat is p's alone. Guests by link have nothing.
func (c *Chat) PersonalOf(ctx context.Context, p access.Principal) (Personal, error) {
	out := Personal{Policies: c.policiesFor(p), Drafts: []DraftRef{}, Saved: []SavedRef{}, Later: []LaterRef{}}
	own := oneself{UserID: p.UserID}
	var err error
	tx := c.db.Read(ctx)
	if p.HasAccount() {
		if own, err = readOneself(tx, p.UserID); err != nil {
			return out, err
		}
	}
	if out.Settings, err = own.settings(out.Policies); err != nil {
		return out, err
	}
	if out.Layout, err = own.layout(); err != nil {
		return out, err
	}
	out.Status = own.status(c.clock.Now())
	if !p.HasAccount() {
		return out, nil
	}
	drafts, err := draftsOf(tx, p.UserID)
	if err != nil {
		return out, err
	}
	for _, d := range drafts {
		out.Drafts = append(out.Drafts, d.ref())
	}
	saved, err := c.savedBy(ctx, tx, p, false)
	if err != nil {
		return out, err
	}
	for _, s := range saved {
		out.Saved = append(out.Saved, s.ref())
	}
	later, err := latersOf(tx, p.UserID)
	if err != nil {
		return out, err
	}
	for _, l := range later {
		out.Later = append(out.Later, l.ref())
	}
	return out, nil
}

func (r draftRow) ref() DraftRef {
	begins := []rune(r.Text)
	if len(begins) > draftBegins {
		begins = begins[:draftBegins]
	}
	return DraftRef{RoomID: r.RoomID, ThreadID: r.ThreadID, Begins: string(begins), WrittenAt: stamp(r.WrittenAt)}
}
