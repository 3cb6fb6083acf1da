// Package console holds the built web pages. scripts/build makes them into
// dist/app where Node is there; what git holds is dist/without.html, the front
// page of a program that was built without them, so that go build always works.
package console

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built gives the built pages, with index.html at their root; false when this
// program was built without them.
func Built() (fs.FS, bool) {
	app, err := fs.Sub(dist, "dist/app")
	if err != nil {
		return nil, false
	}
	_, err = fs.Stat(app, "index.html")
	return app, err == nil
}

// Without is the front page of a program without the pages.
func Without() []byte {
	page, err := dist.ReadFile("dist/without.html")
	if err != nil {
		panic(err) // embedded above
	}
	return page
}
