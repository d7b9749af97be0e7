package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"rathaus/internal/blob"
	"rathaus/internal/config"
	"rathaus/internal/files"
)

// signaturesStale is how old the scanner's list of viruses may be.
const signaturesStale = 7 * 24 * time.Hour

// filesFolder looks at where uploaded files are kept: it may be a link to another disk.
func filesFolder(cfg *config.Config) func(context.Context) Finding {
	return func(context.Context) Finding {
		dir := absolute(cfg.FilesDir())
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return ok("%s does not exist yet, the first start creates it", dir)
		}
		place, err := filepath.EvalSymlinks(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fail("mount the disk that "+dir+" leads to, or remove the link", "%s is a link that leads nowhere", dir)
		case err != nil:
			return fail("let "+dir+" be a folder, or a link to one", "%s cannot be followed: %v", dir, err)
		}
		if data, err := filepath.EvalSymlinks(absolute(cfg.Data.Dir)); err == nil && within(data, place) {
			return fail("give the files a folder of their own", "%s leads to %s, which holds the data directory itself", dir, place)
		}
		return folderFinding(dir, place)
	}
}

// folderFinding looks at a folder that exists. Place is where it really is.
func folderFinding(dir, place string) Finding {
	info, err := os.Stat(place)
	if err != nil {
		return fail("", "%v", err)
	}
	if !info.IsDir() {
		return fail("move it away; the next start creates a folder", "%s is not a folder", place)
	}
	if err := writable(place); err != nil {
		hint := "give " + place + " to the user that Rathaus runs as"
		if errors.Is(err, syscall.EROFS) {
			hint = "mount the disk for writing"
		}
		return fail(hint, "%v", err)
	}
	where := dir
	if place != dir {
		where = dir + " → " + place
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return warn("chmod 700 "+place, "%s is open to everybody on this machine (%s)", where, info.Mode().Perm())
	}
	free, err := blob.Free(place)
	switch {
	case err != nil:
		return warn("", "free space of %s is not known: %v", place, err)
	case free < spaceFail:
		return fail("make room: no more files are taken in", "%.1f GiB free in %s", float64(free)/gib, where)
	case free < spaceWarn:
		return warn("make room soon", "%.1f GiB free in %s", float64(free)/gib, where)
	}
	return ok("%s can be written, %.1f GiB free", where, float64(free)/gib)
}

// within reports whether a folder is another one or lies in it. Both are free of links.
func within(inner, outer string) bool {
	between, err := filepath.Rel(outer, inner)
	return err == nil && between != ".." && !strings.HasPrefix(between, ".."+string(filepath.Separator))
}

// virusScanner asks the scanner whether it lives and how old its list is.
func virusScanner(cfg *config.Config) func(context.Context) Finding {
	return func(ctx context.Context) Finding {
		c := cfg.Files.Clamd
		network, address, set := c.Target()
		if !set {
			return ok("not configured, files are not scanned (files.clamd.address)")
		}
		scanner := files.Clamd{Network: network, Address: address}
		answer, err := scanner.Ask(ctx, "PING")
		if err == nil && answer != "PONG" {
			err = fmt.Errorf("it answered %q instead of PONG", shortened(answer))
		}
		if err != nil {
			return scannerDown(c, err)
		}
		version, err := scanner.Ask(ctx, "VERSION")
		if err != nil {
			return warn("look into the log of clamd", "%s answers, but not to VERSION: %v", c.Address, err)
		}
		return scannerAge(c.Address, version, time.Now())
	}
}

// scannerDown says what a scanner that can't be reached means.
func scannerDown(c config.Clamd, err error) Finding {
	hint := "start clamd (systemctl start clamav-daemon), or correct files.clamd.address"
	if errors.Is(err, fs.ErrPermission) {
		hint = "let the user that Rathaus runs as use the socket (usermod -aG clamav rathaus)"
	}
	if c.Required {
		return fail(hint, "%s: %v; until it answers no file is taken in", c.Address, err)
	}
	return warn(hint, "%s: %v; until it answers files pass unscanned", c.Address, err)
}

// scannerAge reads "ClamAV 1.4.3/27800/Sat Nov 21 09:25:12 2026": program, number and date of the list.
func scannerAge(address, version string, now time.Time) Finding {
	parts := strings.SplitN(version, "/", 3)
	if len(parts) < 3 {
		return warn("run freshclam", "%s answers (%s), but names no list of viruses", address, shortened(version))
	}
	made, err := time.Parse(time.ANSIC, strings.TrimSpace(parts[2]))
	if err != nil {
		return ok("%s answers (%s)", address, shortened(version))
	}
	if age := now.Sub(made); age > signaturesStale {
		return warn("let freshclam run (systemctl enable --now clamav-freshclam)", "%s answers (%s), but its list of viruses is %d days old", address, parts[0], int(age.Hours()/24))
	}
	return ok("%s answers (%s, list of %s)", address, parts[0], made.Format(time.DateOnly))
}

// shortened bounds what another program says, for the screen.
func shortened(text string) string {
	const most = 100
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
