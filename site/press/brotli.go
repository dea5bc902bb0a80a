package press

import (
	"bytes"
	"math/bits"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
)

// brotliHeader begins a stream: a window of 16 MB, and an empty meta-block up to the next whole byte (RFC 7932, sections 9.1 and 9.2).
const brotliHeader = "\x6f\x00"

// midst is an encoder in the midst of a stream. What it writes means the same wherever it stands, because it looks at nothing before a
// part: neither at distances of meta-blocks before nor, by which a place in the stream would count, into the format's dictionary.
type midst struct{ brotli.Encoder }

// Reset keeps the encoder from writing another header.
func (*midst) Reset() {}

func newBrotli(level int) *matchfinder.Writer {
	w, e := brotli.NewWriterV2(nil, level), new(midst)
	e.Encode(nil, nil, nil, true) // its header, which is not used
	w.Encoder = e
	return w
}

// brotli compresses a page around the stretch that it has in common with others, as gzip does.
func (l *alikes) brotli(body []byte, a Alike, same []byte) (z []byte, at int) {
	w, _ := l.brotlis.Get().(*matchfinder.Writer)
	if w == nil {
		w = newBrotli(brotliQuick)
	}
	defer l.brotlis.Put(w)
	z = make([]byte, 0, len(same)+(len(body)-len(a.Text))/2+128)
	z = brotliPart(w, append(z, brotliHeader...), body[:a.At], false)
	at = len(z)
	z = brotliPart(w, append(z, same...), body[a.At+len(a.Text):], true)
	return bytes.Clone(z), at
}

// brotliPart compresses a part of a stream onto what comes before it. But for the last it ends with a whole byte, and more can follow.
func brotliPart(w *matchfinder.Writer, z, part []byte, last bool) []byte {
	buf := bytes.NewBuffer(z)
	w.Reset(buf)
	written(w.Write(part))
	written(0, w.Close())
	if last {
		return buf.Bytes()
	}
	return goOn(buf.Bytes())
}

// goOn puts an empty meta-block in place of a stream's end, which is its last two set bits.
func goOn(z []byte) []byte {
	end := 8*(len(z)-1) + bits.Len8(z[len(z)-1]) - 2
	z = append(z, 0)
	// 0 for not the last, 11 for no length, of which the first is there, 0, and 00 for nothing to skip.
	z[end/8] &^= 1 << (end % 8)
	z[(end+2)/8] |= 1 << ((end + 2) % 8)
	return z[:(end+6+7)/8]
}
