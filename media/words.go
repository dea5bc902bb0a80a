package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bep/imagemeta"
)

// Words are what a picture's file says of it in words, as far as readers get them too.
type Words struct {
	// Credit is the line that is to be printed with the picture.
	Credit string
	// Creator is who made it; several names are parted by commas.
	Creator string
	// Caption describes it.
	Caption string
	// Copyright is the notice of whose it is.
	Copyright string
	// Taken is when it was made, as RFC 3339 has it, without the zone where the file names none; a day alone is "2026-06-29".
	Taken string
}

// Private says what a file holds that readers do not get.
type Private struct {
	// Place is set where the file says where the picture was made.
	Place bool
	// Device is set where it names the number of a camera or lens.
	Device bool
}

// Lengths, in characters, at which words out of a file are cut.
const (
	maxCredit  = 200
	maxCaption = 1000
)

// maxPacket bounds how many bytes of one packet of metadata are looked at.
const maxPacket = 256 << 10

// reading collects what the packets of a file say, by where it stands.
type reading struct {
	words   map[string]string
	private Private
	charset bool // IPTC's words are in one that the file names
}

// wordsOf reads what a file says of its picture. What cannot be read is left out: a picture is not refused for it.
func wordsOf(data []byte, format Format) (Words, Private) {
	r := reading{words: map[string]string{}}
	o := imagemeta.Options{Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP, LimitNumTags: 2000, LimitTagSize: 10_000,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return t.Source != imagemeta.EXIF || strings.HasPrefix(t.Namespace, "IFD0")
		},
		HandleTag: r.take}
	switch format {
	case JPEG:
		o.ImageFormat, o.R = imagemeta.JPEG, bytes.NewReader(data)
	case PNG:
		o.ImageFormat, o.R = imagemeta.WebP, bytes.NewReader(packets(pngExif(data), pngXMP(data)))
	case WebP:
		o.ImageFormat, o.R = imagemeta.WebP, bytes.NewReader(packets(webpExif(data), webpChunk(data, "XMP ")))
	default:
		return Words{}, Private{}
	}
	_, _ = imagemeta.Decode(o) // a damaged packet leaves what was read before it
	return r.result(), r.private
}

// packets puts metadata into the emptiest WebP, which is read in one way wherever it was found.
func packets(exif, xmp []byte) []byte {
	var flags byte
	body := []byte("WEBP")
	add := func(kind string, data []byte, flag byte) {
		if len(data) == 0 || len(data) > maxPacket {
			return
		}
		flags |= flag
		body = append(body, riffChunk(kind, data)...)
	}
	body = append(body, riffChunk("VP8X", make([]byte, 10))...)
	add("EXIF", exif, 1<<3)
	add("XMP ", xmp, 1<<2)
	body[12] = flags
	return riffFile(body)
}

func riffChunk(kind string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))
	b = append(b, data...)
	return append(b, make([]byte, len(data)%2)...)
}

func riffFile(body []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// take keeps one tag under its source and name; the first of a name counts.
func (r *reading) take(t imagemeta.TagInfo) error {
	name := t.Tag
	switch {
	case strings.HasPrefix(name, "GPS") && name != "GPSVersionID":
		r.private.Place = true
	case strings.Contains(name, "SerialNumber"):
		r.private.Device = true
	}
	var text string
	switch v := t.Value.(type) {
	case string:
		text = v
	case []string:
		text = strings.Join(v, ", ")
	default:
		return nil
	}
	if t.Source == imagemeta.IPTC {
		r.charset = r.charset || name == "CodedCharacterSet"
		if !r.charset {
			text = asUTF8(text)
		}
	}
	key := map[imagemeta.Source]string{imagemeta.EXIF: "exif:", imagemeta.IPTC: "iptc:", imagemeta.XMP: "xmp:"}[t.Source] + name
	if text = plain(text); text != "" && r.words[key] == "" {
		r.words[key] = text
	}
	return nil
}

// asUTF8 undoes that bytes in no charset that a file names were read as Latin-1, where they are UTF-8, which most programs write.
func asUTF8(s string) string {
	raw := make([]byte, 0, len(s))
	for _, c := range s {
		if c > 0xff {
			return s
		}
		raw = append(raw, byte(c))
	}
	if !utf8.Valid(raw) {
		return s
	}
	return string(raw)
}

// plain makes one line of words of a text that anybody may have written: no control characters, no marks that turn the
// direction of what stands around them, no bytes that are not UTF-8.
func plain(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

// result chooses among the sources: XMP, which knows every script, then IPTC, then what the camera wrote.
func (r *reading) result() Words {
	w := Words{
		Credit:    cut(r.first("xmp:Credit", "iptc:Credit"), maxCredit),
		Creator:   cut(r.first("xmp:Creator", "iptc:By-line", "iptc:Byline", "exif:Artist"), maxCredit),
		Caption:   cut(r.first("xmp:Description", "iptc:Caption-Abstract", "iptc:CaptionAbstract", "exif:ImageDescription"), maxCaption),
		Copyright: cut(r.first("xmp:Rights", "iptc:CopyrightNotice", "exif:Copyright"), maxCaption),
	}
	iptc := strings.TrimSpace(r.words["iptc:DateCreated"] + " " + r.words["iptc:TimeCreated"])
	for _, s := range []string{r.words["xmp:DateCreated"], iptc, r.words["iptc:DateCreated"], r.words["exif:DateTimeOriginal"] + r.words["exif:OffsetTimeOriginal"], r.words["exif:DateTimeOriginal"], r.words["xmp:CreateDate"]} {
		if w.Taken = instantOf(s); w.Taken != "" {
			break
		}
	}
	return w
}

// camera lists what cameras write for a description when nobody has.
var camera = [...]string{"digital camera", "sony dsc", "samsung", "default", "kodak", "jpeg"}

func (r *reading) first(keys ...string) string {
	for _, k := range keys {
		text := r.words[k]
		made := false
		for _, c := range camera {
			made = made || k == "exif:ImageDescription" && strings.Contains(strings.ToLower(text), c) && len(text) < 40
		}
		if text != "" && !made {
			return text
		}
	}
	return ""
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit-1])) + "…"
}

// instantForms are the forms in which files write when a picture was made, each with the one it is kept in.
var instantForms = [...]struct{ read, kept string }{
	{time.RFC3339, time.RFC3339},
	{"2006-01-02T15:04:05", "2006-01-02T15:04:05"},
	{"2006-01-02T15:04Z07:00", time.RFC3339},
	{"2006-01-02T15:04", "2006-01-02T15:04:05"},
	{"2006-01-02", "2006-01-02"},
	{"2006:01:02 15:04:05-07:00", time.RFC3339},
	{"2006:01:02 15:04:05", "2006-01-02T15:04:05"},
	{"2006:01:02", "2006-01-02"},
}

// instantOf reads when a picture was made; empty for what is no instant, or none at which there were photographs.
func instantOf(s string) string {
	for _, form := range instantForms {
		if at, err := time.Parse(form.read, s); err == nil && at.Year() > 1820 && at.Year() < 2200 {
			return at.Format(form.kept)
		}
	}
	return ""
}
