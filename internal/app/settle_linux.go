package app

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// settle gives back what starting has touched and running does not need: the
// garbage of building all parts, and the pages of the binary with the code that
// runs once. The system reads a page again when it is used after all; most
// often it still has it.
func settle() error {
	debug.FreeOSMemory()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's file: %w", err)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return fmt.Errorf("read the memory map: %w", err)
	}
	for line := range strings.Lines(string(maps)) {
		// 00400000-01988000 r-xp 00000000 08:01 1234  /usr/local/bin/rathaus
		field := strings.Fields(line)
		unwritten := len(field) == 6 && field[5] == program && (field[1] == "r-xp" || field[1] == "r--p")
		if !unwritten {
			continue
		}
		from, to, _ := strings.Cut(field[0], "-")
		if err := giveBack(from, to); err != nil {
			return err
		}
	}
	return nil
}

// giveBack forgets the pages of a mapping that nobody can have changed.
func giveBack(from, to string) error {
	start, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return fmt.Errorf("read the memory map: %w", err)
	}
	end, err := strconv.ParseUint(to, 16, 64)
	if err != nil {
		return fmt.Errorf("read the memory map: %w", err)
	}
	_, _, failed := syscall.Syscall(syscall.SYS_MADVISE, uintptr(start), uintptr(end-start), syscall.MADV_DONTNEED)
	if failed != 0 {
		return fmt.Errorf("give memory back: %w", failed)
	}
	return nil
}
