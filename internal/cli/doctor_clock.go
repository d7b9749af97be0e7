package cli

import (
	"context"
	"time"
)

// clockCheck looks for a clock that is plainly wrong or that nobody keeps right. Sign-in
// through a provider and one-time codes fail when it is off by a minute.
func clockCheck(context.Context) Finding {
	now := time.Now()
	if built := ThisBuild().Built; now.Before(built) {
		return fail("set the clock", "it is %s here, but this program was made on %s", now.Format(time.RFC3339), built.Format(time.DateOnly))
	}
	if yes, known := clockSynchronised(); known && !yes {
		return warn("switch on time synchronisation (timedatectl set-ntp true)", "%s, not synchronised with a time server", now.Format(time.RFC3339))
	}
	return ok("%s", now.Format(time.RFC3339))
}
