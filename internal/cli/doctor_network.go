package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rathaus/internal/config"
)

// maxAnswerBytes bounds what doctor reads from other servers.
const maxAnswerBytes = 1 << 20

// publicAddress follows the way of a browser: name, certificate, answer.
func publicAddress(cfg *config.Config) func(context.Context) Finding {
	return func(ctx context.Context) Finding {
		u, err := url.Parse(cfg.Server.PublicURL)
		if err != nil {
			return fail("correct server.public_url", "%v", err)
		}
		addresses, err := lookUp(ctx, u.Hostname())
		if err != nil {
			return fail("let the name server point "+u.Hostname()+" to this machine", "%v", err)
		}
		if !running(ctx, cfg) {
			return ok("%s → %s; not asked, because the server is not running", u, strings.Join(addresses, ", "))
		}
		if isLocal(u.Hostname()) {
			return ok("%s, answers", u)
		}
		answer, err := get(ctx, cfg.Server.PublicURL+"/healthz", throughProxies())
		switch {
		case err != nil:
			return warn("check proxy, certificate and firewall; from inside some networks the public address is not reachable", "%v", err)
		case answer.status != http.StatusOK:
			return fail("the address seems to lead to another server", "%s answered %d", answer.url, answer.status)
		case !answer.expires.IsZero() && time.Until(answer.expires) < 14*24*time.Hour:
			return warn("renew the certificate", "the certificate of %s ends on %s", u.Host, answer.expires.Format(time.DateOnly))
		}
		return ok("%s → %s, answers", u, strings.Join(addresses, ", "))
	}
}

// lookUp asks the name server, but for the name that means this machine everywhere.
func lookUp(ctx context.Context, host string) ([]string, error) {
	if isLocal(host) {
		return []string{"this machine"}, nil
	}
	return net.DefaultResolver.LookupHost(ctx, host)
}

func isLocal(host string) bool { return host == "localhost" }

// running tells whether a Rathaus answers on the configured listener.
func running(ctx context.Context, cfg *config.Config) bool {
	a, err := askLocally(ctx, cfg, "/healthz")
	return err == nil && a.status == http.StatusOK
}

// askLocally asks the portal of this machine, whatever name server and proxies say.
func askLocally(ctx context.Context, cfg *config.Config, path string) (answer, error) {
	host, port, err := net.SplitHostPort(cfg.Server.Listen)
	if err != nil || port == "0" {
		return answer{}, fmt.Errorf("server.listen %q names no port", cfg.Server.Listen)
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	public, err := url.Parse(cfg.Server.PublicURL)
	if err != nil {
		return answer{}, err
	}
	// The public name stays in the address: the server may answer to no other.
	public.Scheme = "http"
	if cfg.Server.TLS.Mode == config.TLSFiles {
		public.Scheme = "https"
	}
	local := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(host, port))
	}
	return get(ctx, public.JoinPath(path).String(), &http.Transport{
		DisableKeepAlives: true,
		DialContext:       local,
		// Nothing is sent but the question, and it does not leave this machine. Certificates of a
		// town's own authority would otherwise count as a server that is down.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
	})
}

// listener is one port that the program opens.
type listener struct{ key, network, address string }

func listeners(cfg *config.Config) []listener {
	all := []listener{{"server.listen", "tcp", cfg.Server.Listen}}
	if cfg.Server.MetricsListen != "" {
		all = append(all, listener{"server.metrics_listen", "tcp", cfg.Server.MetricsListen})
	}
	add := func(key, network string, port int) {
		if port != 0 {
			all = append(all, listener{key, network, ":" + strconv.Itoa(port)})
		}
	}
	add("meet.udp_port", "udp", cfg.Meet.UDPPort)
	add("meet.tcp_port", "tcp", cfg.Meet.TCPPort)
	if turn := cfg.Meet.TURN; turn.Enabled {
		add("meet.turn.udp_port", "udp", turn.UDPPort)
		add("meet.turn.tcp_port", "tcp", turn.TCPPort)
		add("meet.turn.tls_port", "tcp", turn.TLSPort)
	}
	return all
}

// ports tries to open every port, unless the server has done so already.
func ports(cfg *config.Config) func(context.Context) Finding {
	return func(ctx context.Context) Finding {
		up := running(ctx, cfg)
		var names, bad []string
		for _, l := range listeners(cfg) {
			names = append(names, l.address+"/"+l.network)
			err := tryListen(ctx, l)
			switch {
			case err == nil && up:
				bad = append(bad, fmt.Sprintf("%s: the server runs, but nobody listens on %s/%s", l.key, l.address, l.network))
			case err != nil && (!up || !errors.Is(err, syscall.EADDRINUSE)):
				bad = append(bad, fmt.Sprintf("%s: %v", l.key, err))
			}
		}
		switch {
		case len(bad) > 0:
			return fail("stop the other program, or choose another port", "%s", strings.Join(bad, "\n"))
		case up:
			return ok("%s, in use by the running server", strings.Join(names, ", "))
		}
		return ok("%s, all free", strings.Join(names, ", "))
	}
}

func tryListen(ctx context.Context, l listener) error {
	var open net.ListenConfig
	if l.network == "udp" {
		conn, err := open.ListenPacket(ctx, "udp", l.address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	socket, err := open.Listen(ctx, "tcp", l.address)
	if err != nil {
		return err
	}
	return socket.Close()
}

// answer is what another server said.
type answer struct {
	url     string
	status  int
	date    time.Time // by its clock; zero if it said none
	expires time.Time // of its certificate; zero without TLS
	body    []byte
}

func throughProxies() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment}
}

// get follows no redirect: what doctor asks for is at its place or is wrong.
func get(ctx context.Context, address string, way *http.Transport) (a answer, err error) {
	client := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     way,
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	a = answer{url: address, status: response.StatusCode}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		a.date = date
	}
	if response.TLS != nil && len(response.TLS.PeerCertificates) > 0 {
		a.expires = response.TLS.PeerCertificates[0].NotAfter
	}
	a.body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	return a, err
}
