package pads

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rathaus/internal/access"
)

const (
	// touchEvery is how often lists hear that pads were written in.
	touchEvery = 3 * time.Second
	// touchBatch is how many pads are looked up at once.
	touchBatch = 500
)

// PadGone tells a person that a pad left the list: it was deleted, or the right has ended.
type PadGone struct {
	PadID string `json:"pad_id"`
}

// Touched tells a person in which pads of the list somebody has written: one event for all of them.
type Touched struct {
	Pads []PadTouched `json:"pads"`
}

// PadTouched is when somebody wrote in a pad last.
type PadTouched struct {
	PadID     string    `json:"pad_id"`
	UpdatedAt time.Time `json:"updated_at"`
}

// ListChanged tells a person to read the list anew: groups or role have changed.
type ListChanged struct{}

// teller tells people of the pads in their lists. The zero value is ready.
type teller struct {
	// say is held from reading who may see a pad until they have been told, so that who lost a right
	// hears of that last.
	say     sync.Mutex
	mu      sync.Mutex
	touched map[string]struct{} // pads written in since the last round; guarded by mu
	told    time.Time           // when that was; only Run uses it
}

// audience is who of the people that are connected may do what with a pad.
type audience map[string]Right

// byRight lists the people of each right.
func (a audience) byRight() map[Right][]string {
	out := map[Right][]string{}
	for person, right := range a {
		out[right] = append(out[right], person)
	}
	return out
}

// crowd answers who of those that are connected is meant by a share.
type crowd struct {
	present map[string]bool
	groups  map[string][]string // members that are present, as far as asked for
}

// crowdNow is everybody who has a list and is connected. Guests have none.
func (s *Service) crowdNow() crowd {
	c := crowd{present: map[string]bool{}, groups: map[string][]string{}}
	for _, person := range s.hub.People(access.Principal.IsMember) {
		c.present[person] = true
	}
	return c
}

func (s *Service) meant(ctx context.Context, c crowd, kind ShareKind, subject string) ([]string, error) {
	switch kind {
	case Person:
		if c.present[subject] {
			return []string{subject}, nil
		}
		return nil, nil
	case Everyone:
		return slices.Collect(maps.Keys(c.present)), nil
	case Group:
	}
	if known, ok := c.groups[subject]; ok {
		return known, nil
	}
	all, err := s.directory.MemberIDs(ctx, subject)
	if err != nil {
		return nil, err
	}
	c.groups[subject] = slices.DeleteFunc(all, func(person string) bool { return !c.present[person] })
	return c.groups[subject], nil
}

// audienceOf finds whom changes of the pad concern.
func (s *Service) audienceOf(ctx context.Context, c crowd, pad string) (audience, error) {
	found := audience{}
	if len(c.present) == 0 {
		return found, nil
	}
	rows, err := grantsOn(s.db.Read(ctx), []string{pad}, s.clock.Now())
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		people, err := s.meant(ctx, c, ShareKind(row.Kind), row.SubjectID)
		if err != nil {
			return nil, err
		}
		for _, person := range people {
			found[person] = highest([]Right{found[person], Right(row.May)})
		}
	}
	return found, nil
}

// tell runs what tells people something after a change. The change holds whatever becomes of it: a list
// that missed a word is right again when it is read next.
func (s *Service) tell(ctx context.Context, pad string, say func(context.Context) error) {
	s.teller.say.Lock()
	defer s.teller.say.Unlock()
	if err := say(context.WithoutCancel(ctx)); err != nil {
		s.log.Error("lists of pads not told of a change", "pad", pad, "err", err)
	}
}

// tellListed tells everybody who may see a pad what it is like now.
func (s *Service) tellListed(ctx context.Context, pad string) {
	s.tell(ctx, pad, func(ctx context.Context) error {
		found, err := s.audienceOf(ctx, s.crowdNow(), pad)
		if err != nil || len(found) == 0 {
			return err
		}
		now, shared, err := readShared(s.db.Read(ctx), pad)
		if err != nil {
			return err
		}
		for right, people := range found.byRight() {
			s.hub.Notify(people, "", "pad_listed", view(Listed{Pad: now, Right: right, Shared: shared}))
		}
		return nil
	})
}

