package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"slices"

	"golang.org/x/image/draw"

	"github.com/datelinehq/dateline/media/webp"
)

// Widths are the widths, in pixels, that renditions come in.
var Widths = [...]int{320, 520, 800, 1040, 1600, 2400}

const (
	jpegQuality = 80
	webpQuality = 78
	// webpEffort is how hard a lossless WebP is tried, 0 to 100.
	webpEffort = 40
	// fewColours is how many colours a picture has at most that is kept as PNG: a palette's worth.
	fewColours = 256
	// fewGreys is the same for a picture in grey, where a photograph never has more than 256.
	fewGreys = 32
)

// WidthsFor returns, in ascending order, the widths in which a picture of the given width is offered: those of Widths that
// do not enlarge it, and its own where it is narrower than the widest of them.
func WidthsFor(original int) []int {
	var widths []int
	for _, w := range Widths {
		if w < original {
			widths = append(widths, w)
		}
	}
	if original > 0 && original <= Widths[len(Widths)-1] {
		widths = append(widths, original)
	}
	return widths
}

// HeightFor returns the height in pixels of a rendition of the given width.
func HeightFor(originalWidth, originalHeight, width int) int {
	return max(1, int(math.Round(float64(originalHeight)*float64(width)/float64(originalWidth))))
}

// Order says which rendition of a picture is wanted.
type Order struct {
	// Width is in pixels. One over that of what is shown gives that of what is shown: nothing is enlarged.
	Width int
	// Format is WebP, or JPEG or PNG; empty for the one of these two that Info.Served names.
	Format Format
	// Crop is what of the picture is shown, in pixels of the upright picture; all of it where it is empty.
	Crop image.Rectangle
	// Words stand in the rendition in place of those that the file has, but for the caption, which is always the file's;
	// nil for the file's own.
	Words *Words
	// Uncaptioned leaves the file's caption out.
	Uncaptioned bool
}

// said are the words that a rendition has.
func (o Order) said(file Words) Words {
	w := file
	if o.Words != nil {
		w = *o.Words
		w.Caption = file.Caption
	}
	if o.Uncaptioned {
		w.Caption = ""
	}
	return w
}

// Tag tells renditions of one width and format apart: empty for the whole picture with the words of its file, otherwise a
// few letters that are others whenever pixels or words are.
func (o Order) Tag() string {
	if o.Crop.Empty() && o.Words == nil && !o.Uncaptioned {
		return ""
	}
	words := o.said(Words{})
	sum := sha256.Sum256(fmt.Appendf(nil, "%v %t %q %t", o.Crop, o.Words != nil, words, o.Uncaptioned))
	return hex.EncodeToString(sum[:6])
}

// Rendition reads a picture and encodes it anew as ordered, upright, with the words that say whose it is and no other
// metadata. The same input gives the same bytes. Errors are those of Inspect.
func Rendition(r io.Reader, o Order) ([]byte, Format, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, "", err
	}
	p, err := decode(data)
	if err != nil {
		return nil, "", err
	}
	if o.Format == "" {
		o.Format = p.info.Served
	}
	body, err := p.render(o)
	return body, o.Format, err
}

// render cuts and scales first, because turning fewer pixels upright, and their colours into sRGB, is cheaper.
func (p picture) render(o Order) ([]byte, error) {
	shown, err := p.shown(o)
	if err != nil {
		return nil, err
	}
	width := min(o.Width, shown.Dx())
	height := HeightFor(shown.Dx(), shown.Dy(), width)
	if lies(p.info.Orientation) {
		width, height = height, width
	}
	pixels := upright(scale(p.cut(shown), width, height), p.info.Orientation)
	if p.profile != nil {
		p.profile.apply(pixels)
	}
	body, err := encode(pixels, o.Format, p.info.Served)
	if err != nil {
		return nil, err
	}
	return stamp(body, o.Format, o.said(p.info.Words), pixels.Rect.Dx(), pixels.Rect.Dy()), nil
}

