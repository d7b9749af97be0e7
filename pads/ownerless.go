package pads

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"rathaus/internal/access"
	"rathaus/internal/audit"
	"rathaus/internal/fault"
)

// maxOwnerless bounds the list of pads without an owner; what is older comes when these are dealt with.
const maxOwnerless = 500

// Ownerless is a pad whose owners have all left: they were disabled, or are members no more.
type Ownerless struct {
	Pad
	Owners []string // names, as far as the directory still knows them
}

// ListOwnerless lists the pads that nobody can manage any more, latest first. Only administrators
// get here; they see titles of organisation pads, and nothing that is written in them.
func (s *Service) ListOwnerless(ctx context.Context) ([]Ownerless, error) {
	db := s.db.Read(ctx)
	owners, err := ownersOf(db, "")
	if err != nil {
		return nil, err
	}
	active, err := s.directory.Active(ctx, owners)
	if err != nil {
		return nil, err
	}
	found, err := withoutOwner(db, active, maxOwnerless)
	if err != nil {
		return nil, err
	}
	out := make([]Ownerless, 0, len(found))
	for _, pad := range found {
		had, err := s.ownerNames(ctx, db, pad.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Ownerless{Pad: pad, Owners: had})
	}
	return out, nil
}

func (s *Service) ownerNames(ctx context.Context, db *gorm.DB, pad string) ([]string, error) {
	had, err := ownersOf(db, pad)
	if err != nil {
		return nil, err
	}
	names, err := s.directory.Names(ctx, had, nil)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(names))
	for _, name := range names {
		out = append(out, name)
	}
	slices.Sort(out)
	return out, nil
}

// HandOver gives an organisation pad without an owner to a member. Whoever owned it may write in it
// again if they come back. Nobody can open a confidential pad without its link, so there is nothing to give.
func (s *Service) HandOver(ctx context.Context, pad, to string) error {
	found, err := s.ownerless(ctx, pad)
	if err != nil {
		return err
	}
	if found.Class != Organisation {
		return fault.Conflict("pads.confidential_stays")
	}
	active, err := s.directory.Active(ctx, []string{to})
	if err != nil {
		return err
	}
	if !slices.Contains(active, to) {
		return fault.NotFound("pads.subject_not_found")
	}
	err = s.db.Write(ctx, func(tx *gorm.DB) error {
		had, err := s.stillOwnerless(ctx, tx, pad)
		if err != nil {
			return err
		}
		if err := demoteOwners(tx, pad, had); err != nil {
			return err
		}
		if err := putShare(tx, pad, Share{Kind: Person, SubjectID: to, Right: Own}); err != nil {
			return err
		}
		return s.audit.RecordTx(tx, s.ownerlessEntry(ctx, "pad.handed_over", found, map[string]any{"to": to}))
	})
	if err != nil {
		return err
	}
	s.padChanged(ctx, pad)
	s.tellListed(ctx, pad)
	return nil
}

// DeleteOwnerless removes a pad without an owner with all its rows.
func (s *Service) DeleteOwnerless(ctx context.Context, pad string) error {
	found, err := s.ownerless(ctx, pad)
	if err != nil {
		return err
	}
	return s.remove(ctx, pad, func(tx *gorm.DB) error {
		if _, err := s.stillOwnerless(ctx, tx, pad); err != nil {
			return err
		}
		return s.audit.RecordTx(tx, s.ownerlessEntry(ctx, "pad.deleted", found, nil))
	})
}

func (s *Service) ownerlessEntry(ctx context.Context, action string, pad Pad, more map[string]any) audit.Entry {
	p := access.From(ctx)
	detail := map[string]any{"class": string(pad.Class)}
	if pad.Title != "" {
		detail["title"] = pad.Title
	}
	for key, value := range more {
		detail[key] = value
	}
	return audit.Entry{Action: action, ActorID: p.UserID, ActorName: p.Name, ObjectKind: "pad", ObjectID: pad.ID, Detail: detail}
}

// ownerless returns a pad that has no owner. Of others an administrator learns nothing by this way.
func (s *Service) ownerless(ctx context.Context, pad string) (Pad, error) {
	found, err := readPad(s.db.Read(ctx), pad)
	if err != nil {
		return Pad{}, err
	}
	_, err = s.stillOwnerless(ctx, s.db.Read(ctx), pad)
	return found, err
}

// stillOwnerless returns who owned a pad, or says that it does not exist here: somebody owns it.
func (s *Service) stillOwnerless(ctx context.Context, db *gorm.DB, pad string) ([]string, error) {
	had, err := ownersOf(db, pad)
	if err != nil {
		return nil, err
	}
	active, err := s.directory.Active(ctx, had)
	if err != nil {
		return nil, err
	}
	if len(active) > 0 {
		return nil, notFound()
	}
	return had, nil
}

// OwnerlessView is a pad without an owner as administrators see it.
type OwnerlessView struct {
	ID        string    `json:"id"`
	Class     string    `json:"class" enum:"organisation,confidential"`
	Title     string    `json:"title" doc:"Empty in confidential pads"`
	Owners    []string  `json:"owners" nullable:"false" doc:"Names of those who have left"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type ownerlessOutput struct {
	Body struct {
		Items []OwnerlessView `json:"items" nullable:"false"`
	}
}

func (s *Service) handleOwnerless(ctx context.Context, _ *struct{}) (*ownerlessOutput, error) {
	all, err := s.ListOwnerless(ctx)
	if err != nil {
		return nil, err
	}
	out := &ownerlessOutput{}
	out.Body.Items = make([]OwnerlessView, 0, len(all))
	for _, one := range all {
		out.Body.Items = append(out.Body.Items, OwnerlessView{
			ID: one.ID, Class: string(one.Class), Title: one.Title, Owners: one.Owners, CreatedAt: one.CreatedAt, UpdatedAt: one.UpdatedAt,
		})
	}
	return out, nil
}

type handOverInput struct {
	PadPath
	Body struct {
		UserID string `json:"user_id" maxLength:"36" doc:"A member of the town"`
	}
}

func (s *Service) handleHandOver(ctx context.Context, in *handOverInput) (*struct{}, error) {
	return nil, s.HandOver(ctx, in.Pad, in.Body.UserID)
}

func (s *Service) handleDeleteOwnerless(ctx context.Context, in *PadPath) (*struct{}, error) {
	return nil, s.DeleteOwnerless(ctx, in.Pad)
}
