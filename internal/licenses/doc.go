// Package licenses holds the list of the open-source software inside the
// program, with the texts of all licences, as list.json.gz.
//
// The list is made from what is really built: the modules of the Go build on
// all platforms, Go itself, and the npm packages that the lock file names for
// production. After a change of dependencies run
//
//	go generate ./internal/licenses
//
// A test fails as long as something inside is missing from the list, and the
// generator refuses a licence that does not go with the EUPL.
package licenses
