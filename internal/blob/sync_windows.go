package blob

import (
	"errors"

	"golang.org/x/sys/windows"
)

// syncDir has nothing to do: the file system keeps names durable by itself.
func syncDir(string) error { return nil }

// Free is how many bytes the program may still write to the volume of dir.
func Free(dir string) (uint64, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(path, &free, nil, nil)
	return free, err
}

// IsFull reports whether err says that the disk is full.
func IsFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}
