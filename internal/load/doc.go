//go:build linux

// Command load measures the built program: it starts it as its own process on
// temporary data, puts people with real sockets on it, and reports how long
// messages and edits take to everybody, what they cost the server in processor
// time, and how much memory it holds. scripts/bench runs it; docs/performance.md
// explains the method and has the last results.
package main