// shown is the part of the upright picture that an order asks for.
func (p picture) shown(o Order) (image.Rectangle, error) {
	whole := image.Rect(0, 0, p.info.Width, p.info.Height)
	if o.Width < 1 || (o.Format != JPEG && o.Format != PNG && o.Format != WebP) {
		return whole, fmt.Errorf("a rendition %d pixels wide as %q cannot be made; it is WebP, JPEG or PNG and at least one pixel wide", o.Width, o.Format)
	}
	if o.Crop.Empty() {
		return whole, nil
	}
	if !o.Crop.In(whole) {
		return whole, fmt.Errorf("the crop %v does not lie in a picture of %d × %d pixels", o.Crop, p.info.Width, p.info.Height)
	}
	return o.Crop, nil
}

// cut gives the pixels of a part of the upright picture, as they lie in the file.
func (p picture) cut(shown image.Rectangle) image.Image {
	if shown == image.Rect(0, 0, p.info.Width, p.info.Height) {
		return p.pixels
	}
	part, ok := p.pixels.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if !ok {
		return p.pixels
	}
	return part.SubImage(lying(shown, p.info.Orientation, p.info.Width, p.info.Height).Add(p.pixels.Bounds().Min))
}

// scale halves with a cheap filter, which is exact at that ratio, while the picture is at least three times too wide, and
// does the last step with a sharp one.
func scale(src image.Image, width, height int) *image.RGBA {
	src = drawable(src)
	for src.Bounds().Dx() >= 3*width && src.Bounds().Dy() >= 3*height {
		src = resize(draw.ApproxBiLinear, src, src.Bounds().Dx()/2, src.Bounds().Dy()/2)
	}
	if src.Bounds().Dx() == width && src.Bounds().Dy() == height {
		return resize(draw.NearestNeighbor, src, width, height)
	}
	return sharp(src, width, height)
}

// band is how many rows or columns the sharp filter works on at once: it keeps 32 bytes for each pixel between its two
// passes, which would be gigabytes for a tall picture.
const band = 128

// sharp scales across and then down, in bands.
func sharp(src image.Image, width, height int) *image.RGBA {
	b := src.Bounds()
	across := image.NewRGBA(image.Rect(0, 0, width, b.Dy()))
	filter := draw.CatmullRom.NewScaler(width, band, b.Dx(), band)
	for y := 0; y < b.Dy(); y += band {
		end := min(y+band, b.Dy())
		from := image.Rect(b.Min.X, b.Min.Y+y, b.Max.X, b.Min.Y+end)
		filter.Scale(across, image.Rect(0, y, width, end), src, from, draw.Src, nil)
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	filter = draw.CatmullRom.NewScaler(band, height, band, b.Dy())
	for x := 0; x < width; x += band {
		end := min(x+band, width)
		filter.Scale(dst, image.Rect(x, 0, end, height), across, image.Rect(x, 0, end, b.Dy()), draw.Src, nil)
	}
	return dst
}

func resize(filter draw.Scaler, src image.Image, width, height int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	filter.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
	return dst
}

// drawable returns pixels of a type for which the filters have a fast path.
func drawable(src image.Image) image.Image {
	switch src.(type) {
	case *image.RGBA, *image.NRGBA, *image.YCbCr, *image.Gray:
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), src.Bounds().Dy()))
	draw.Draw(dst, dst.Rect, src, src.Bounds().Min, draw.Src)
	return dst
}

