package cli

import "golang.org/x/sys/unix"

// clockSynchronised asks the kernel whether somebody keeps its clock right.
func clockSynchronised() (yes, known bool) {
	var state unix.Timex
	if _, err := unix.Adjtimex(&state); err != nil {
		return false, false
	}
	return state.Status&unix.STA_UNSYNC == 0, true
}
