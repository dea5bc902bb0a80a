package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/image/draw"

	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/datelinehq/dateline/media/blob"
)

// photograph is a picture with soft slopes and many colours.
func photograph(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			fx, fy := float64(x)/float64(width), float64(y)/float64(height)
			wave := 40 * math.Sin(30*fx) * math.Cos(20*fy)
			m.SetRGBA(x, y, color.RGBA{uint8(40 + 160*fx + wave/2), uint8(60 + 120*fy + wave/2), uint8(200 - 100*fx*fy + wave/2), 255})
		}
	}
	return m
}

// drawing has three colours, and a hole where it is transparent.
func drawing(width, height int, transparent bool) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, 0, width/2, height), image.NewUniform(color.NRGBA{180, 20, 30, 255}), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, 0, width, height/4), image.NewUniform(color.NRGBA{20, 40, 90, 255}), image.Point{}, draw.Src)
	if transparent {
		draw.Draw(m, image.Rect(width/2, height/2, width, height), image.Transparent, image.Point{}, draw.Src)
	}
	return m
}

func jpegBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpBytes is a lossless WebP of one colour: each of the five prefix codes has one symbol, so that a pixel takes no bit.
func webpBytes(width, height int, c color.NRGBA) []byte {
	var bits []byte
	n := 0
	put := func(value uint32, count int) {
		for i := range count {
			if n%8 == 0 {
				bits = append(bits, 0)
			}
			bits[n/8] |= byte(value>>i&1) << (n % 8)
			n++
		}
	}
	put(0x2f, 8)
	put(uint32(width-1), 14)
	put(uint32(height-1), 14)
	put(1, 1) // alpha is used
	put(0, 3) // version
	put(0, 3) // no transform, no colour cache, no meta prefix codes
	for _, symbol := range []uint8{c.G, c.R, c.B, c.A, 0} {
		put(0b101, 3) // simple code, one symbol, of eight bits
		put(uint32(symbol), 8)
	}
	return riff(chunk("VP8L", bits))
}

func chunk(kind string, body []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	b = append(b, body...)
	return append(b, make([]byte, len(body)%2)...)
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// exif is TIFF data with an orientation and, before it, a tag that must be passed over.
func exif(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	b := order.AppendUint16([]byte(mark), 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, entry := range [][2]uint16{{0x010f, 7}, {orientationTag, orientation}} {
		b = order.AppendUint16(b, entry[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, entry[1])
		b = order.AppendUint16(b, 0)
	}
	return order.AppendUint32(b, 0)
}

func withJPEGExif(data, tiff []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+len(exifPrefix)+len(tiff)))
	segment = append(append(segment, exifPrefix...), tiff...)
	return slices.Concat(data[:2], segment, data[2:])
}

func pngChunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

const pngHead = 8 + 12 + 13 // signature and IHDR

func inspected(t *testing.T, data []byte) Info {
	t.Helper()
	info, err := Inspect(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestInspectReadsTheContent(t *testing.T) {
	paletted := image.NewPaletted(image.Rect(0, 0, 60, 40), color.Palette{color.White, color.Black})
	var gifFile bytes.Buffer
	if err := gif.Encode(&gifFile, paletted, nil); err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i)
	}
	tests := map[string]struct {
		data           []byte
		format, served Format
		width, height  int
	}{
		"photograph":         {jpegBytes(t, photograph(90, 60)), JPEG, JPEG, 90, 60},
		"photograph as PNG":  {pngBytes(t, photograph(90, 60)), PNG, JPEG, 90, 60},
		"drawing":            {pngBytes(t, drawing(90, 60, false)), PNG, PNG, 90, 60},
		"transparent":        {pngBytes(t, drawing(90, 60, true)), PNG, PNG, 90, 60},
		"drawing as JPEG":    {jpegBytes(t, drawing(90, 60, false)), JPEG, JPEG, 90, 60},
		"GIF":                {gifFile.Bytes(), GIF, PNG, 60, 40},
		"grey photograph":    {pngBytes(t, grey), PNG, JPEG, 64, 64},
		"opaque WebP":        {webpBytes(30, 20, color.NRGBA{1, 2, 3, 255}), WebP, PNG, 30, 20},
		"transparent WebP":   {webpBytes(30, 20, color.NRGBA{1, 2, 3, 100}), WebP, PNG, 30, 20},
		"lying JPEG":         {withJPEGExif(jpegBytes(t, photograph(90, 60)), exif(binary.BigEndian, "MM", 6)), JPEG, JPEG, 60, 90},
		"what follows a PNG": {append(pngBytes(t, drawing(9, 6, false)), "\x00\x00\x00\x20ftypmp42 a film < that a phone has laid there"...), PNG, PNG, 9, 6},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			info := inspected(t, test.data)
			if info.Format != test.format || info.Served != test.served || info.Width != test.width || info.Height != test.height {
				t.Errorf("got %+v", info)
			}
			if info.Hash != blob.Sum(test.data) || info.Size != int64(len(test.data)) {
				t.Errorf("hash %s, size %d", info.Hash, info.Size)
			}
		})
	}
}

