// Package webp encodes WebP with libwebp, which stands in package libwebp as Go. It does no I/O and needs no C compiler.
package webp

import (
	"errors"
	"fmt"
	"image"

	"github.com/datelinehq/dateline/media/webp/libwebp"
)

// MaxSide is the longest side, in pixels, that a WebP may have.
const MaxSide = 16383

// MaxPixels bounds the memory of an encoding: a larger picture is ErrTooLarge.
const MaxPixels = 8_000_000

// ErrTooLarge says that a picture has more pixels than are encoded here.
var ErrTooLarge = errors.New("the picture is too large for WebP")

// method is libwebp's balance of time and size, 0 to 6. Two takes a third of the time of four for three per cent more bytes.
const method = 2

// room is the memory, in bytes for each pixel, that an encoding is given at the start, so that it need not grow: the pixels
// as they come, and what libwebp makes of them.
const room = 8

// Options say how a picture is encoded.
type Options struct {
	// Quality is 0 to 100.
	Quality int
	// Lossless keeps every pixel; Quality is then how hard it is tried.
	Lossless bool
}

// Encode makes a WebP file of a picture. The same picture and options give the same bytes. Each call has an instance of the
// encoder of its own, whose memory is dropped with it; a failure inside it is an error and never a panic.
func Encode(pixels *image.RGBA, o Options) (file []byte, err error) {
	width, height := pixels.Rect.Dx(), pixels.Rect.Dy()
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide || width*height > MaxPixels {
		return nil, fmt.Errorf("%d × %d pixels: %w", width, height, ErrTooLarge)
	}
	defer func() {
		if fault := recover(); fault != nil {
			file, err = nil, fmt.Errorf("the WebP encoder failed: %v", fault)
		}
	}()
	m := libwebp.New()
	memory := m.Slice()
	*memory = append(make([]byte, 0, len(*memory)+width*height*room), *memory...)
	m.X_initialize()
	at := m.Xdateline_room(int32(4 * width * height))
	if at == 0 {
		return nil, errors.New("the WebP encoder has no room for the pixels")
	}
	straight((*memory)[at:], pixels)
	n := m.Xdateline_encode(at, int32(width), int32(height), float32(o.Quality), method, lossless(o))
	if n <= 0 {
		return nil, fmt.Errorf("the WebP encoder failed with its code %d", -1-n)
	}
	at = m.Xdateline_file()
	return append([]byte(nil), (*memory)[at:at+n]...), nil
}

func lossless(o Options) int32 {
	if o.Lossless {
		return 1
	}
	return 0
}

// straight copies pixels row by row and undoes that their colours are multiplied by their alpha.
func straight(dst []byte, pixels *image.RGBA) {
	row := 4 * pixels.Rect.Dx()
	for y := range pixels.Rect.Dy() {
		line := dst[y*row : (y+1)*row]
		copy(line, pixels.Pix[y*pixels.Stride:])
		for i := 3; i < len(line); i += 4 {
			if a := uint32(line[i]); a != 0 && a != 255 {
				for c := i - 3; c < i; c++ {
					line[c] = uint8((uint32(line[c])*255 + a/2) / a)
				}
			}
		}
	}
}