// tellLost tells those of the shares who may not see the pad any more.
func (s *Service) tellLost(ctx context.Context, pad string, shares ...Share) {
	s.tell(ctx, pad, func(ctx context.Context) error {
		c := s.crowdNow()
		still, err := s.audienceOf(ctx, c, pad)
		if err != nil {
			return err
		}
		lost := map[string]bool{}
		for _, share := range shares {
			people, err := s.meant(ctx, c, share.Kind, share.SubjectID)
			if err != nil {
				return err
			}
			for _, person := range people {
				lost[person] = still[person] == NoRight
			}
		}
		maps.DeleteFunc(lost, func(_ string, gone bool) bool { return !gone })
		s.hub.Notify(slices.Collect(maps.Keys(lost)), "", "pad_unlisted", PadGone{PadID: pad})
		return nil
	})
}

// wrote notes that a pad was written in.
func (s *Service) wrote(pad string) {
	s.teller.mu.Lock()
	defer s.teller.mu.Unlock()
	if s.teller.touched == nil {
		s.teller.touched = map[string]struct{}{}
	}
	s.teller.touched[pad] = struct{}{}
}

// tellWritten tells lists which pads were written in, every few seconds.
func (s *Service) tellWritten(ctx context.Context) {
	if time.Since(s.teller.told) < touchEvery {
		return
	}
	s.teller.mu.Lock()
	all := slices.Collect(maps.Keys(s.teller.touched))
	s.teller.touched = nil
	s.teller.mu.Unlock()
	if len(all) == 0 {
		return
	}
	s.teller.told = time.Now()
	for pads := range slices.Chunk(all, touchBatch) {
		s.tell(ctx, pads[0], func(ctx context.Context) error { return s.sayWritten(ctx, pads) })
	}
}

func (s *Service) sayWritten(ctx context.Context, pads []string) error {
	c := s.crowdNow()
	if len(c.present) == 0 {
		return nil
	}
	rows, err := grantsOn(s.db.Read(ctx), pads, s.clock.Now())
	if err != nil {
		return err
	}
	times, err := updatedAt(s.db.Read(ctx), pads)
	if err != nil {
		return err
	}
	all, own, err := s.listedBy(ctx, c, rows)
	if err != nil {
		return err
	}
	for _, g := range sameLists(c, own) {
		var touched []PadTouched
		for _, pad := range pads {
			if at, ok := times[pad]; ok && (all[pad] || g.pads[pad]) {
				touched = append(touched, PadTouched{PadID: pad, UpdatedAt: at})
			}
		}
		if len(touched) > 0 {
			s.hub.Notify(g.people, "", "pads_touched", Touched{Pads: touched})
		}
	}
	return nil
}

// listedBy tells the pads that everybody sees from those that a person sees besides. Much is shared with
// everybody, and a town has many people.
func (s *Service) listedBy(ctx context.Context, c crowd, rows []grantRow) (all map[string]bool, own map[string]map[string]bool, err error) {
	all, own = map[string]bool{}, map[string]map[string]bool{}
	for _, row := range rows {
		if ShareKind(row.Kind) == Everyone {
			all[row.PadID] = true
		}
	}
	for _, row := range rows {
		if all[row.PadID] {
			continue
		}
		people, err := s.meant(ctx, c, ShareKind(row.Kind), row.SubjectID)
		if err != nil {
			return nil, nil, err
		}
		for _, person := range people {
			if own[person] == nil {
				own[person] = map[string]bool{}
			}
			own[person][row.PadID] = true
		}
	}
	return all, own, nil
}

// alike are people who see the same pads.
type alike struct {
	people []string
	pads   map[string]bool
}

// sameLists puts those together who see the same pads of their own, so that what they are told is made once.
func sameLists(c crowd, own map[string]map[string]bool) []*alike {
	groups := map[string]*alike{}
	for person := range c.present {
		key := strings.Join(slices.Sorted(maps.Keys(own[person])), " ")
		if groups[key] == nil {
			groups[key] = &alike{pads: own[person]}
		}
		groups[key].people = append(groups[key].people, person)
	}
	return slices.Collect(maps.Values(groups))
}
