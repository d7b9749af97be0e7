package picture

import (
	"bufio"
	"fmt"
	"io"
)

// Strip copies the picture that info belongs to without its metadata. The
// pixels stay as they are.
func Strip(w io.WriteSeeker, r io.Reader, info Info) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var err error
	switch info.Format {
	case JPEG:
		out := bufio.NewWriterSize(w, 64<<10)
		if err = stripJPEG(in, out, info.turn); err == nil {
			err = out.Flush()
		}
	case PNG:
		err = stripPNG(in, w, info.turn)
	case GIF:
		out := bufio.NewWriterSize(w, 64<<10)
		if err = stripGIF(in, out); err == nil {
			err = out.Flush()
		}
	case WebP:
		err = stripWebP(in, w, info.turn)
	default:
		return fmt.Errorf("picture: format %q is not known", info.Format)
	}
	if err != nil {
		return fmt.Errorf("%w: take out the metadata: %w", ErrBroken, err)
	}
	return nil
}
