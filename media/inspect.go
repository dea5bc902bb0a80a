// Package media takes pictures in and makes the renditions that readers see. A picture is known by its content, never by
// its name; what goes out is always encoded anew, so that nothing of a file reaches a reader but its pixels and the few words that say whose it is.
package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	xwebp "golang.org/x/image/webp"

	"github.com/datelinehq/dateline/media/blob"
)

// Bounds of what is taken in.
const (
	// MaxBytes is the longest file.
	MaxBytes = 40 << 20
	// MaxPixels is the largest picture: 80 megapixels.
	MaxPixels = 80_000_000
	// MaxSide is the longest side in pixels, which is what a JPEG can hold.
	MaxSide = 65_535
)

// Info is what is known of a picture.
type Info struct {
	// Format is the kind of the original file.
	Format Format
	// Served is the kind of its renditions for those who do not read WebP: PNG where the picture has transparency or few colours, otherwise JPEG.
	Served Format
	// Width and Height are in pixels, as the picture is seen once its orientation is applied.
	Width, Height int
	// Orientation is Exif's, 1 to 8; 1 is upright.
	Orientation int
	// Words are what the file says of the picture; they are in every rendition.
	Words Words
	// Private is what it says besides that no rendition has.
	Private Private
	// Hash is that of the original bytes.
	Hash blob.Hash
	// Size is the length of the original in bytes.
	Size int64
}

// picture is a decoded original; its pixels lie as the file has them, not yet turned upright.
type picture struct {
	info    Info
	pixels  image.Image
	profile *toSRGB // nil where the colours are as they are shown
}

// Inspect reads a picture to its end and says what it is. The dimensions are read from the header and bounded before any
// pixel is decoded; then the whole is decoded, so that a damaged file is found now and not when a reader asks for it.
// A file that is not taken in is a *RefusedError; other errors are r's.
func Inspect(r io.Reader) (Info, error) {
	data, err := readAll(r)
	if err != nil {
		return Info{}, err
	}
	return inspect(data)
}

func inspect(data []byte) (Info, error) {
	p, err := decode(data)
	if err != nil {
		return Info{}, err
	}
	if err := checkAlone(data); err != nil {
		return Info{}, err
	}
	p.info.Hash, p.info.Size = blob.Sum(data), int64(len(data))
	return p.info, nil
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	if len(data) > MaxBytes {
		return nil, refuse("the file is longer than %d MB; save a smaller picture, 2400 pixels wide are enough for every page", MaxBytes>>20)
	}
	return data, nil
}

// codec decodes one format.
type codec struct {
	config func(io.Reader) (image.Config, error)
	pixels func(io.Reader) (image.Image, error)
}

func codecOf(format Format) codec {
	switch format {
	case JPEG:
		return codec{jpeg.DecodeConfig, jpeg.Decode}
	case PNG:
		return codec{png.DecodeConfig, png.Decode}
	case GIF:
		return codec{gif.DecodeConfig, gif.Decode}
	default:
		return codec{xwebp.DecodeConfig, xwebp.Decode}
	}
}

// decode checks the header, then decodes the pixels.
func decode(data []byte) (picture, error) {
	format, err := formatOf(data)
	if err != nil {
		return picture{}, err
	}
	c := codecOf(format)
	config, err := c.config(bytes.NewReader(data))
	if err != nil {
		return picture{}, damaged(data, format, err)
	}
	if err := checkSize(config.Width, config.Height); err != nil {
		return picture{}, err
	}
	pixels, err := c.pixels(bytes.NewReader(data))
	if err != nil {
		return picture{}, damaged(data, format, err)
	}
	if format == WebP {
		fullRange(pixels)
	}
	pixels = onCanvas(pixels, config)
	info := Info{Format: format, Served: servedAs(pixels, format), Orientation: orientationOf(data, format), Width: config.Width, Height: config.Height}
	info.Words, info.Private = wordsOf(data, format)
	if lies(info.Orientation) {
		info.Width, info.Height = info.Height, info.Width
	}
	p := picture{info: info, pixels: pixels}
	if profile := profileOf(data, format); profile != nil && profile.fits(pixels) {
		p.profile = profile
	}
	return p, nil
}

func checkSize(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return refuse("the picture is %d × %d pixels, which is nothing to show; save it again", width, height)
	case int64(width)*int64(height) > MaxPixels:
		return refuse("the picture says that it is %d × %d pixels; at most %d megapixels are taken, save a smaller one", width, height, MaxPixels/1_000_000)
	case width > MaxSide || height > MaxSide:
		return refuse("the picture says that it is %d × %d pixels; no side may be longer than %d, save a smaller one", width, height, MaxSide)
	}
	return nil
}

// damaged words a decoder's error for the person who brought the file.
func damaged(data []byte, format Format, err error) error {
	if format == WebP && bytes.Contains(data[:min(len(data), 64)], []byte("ANIM")) {
		return refuse("this is an animated WebP; save one frame of it as JPEG, PNG or WebP and bring that")
	}
	var unsupported jpeg.UnsupportedError
	name := map[Format]string{JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WebP: "WebP"}[format]
	e := refuse("this %s file is cut off or damaged; upload it again, or open it in a picture editor and save it anew", name)
	if errors.As(err, &unsupported) {
		e = refuse("this kind of JPEG is not read here; open it in a picture editor and save it as an ordinary JPEG")
	}
	e.Cause = err
	return e
}

// onCanvas gives the first frame of a GIF the place that it has on the whole picture.
func onCanvas(pixels image.Image, config image.Config) image.Image {
	canvas := image.Rect(0, 0, config.Width, config.Height)
	if pixels.Bounds() == canvas {
		return pixels
	}
	whole := image.NewRGBA(canvas)
	draw.Draw(whole, pixels.Bounds(), pixels, pixels.Bounds().Min, draw.Src)
	return whole
}
