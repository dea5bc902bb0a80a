package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/archtest/corpora"
)

// allocated is how many bytes f asks for.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// refusedAs says whether a file is refused with words.
func refusedAs(t *testing.T, name string, data []byte, says string) {
	t.Helper()
	_, err := Inspect(bytes.NewReader(data))
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, says) {
		t.Errorf("%s: got %v, want a refusal that says %q", name, err, says)
	}
}

// gifBytes is an animated GIF of some frames, the first of which is red.
func gifBytes(t testing.TB, frames int) []byte {
	t.Helper()
	palette := color.Palette{color.NRGBA{200, 0, 0, 255}, color.NRGBA{0, 0, 200, 255}}
	g := &gif.GIF{Config: image.Config{Width: 40, Height: 30, ColorModel: palette}}
	for n := range frames {
		m := image.NewPaletted(image.Rect(0, 0, 40, 30), palette)
		for i := range m.Pix {
			m.Pix[i] = uint8(min(n, 1))
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inkJPEG is a JPEG of 8 × 8 pixels of four inks, each of which has the value 128 as Adobe's programs write it, upside down.
func inkJPEG(precision byte) []byte {
	b := []byte{0xff, 0xd8}
	b = append(b, jpegSegment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))...)
	b = append(b, jpegSegment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...))...)
	b = append(b, jpegSegment(0xc0, []byte{precision, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0})...)
	one := append([]byte{1}, make([]byte, 15)...) // one code, of one bit
	b = append(b, jpegSegment(0xc4, slices.Concat([]byte{0x00}, one, []byte{0}))...)
	b = append(b, jpegSegment(0xc4, slices.Concat([]byte{0x10}, one, []byte{0}))...)
	b = append(b, jpegSegment(0xda, []byte{4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0})...)
	return append(b, 0x00, 0xff, 0xd9)
}

// TestFilesThatAreCutAnywhere: a beginning of a file is refused with what to do, wherever it ends, and never shown in part.
func TestFilesThatAreCutAnywhere(t *testing.T) {
	files := map[Format][]byte{JPEG: jpegBytes(t, photograph(64, 48)), PNG: pngBytes(t, photograph(64, 48)), GIF: gifBytes(t, 1),
		WebP: rendition(t, jpegBytes(t, photograph(64, 48)), 64, WebP)}
	for format, whole := range files {
		inspected(t, whole)
		last := map[Format]int{JPEG: 2, PNG: 12, GIF: 2, WebP: 1}[format] // the mark of the end, whose absence shows nothing less
		for at := 1; at < len(whole)-last; at += 1 + len(whole)/300 {
			_, err := Inspect(bytes.NewReader(whole[:at]))
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Message == "" {
				t.Errorf("%s cut at %d of %d bytes: %v", format, at, len(whole), err)
			}
		}
	}
}

// TestWhatMovesShowsItsFirstPicture: an animated GIF is its first frame; an animated WebP is refused, because none of its frames can be read.
func TestWhatMovesShowsItsFirstPicture(t *testing.T) {
	near(t, "GIF", decoded(t, rendition(t, gifBytes(t, 12), 40, PNG)), [3]uint8{200, 0, 0}, 1)
	frame := webpBytes(40, 30, color.NRGBA{A: 255})[12:]
	moving := riff(chunk("VP8X", []byte{2, 0, 0, 0, 39, 0, 0, 29, 0, 0}), chunk("ANIM", make([]byte, 6)), chunk("ANMF", append(make([]byte, 16), frame...)))
	refusedAs(t, "WebP", moving, "save one frame")
	// Ten thousand frames take no more than one.
	long := gifBytes(t, 400)
	if grown := allocated(func() { inspected(t, long) }); grown > uint64(len(long))*8+4<<20 {
		t.Errorf("a GIF of %d KB took %d MB", len(long)>>10, grown>>20)
	}
}

func TestInksAndDeepColours(t *testing.T) {
	if info := inspected(t, inkJPEG(8)); info.Served != JPEG || info.Width != 8 {
		t.Errorf("inks: %+v", info)
	}
	m := decoded(t, rendition(t, inkJPEG(8), 8, PNG))
	if r, g, b, _ := m.At(4, 4).RGBA(); r>>8 < 58 || r>>8 > 70 || g != r || b != r {
		t.Errorf("half of all inks is %d %d %d", r>>8, g>>8, b>>8)
	}
	refusedAs(t, "a JPEG of twelve bits", inkJPEG(12), "save it as an ordinary JPEG")

	deep, greys := image.NewNRGBA64(image.Rect(0, 0, 40, 30)), image.NewGray16(image.Rect(0, 0, 40, 30))
	for y := range 30 {
		for x := range 40 {
			deep.SetNRGBA64(x, y, color.NRGBA64{0xc8c8, 0x6464, 0x3232, 0xffff})
			greys.SetGray16(x, y, color.Gray16{0x8080})
		}
	}
	for _, format := range []Format{JPEG, PNG, WebP} {
		near(t, "sixteen bits as "+string(format), webpOr(t, rendition(t, pngBytes(t, deep), 40, format)), [3]uint8{200, 100, 50}, 4)
		near(t, "sixteen bits of grey as "+string(format), webpOr(t, rendition(t, pngBytes(t, greys), 40, format)), [3]uint8{128, 128, 128}, 3)
	}
}

