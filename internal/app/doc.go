// Package app is the composition root: it builds the parts of the house in
// order, ties them together and ends them in reverse.
//
//   - app.go: New, Start, Close
//   - modules.go: the ordered list of modules, the program's table of contents
//   - glue.go: every link between modules, on one page
//   - listen.go: the public and the private listener
//   - figures.go: what Prometheus sees
//   - openapi.go: the API document, socket messages included
//   - law_test.go: the import law
package app
