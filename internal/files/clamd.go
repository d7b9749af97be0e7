package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Clamd asks a ClamAV daemon over its socket (command INSTREAM). Each file has
// a connection of its own.
type Clamd struct {
	Network string // unix or tcp
	Address string
}

const scanChunk = 64 << 10

// Scan streams the content to the daemon and returns the name of what it found.
func (c Clamd) Scan(ctx context.Context, file string, open func() (ReadCloser, error)) (string, error) {
	content, err := open()
	if err != nil {
		return "", err
	}
	found, err := c.scan(ctx, content)
	if err = errors.Join(err, content.Close()); err != nil {
		return "", fmt.Errorf("scan %s: %w", file, err)
	}
	return found, nil
}

func (c Clamd) scan(ctx context.Context, content io.Reader) (_ string, err error) {
	d := net.Dialer{Timeout: scanDial}
	conn, err := d.DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return "", err
	}
	if err := send(ctx, conn, content); err != nil {
		// The daemon may have said why before it hung up.
		if answer, readErr := verdict(conn); readErr == nil {
			return answer, nil
		}
		return "", err
	}
	return verdict(conn)
}

// Ask sends a command without content, such as PING or VERSION, and returns the
// answer without its end.
func (c Clamd) Ask(ctx context.Context, command string) (_ string, err error) {
	d := net.Dialer{Timeout: scanDial}
	conn, err := d.DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := conn.SetDeadline(time.Now().Add(scanDial)); err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte("z" + command + "\x00")); err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(conn, maxScanAnswer))
	if err != nil {
		return "", err
	}
	return string(bytes.TrimRight(raw, "\x00\n")), nil
}

// send writes the content in pieces, each after its length.
func send(ctx context.Context, conn net.Conn, content io.Reader) error {
	buf := make([]byte, 4+scanChunk)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, readErr := io.ReadFull(content, buf[4:])
		binary.BigEndian.PutUint32(buf, uint32(n)) //nolint:gosec // at most scanChunk
		if err := conn.SetDeadline(time.Now().Add(scanIdle)); err != nil {
			return err
		}
		if _, err := conn.Write(buf[:4+n]); err != nil {
			return err
		}
		switch {
		case n == 0:
			return nil
		case readErr != nil && !errors.Is(readErr, io.EOF) && !errors.Is(readErr, io.ErrUnexpectedEOF):
			return readErr
		}
	}
}

// verdict reads the answer: "stream: OK", "stream: Name FOUND", or an error.
func verdict(conn net.Conn) (string, error) {
	if err := conn.SetReadDeadline(time.Now().Add(scanTimeout)); err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(conn, maxScanAnswer))
	if err != nil {
		return "", err
	}
	answer := string(bytes.TrimRight(raw, "\x00\n"))
	answer = strings.TrimPrefix(answer, "stream: ")
	if answer == "OK" {
		return "", nil
	}
	if found, ok := strings.CutSuffix(answer, " FOUND"); ok && found != "" {
		return found, nil
	}
	return "", fmt.Errorf("the scanner answered %q", answer)
}
