package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bep/imagemeta"

	"github.com/datelinehq/dateline/archtest/corpora"
)

// tags reads a file's metadata as others do: sources to names to values.
func tags(t *testing.T, body []byte, format Format) (exif, iptc, xmp map[string]any) {
	t.Helper()
	sources := map[imagemeta.Source]map[string]any{imagemeta.EXIF: {}, imagemeta.IPTC: {}, imagemeta.XMP: {}}
	formats := map[Format]imagemeta.ImageFormat{JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP}
	_, err := imagemeta.Decode(imagemeta.Options{R: bytes.NewReader(body), ImageFormat: formats[format],
		Sources:         imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		HandleTag:       func(i imagemeta.TagInfo) error { sources[i.Source][i.Tag] = i.Value; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return sources[imagemeta.EXIF], sources[imagemeta.IPTC], sources[imagemeta.XMP]
}

// carries checks that a rendition says just these words and nothing else.
func carries(t *testing.T, name string, body []byte, format Format, want Words) {
	t.Helper()
	if got, private := wordsOf(body, format); got != want || private != (Private{}) {
		t.Errorf("%s as %s says %+v %+v, want %+v", name, format, got, private, want)
	}
	exif, iptc, xmp := tags(t, body, format)
	if len(exif) > 0 {
		t.Errorf("%s as %s has EXIF: %v", name, format, exif)
	}
	for _, m := range []map[string]any{iptc, xmp} {
		for tag := range m {
			if !slices.Contains([]string{"Creator", "Description", "Rights", "Credit", "DateCreated", "TimeCreated", "By-line", "CopyrightNotice", "Caption-Abstract",
				"CodedCharacterSet", "ApplicationRecordVersion", "About"}, tag) {
				t.Errorf("%s as %s has the tag %s", name, format, tag)
			}
		}
	}
	if format == JPEG && (want.Credit != "" && fmt.Sprint(iptc["Credit"]) != want.Credit || want.Caption != "" && fmt.Sprint(iptc["Caption-Abstract"]) != want.Caption) {
		t.Errorf("%s: IPTC says %v", name, iptc)
	}
}

func TestTheWordsOfAFileAreInEveryRendition(t *testing.T) {
	want := Words{Credit: "Ada Menon / The Estuary & Co", Creator: "अदा मेनन", Caption: `Two trawlers, "Mora" and <Sena>, off Pier 4`, Copyright: "© 2026 The Estuary", Taken: "2026-06-29T16:42:00+05:30"}
	files := map[Format][]byte{JPEG: jpegBytes(t, photograph(600, 400)), PNG: pngBytes(t, drawing(600, 400, true)), WebP: rendition(t, jpegBytes(t, photograph(600, 400)), 600, WebP)}
	for from, plain := range files {
		data := stamp(plain, from, want, 600, 400)
		info := inspected(t, data)
		if info.Words != want {
			t.Errorf("%s: read %+v", from, info.Words)
		}
		for _, format := range []Format{JPEG, PNG, WebP} {
			body := rendition(t, data, 320, format)
			carries(t, string(from), body, format, want)
			if again := inspected(t, body); again.Width != 320 {
				t.Errorf("%s as %s is %d wide", from, format, again.Width)
			}
		}
	}
}

func TestAnOrderHasTheLastWord(t *testing.T) {
	data := stamp(jpegBytes(t, photograph(400, 300)), JPEG, Words{Credit: "Wrong", Caption: "As it was"}, 400, 300)
	orders := map[Words]Order{
		{Credit: "Right", Caption: "As it was"}: {Words: &Words{Credit: "Right", Caption: "never taken from here"}},
		{Credit: "Right"}:                       {Words: &Words{Credit: "Right"}, Uncaptioned: true},
		{Caption: "As it was"}:                  {Words: &Words{}},
		{Credit: "Wrong"}:                       {Uncaptioned: true},
		{}:                                      {Words: &Words{}, Uncaptioned: true},
	}
	tags := map[string]bool{}
	for want, o := range orders {
		o.Width = 320
		for _, o.Format = range []Format{JPEG, PNG, WebP} {
			body, _, err := Rendition(bytes.NewReader(data), o)
			if err != nil {
				t.Fatal(err)
			}
			carries(t, fmt.Sprintf("%+v", o), body, o.Format, want)
		}
		tags[o.Tag()] = true
	}
	if len(tags) != len(orders) || tags[""] {
		t.Errorf("the orders have the tags %v", tags)
	}
}

// privateEXIF is TIFF data with the number of a camera and a place.
func privateEXIF(serial string) []byte {
	o := binary.BigEndian
	b := o.AppendUint32([]byte("MM\x00*"), 8)
	entry := func(tag, kind uint16, count, value uint32) {
		b = o.AppendUint16(b, tag)
		b = o.AppendUint16(b, kind)
		b = o.AppendUint32(b, count)
		b = o.AppendUint32(b, value)
	}
	b = o.AppendUint16(b, 2) // the first directory: at 8, 2 + 2 × 12 + 4 bytes
	entry(0x8769, 4, 1, 38)
	entry(0x8825, 4, 1, 56)
	b = o.AppendUint32(b, 0)
	b = o.AppendUint16(b, 1) // at 38: Exif, 2 + 12 + 4
	entry(0xa431, 2, uint32(len(serial)+1), 74)
	b = o.AppendUint32(b, 0)
	b = o.AppendUint16(b, 1) // at 56: GPS, 2 + 12 + 4
	entry(0x0001, 2, 2, 'N'<<24)
	b = o.AppendUint32(b, 0)
	return append(append(b, serial...), 0)
}

func TestPlaceAndNumberOfTheCameraStayHere(t *testing.T) {
	const serial = "SN48213377"
	xmp := []byte(xmpPrefix + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" ` +
		`xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" aux:SerialNumber="` + serial + `" photoshop:Credit="Ada Menon"/></rdf:RDF></x:xmpmeta>`)
	j := withJPEGExif(jpegBytes(t, photograph(400, 300)), privateEXIF(serial))
	data := slices.Concat(j[:2], jpegSegment(0xe1, xmp), j[2:])
	info := inspected(t, data)
	if info.Private != (Private{Place: true, Device: true}) || info.Words.Credit != "Ada Menon" {
		t.Fatalf("%+v %+v", info.Private, info.Words)
	}
	for _, format := range []Format{JPEG, PNG, WebP} {
		body := rendition(t, data, 320, format)
		carries(t, "private", body, format, Words{Credit: "Ada Menon"})
		if bytes.Contains(body, []byte(serial)) {
			t.Errorf("%s has the camera's number", format)
		}
	}
}

// TestCorpusRenditionsCarryOnlyWords makes renditions of every picture of the corpus and reads them as others do.
func TestCorpusRenditionsCarryOnlyWords(t *testing.T) {
	dir := corpora.Dir(t, "images")
	files := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		info := inspected(t, data)
		for _, format := range []Format{JPEG, PNG, WebP} {
			body := rendition(t, data, 160, format)
			carries(t, filepath.Base(name), body, format, info.Words)
			for _, trace := range []string{"Exif", "EXIF", "eXIf", "GPS", "NIKON", "COOLPIX", "SerialNumber", "ICC_PROFILE", "JFIF", "tEXt"} {
				if bytes.Contains(body, []byte(trace)) {
					t.Errorf("%s as %s: %q is still in it", filepath.Base(name), format, trace)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	corpora.Read(t, files, "images")
}

func TestTheReferencePictureIsReadWhole(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(corpora.Dir(t, "images"), "IPTC-PhotometadataRef-Std2017.1.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	want := Words{Credit: "Credit Line (ref2017.1)", Creator: "Creator1 (ref2017.1), Creator2 (ref2017.1)", Caption: "The description aka caption (ref2017.1)",
		Copyright: "Copyright (Notice) 2017.1 IPTC - www.iptc.org (ref2017.1)", Taken: "2017-07-13T17:01:00Z"}
	if got := inspected(t, data).Words; got != want {
		t.Errorf("read %+v", got)
	}
	corpora.Read(t, 1, "images")
}

func TestWordsThatAnybodyWroteArePlain(t *testing.T) {
	hostile := Words{Credit: "  Ada\x00\u202eMenon\r\n\t" + strings.Repeat("x", 300), Caption: strings.Repeat("क", 2000), Taken: "yesterday", Copyright: "a\xffb"}
	got := inspected(t, stamp(jpegBytes(t, photograph(40, 30)), JPEG, hostile, 40, 30)).Words
	if !strings.HasPrefix(got.Credit, "AdaMenon x") && !strings.HasPrefix(got.Credit, "Ada") || len(got.Credit) > 203 || strings.ContainsAny(got.Credit, "\x00\r\n\u202e") {
		t.Errorf("credit %q", got.Credit)
	}
	if n := len([]rune(got.Caption)); n > maxCaption {
		t.Errorf("the caption has %d characters", n)
	}
	if got.Taken != "" || strings.Contains(got.Copyright, "\xff") {
		t.Errorf("%+v", got)
	}
}
