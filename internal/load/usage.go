//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of processor times in /proc; Linux promises 100 Hz to user space.
const clockTick = 10 * time.Millisecond

// cpuOf is the processor time that a process has used so far, in user and
// kernel. The scheduler's sum is exact; where it is missing, ticks have to do.
func cpuOf(pid int) (time.Duration, error) {
	if d, err := schedOf(pid); err == nil {
		return d, nil
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name in brackets may hold anything, so count from its end.
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, errors.New("unknown form of /proc/…/stat")
	}
	var ticks int64
	for _, f := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// schedOf adds up what the scheduler has given to all threads that live. Go
// keeps its threads, so nothing gets lost.
func schedOf(pid int) (time.Duration, error) {
	dir := fmt.Sprintf("/proc/%d/task", pid)
	tasks, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, task := range tasks {
		b, err := os.ReadFile(dir + "/" + task.Name() + "/schedstat")
		if errors.Is(err, os.ErrNotExist) && len(tasks) > 1 {
			continue
		}
		if err != nil {
			return 0, err
		}
		first, _, _ := strings.Cut(string(b), " ")
		n, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n)
	}
	if sum == 0 {
		return 0, errors.New("the scheduler keeps no sums")
	}
	return sum, nil
}

// memoryOf is what of a process is in memory now, in MiB.
func memoryOf(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return n / 1024, err
		}
	}
	return 0, errors.New("the process has no memory")
}

// restTime is how long a program that has just opened is left alone before its
// memory is looked at: it gives back what starting has used.
const restTime = 3 * time.Second

// atRest is what of a process is in memory once it has come to rest.
func atRest(ctx context.Context, pid int) (float64, error) {
	timer := time.NewTimer(restTime)
	defer timer.Stop()
	select {
	case <-timer.C:
		return memoryOf(pid)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// machineLoad is the load average of the last minute.
func machineLoad() (string, error) {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first, nil
}
