// Package turn is the embedded relay for clients whose network lets through
// neither UDP nor TCP to the media port: they reach the relay on its UDP, TCP
// or TLS port (443, say) and it passes their packets on to the forwarding
// unit in the same process.
//
// It relays there and nowhere else. A permission is given only for the IP
// addresses that the forwarding unit advertises, and each packet is checked
// again for address and port, so that the relay is of no use to reach the
// inside of the house or a third party. What is relayed goes to the local
// socket behind the advertised address; this works behind address
// translation without hairpinning.
//
// Credentials follow the TURN REST convention: the user name is the expiry
// time and the user, the password its HMAC. Nothing is stored.
//
// The methods of Server are safe for concurrent use. Close ends every
// allocation; connections accepted over TCP and TLS are closed and waited for.
package turn
