package pads

import (
	"context"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/realtime"
)

// binaryCode is the topic kind of pads in binary socket frames.
const binaryCode = 1

// Joined answers a join: the pad, the right, and what the client missed.
type Joined struct {
	Pad PadView `json:"pad"`
	Log CatchUp `json:"log"`
}

// Seq is where the answer ends; later updates follow as events.
func (j Joined) Seq() int64 { return j.Log.Head }

// Stored acknowledges an update: it is durable at this place.
type Stored struct {
	Seq int64 `json:"seq"`
}

// SnapshotTaken tells everybody in a pad that a snapshot was taken.
type SnapshotTaken struct {
	Covers int64 `json:"covers"`
}

// TitleChanged tells everybody in a pad its new title.
type TitleChanged struct {
	Title      string `json:"title"`
	TitleFrame []byte `json:"title_frame,omitempty"`
}

func (s *Service) topics(t *realtime.Topics) {
	t.MeEvent("pad_listed", PadView{})
	t.MeEvent("pad_unlisted", PadGone{})
	t.MeEvent("pads_touched", Touched{})
	t.MeEvent("pads_changed", ListChanged{})
	t.Kind("pad", realtime.Kind{
		Needs:  access.Guest,
		Code:   binaryCode,
		Join:   s.join,
		Binary: s.binary,
		Left: func(_ context.Context, c realtime.Call) {
			s.seats.leave(c.ID, c.Conn)
		},
		Events: map[string]any{
			"snapshot": SnapshotTaken{},
			"title":    TitleChanged{},
		},
	})
}

// join takes a seat before it looks at the right, so that a change of rights
// meanwhile finds the seat and ends it.
func (s *Service) join(ctx context.Context, j realtime.Join) (any, error) {
	s.seats.take(j.ID, j.Conn, seat{principal: j.Principal})
	joined, g, err := s.joined(ctx, j)
	if err != nil {
		s.seats.leave(j.ID, j.Conn)
		return nil, err
	}
	s.seats.take(j.ID, j.Conn, seat{principal: j.Principal, gate: g})
	return joined, nil
}

func (s *Service) joined(ctx context.Context, j realtime.Join) (Joined, gate, error) {
	g, err := s.gateOf(ctx, j.Principal, j.ID)
	if err != nil {
		return Joined{}, gate{}, err
	}
	if err := demand(g.right, Read); err != nil {
		return Joined{}, gate{}, err
	}
	found, err := readPad(s.db.Read(ctx), j.ID)
	if err != nil {
		return Joined{}, gate{}, err
	}
	log, err := s.readLog(ctx, j.ID, position{after: j.After, budget: joinBudget})
	if err != nil {
		return Joined{}, gate{}, err
	}
	if err := s.visit(ctx, j.Principal, j.ID); err != nil {
		return Joined{}, gate{}, err
	}
	return Joined{Pad: view(Listed{Pad: found, Right: g.right}), Log: log}, g, nil
}

func (s *Service) binary(ctx context.Context, c realtime.Call, b realtime.BinaryFrame) (any, error) {
	taken, ok := s.seats.of(c.ID, c.Conn)
	if !ok {
		return nil, fault.Forbidden("not_joined")
	}
	switch FrameKind(b.Kind) {
	case KindUpdate:
		seqs, err := s.append(ctx, taken.gate, [][]byte{b.Payload}, c.Conn)
		if err != nil {
			return nil, err
		}
		return Stored{Seq: seqs[0]}, nil
	case KindAwareness:
		return struct{}{}, s.passOn(taken.gate, b.Payload, c.Conn)
	default:
		return nil, fault.Invalid("pads.wrong_frame")
	}
}

// passOn hands a cursor to the others in the pad. It is not stored.
func (s *Service) passOn(g gate, raw []byte, from *realtime.Conn) error {
	if len(raw) > maxAwareness {
		return fault.TooLarge("pads.update_too_large", "max", maxAwareness)
	}
	f, err := ParseFrame(raw)
	if err != nil {
		return fault.Invalid("pads.wrong_frame").Because(err)
	}
	if err := demand(g.right, Read); err != nil {
		return err
	}
	if err := g.check(f, KindAwareness); err != nil {
		return err
	}
	s.hub.PublishBinary(topicOf(g.pad), 0, byte(KindAwareness), raw, from)
	return nil
}
