package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"rathaus/internal/blob"
	"rathaus/internal/config"
)

const (
	gib = 1 << 30
	// Below the first amount doctor warns, below the second it fails.
	spaceWarn = 5 * gib
	spaceFail = 1 * gib
)

// permissions looks at who may read and change the files with secrets.
func (p *program) permissions(cfg *config.Config) func(context.Context) Finding {
	return func(context.Context) Finding {
		if runtime.GOOS == "windows" {
			return ok("not checked on Windows")
		}
		var open []string
		file := p.source().File
		if file != "" {
			open = append(open, tooOpen(file, p.secretsInFile(cfg))...)
		}
		for _, path := range secretFiles(cfg) {
			open = append(open, tooOpen(path, true)...)
		}
		if len(open) > 0 {
			return fail("chmod 600, and let the file belong to the user that Rathaus runs as", "%s", strings.Join(open, "\n"))
		}
		return ok("files with secrets are closed to others")
	}
}

// secretsInFile tells whether the configuration file itself holds a secret.
func (p *program) secretsInFile(cfg *config.Config) bool {
	without, err := config.Load(config.Source{Env: p.env})
	if err != nil {
		without = config.Default()
	}
	inline := func(c *config.Config) int {
		count := 0
		add := func(s config.Secret, file string) {
			if s.IsSet() && file == "" {
				count++
			}
		}
		add(c.Database.DSN, c.Database.DSNFile)
		add(c.Meet.TURN.Secret, c.Meet.TURN.SecretFile)
		for _, provider := range c.Auth.OIDC {
			add(provider.ClientSecret, provider.ClientSecretFile)
		}
		return count
	}
	return inline(cfg) > inline(without)
}

func secretFiles(cfg *config.Config) []string {
	paths := []string{cfg.Database.DSNFile, cfg.Meet.TURN.SecretFile, cfg.Meet.TURN.Key, cfg.Server.TLS.Key}
	for _, provider := range cfg.Auth.OIDC {
		paths = append(paths, provider.ClientSecretFile)
	}
	var set []string
	for _, path := range paths {
		if path != "" {
			set = append(set, path)
		}
	}
	return set
}

// tooOpen says what others may do with a file that they should not.
func tooOpen(path string, secret bool) []string {
	info, err := os.Stat(path)
	if err != nil {
		return []string{err.Error()}
	}
	mode := info.Mode().Perm()
	switch {
	case mode&0o022 != 0:
		return []string{path + " can be changed by others (" + mode.String() + ")"}
	case secret && mode&0o004 != 0:
		return []string{path + " holds a secret and can be read by everybody (" + mode.String() + ")"}
	}
	return nil
}

// dataDirectory tries to write where the database and the files shall be.
func dataDirectory(cfg *config.Config) func(context.Context) Finding {
	return func(context.Context) Finding {
		dir := absolute(cfg.Data.Dir)
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			parent := existingParent(dir)
			if err := writable(parent); err != nil {
				return fail("create "+dir+" and give it to the user that Rathaus runs as", "%s does not exist and cannot be created: %v", dir, err)
			}
			return ok("%s does not exist yet, the first start creates it", dir)
		}
		if err != nil {
			return fail("", "%v", err)
		}
		if !info.IsDir() {
			return fail("name another directory in data.dir", "%s is not a directory", dir)
		}
		if err := writable(dir); err != nil {
			return fail("give "+dir+" to the user that Rathaus runs as", "%v", err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
			return warn("chmod 700 "+dir, "%s is open to everybody on this machine (%s)", dir, info.Mode().Perm())
		}
		return ok("%s can be written", dir)
	}
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".rathaus-doctor-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString("written by rathaus doctor")
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

func existingParent(dir string) string {
	for {
		parent := filepath.Dir(dir)
		if _, err := os.Stat(parent); err == nil || parent == dir {
			return parent
		}
		dir = parent
	}
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func diskSpace(cfg *config.Config) func(context.Context) Finding {
	return func(context.Context) Finding {
		dir := absolute(cfg.Data.Dir)
		if _, err := os.Stat(dir); err != nil {
			dir = existingParent(dir)
		}
		free, err := blob.Free(dir)
		switch {
		case err != nil:
			return warn("", "free space of %s is not known: %v", dir, err)
		case free < spaceFail:
			return fail("make room: a full disk stops all writing", "%.1f GiB free in %s", float64(free)/gib, dir)
		case free < spaceWarn:
			return warn("make room soon", "%.1f GiB free in %s", float64(free)/gib, dir)
		}
		return ok("%.1f GiB free in %s", float64(free)/gib, dir)
	}
}