func webpOr(t *testing.T, body []byte) image.Image {
	t.Helper()
	p, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return p.pixels
}

// TestHugePacketsOfWords: metadata of megabytes, or made to be slow to read, is left aside or read in bounds; the picture is taken.
func TestHugePacketsOfWords(t *testing.T) {
	packet := func(inside string) []byte {
		return []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + inside + `</rdf:RDF></x:xmpmeta>`)
	}
	huge := packet(`<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="` + strings.Repeat("x", 20<<20) + `"/>`)
	deep := packet(strings.Repeat("<a>", 20_000) + strings.Repeat("</a>", 20_000))
	laughs := []byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "` + strings.Repeat("ha", 1000) + `"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + string(packet(`<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="&b;"/>`)))
	p, j := pngBytes(t, photograph(40, 30)), jpegBytes(t, photograph(40, 30))
	text := func(packet []byte) []byte {
		return slices.Concat(p[:pngHead], pngChunk("iTXt", append([]byte(pngXMPKeyword+"\x00\x00\x00\x00"), packet...)), p[pngHead:])
	}
	segments := j[:2:2]
	for range 300 { // of the longest segments that there are
		segments = append(segments, jpegSegment(0xe1, append([]byte(xmpPrefix), bytes.Repeat([]byte{' '}, 65_000)...))...)
	}
	for name, data := range map[string][]byte{"a PNG's of 20 MB": text(huge), "deep": text(deep), "entities": text(laughs), "many of a JPEG": append(segments, j[2:]...),
		"a WebP's of 20 MB": riff(webpBytes(40, 30, color.NRGBA{A: 255})[12:], chunk("XMP ", huge))} {
		var info Info
		if grown := allocated(func() { info = inspected(t, data) }); grown > 4*uint64(len(data))+32<<20 {
			t.Errorf("%s: %d MB were taken for %d MB", name, grown>>20, len(data)>>20)
		}
		if n := len([]rune(info.Words.Credit)); n > maxCredit {
			t.Errorf("%s: the credit has %d characters", name, n)
		}
		body := rendition(t, data, 40, JPEG)
		if len(body) > 20_000 {
			t.Errorf("%s: a rendition of %d bytes", name, len(body))
		}
	}
}

// iimBytes is a JPEG with IPTC words, in the charset that a mark names; without one where it is empty.
func iimBytes(t *testing.T, mark string, credit, caption []byte) []byte {
	t.Helper()
	var b []byte
	set := func(record, number byte, data []byte) {
		b = append(b, 0x1c, record, number)
		b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
		b = append(b, data...)
	}
	if mark != "" {
		set(1, 90, []byte(mark))
	}
	set(2, 80, []byte("Ada"))
	set(2, 110, credit)
	set(2, 120, caption)
	block := append([]byte(photoshopPrefix+"8BIM\x04\x04\x00\x00"), binary.BigEndian.AppendUint32(nil, uint32(len(b)))...)
	block = append(append(block, b...), make([]byte, len(b)%2)...)
	j := jpegBytes(t, photograph(40, 30))
	return slices.Concat(j[:2], jpegSegment(0xed, block), j[2:])
}

// TestIPTCInSeveralCharsets: what says that it is UTF-8 is; what says nothing is UTF-8 where it can be, and Latin-1 where it cannot.
func TestIPTCInSeveralCharsets(t *testing.T) {
	for name, test := range map[string]struct {
		mark            string
		credit, caption []byte
		want            Words
	}{
		"UTF-8":           {"\x1b%G", []byte("अदा मेनन"), []byte("Zoë’s café"), Words{Creator: "Ada", Credit: "अदा मेनन", Caption: "Zoë’s café"}},
		"UTF-8, unmarked": {"", []byte("Zoë"), []byte("café"), Words{Creator: "Ada", Credit: "Zoë", Caption: "café"}},
		"Latin-1":         {"", []byte("Zo\xeb"), []byte("caf\xe9"), Words{Creator: "Ada", Credit: "Zoë", Caption: "café"}},
		"Latin-1, marked": {"\x1b.A", []byte("Zo\xeb"), []byte("caf\xe9"), Words{Creator: "Ada", Credit: "Zoë", Caption: "café"}},
	} {
		if got := inspected(t, iimBytes(t, test.mark, test.credit, test.caption)).Words; got != test.want {
			t.Errorf("%s: read %+v, want %+v", name, got, test.want)
		}
	}
}

