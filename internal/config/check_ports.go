package config

// claim is one port that the program will open.
type claim struct {
	key  string
	host string // empty: every address
	port int
}

// ports reports ports that two listeners want, and ports that do not exist.
func (c *checker) ports() {
	m := c.cfg.Meet
	tcp := c.listeners()
	tcp = append(tcp, claim{key: "meet.tcp_port", port: m.TCPPort})
	udp := []claim{{key: "meet.udp_port", port: m.UDPPort}}
	turn := []claim{
		{key: "meet.turn.tcp_port", port: m.TURN.TCPPort},
		{key: "meet.turn.tls_port", port: m.TURN.TLSPort},
		{key: "meet.turn.udp_port", port: m.TURN.UDPPort},
	}
	for _, p := range append(append([]claim{tcp[len(tcp)-1]}, udp...), turn...) {
		c.between(p.key, int64(p.port), 0, 65535)
	}
	if m.TURN.Enabled {
		tcp, udp = append(tcp, turn[:2]...), append(udp, turn[2])
	}
	c.collisions(tcp)
	c.collisions(udp)
}

func (c *checker) listeners() []claim {
	var claims []claim
	for _, l := range []claim{{key: "server.listen", host: c.cfg.Server.Listen}, {key: "server.metrics_listen", host: c.cfg.Server.MetricsListen}} {
		if host, port, err := splitAddress(l.host); err == nil {
			claims = append(claims, claim{l.key, host, port})
		}
	}
	return claims
}

func (c *checker) collisions(claims []claim) {
	for i, later := range claims {
		for _, earlier := range claims[:i] {
			sameHost := earlier.host == later.host || isAny(earlier.host) || isAny(later.host)
			if later.port != 0 && earlier.port == later.port && sameHost {
				c.fail(later.key, say("port %d is already taken by %s", "Port %d ist schon von %s belegt", later.port, earlier.key))
			}
		}
	}
}

func isAny(host string) bool { return host == "" || host == "0.0.0.0" || host == "::" }
