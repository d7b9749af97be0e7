package app

import "rathaus/internal/export"

// chapters are the parts of an export, in their order.
func (p *Program) chapters() []export.Chapter {
	mine := export.Mine{Parts: []export.Part{p.chat.Part(), p.directory.Part(), p.pads.Part()}}
	return append(p.chat.Chapters(), mine)
}
