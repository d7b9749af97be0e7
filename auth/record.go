package auth

import (
	"context"
	"unicode"

	"rathaus/internal/audit"
)

// Kinds of objects in the audit log.
const (
	objectUser       = "user"
	objectInvitation = "invitation"
	objectGuestLink  = "guest_link"
	objectProvider   = "provider"
)

// trace writes a deed into the audit log, in the transaction that does it.
// reason may be empty.
func (s *Service) trace(tx Tx, action, actor, kind, object, reason string) error {
	return s.audit.RecordTx(tx, entryOf(action, actor, kind, object, reason))
}

// refusal writes into the audit log that somebody was not let in. It has no
// transaction to belong to; that it can't be written is for the operator's log.
func (s *Service) refusal(ctx context.Context, action, kind, object, reason string) {
	if err := s.audit.Record(ctx, entryOf(action, "", kind, object, reason)); err != nil {
		s.log.Error("refusal not recorded", "action", action, "err", err)
	}
}

func entryOf(action, actor, kind, object, reason string) audit.Entry {
	e := audit.Entry{Action: action, ActorID: actor, ObjectKind: kind, ObjectID: object}
	if reason != "" {
		e.Detail = map[string]any{"reason": reason}
	}
	return e
}

func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}