// encode writes pixels in a format. A picture that is served as PNG has few colours or transparency, and as WebP it keeps
// every pixel too.
func encode(pixels *image.RGBA, format, served Format) (body []byte, err error) {
	var out bytes.Buffer
	switch format {
	case WebP:
		o := webp.Options{Quality: webpQuality}
		if served == PNG {
			o = webp.Options{Quality: webpEffort, Lossless: true}
		} else {
			flatten(pixels)
		}
		body, err = webp.Encode(pixels, o)
	case PNG:
		err = png.Encode(&out, asPNG(pixels))
	default:
		flatten(pixels)
		err = jpeg.Encode(&out, pixels, &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return nil, fmt.Errorf("encode a rendition: %w", err)
	}
	if body == nil {
		body = out.Bytes()
	}
	return body, nil
}

// flatten lays a picture on white. Its pixels are premultiplied, so no colour is above its alpha, and what is
// missing of each is what its alpha lacks.
func flatten(pixels *image.RGBA) {
	for i := 0; i < len(pixels.Pix); i += 4 {
		p := pixels.Pix[i : i+4 : i+4]
		if rest := 255 - p[3]; rest != 0 {
			p[0], p[1], p[2], p[3] = p[0]+rest, p[1]+rest, p[2]+rest, 255
		}
	}
}

// asPNG returns the picture with a palette where one is enough, which makes a far smaller file.
func asPNG(pixels *image.RGBA) image.Image {
	palette := colours(pixels, fewColours)
	if palette == nil {
		return pixels
	}
	slices.SortFunc(palette, func(a, b color.RGBA) int {
		return bytes.Compare([]byte{a.R, a.G, a.B, a.A}, []byte{b.R, b.G, b.B, b.A})
	})
	index := make(map[color.RGBA]uint8, len(palette))
	dst := image.NewPaletted(pixels.Rect, make(color.Palette, 0, len(palette)))
	for i, c := range palette {
		index[c] = uint8(i)
		dst.Palette = append(dst.Palette, c)
	}
	for i := range dst.Pix {
		dst.Pix[i] = index[rgbaAt(pixels.Pix, 4*i)]
	}
	return dst
}

func rgbaAt(pix []uint8, i int) color.RGBA {
	return color.RGBA{R: pix[i], G: pix[i+1], B: pix[i+2], A: pix[i+3]}
}

// colours returns the distinct colours of a picture, or nil when it has more than limit.
func colours(pixels image.Image, limit int) []color.RGBA {
	seen := make(map[color.RGBA]struct{}, limit)
	var list []color.RGBA
	var last color.RGBA
	b := pixels.Bounds()
	at := colourAt(pixels)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			if c == last && len(list) > 0 {
				continue
			}
			last = c
			if _, found := seen[c]; found {
				continue
			}
			if len(list) == limit {
				return nil
			}
			seen[c] = struct{}{}
			list = append(list, c)
		}
	}
	return list
}

func colourAt(pixels image.Image) func(x, y int) color.RGBA {
	if p, ok := pixels.(*image.RGBA); ok {
		return p.RGBAAt
	}
	if p, ok := pixels.(*image.Paletted); ok {
		palette := make([]color.RGBA, len(p.Palette))
		for i, c := range p.Palette {
			palette[i] = color.RGBAModel.Convert(c).(color.RGBA)
		}
		return func(x, y int) color.RGBA { return palette[p.ColorIndexAt(x, y)] }
	}
	if p, ok := pixels.(*image.NRGBA); ok {
		return func(x, y int) color.RGBA { return color.RGBA(p.NRGBAAt(x, y)) }
	}
	return func(x, y int) color.RGBA { return color.RGBAModel.Convert(pixels.At(x, y)).(color.RGBA) }
}

// servedAs decides between PNG and JPEG once for all widths of a picture, because the ending is part of an address.
func servedAs(pixels image.Image, original Format) Format {
	limit := fewColours
	switch p := pixels.(type) {
	case *image.YCbCr, *image.CMYK:
		return JPEG
	case *image.Gray, *image.Gray16:
		limit = fewGreys
	case interface{ Opaque() bool }:
		if !p.Opaque() {
			return PNG
		}
	}
	if original == JPEG || colours(pixels, limit) == nil {
		return JPEG
	}
	return PNG
}
