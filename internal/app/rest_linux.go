package app

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// releasePages takes the pages of the program's own file out of the process.
// Starting touches nearly all of them once; those that the running portal needs
// come back from the page cache by themselves. See madvise(2), MADV_DONTNEED.
func releasePages() error {
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("find the program's file: %w", err)
	}
	memory, err := os.Open("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("list the memory of the process: %w", err)
	}
	defer memory.Close()
	parts, err := untouched(memory, self)
	if err != nil {
		return fmt.Errorf("list the memory of the process: %w", err)
	}
	for _, p := range parts {
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, p.start, p.length, syscall.MADV_DONTNEED); errno != 0 {
			return fmt.Errorf("release pages of the program: %w", errno)
		}
	}
	return nil
}

type span struct{ start, length uintptr }

// untouched reads /proc/self/smaps (proc_pid_smaps(5)) and returns where the
// file is in memory just as it is on the disk: not writable, and without a page
// that was changed before it was protected, as the loader does.
func untouched(smaps io.Reader, file string) ([]span, error) {
	var out []span
	var at span
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:":
			if at.length > 0 && fields[1] == "0" {
				out = append(out, at)
			}
		case len(fields) > 0 && !strings.HasSuffix(fields[0], ":"):
			at = readOnlyPart(fields, file)
		}
	}
	return out, lines.Err()
}

// readOnlyPart reads the head of a mapping; it is empty for those of other
// files and for those that can be written to.
func readOnlyPart(head []string, file string) span {
	const where, permissions, path = 0, 1, 5
	if len(head) != path+1 || head[path] != file || len(head[permissions]) != 4 || head[permissions][1] == 'w' {
		return span{}
	}
	from, to, _ := strings.Cut(head[where], "-")
	start, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return span{}
	}
	end, err := strconv.ParseUint(to, 16, 64)
	if err != nil || end <= start {
		return span{}
	}
	return span{uintptr(start), uintptr(end - start)}
}
