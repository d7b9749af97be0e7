//go:build !linux

package outbox

const canSegmentHere = false
