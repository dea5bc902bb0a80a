package press

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// alikes keeps what was made of the stretches that many pages have alike, of which there are a few: two thirds of an article's page
// are its style sheet.
type alikes struct {
	known    sync.Map  // stretches by alikeIn
	deflates sync.Pool // of *flate.Writer
	brotlis  sync.Pool // of *matchfinder.Writer
}

type alikeIn struct {
	text string
	enc  Encoding
}

// stretch is what pages have alike as it stands in a page of some encoding.
type stretch struct {
	at    int
	bytes []byte
	sum   []byte // its hash; nil where there is no such stretch
}

// in gives the stretch as a page in an encoding has it: in identity as it is, in gzip and Brotli compressed. Zstd compresses pages whole.
func (l *alikes) in(enc Encoding, a Alike) stretch {
	if a.Text == "" || enc == Zstd {
		return stretch{}
	}
	key := alikeIn{a.Text, enc}
	known, ok := l.known.Load(key)
	if !ok {
		s := stretch{bytes: []byte(a.Text)}
		switch enc {
		case Gzip:
			s.bytes = deflated(s.bytes)
		case Brotli:
			s.bytes = brotliPart(newBrotli(brotliAlike), nil, s.bytes, false)
		}
		sum := sha256.Sum256(s.bytes)
		s.sum = sum[:]
		known, _ = l.known.LoadOrStore(key, s)
	}
	s := known.(stretch)
	s.at = a.At
	return s
}

// deflated compresses what stands in the midst of a page: it ends with a whole byte and looks back at nothing before it.
func deflated(b []byte) []byte {
	var buf bytes.Buffer
	w := newDeflater(&buf, alikeLevel)
	written(w.Write(b))
	written(0, w.Flush())
	return buf.Bytes()
}

func newDeflater(buf *bytes.Buffer, level int) *flate.Writer {
	w, err := flate.NewWriter(buf, level)
	if err != nil {
		panic("press: gzip cannot be written so: " + err.Error())
	}
	return w
}

// gzipHeader is that of a member without a name and an instant (RFC 1952, section 2.3).
const gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

// around compresses a page around the stretch that it has in common with others, which was compressed before, and says where that stands.
func (l *alikes) around(enc Encoding, body []byte, a Alike, same []byte) (z []byte, at int) {
	if enc == Brotli {
		return l.brotli(body, a, same)
	}
	return l.gzip(body, a, same)
}

// gzip compresses a page around the stretch that it has in common with others, which was deflated before, and says where that
// stands.
func (l *alikes) gzip(body []byte, a Alike, deflated []byte) (z []byte, at int) {
	w, _ := l.deflates.Get().(*flate.Writer)
	if w == nil {
		w = newDeflater(nil, quickLevel)
	}
	defer l.deflates.Put(w)
	var buf bytes.Buffer
	buf.Grow(len(deflated) + (len(body)-len(a.Text))/2 + 128)
	buf.WriteString(gzipHeader)
	w.Reset(&buf)
	written(w.Write(body[:a.At]))
	written(0, w.Flush())
	at = buf.Len()
	buf.Write(deflated)
	w.Reset(&buf)
	written(w.Write(body[a.At+len(a.Text):]))
	written(0, w.Close())
	z = binary.LittleEndian.AppendUint32(buf.Bytes(), crc32.ChecksumIEEE(body))
	z = binary.LittleEndian.AppendUint32(z, uint32(len(body)))
	return bytes.Clone(z), at
}

// written passes over what was written into memory.
func written(_ int, err error) {
	if err != nil {
		panic("press: writing to memory failed: " + err.Error())
	}
}
