package app

import "rathaus/internal/search"

// finders are what the one search looks through, in the order in which
// it is shown.
func (p *Program) finders() []search.Finder {
	return append(p.chat.Finders(), p.pads.Finder(), p.directory.Finder(), p.meet.Finder())
}
