// Package sfu is the selective forwarding unit.
package sfu
