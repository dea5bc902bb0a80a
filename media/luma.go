package media

import (
	"image"
	"math"
)

// fullRange stretches the colours of a lossy WebP in place. A WebP has luma from 16 to 235 and chroma from 16 to 240
// (RFC 6386, section 9.2), which its decoder hands on as they are, while image.YCbCr is read as having 0 to 255 of each:
// white would be grey.
func fullRange(pixels image.Image) {
	var p *image.YCbCr
	switch m := pixels.(type) {
	case *image.YCbCr:
		p = m
	case *image.NYCbCrA:
		p = &m.YCbCr
	default:
		return
	}
	luma, chroma := stretch(16, 219, 0), stretch(128, 224, 128)
	for i, v := range p.Y {
		p.Y[i] = luma[v]
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = chroma[p.Cb[i]], chroma[p.Cr[i]]
	}
}

// stretch maps what lies around a middle, in a span, to the whole of a byte.
func stretch(middle, span, to int) (table [256]uint8) {
	for v := range table {
		table[v] = uint8(min(max(math.Round(float64(255*(v-middle))/float64(span))+float64(to), 0), 255))
	}
	return table
}
