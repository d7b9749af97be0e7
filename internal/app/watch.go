package app

import (
	"context"
	"time"

	"rathaus/internal/realtime"
)

// watchEvery is how late a session that another process has ended loses its
// sockets at most, together with the time of one query.
const watchEvery = 500 * time.Millisecond

// watchSessions closes the sockets of sessions that no longer exist. Sessions
// ended by this process lose theirs at once through the hooks; this is for the
// command line and for other nodes.
func (p *Program) watchSessions(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.closeGone(ctx)
		}
	}
}

func (p *Program) closeGone(ctx context.Context) {
	open := p.hub.Sessions()
	if len(open) == 0 {
		return
	}
	gone, err := p.auth.SessionsGone(ctx, open)
	if err != nil {
		if ctx.Err() == nil {
			p.log.Error("open sessions not checked", "err", err)
		}
		return
	}
	for _, s := range gone {
		p.hub.Disconnect(realtime.Who{SessionID: s}, reasonSignedOut)
		p.meet.EndSession(s)
	}
}
