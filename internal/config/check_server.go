package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

func (c *checker) server() {
	s := &c.cfg.Server
	c.address("server.listen", s.Listen)
	if s.MetricsListen != "" {
		c.address("server.metrics_listen", s.MetricsListen)
	}
	for i, proxy := range s.TrustedProxies {
		if !isNetwork(proxy) {
			c.fail(itemKey("server.trusted_proxies", i), say("%q is not an address or network such as 10.0.0.0/8", "%q ist keine Adresse und kein Netz wie 10.0.0.0/8", proxy))
		}
	}
	c.oneOf("server.tls.mode", s.TLS.Mode, TLSOff, TLSFiles)
	if s.TLS.Mode == TLSFiles {
		c.certificate("server.tls", s.TLS.Cert, s.TLS.Key)
	} else if s.TLS.Mode == TLSOff && (s.TLS.Cert != "" || s.TLS.Key != "") {
		c.fail("server.tls.mode", say("is off although a certificate is given, set it to files", "ist off, obwohl ein Zertifikat angegeben ist; gemeint ist wohl files"))
	}
	c.positive("server.shutdown_timeout", s.ShutdownTimeout)
	c.publicURL()
}

func (c *checker) publicURL() {
	const key = "server.public_url"
	s := &c.cfg.Server
	s.PublicURL = strings.TrimSuffix(s.PublicURL, "/")
	u, err := url.Parse(s.PublicURL)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		c.fail(key, say("%q is not an address such as https://rathaus.example", "%q ist keine Adresse wie https://rathaus.example", s.PublicURL))
		return
	case u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		c.fail(key, say("must be scheme and host only, Rathaus lives at the top of its address", "darf nur aus Schema und Rechnername bestehen, Rathaus wohnt an der Wurzel seiner Adresse"))
		return
	}
	s.PublicURL = strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Host)
	if s.TLS.Mode == TLSFiles && u.Scheme == "http" {
		c.fail(key, say("begins with http:// although server.tls.mode is files", "beginnt mit http://, obwohl server.tls.mode auf files steht"))
	}
	c.publicURLWarnings(key, u)
}

func (c *checker) publicURLWarnings(key string, u *url.URL) {
	s := c.cfg.Server
	switch {
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		c.warn(key, say("without https browsers refuse camera, microphone and encrypted pads", "ohne https verweigern Browser Kamera, Mikrofon und verschlüsselte Pads"))
	case u.Scheme == "https" && s.TLS.Mode == TLSOff && len(s.TrustedProxies) == 0:
		c.warn("server.trusted_proxies", say("is empty: if a proxy handles https, list its address, or all people share one address", "ist leer: wenn ein Proxy https übernimmt, gehört seine Adresse hierher, sonst teilen sich alle eine Adresse"))
	}
}

func (c *checker) address(key, value string) {
	if _, _, err := splitAddress(value); err != nil {
		c.fail(key, say("%q is not an address such as :8080 or 127.0.0.1:8080", "%q ist keine Adresse wie :8080 oder 127.0.0.1:8080", value))
	}
}

func splitAddress(value string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(value)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return host, int(n), err
}

func isNetwork(value string) bool {
	if _, err := netip.ParsePrefix(value); err == nil {
		return true
	}
	_, err := netip.ParseAddr(value)
	return err == nil
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && addr.IsLoopback())
}
