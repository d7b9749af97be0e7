// Package api is the typed HTTP layer: huma on gin.
//
// Every operation has a level (see access.Level) in its metadata; one without is
// closed and refused at start-up. Handlers take and return plain structs and
// return faults; this package turns them into answers, names every request in
// the log, limits size and rate, refuses cross-site writes and sets the security
// headers. Nothing here knows a feature.
package api