// TestAPlaceInXMPAndNumbersOfEveryKind: they are told to the desk, and no copy has them.
func TestAPlaceInXMPAndNumbersOfEveryKind(t *testing.T) {
	xmp := func(attributes string) []byte {
		return []byte(xmpPrefix + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ` + attributes + `/></rdf:RDF></x:xmpmeta>`)
	}
	const exifNS, auxNS, exifEX = `xmlns:exif="http://ns.adobe.com/exif/1.0/"`, `xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"`, `xmlns:exifEX="http://cipa.jp/exif/1.0/"`
	j := jpegBytes(t, photograph(40, 30))
	for attributes, want := range map[string]Private{
		exifNS + ` exif:GPSLatitude="8,29.4867N" exif:GPSLongitude="76,57.1167E"`: {Place: true},
		auxNS + ` aux:SerialNumber="48213377"`:                                    {Device: true},
		auxNS + ` aux:LensSerialNumber="48213377"`:                                {Device: true},
		exifEX + ` exifEX:BodySerialNumber="48213377"`:                            {Device: true},
		exifEX + ` exifEX:LensModel="48213377"`:                                   {},
	} {
		data := slices.Concat(j[:2], jpegSegment(0xe1, xmp(attributes)), j[2:])
		if got := inspected(t, data).Private; got != want {
			t.Errorf("%s: told %+v, want %+v", attributes, got, want)
		}
		for _, format := range []Format{JPEG, PNG, WebP} {
			if body := rendition(t, data, 40, format); bytes.Contains(body, []byte("48213377")) || bytes.Contains(body, []byte("29.4867")) || bytes.Contains(body, []byte("GPS")) {
				t.Errorf("%s: it is in the %s", attributes, format)
			}
		}
	}
	// What a maker notes is in nobody's form; all of it stays here.
	note := append(privateEXIF("SN1"), bytes.Repeat([]byte("MakerNote 48213377 "), 50)...)
	for _, format := range []Format{JPEG, PNG, WebP} {
		if body := rendition(t, withJPEGExif(j, note), 40, format); bytes.Contains(body, []byte("48213377")) {
			t.Errorf("a maker's note is in the %s", format)
		}
	}
}

func TestWhenAPictureWasMade(t *testing.T) {
	for in, want := range map[string]string{
		"2026-06-29T16:42:00+05:30": "2026-06-29T16:42:00+05:30", "2026-06-29T16:42:00Z": "2026-06-29T16:42:00Z", "2026-06-29T16:42:00": "2026-06-29T16:42:00",
		"2026-06-29T16:42:00.123": "2026-06-29T16:42:00", "2026-06-29T16:42+05:30": "2026-06-29T16:42:00+05:30", "2026-06-29T16:42": "2026-06-29T16:42:00",
		"2026-06-29": "2026-06-29", "2026:06:29 16:42:00": "2026-06-29T16:42:00", "2026:06:29 16:42:00+05:30": "2026-06-29T16:42:00+05:30", "2026:06:29": "2026-06-29",
		"0000:00:00 00:00:00": "", "2026-02-30": "", "1026-06-29": "", "9999-01-01": "", "yesterday": "", "": "", "2026-06-29T25:00:00": "",
	} {
		if got := instantOf(in); got != want {
			t.Errorf("%q was read as %q, want %q", in, got, want)
		}
	}
}

// TestCorpusPicturesAreTaken tries every file of every corpus that begins as a picture does: each is taken, or refused in words.
func TestCorpusPicturesAreTaken(t *testing.T) {
	root := filepath.Dir(corpora.Dir(t, "images"))
	taken, refused := 0, 0
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Size() > MaxBytes {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := formatOf(data); err != nil {
			return nil
		}
		_, err = Inspect(bytes.NewReader(data))
		var no *RefusedError
		switch {
		case err == nil:
			taken++
			_ = rendition(t, data, 320, WebP)
		case errors.As(err, &no):
			refused++
		default:
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if taken < 12 {
		t.Errorf("only %d pictures were taken, %d refused", taken, refused)
	}
	corpora.Read(t, taken+refused, "images")
}
