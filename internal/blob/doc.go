// Package blob keeps uploaded bytes in a folder, named by their content.
//
// A blob is called by the SHA-256 of its bytes, so the same file sent ten times
// lies on the disk once, and no name from outside is ever part of a path. It
// is written under another name, synced, renamed and the directory synced
// before anybody learns its key: a key that was handed out survives a power cut.
//
// Nobody counts references. Who owns blobs keeps their keys in tables and says,
// when asked, which are in use; Remove and Sweep ask. A Hold keeps a fresh blob
// safe from both until its key has been stored.
//
// A part is a blob that is still arriving. It has the identifier of its upload
// as name and grows at its end only.
//
// The exported methods are what another store, S3 for one, would have to offer.
// Goroutines: none. A Folder is safe for concurrent use; a part belongs to
// whoever has opened it.
package blob
