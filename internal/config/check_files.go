package config

import (
	"net"
	"strings"
)

func (c *checker) uploads() {
	f := c.cfg.Files
	c.between("files.max_size", f.MaxSize, 64*kib, 1024*1024*mib)
	c.between("files.image_max_pixels", f.ImageMaxPixels, 1_000_000, 1_000_000_000)
	c.positive("files.unfinished_valid", f.UnfinishedValid)
	if f.QuotaPerson != 0 && f.QuotaPerson < f.MaxSize {
		c.fail("files.quota_person", say("is smaller than files.max_size, so that a file of the allowed size never fits", "ist kleiner als files.max_size, eine Datei der erlaubten Größe passt dann nie hinein"))
	}
	if _, _, ok := f.Clamd.Target(); f.Clamd.Address != "" && !ok {
		c.fail("files.clamd.address", say("is neither unix:/path nor tcp:host:port", "ist weder unix:/pfad noch tcp:host:port"))
	}
}

// Target is where the scanner listens, as net.Dial takes it.
func (c Clamd) Target() (network, address string, ok bool) {
	network, address, _ = strings.Cut(c.Address, ":")
	switch network {
	case "unix":
		return network, address, strings.HasPrefix(address, "/")
	case "tcp":
		host, port, err := net.SplitHostPort(address)
		return network, address, err == nil && host != "" && port != ""
	}
	return "", "", false
}
