package app

import (
	"os"
	"strings"
	"testing"
)

func TestOnlyPartsThatAreAsOnTheDiskAreReleased(t *testing.T) {
	t.Parallel()
	const smaps = `00400000-00500000 r-xp 00001000 fe:00 1 /srv/rathaus
Size:               1024 kB
Anonymous:             0 kB
00500000-00600000 r--p 00101000 fe:00 1 /srv/rathaus
Anonymous:             8 kB
00600000-00700000 rw-p 00201000 fe:00 1 /srv/rathaus
Anonymous:             0 kB
00700000-00800000 r--p 00000000 fe:00 2 /usr/lib/libc.so
Anonymous:             0 kB
00800000-00900000 r--p 00000000 00:00 0
Anonymous:             0 kB
zz-00900000 r--p 00000000 fe:00 1 /srv/rathaus
Anonymous:             0 kB
VmFlags: rd mr
`
	got, err := untouched(strings.NewReader(smaps), "/srv/rathaus")
	if err != nil || len(got) != 1 || got[0] != (span{0x400000, 0x100000}) {
		t.Errorf("got %x, %v", got, err)
	}
}

// The program of the tests is the hard case: its loader has changed pages that
// can't be written to any more.
func TestTheProgramGoesOnAfterReleasingItsPages(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := releasePages(); err != nil {
			t.Fatal(err)
		}
	}
	after, err := os.ReadFile("/proc/self/exe")
	if err != nil || len(after) != len(before) {
		t.Errorf("read %d bytes, then %d: %v", len(before), len(after), err)
	}
}
