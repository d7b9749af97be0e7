package config

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
)

// checker looks for values that do not fit by themselves or with each other.
type checker struct {
	*reader
	cfg      *Config
	warnings Problems
}

func (c *checker) all() {
	c.town()
	c.server()
	c.storage()
	c.auth()
	c.chatAndPads()
	c.uploads()
	c.meet()
	c.portal()
	c.ports()
}

// fail reports a mistake at key, unless the value of key could not be read in the first place.
func (c *checker) fail(key string, t text) {
	if c.broken[key] {
		return
	}
	at := c.where(key)
	c.problems = append(c.problems, Problem{Source: at.source, Line: at.line, Key: key, English: t.en, German: t.de})
}

func (c *checker) warn(key string, t text) {
	at := c.where(key)
	c.warnings = append(c.warnings, Problem{Source: at.source, Line: at.line, Key: key, English: t.en, German: t.de})
}

// where is the place of key, or of the section that should hold it.
func (c *checker) where(key string) place {
	for key != "" {
		if p, ok := c.places[key]; ok {
			return p
		}
		cut := strings.LastIndexAny(key, ".[")
		key = key[:max(cut, 0)]
	}
	return place{}
}

// files reads every X_file into X.
func (c *checker) files(v reflect.Value, path string) {
	for f, value := range v.Fields() {
		key := join(path, f.Tag.Get("yaml"))
		switch {
		case value.Kind() == reflect.Struct:
			c.files(value, key)
		case value.Type() == reflect.TypeFor[[]OIDCProvider]():
			for i := range value.Len() {
				c.files(value.Index(i), itemKey(key, i))
			}
		case strings.HasSuffix(key, "_file") && value.String() != "":
			c.fileInto(v.FieldByName(strings.TrimSuffix(f.Name, "File")), key, value.String())
		}
	}
}

func (c *checker) fileInto(target reflect.Value, key, path string) {
	if sibling := strings.TrimSuffix(key, "_file"); target.String() != "" {
		c.fail(key, say("and %s are both set, keep one of them", "und %s sind beide gesetzt, nur eines ist erlaubt", sibling))
		return
	}
	content, err := readLimited(path)
	if err != nil {
		c.fail(key, unreadable(path, err))
		return
	}
	value := string(content)
	if target.Type() == reflect.TypeFor[Secret]() {
		value = strings.TrimRight(value, "\r\n")
		if value == "" {
			c.fail(key, say("%s is empty", "%s ist leer", path))
		}
	}
	target.SetString(value)
}

func unreadable(path string, err error) text {
	if absolute, absErr := filepath.Abs(path); absErr == nil {
		path = absolute
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("%s does not exist", "%s gibt es nicht", path)
	case errors.Is(err, fs.ErrPermission):
		return say("%s may not be read", "%s darf nicht gelesen werden", path)
	default:
		return say("cannot be read: %v", "lässt sich nicht lesen: %v", err)
	}
}

// oneOf demands one of a few words.
func (c *checker) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.fail(key, say("%q is not possible, choose one of: %s", "%q gibt es nicht, möglich sind: %s", value, strings.Join(allowed, ", ")))
	}
}

func (c *checker) between(key string, value, low, high int64) {
	if value < low || value > high {
		c.fail(key, say("%d is out of range, allowed is %d to %d", "%d liegt außerhalb, erlaubt ist %d bis %d", value, low, high))
	}
}

func (c *checker) positive(key string, d time.Duration) {
	if d <= 0 {
		c.fail(key, say("must be longer than nothing", "muss länger als nichts sein"))
	}
}

// certificate checks a pair of PEM files.
func (c *checker) certificate(prefix, cert, key string) {
	missing := false
	for _, f := range []struct{ key, path string }{{prefix + ".cert", cert}, {prefix + ".key", key}} {
		if f.path == "" {
			c.fail(f.key, say("is missing", "fehlt"))
			missing = true
		} else if err := readable(f.path); err != nil {
			c.fail(f.key, unreadable(f.path, err))
			missing = true
		}
	}
	if missing {
		return
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		c.fail(prefix+".cert", say("does not go with the key: %v", "passt nicht zum Schlüssel: %v", err))
	}
}

func readable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}
