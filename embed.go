package main

import (
	"embed"
	"io/fs"
)

// web holds the web application as Vite built it, and one page that stands in
// for it, so that an empty checkout builds and runs too.
//
//go:embed all:ui/dist ui/unbuilt
var web embed.FS

// webApplication is the folder that the browser sees.
func webApplication() (fs.FS, error) {
	if _, err := fs.Stat(web, "ui/dist/index.html"); err == nil {
		return fs.Sub(web, "ui/dist")
	}
	return fs.Sub(web, "ui/unbuilt")
}