func TestOrientationIsRead(t *testing.T) {
	jpegFile, pngFile := jpegBytes(t, photograph(8, 8)), pngBytes(t, photograph(8, 8))
	for o := uint16(1); o <= 8; o++ {
		little, big := exif(binary.LittleEndian, "II", o), exif(binary.BigEndian, "MM", o)
		webpFile := webpBytes(8, 8, color.NRGBA{A: 255})[12:]
		files := map[string][]byte{
			"JPEG, little":    withJPEGExif(jpegFile, little),
			"JPEG, big":       withJPEGExif(jpegFile, big),
			"PNG":             slices.Concat(pngFile[:pngHead], pngChunk("eXIf", big), pngFile[pngHead:]),
			"WebP":            riff(webpFile, chunk("EXIF", little)),
			"WebP, with head": riff(webpFile, chunk("EXIF", append([]byte(exifPrefix), little...))),
		}
		for name, data := range files {
			if info := inspected(t, data); info.Orientation != int(o) {
				t.Errorf("%s: orientation %d, want %d", name, info.Orientation, o)
			}
		}
	}
	for name, tiff := range map[string][]byte{
		"nine": exif(binary.LittleEndian, "II", 9), "none": exif(binary.LittleEndian, "II", 0), "empty": nil, "no TIFF": []byte("hello, world"),
		"far directory": []byte("II*\x00\xff\xff\xff\xff\x00\x00"), "cut": exif(binary.BigEndian, "MM", 6)[:24],
	} {
		if info := inspected(t, withJPEGExif(jpegFile, tiff)); info.Orientation != 1 {
			t.Errorf("%s: orientation %d, want 1", name, info.Orientation)
		}
	}
}

func TestRefusals(t *testing.T) {
	whole := jpegBytes(t, photograph(200, 200))
	ftyp := func(brand string) []byte { return append([]byte("\x00\x00\x00\x20ftyp"+brand), make([]byte, 40)...) }
	tests := map[string]struct {
		data []byte
		says string
	}{
		"empty":               {nil, "empty"},
		"SVG":                 {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "SVG"},
		"SVG with a prologue": {[]byte("\ufeff<?xml version='1.0'?>\n<!DOCTYPE svg>\n<SVG onload='alert(1)'/>"), "SVG"},
		"SVG in UTF-16":       {[]byte("\xff\xfe<\x00s\x00v\x00g\x00 \x00/\x00>\x00"), "SVG"},
		"HTML":                {[]byte("<!doctype html><title>x</title>"), "web page"},
		"HTML that says GIF":  {[]byte("GIF89a=1;/*<html><script>alert(1)</script>*/"), "pixels"},
		"HTML that says JPEG": {[]byte("\xff\xd8\xff<html><script>alert(1)</script>"), "JPEG"},
		"XML":                 {[]byte("<?xml version='1.0'?><rss/>"), "XML"},
		"text":                {[]byte("नमस्ते, this is a caption"), "text"},
		"noise":               {[]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, "no kind of picture"},
		"AVIF":                {ftyp("avif"), "AVIF"},
		"HEIC":                {ftyp("heic"), "HEIC"},
		"HEIC, mif1":          {ftyp("mif1"), "HEIC"},
		"MP4":                 {ftyp("isom"), "video"},
		"TIFF":                {[]byte("II*\x00\x08\x00\x00\x00"), "TIFF"},
		"BMP":                 {[]byte("BM\x00\x00\x00\x00"), "BMP"},
		"PDF":                 {[]byte("%PDF-1.7\n"), "PDF"},
		"Photoshop":           {[]byte("8BPS\x00\x01"), "Photoshop"},
		"ZIP":                 {[]byte("PK\x03\x04\x14\x00"), "ZIP"},
		"WAV":                 {[]byte("RIFF\x00\x00\x00\x00WAVEfmt "), "sound"},
		"cut JPEG":            {whole[:len(whole)/2], "cut off"},
		"cut JPEG header":     {whole[:10], "cut off"},
		"cut PNG":             {pngBytes(t, photograph(200, 200))[:500], "cut off"},
		"cut WebP":            {webpBytes(30, 20, color.NRGBA{A: 255})[:24], "WebP"},
		"animated WebP":       {riff(chunk("VP8X", []byte{2, 0, 0, 0, 9, 0, 0, 9, 0, 0}), chunk("ANIM", make([]byte, 6)), chunk("ANMF", make([]byte, 30))), "animated"},
		"damaged PNG":         {flip(pngBytes(t, photograph(50, 50)), 60), "damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Inspect(bytes.NewReader(test.data))
			var refused *RefusedError
			if !errors.As(err, &refused) || !strings.Contains(refused.Message, test.says) {
				t.Errorf("got %v, want a refusal that says %q", err, test.says)
			}
			if _, _, err := Rendition(bytes.NewReader(test.data), Order{Width: 320}); err == nil {
				t.Error("a rendition was made of it")
			}
		})
	}
}

