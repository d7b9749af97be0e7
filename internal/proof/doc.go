// Package proof drives the built program from the outside: as its own process
// that can be killed, through real sockets. Its tests show what can't be shown
// from within: that nothing acknowledged is lost when the process dies, that
// every acknowledgement follows its sync to disk, and that the program talks to
// nobody but its clients. The load measurements in internal/load use it too.
//
// House is one installation (binary and data), Process one run of it, Person
// somebody with a session, Tab an open socket.
package proof
