package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"rathaus/internal/config"
)

// Limits of the HTTP servers.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes
)

// listener is one HTTP server on one address.
type listener struct {
	server *http.Server
	socket net.Listener
	secure bool
}

// listen opens the address. Port 0 takes any free one.
func listen(ctx context.Context, address string, t config.TLS, h http.Handler, log *slog.Logger) (*listener, error) {
	var lc net.ListenConfig
	socket, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	l := &listener{socket: socket, server: &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
	if t.Mode != config.TLSFiles {
		return l, nil
	}
	pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load the certificate: %w", err), socket.Close())
	}
	l.secure = true
	l.server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	return l, nil
}

// serve answers until the server is shut down.
func (l *listener) serve() error {
	var err error
	if l.secure {
		err = l.server.ServeTLS(l.socket, "", "")
	} else {
		err = l.server.Serve(l.socket)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// close stops accepting and waits for the requests in flight, at most until ctx ends.
func (l *listener) close(ctx context.Context) error {
	if l == nil {
		return nil
	}
	return errors.Join(l.server.Shutdown(ctx), ignoreClosed(l.socket.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
