//go:build unix

package cli

import "golang.org/x/sys/unix"

// freeBytes is what the program may still write to the file system of dir.
func freeBytes(dir string) (uint64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return 0, err
	}
	return uint64(stat.Bavail) * uint64(stat.Bsize), nil //nolint:gosec,unconvert // sizes are positive; the types differ between systems
}
