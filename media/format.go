package media

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

// Format is a kind of picture file. Renditions are WebP and, for those who do not read that, JPEG or PNG.
type Format string

// The formats that are taken in.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
	WebP Format = "webp"
)

// MIME returns the media type.
func (f Format) MIME() string { return "image/" + string(f) }

// Ext returns the ending of a file's name, without the dot.
func (f Format) Ext() string {
	if f == JPEG {
		return "jpg"
	}
	return string(f)
}

// RefusedError says why a file is not taken in. Message is for the person who brought it: what it is and what to do.
type RefusedError struct {
	Message string
	// Cause is what a decoder said, or nil.
	Cause error
	// format and args are what Message was made of, for other languages.
	format string
	args   []any
}

// Error returns the message, followed by the cause where there is one.
func (e *RefusedError) Error() string {
	if e.Cause != nil {
		return e.Message + " (" + e.Cause.Error() + ")"
	}
	return e.Message
}

// Sentence gives the message for other languages.
func (e *RefusedError) Sentence() dateline.Sentence {
	s := dateline.Say(e.format, e.args...)
	if e.Cause != nil {
		s = dateline.Say("%s (%v)", s, e.Cause)
	}
	return s
}

// Unwrap returns the cause.
func (e *RefusedError) Unwrap() error { return e.Cause }

func refuse(format string, args ...any) *RefusedError {
	return &RefusedError{Message: fmt.Sprintf(format, args...), format: format, args: args}
}

// signature recognises a kind of file by bytes at a fixed place.
type signature struct {
	at    int
	bytes string
	what  dateline.Phrase
}

// foreign lists the kinds of file that people bring and that are no pictures for a page, each with its name.
var foreign = [...]signature{
	{0, "II*\x00", "a TIFF or camera raw file"},
	{0, "MM\x00*", "a TIFF or camera raw file"},
	{0, "BM", "a BMP picture"},
	{0, "8BPS", "a Photoshop document"},
	{0, "%PDF-", "a PDF document"},
	{0, "%!PS", "a PostScript document"},
	{0, "\x00\x00\x01\x00", "an icon file"},
	{0, "\xff\x0a", "a JPEG XL picture"},
	{0, "\x00\x00\x00\x0cJXL ", "a JPEG XL picture"},
	{0, "\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"},
	{0, "\xff\x4f\xff\x51", "a JPEG 2000 picture"},
	{0, "PK\x03\x04", "a ZIP archive or office document"},
	{0, "\x1f\x8b", "a gzip-compressed file"},
	{0, "\x1a\x45\xdf\xa3", "a video"},
	{0, "ID3", "a sound file"},
	{0, "OggS", "a sound or video file"},
	{0, "RIFF", "a sound or video file"},
	{4, "ftypavi", "an AVIF picture"},
	{4, "ftyphei", "a HEIC picture"},
	{4, "ftyphev", "a HEIC picture"},
	{4, "ftypmif1", "a HEIC picture"},
	{4, "ftypmsf1", "a HEIC picture"},
	{4, "ftypcrx ", "a camera raw file"},
	{4, "ftyp", "a video"},
}

const saveAs dateline.Phrase = "save it as JPEG, PNG or WebP and bring that"

// formatOf recognises a picture by its first bytes; what the file is called does not count.
func formatOf(data []byte) (Format, error) {
	switch {
	case len(data) == 0:
		return "", refuse("the file is empty; choose it again")
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return GIF, nil
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP, nil
	}
	for _, s := range foreign {
		if len(data) >= s.at && bytes.HasPrefix(data[s.at:], []byte(s.bytes)) {
			return "", refuse("this is %s, which not every browser can show; %s", s.what, saveAs)
		}
	}
	return "", refuseText(data)
}

// refuseText tells drawings and web pages, which can carry scripts, from other text and from bytes that nobody knows.
func refuseText(data []byte) error {
	head := strings.ToLower(strings.ReplaceAll(string(data[:min(len(data), 4096)]), "\x00", ""))
	switch {
	case strings.Contains(head, "<svg"):
		return refuse("this is an SVG drawing, which can carry scripts; %s", saveAs)
	case strings.Contains(head, "<html"), strings.Contains(head, "<!doctype"), strings.Contains(head, "<script"), strings.Contains(head, "<body"):
		return refuse("this is a web page, not a picture; save the picture itself and bring that")
	case strings.Contains(head, "<?xml"):
		return refuse("this is an XML document, not a picture; %s", saveAs)
	case isText(head):
		return refuse("this is text, not a picture; bring a JPEG, PNG, GIF or WebP file")
	}
	return refuse("this is no kind of picture that is known here; %s", saveAs)
}

// isText says whether the head of a file is words. Its last character may have been cut.
func isText(head string) bool {
	for cut := range min(utf8.UTFMax, len(head)) {
		if whole := head[:len(head)-cut]; utf8.ValidString(whole) {
			return !strings.ContainsFunc(whole, isControl)
		}
	}
	return false
}

func isControl(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f", r) }
