package press

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The levels are fixed, so that the same page has the same bytes and the same entity tag on every machine and after
// every restart; making a page smaller later would change the tag that readers hold.
const (
	gzipLevel   = 5
	quickLevel  = 1                     // of gzip around what many pages have alike
	alikeLevel  = flate.BestCompression // of that itself
	brotliLevel = 4
	brotliQuick = 3 // around what many pages have alike
	brotliAlike = 9 // of that itself
	zstdLevel   = zstd.SpeedDefault
)

// variant is a page in one encoding with the header lines that go out with it.
type variant struct {
	body     []byte
	etag     string
	lines    head // of a 200
	unsure   head // the same without Last-Modified
	kept     head // of a 304
	keptSure head // of a 304 with Last-Modified
}

// head is the lines of an answer, and the same as they go out.
type head struct {
	lines []Line
	block Block
}

func headOf(lines []Line) head { return head{lines, NewBlock(lines)} }

// lineBytes is what a line takes in a list, beside its name and value, which lists share.
const lineBytes = 40

func (h *head) size() int { return len(h.block.Upto) + len(h.block.Value) + lineBytes*cap(h.lines) }

type slot struct {
	once sync.Once
	made flag
	v    *variant
}

type (
	clock = atomic.Int64
	flag  = atomic.Bool
)

// in gives the page in an encoding, made when it is first wanted and kept from then on.
func (e *Entry) in(enc Encoding) *variant {
	if e.page.Plain {
		enc = Identity
	}
	s := &e.variant[enc]
	s.once.Do(func() {
		s.v = e.encode(enc)
		more := int64(variantOverhead + s.v.lines.size() + s.v.kept.size())
		if !e.page.Modified.IsZero() { // else they are the same ones
			more += int64(s.v.unsure.size() + s.v.keptSure.size())
		}
		if enc != Identity {
			more += int64(cap(s.v.body))
		}
		e.home.cache.grow(e, more)
		s.made.Store(true)
	})
	return s.v
}

func (e *Entry) encode(enc Encoding) *variant {
	body, same := e.page.Body, e.home.alikes.in(enc, e.page.Alike)
	switch {
	case enc == Identity:
	case same.sum != nil:
		body, same.at = e.home.alikes.around(enc, body, e.page.Alike, same.bytes)
	default:
		body = e.home.squeezer.squeeze(enc, body)
	}
	v := &variant{body: body}
	if e.page.Class != Unkept {
		v.etag = tag(body, same)
	}
	e.head(v, enc)
	return v
}

// tag is a hash of a page's bytes, in which the hash of the stretch that others have too stands for the stretch.
func tag(body []byte, same stretch) string {
	h := sha256.New()
	h.Write(body[:same.at])
	h.Write(same.sum)
	h.Write(body[same.at+len(same.bytes):])
	var sum [sha256.Size]byte
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(sum[:0])[:18]) + `"`
}

// head writes the header lines once, in one order.
func (e *Entry) head(v *variant, enc Encoding) {
	shared := []Line{line("Cache-Control", cacheControl[e.page.Class])}
	if v.etag != "" {
		shared = append(shared, line("Etag", v.etag))
	}
	if !e.page.Plain {
		shared = append(shared, line("Vary", "Accept-Encoding"))
	}
	lines := append([]Line{}, shared...)
	if e.page.Type != "" {
		lines = append(lines, line("Content-Type", e.page.Type))
	}
	lines = append(lines, line("Content-Length", strconv.Itoa(len(v.body))))
	if enc != Identity {
		lines = append(lines, line("Content-Encoding", enc.String()))
	}
	if e.page.Location != "" {
		lines = append(lines, line("Location", e.page.Location))
	}
	lines = append(lines, line("Content-Security-Policy", e.page.Policy),
		line("Referrer-Policy", "strict-origin-when-cross-origin"),
		line("X-Content-Type-Options", "nosniff"))
	lines = append(lines, e.page.Extra...)
	v.unsure, v.kept = headOf(lines), headOf(shared)
	v.lines, v.keptSure = v.unsure, v.kept
	if !e.page.Modified.IsZero() {
		m := line("Last-Modified", httpTime(e.page.Modified))
		v.lines = headOf(append(append([]Line{}, lines...), m))
		v.keptSure = headOf(append(append([]Line{}, shared...), m))
	}
}

// httpTime writes an instant as IMF-fixdate (RFC 9110, section 5.6.7).
func httpTime(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }

// squeezer compresses, keeping its writers between pages.
type squeezer [encodings]sync.Pool

// compressor is what the packages' writers can do.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newSqueezer() *squeezer {
	s := new(squeezer)
	for enc, make := range map[Encoding]func() (compressor, error){
		Gzip:   func() (compressor, error) { return gzip.NewWriterLevel(nil, gzipLevel) },
		Brotli: func() (compressor, error) { return brotli.NewWriterV2(nil, brotliLevel), nil },
		// Alone in its window of 512 kB, so that a page's bytes do not depend on how many processors there are.
		Zstd: func() (compressor, error) {
			return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(512<<10))
		},
	} {
		s[enc].New = func() any {
			w, err := make()
			if err != nil {
				panic("press: " + enc.String() + " cannot be written so: " + err.Error())
			}
			return w
		}
	}
	return s
}

func (s *squeezer) squeeze(enc Encoding, body []byte) []byte {
	w := s[enc].Get().(compressor)
	defer s[enc].Put(w)
	var buf bytes.Buffer
	buf.Grow(len(body)/3 + 64)
	w.Reset(&buf)
	written(w.Write(body))
	written(0, w.Close())
	return bytes.Clone(buf.Bytes())
}
