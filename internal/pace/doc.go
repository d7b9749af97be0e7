// Package pace limits how fast somebody may do something, each key for itself
// and in bounded memory.
package pace