func flip(data []byte, at int) []byte {
	data = slices.Clone(data)
	data[at] ^= 0xff
	return data
}

func TestBombsAreRefusedByTheirHeader(t *testing.T) {
	ihdr := binary.BigEndian.AppendUint32(nil, 50_000)
	ihdr = append(binary.BigEndian.AppendUint32(ihdr, 50_000), 8, 6, 0, 0, 0)
	thin := binary.BigEndian.AppendUint32(nil, 70_000)
	thin = append(binary.BigEndian.AppendUint32(thin, 10), 8, 6, 0, 0, 0)
	sof := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}
	bombs := map[string][]byte{
		"PNG":      slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", ihdr), pngChunk("IDAT", make([]byte, 90_000))),
		"thin PNG": slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", thin), pngChunk("IDAT", nil)),
		"JPEG":     sof,
		"GIF":      []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"),
		"WebP":     webpBytes(16384, 16384, color.NRGBA{A: 255}),
	}
	for name, data := range bombs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Inspect(bytes.NewReader(data))
			runtime.ReadMemStats(&after)
			var refused *RefusedError
			if !errors.As(err, &refused) || !strings.Contains(refused.Message, "pixels") {
				t.Errorf("got %v, want a refusal of its size", err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
				t.Errorf("it took %d MB to refuse it", grown>>20)
			}
		})
	}
}

// endless is a reader of a JPEG that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestLongFilesAndBrokenReaders(t *testing.T) {
	_, err := Inspect(io.MultiReader(strings.NewReader("\xff\xd8\xff"), endless{}))
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, "40 MB") {
		t.Errorf("got %v", err)
	}
	broken := errors.New("the line went dead")
	if _, err := Inspect(iotest.ErrReader(broken)); !errors.Is(err, broken) || errors.As(err, &refused) && refused.Message == "" {
		t.Errorf("got %v", err)
	}
}

func decoded(t *testing.T, body []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// difference is the mean difference of two pictures' channels, 0 to 255, over a third of their pixels.
func difference(a, b image.Image) float64 {
	if a.Bounds().Size() != b.Bounds().Size() {
		return 255
	}
	sum, n := 0.0, 0
	for y := range a.Bounds().Dy() {
		for x := y % 3; x < a.Bounds().Dx(); x += 3 {
			ar, ag, ab, _ := a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y).RGBA()
			br, bg, bb, _ := b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y).RGBA()
			for _, pair := range [][2]uint32{{ar, br}, {ag, bg}, {ab, bb}} {
				sum += math.Abs(float64(pair[0])-float64(pair[1])) / 257
				n++
			}
		}
	}
	return sum / float64(n)
}

