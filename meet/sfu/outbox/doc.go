// Package outbox sends the packets of many receivers in few system calls.
//
// Who has packets for many addresses brackets their writing by Begin and End.
// In between, each write is copied into a buffer; a full buffer and End send
// what waits, in the order of writing. Where the system can (Linux), that is
// one call (sendmmsg) for up to 128 packets, and neighbouring packets of one
// length to one address are one message that the kernel or the network card
// cuts apart (UDP_SEGMENT). Outside of Begin and End, and on other systems,
// each write is a call of its own. What one goroutine writes to one address
// leaves in that order in any case.
//
// There is no goroutine and no timer: nothing waits longer than the code
// between Begin and End runs. Who finds the buffer full sends it, so a socket
// that takes no more slows its writers down instead of piling up memory.
package outbox
