package files

import "time"

const (
	mib = 1 << 20

	// decodeBytes bounds the memory of all pictures that are decoded at a time.
	// One that alone needs more is stored and gets no preview.
	decodeBytes = 256 * mib

	maxName        = 200 // characters
	maxMetadata    = 8 << 10
	maxWaveform    = 128 // bars
	maxDuration    = 24 * time.Hour
	maxSide        = 65_535 // pixels
	maxUnfinished  = 50     // uploads of one person that are not finished
	maxUnsent      = 200    // finished files of one person that are not sent
	checkpoint     = 4 * mib
	reserve        = 512 * mib // of the disk, which the database needs
	thumbSize      = 400
	previewSize    = 1200
	bodyIdle       = time.Minute
	finishTimeout  = 10 * time.Minute
	turnPatience   = 20 * time.Second
	sweepEvery     = 5 * time.Minute
	orphanEvery    = 6 * time.Hour
	orphanAge      = time.Hour
	collectEvery   = 30 * time.Second
	collectAtOnce  = 200
	expireAtOnce   = 200
	sniffBytes     = 64 << 10
	scanTimeout    = 5 * time.Minute
	scanIdle       = 30 * time.Second
	scanDial       = 5 * time.Second
	maxScanAnswer  = 1 << 10
	plainThumbSize = 100 << 10 // a picture so small in bytes and size needs no thumbnail
)