func rendition(t testing.TB, data []byte, width int, format Format) []byte {
	t.Helper()
	body, _, err := Rendition(bytes.NewReader(data), Order{Width: width, Format: format})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestRenditionsKeepThePicture(t *testing.T) {
	data := jpegBytes(t, photograph(1200, 800))
	for _, width := range []int{1200, 520, 320, 150} {
		got := decoded(t, rendition(t, data, width, ""))
		want := photograph(width, HeightFor(1200, 800, width))
		if d := difference(got, want); d > 3 {
			t.Errorf("%d pixels wide: it differs by %.1f of 255", width, d)
		}
	}
}

func TestNothingIsEnlarged(t *testing.T) {
	m := decoded(t, rendition(t, jpegBytes(t, photograph(200, 100)), 800, ""))
	if m.Bounds().Size() != image.Pt(200, 100) {
		t.Errorf("it is %v", m.Bounds().Size())
	}
	tests := map[int][]int{
		0: nil, 200: {200}, 320: {320}, 321: {320, 321}, 1000: {320, 520, 800, 1000}, 1040: {320, 520, 800, 1040},
		2399: {320, 520, 800, 1040, 1600, 2399}, 2400: Widths[:], 9000: Widths[:],
	}
	for original, want := range tests {
		if got := WidthsFor(original); !slices.Equal(got, want) {
			t.Errorf("WidthsFor(%d) = %v, want %v", original, got, want)
		}
	}
}

func TestEveryOrientationComesOutUpright(t *testing.T) {
	want := photograph(120, 80)
	// back[o] is the orientation that undoes o.
	back := [9]int{0, 1, 2, 3, 4, 5, 8, 7, 6}
	for o := 1; o <= 8; o++ {
		stored := upright(want, back[o])
		data := withJPEGExif(jpegBytes(t, stored), exif(binary.LittleEndian, "II", uint16(o)))
		for _, width := range []int{120, 60} {
			got := decoded(t, rendition(t, data, width, ""))
			if d := difference(got, photograph(width, width*2/3)); d > 3 {
				t.Errorf("orientation %d, %d wide: %v, differs by %.1f", o, width, got.Bounds().Size(), d)
			}
		}
	}
}

func TestTransparencyAndPalettes(t *testing.T) {
	data := pngBytes(t, drawing(400, 400, true))
	kept := decoded(t, rendition(t, data, 100, PNG))
	if _, _, _, a := kept.At(90, 90).RGBA(); a != 0 {
		t.Errorf("the hole has alpha %d", a)
	}
	flat := decoded(t, rendition(t, data, 100, JPEG))
	if r, g, b, _ := flat.At(90, 90).RGBA(); min(r, g, b) < 0xf800 {
		t.Errorf("the hole is %x %x %x, want white", r, g, b)
	}
	small := rendition(t, pngBytes(t, drawing(400, 400, false)), 400, "")
	if _, ok := decoded(t, small).(*image.Paletted); !ok {
		t.Error("three colours have no palette")
	}
	if d := difference(decoded(t, small), drawing(400, 400, false)); d != 0 {
		t.Errorf("the palette changed the picture by %.2f", d)
	}
}

func TestTheFirstFrameOfAGIFHasItsPlace(t *testing.T) {
	palette := color.Palette{color.White, color.NRGBA{200, 0, 0, 255}}
	first := image.NewPaletted(image.Rect(20, 10, 40, 20), palette)
	for i := range first.Pix {
		first.Pix[i] = 1
	}
	second := image.NewPaletted(image.Rect(0, 0, 40, 20), palette)
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{0, 0}, Config: image.Config{Width: 40, Height: 20, ColorModel: palette}})
	if err != nil {
		t.Fatal(err)
	}
	m := decoded(t, rendition(t, b.Bytes(), 40, ""))
	if _, _, _, a := m.At(5, 5).RGBA(); a != 0 {
		t.Error("the frame has spread over the whole picture")
	}
	if r, _, _, a := m.At(30, 15).RGBA(); a != 0xffff || r>>8 != 200 {
		t.Error("the frame is not in its place")
	}
}

func TestRenditionsAreTheSameEachTime(t *testing.T) {
	for name, data := range map[string][]byte{"JPEG": jpegBytes(t, photograph(700, 500)), "PNG": pngBytes(t, drawing(700, 500, false))} {
		if a, b := rendition(t, data, 320, ""), rendition(t, data, 320, ""); !bytes.Equal(a, b) {
			t.Errorf("%s: two renditions differ", name)
		}
	}
}

