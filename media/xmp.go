package media

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"hash/crc32"
	"strings"
)

// stamp writes words into an encoded rendition, and nothing else of the file it came from: an XMP packet in each format, and
// in a JPEG the older IPTC form too, which many desks read first.
func stamp(body []byte, format Format, words Words, width, height int) []byte {
	if words == (Words{}) {
		return body
	}
	packet := words.xmp()
	switch format {
	case JPEG:
		return stampJPEG(body, packet, words.iim())
	case PNG:
		return stampPNG(body, packet)
	case WebP:
		return stampWebP(body, packet, width, height)
	}
	return body
}

const (
	xmpPrefix       = "http://ns.adobe.com/xap/1.0/\x00"
	photoshopPrefix = "Photoshop 3.0\x00"
	pngXMPKeyword   = "XML:com.adobe.xmp\x00"
)

// xmp is the packet of ISO 16684-1 with the fields of the IPTC Photo Metadata Standard that Words has.
func (w Words) xmp() []byte {
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">`)
	element := func(open, text, end string) {
		if text != "" {
			b.WriteString(open)
			_ = xml.EscapeText(&b, []byte(text)) // a Buffer takes everything
			b.WriteString(end)
		}
	}
	element("<dc:creator><rdf:Seq><rdf:li>", w.Creator, "</rdf:li></rdf:Seq></dc:creator>")
	element(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`, w.Caption, "</rdf:li></rdf:Alt></dc:description>")
	element(`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">`, w.Copyright, "</rdf:li></rdf:Alt></dc:rights>")
	element("<photoshop:Credit>", w.Credit, "</photoshop:Credit>")
	element("<photoshop:DateCreated>", w.Taken, "</photoshop:DateCreated>")
	b.WriteString(`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
	return b.Bytes()
}

// iim is the same as datasets of the IPTC Information Interchange Model 4.2, in UTF-8.
func (w Words) iim() []byte {
	var b []byte
	set := func(record, number byte, data string) {
		if data != "" {
			b = append(b, 0x1c, record, number)
			b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
			b = append(b, data...)
		}
	}
	set(1, 90, "\x1b%G")
	set(2, 0, "\x00\x04")
	day, hour, _ := strings.Cut(w.Taken, "T")
	set(2, 55, strings.ReplaceAll(day, "-", ""))
	hour = strings.ReplaceAll(hour, "Z", "+00:00")
	set(2, 60, strings.ReplaceAll(hour, ":", ""))
	set(2, 80, w.Creator)
	set(2, 110, w.Credit)
	set(2, 116, w.Copyright)
	set(2, 120, w.Caption)
	return b
}

func stampJPEG(body, packet, iim []byte) []byte {
	block := append([]byte(photoshopPrefix+"8BIM\x04\x04\x00\x00"), binary.BigEndian.AppendUint32(nil, uint32(len(iim)))...)
	block = append(append(block, iim...), make([]byte, len(iim)%2)...)
	out := append(make([]byte, 0, len(body)+len(packet)+len(block)+64), body[:2]...)
	out = append(out, jpegSegment(0xe1, append([]byte(xmpPrefix), packet...))...)
	out = append(out, jpegSegment(0xed, block)...)
	return append(out, body[2:]...)
}

func jpegSegment(marker byte, data []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
}

// pngAfterHead is where a PNG's head ends: its signature and the IHDR chunk.
const pngAfterHead = 8 + 12 + 13

func stampPNG(body, packet []byte) []byte {
	data := append([]byte("iTXt"+pngXMPKeyword+"\x00\x00\x00\x00"), packet...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, data...), crc32.ChecksumIEEE(data))
	out := append(make([]byte, 0, len(body)+len(chunk)), body[:pngAfterHead]...)
	return append(append(out, chunk...), body[pngAfterHead:]...)
}

// stampWebP makes the extended form of a simple file (RFC 9649, section 2.7).
func stampWebP(body, packet []byte, width, height int) []byte {
	const hasXMP, hasAlpha = 1 << 2, 1 << 4
	head := make([]byte, 10)
	head[0] = hasXMP
	if string(body[12:16]) == "VP8L" && body[24]&0x10 != 0 {
		head[0] |= hasAlpha
	}
	for i, n := range []int{width - 1, height - 1} {
		head[4+3*i], head[5+3*i], head[6+3*i] = byte(n), byte(n>>8), byte(n>>16)
	}
	out := append([]byte("WEBP"), riffChunk("VP8X", head)...)
	out = append(append(out, body[12:]...), riffChunk("XMP ", packet)...)
	return riffFile(out)
}

// pngXMP returns the XMP packet of a PNG that is not compressed.
func pngXMP(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		length := int(binary.BigEndian.Uint32(data[at:]))
		if length > len(data)-at-12 {
			return nil
		}
		inside := data[at+8 : at+8+length]
		if string(data[at+4:at+8]) == "iTXt" && bytes.HasPrefix(inside, []byte(pngXMPKeyword+"\x00\x00")) {
			rest := inside[len(pngXMPKeyword)+2:]
			_, rest, _ = bytes.Cut(rest, []byte{0}) // the language
			_, rest, _ = bytes.Cut(rest, []byte{0}) // the keyword in it
			return rest
		}
		at += 12 + length
	}
	return nil
}
