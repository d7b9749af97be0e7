package doctext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"time"
)

// Limits of the other process.
const (
	childTime   = 10 * time.Second
	childMemory = 192 << 20 // bytes; beyond it ends itself
	childLook   = 10 * time.Millisecond
)

// Reader reads documents in a process of their own.
type Reader struct {
	// Command starts this program so that it calls Main; the format follows as
	// the last argument. Without it only plain text is read.
	Command []string
}

// Text reads the words of a document.
func (r Reader) Text(ctx context.Context, format Format, content io.ReaderAt, size int64) (string, error) {
	if size > MaxInput {
		return "", ErrTooLarge
	}
	if format == Plain {
		return Text(format, content, size)
	}
	if len(r.Command) == 0 {
		return "", fmt.Errorf("documents of format %s are not read here", format)
	}
	ctx, cancel := context.WithTimeout(ctx, childTime)
	defer cancel()
	child := exec.CommandContext(ctx, r.Command[0], append(r.Command[1:], string(format))...) //nolint:gosec // our own binary
	child.Stdin = io.NewSectionReader(content, 0, size)
	child.Env = []string{} // it needs nothing, and shall know no secret
	var out limited
	child.Stdout = &out
	child.WaitDelay = time.Second
	if err := child.Run(); err != nil {
		return "", fmt.Errorf("read a document of format %s: %w", format, errors.Join(err, ctx.Err()))
	}
	return clean(out.String()), nil
}

// limited keeps the beginning of what is written.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	l.Buffer.Write(p[:min(len(p), max(MaxText-l.Len(), 0))])
	return len(p), nil
}

// Main is the other process: it reads a document from in and writes its text to
// out. It ends the process when it needs too much memory.
func Main(format string, in io.Reader, out io.Writer) error {
	debug.SetMemoryLimit(childMemory / 2)
	go watchMemory()
	content, err := io.ReadAll(io.LimitReader(in, MaxInput+1))
	if err != nil {
		return fmt.Errorf("receive the document: %w", err)
	}
	text, err := Text(Format(format), bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, text)
	return err
}

// watchMemory belongs to the whole process and ends with it.
func watchMemory() {
	var m runtime.MemStats
	for range time.Tick(childLook) {
		if runtime.ReadMemStats(&m); m.Sys > childMemory {
			fmt.Fprintln(os.Stderr, "the document needs too much memory")
			os.Exit(3)
		}
	}
}
