// Package picture looks at uploaded pictures before anybody decodes them,
// takes their metadata out without touching the pixels, and makes previews.
//
// Inspect reads the header only and says how large a picture claims to be and
// how much memory decoding takes, so that a bomb is refused while it is small.
// Strip copies a picture and leaves out all that is not needed to show it:
// position, camera, time, author, embedded previews, what is appended. The
// orientation stays, as the only entry of an otherwise empty Exif block, so
// that nothing is encoded anew. Preview decodes once and returns upright,
// smaller pictures.
//
// The formats are JPEG, PNG, GIF and WebP. The package knows no files and no
// people; it starts no goroutines.
package picture
