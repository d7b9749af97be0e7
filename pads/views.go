package pads

import "time"

// PadView is a pad as clients see it.
type PadView struct {
	ID         string     `json:"id"`
	Class      string     `json:"class" enum:"organisation,confidential"`
	Kind       string     `json:"kind" enum:"text"`
	Title      string     `json:"title" doc:"Empty in confidential pads"`
	FirstTitle string     `json:"first_title,omitempty" doc:"The title with which the pad was made: its document begins with it. Not in lists"`
	TitleFrame []byte     `json:"title_frame,omitempty" doc:"Sealed title of a confidential pad"`
	PublicKey  []byte     `json:"public_key,omitempty" doc:"Checks the signatures of a confidential pad"`
	Epoch      uint32     `json:"epoch"`
	Right      string     `json:"right" enum:"read,write,own"`
	Shared     bool       `json:"shared" doc:"Somebody but the owner may open it"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
	VisitedAt  *time.Time `json:"visited_at,omitempty" doc:"When I last opened it"`
}

func view(l Listed) PadView {
	return PadView{
		ID: l.ID, Class: string(l.Class), Kind: l.Kind, Title: l.Title, FirstTitle: l.FirstTitle, TitleFrame: l.TitleFrame,
		PublicKey: l.PublicKey, Epoch: l.Epoch, Right: string(l.Right), Shared: l.Shared,
		CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt, VisitedAt: l.VisitedAt,
	}
}

// ShareView is a share as clients see it.
type ShareView struct {
	Kind      string `json:"kind" enum:"person,group,everyone"`
	SubjectID string `json:"subject_id"`
	Name      string `json:"name"`
	Right     string `json:"right" enum:"read,write,own"`
	ByLink    bool   `json:"by_link" doc:"Came by a link and ends with it"`
}

func shareView(s Share) ShareView {
	return ShareView{Kind: string(s.Kind), SubjectID: s.SubjectID, Name: s.Name, Right: string(s.Right), ByLink: s.ByLink}
}

// LinkView is a link as its owner sees it. Its token is shown at making only.
type LinkView struct {
	ID        string     `json:"id"`
	Right     string     `json:"right" enum:"read,write"`
	Label     string     `json:"label"`
	MaxUses   int64      `json:"max_uses" doc:"0: any number"`
	Uses      int64      `json:"uses"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	Token     string     `json:"token,omitempty" doc:"Only in the answer to making it"`
}

func linkView(l Link, token string) LinkView {
	return LinkView{
		ID: l.ID, Right: string(l.Right), Label: l.Label, MaxUses: l.MaxUses, Uses: l.Uses,
		ExpiresAt: l.ExpiresAt, CreatedAt: l.CreatedAt, Token: token,
	}
}
