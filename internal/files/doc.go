// Package files takes in what people upload and hands it out again.
//
// Nouns: an upload is a file that is still arriving, over the tus protocol
// (tus.go); it belongs to one person and can be resumed after any interruption.
// A file is one that has arrived, was looked at and lies in the blob store. A
// module that uses a file holds it (Hold); until then only its owner can see
// it. What nobody holds in time is removed.
//
// Invariants:
//   - Acknowledged bytes are on the disk. The last byte is acknowledged only
//     when the file was scanned, looked at, stored and committed: an upload
//     that is complete is a file.
//   - The kind and type of a file come from its content, never from its name.
//   - A picture larger than the limit is refused before it is decoded. Its
//     metadata is removed before it is stored, unless the owner keeps it.
//   - The right to read is asked of the holder on every request.
//   - Nothing active (HTML, SVG, XML, scripts) is ever shown in our origin: it
//     is only handed out for saving.
//   - Removing a file removes its rows in the caller's transaction. Its bytes
//     follow after the commit, unless another file has the same ones, and
//     survive no crash: the table file_garbage remembers them.
//
// Tables: files, file_uploads, file_garbage.
//
// Goroutines: Run, which removes what is expired or no longer needed. Requests
// do the rest themselves; at most a few decode pictures at a time.
package files
