// Package pads is the place where people write together.
package pads
