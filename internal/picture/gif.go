package picture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// The blocks of a GIF.
const (
	gifExtension = 0x21
	gifImage     = 0x2c
	gifTrailer   = 0x3b

	gifControl     = 0xf9 // how a frame is shown
	gifApplication = 0xff
)

// stripGIF copies a GIF without comments, texts and data of applications, but
// with the number of its repetitions.
func stripGIF(r *bufio.Reader, w io.Writer) error {
	head := make([]byte, 13)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:3]) != "GIF" {
		return errors.New("does not begin like a GIF")
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	if err := copyTable(r, w, head[10]); err != nil {
		return err
	}
	for {
		b, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			b, err = gifTrailer, nil // cut short: shown as far as it goes
		}
		if err != nil {
			return err
		}
		switch b {
		case gifTrailer:
			_, err := w.Write([]byte{gifTrailer})
			return err
		case gifImage:
			err = copyFrame(r, w)
		case gifExtension:
			err = copyExtension(r, w)
		case 0: // padding between blocks
		default:
			err = fmt.Errorf("block %x is not known", b)
		}
		if err != nil {
			return err
		}
	}
}

// copyTable copies the table of colours that the flags announce.
func copyTable(r io.Reader, w io.Writer, flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	_, err := io.CopyN(w, r, 3<<(flags&7+1))
	return err
}

func copyFrame(r *bufio.Reader, w io.Writer) error {
	head := make([]byte, 9)
	if _, err := io.ReadFull(r, head); err != nil {
		return err
	}
	if _, err := w.Write(append([]byte{gifImage}, head...)); err != nil {
		return err
	}
	if err := copyTable(r, w, head[8]); err != nil {
		return err
	}
	if _, err := io.CopyN(w, r, 1); err != nil { // the size of codes
		return err
	}
	return copyBlocks(r, w)
}

func copyExtension(r *bufio.Reader, w io.Writer) error {
	label, err := r.ReadByte()
	if err != nil {
		return err
	}
	name := ""
	if label == gifApplication {
		b, err := r.Peek(12)
		if err != nil {
			return err
		}
		name = string(b[1:])
	}
	if label != gifControl && name != "NETSCAPE2.0" && name != "ANIMEXTS1.0" {
		return copyBlocks(r, io.Discard)
	}
	if _, err := w.Write([]byte{gifExtension, label}); err != nil {
		return err
	}
	return copyBlocks(r, w)
}

// copyBlocks copies stretches of up to 255 bytes, each after its length, to
// the empty one that ends them.
func copyBlocks(r *bufio.Reader, w io.Writer) error {
	for {
		n, err := r.ReadByte()
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte{n}); err != nil || n == 0 {
			return err
		}
		if _, err := io.CopyN(w, r, int64(n)); err != nil {
			return err
		}
	}
}
