// Package export lets people take along what is theirs: a room of which they
// are a member, or everything of their own, as one ZIP with JSON for programs and pages
// for people, which work without the portal and without a network.
//
// Nouns: a job is one export of one person, from the wish to the last byte. A
// chapter is a part of it that a module writes. An archive is the ZIP on its way out.
//
// Invariants:
//   - Nothing is stored: the archive is written straight to the browser, with
//     memory that does not grow with it. What breaks off is seen as broken off.
//   - A person has one job at a time, in every process some at a time.
//   - Names inside the archive are made here; none leads out of its folder.
//   - Pages hold no script and load nothing; text of people is cleaned after it is rendered.
//   - Every export leaves a line in the audit log.
//
// Goroutines: none. Jobs live in memory, for minutes.
package export