func TestRenditionRefusesOtherFormats(t *testing.T) {
	data := jpegBytes(t, photograph(10, 10))
	for _, width := range []int{0, -1} {
		if _, _, err := Rendition(bytes.NewReader(data), Order{Width: width}); err == nil {
			t.Errorf("width %d was accepted", width)
		}
	}
	if _, _, err := Rendition(bytes.NewReader(data), Order{Width: 10, Format: GIF}); err == nil {
		t.Error("GIF was accepted")
	}
	for _, crop := range []image.Rectangle{image.Rect(0, 0, 11, 5), image.Rect(-1, 0, 5, 5)} {
		if _, _, err := Rendition(bytes.NewReader(data), Order{Width: 10, Crop: crop}); err == nil {
			t.Errorf("the crop %v was accepted", crop)
		}
	}
}

// TestOnlyPixelsGoOut puts a word into every place of a file that is not a pixel, and looks for it in the renditions.
func TestOnlyPixelsGoOut(t *testing.T) {
	const secret = "Plumwood"
	comment := append([]byte{0xff, 0xfe, 0, byte(2 + len(secret))}, secret...)
	j := jpegBytes(t, photograph(60, 40))
	p := pngBytes(t, photograph(60, 40))
	files := map[string][]byte{
		"JPEG": append(slices.Concat(j[:2], comment, withJPEGExif(j, append(exif(binary.BigEndian, "MM", 1), secret...))[2:]), "<script>"+secret...),
		"PNG":  append(slices.Concat(p[:pngHead], pngChunk("tEXt", []byte("Author\x00"+secret)), p[pngHead:]), secret...),
		"WebP": riff(webpBytes(60, 40, color.NRGBA{A: 255})[12:], chunk("XMP ", []byte(secret))),
	}
	for name, data := range files {
		for _, format := range []Format{JPEG, PNG} {
			if body := rendition(t, data, 30, format); bytes.Contains(body, []byte(secret)) {
				t.Errorf("%s as %s: the word came through", name, format)
			}
		}
	}
}

func TestCorpusOrientations(t *testing.T) {
	dir := corpora.Dir(t, "images")
	var first image.Image
	names, err := filepath.Glob(filepath.Join(dir, "orientation", "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if info := inspected(t, data); info.Orientation != i+1 || info.Width != 450 || info.Height != 600 {
			t.Errorf("%s: %+v", filepath.Base(name), info)
		}
		m := decoded(t, rendition(t, data, 320, ""))
		if first == nil {
			first = m
		}
		// The pictures carry numbers and differ a little in their colours; no other way to hold one comes nearer.
		d := difference(first, m)
		if d > 20 {
			t.Errorf("%s: it differs from the upright one by %.1f of 255", filepath.Base(name), d)
		}
		for o := 2; o <= 4; o++ {
			if turned := difference(first, upright(scale(m, 320, 427), o)); turned < 1.5*d {
				t.Errorf("%s: turned by orientation %d it differs by %.1f, as it is by %.1f", filepath.Base(name), o, turned, d)
			}
		}
	}
	corpora.Read(t, len(names), "images/orientation")
}

func FuzzInspect(f *testing.F) {
	for _, seed := range [][]byte{
		jpegBytes(f, photograph(8, 8)), pngBytes(f, drawing(8, 8, true)), webpBytes(8, 8, color.NRGBA{A: 9}), []byte("GIF89a"),
		withJPEGExif(jpegBytes(f, photograph(8, 8)), exif(binary.BigEndian, "MM", 6)), []byte("<svg"), []byte("\x00\x00\x00\x20ftypavif"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Inspect(bytes.NewReader(data))
		var refused *RefusedError
		if err != nil && (!errors.As(err, &refused) || refused.Message == "") {
			t.Errorf("an error without a sentence: %v", err)
		}
		if err == nil && checkSize(info.Width, info.Height) != nil {
			t.Errorf("accepted %+v", info)
		}
	})
}

// BenchmarkRendition makes renditions of a photograph of eight megapixels.
func BenchmarkRendition(b *testing.B) {
	data := jpegBytes(b, photograph(3464, 2309))
	for _, width := range []int{320, 1600} {
		b.Run(map[int]string{320: "320", 1600: "1600"}[width], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rendition(b, data, width, "")
			}
		})
	}
}
