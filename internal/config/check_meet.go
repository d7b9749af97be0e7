package config

import "net/netip"

func (c *checker) meet() {
	m := c.cfg.Meet
	if m.UDPPort == 0 && m.TCPPort == 0 {
		c.fail("meet.udp_port", say("and meet.tcp_port are both 0: no media could flow", "und meet.tcp_port sind beide 0: Ton und Bild hätten keinen Weg"))
	}
	for i, ip := range m.PublicIPs {
		if addr, err := netip.ParseAddr(ip); err != nil || addr.IsUnspecified() || addr.IsMulticast() {
			c.fail(itemKey("meet.public_ips", i), say("%q is not an IP address that can be reached", "%q ist keine erreichbare IP-Adresse", ip))
		}
	}
	c.between("meet.max_participants", int64(m.MaxParticipants), 2, 1000)
	c.between("meet.video_slots", int64(m.VideoSlots), 1, 49)
	if m.TURN.Enabled {
		c.turn()
	}
}

func (c *checker) turn() {
	t := c.cfg.Meet.TURN
	if t.UDPPort == 0 && t.TCPPort == 0 && t.TLSPort == 0 {
		c.fail("meet.turn.enabled", say("is true but all its ports are 0", "ist true, aber alle Ports sind 0"))
	}
	if t.Realm == "" {
		c.fail("meet.turn.realm", say("is missing", "fehlt"))
	}
	switch {
	case t.Cert != "" || t.Key != "":
		c.certificate("meet.turn", t.Cert, t.Key)
	case t.TLSPort != 0 && c.cfg.Server.TLS.Mode != TLSFiles:
		c.fail("meet.turn.tls_port", say("needs a certificate: set meet.turn.cert and meet.turn.key", "braucht ein Zertifikat: meet.turn.cert und meet.turn.key setzen"))
	}
	if t.Secret.IsSet() && len(t.Secret.Reveal()) < 16 {
		c.fail("meet.turn.secret", say("must have at least 16 characters", "muss mindestens 16 Zeichen haben"))
	}
}
