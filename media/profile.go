package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"io"
	"math"
)

// maxProfile bounds the bytes of a colour profile that is looked at. Those of cameras and screens have a few thousand.
const maxProfile = 1 << 20

// toSRGB turns the colours of a picture's profile into those of sRGB, which is what copies without a profile are shown in.
type toSRGB struct {
	grey   bool // the profile is of one channel
	linear [3][256]float64
	matrix [3][3]float64
	bytes  [encodings + 1]uint8 // of linear light
}

// encodings is how finely linear light is told apart on its way to a byte.
const encodings = 1 << 12

// encodeLinear is the byte of sRGB for linear light (IEC 61966-2-1).
func encodeLinear(v float64) uint8 {
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * v))
}

// fromD50 turns colours of the profile connection space, whose white is D50, into linear sRGB (ICC.1:2022, annex F; IEC 61966-2-1, with the
// Bradford adaptation of ICC.1:2022, annex E).
var fromD50 = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// profileOf returns what a picture's profile asks for; nil where it has none, one that is sRGB's, one of tables or of inks, or one that
// cannot be read: the colours are then taken as they are.
func profileOf(data []byte, format Format) *toSRGB {
	var profile []byte
	switch format {
	case JPEG:
		profile = jpegProfile(data)
	case PNG:
		profile = pngProfile(data)
	case WebP:
		profile = webpChunk(data, "ICCP")
	}
	if len(profile) > maxProfile {
		return nil
	}
	return parseProfile(profile)
}

const iccPrefix = "ICC_PROFILE\x00"

// jpegProfile puts the parts of a profile together, in their order (ICC.1:2022, annex B.4).
func jpegProfile(data []byte) []byte {
	parts := map[byte][]byte{}
	all := byte(0)
	for marker, segment := range jpegSegments(data) {
		if rest, ok := bytes.CutPrefix(segment, []byte(iccPrefix)); ok && marker == 0xe2 && len(rest) > 2 {
			parts[rest[0]], all = rest[2:], rest[1]
		}
	}
	var profile []byte
	for n := 1; n <= int(all); n++ {
		part, ok := parts[byte(n)]
		if !ok {
			return nil
		}
		profile = append(profile, part...)
	}
	return profile
}

// pngProfile inflates the iCCP chunk, which comes before the picture's own data.
func pngProfile(data []byte) []byte {
	name, packed, ok := bytes.Cut(pngHeadChunk(data, "iCCP"), []byte{0})
	if !ok || len(name) > 79 || len(packed) < 1 || packed[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	defer z.Close()
	profile, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil {
		return nil
	}
	return profile
}

// Places in a profile (ICC.1:2022, sections 7.2 and 7.3).
const (
	iccSpaceAt = 16
	iccPCSAt   = 20
	iccTagsAt  = 128
	iccMaxTags = 100
)

func parseProfile(p []byte) *toSRGB {
	if len(p) < iccTagsAt+4 || string(p[36:40]) != "acsp" || string(p[iccPCSAt:iccPCSAt+4]) != "XYZ " {
		return nil
	}
	tags := map[string][]byte{}
	for n := range min(binary.BigEndian.Uint32(p[iccTagsAt:]), iccMaxTags) {
		entry := iccTagsAt + 4 + 12*int(n)
		if entry+12 > len(p) {
			return nil
		}
		at, size := uint64(binary.BigEndian.Uint32(p[entry+4:])), uint64(binary.BigEndian.Uint32(p[entry+8:]))
		if at+size <= uint64(len(p)) {
			tags[string(p[entry:entry+4])] = p[at : at+size]
		}
	}
	var t toSRGB
	switch string(p[iccSpaceAt : iccSpaceAt+4]) {
	case "GRAY":
		t.grey = true
		if !curve(tags["kTRC"], &t.linear[0]) {
			return nil
		}
		t.linear[1], t.linear[2], t.matrix = t.linear[0], t.linear[0], [3][3]float64{{1}, {0, 1}, {0, 0, 1}}
	case "RGB ":
		for i, name := range []string{"r", "g", "b"} {
			column, ok := xyz(tags[name+"XYZ"])
			if !ok || !curve(tags[name+"TRC"], &t.linear[i]) {
				return nil
			}
			for row := range 3 {
				for k := range 3 {
					t.matrix[row][i] += fromD50[row][k] * column[k]
				}
			}
		}
	default:
		return nil
	}
	for i := range t.bytes {
		t.bytes[i] = encodeLinear(float64(i) / encodings)
	}
	if t.same() {
		return nil
	}
	return &t
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// xyz reads a tag of type XYZ (section 10.31).
func xyz(b []byte) (v [3]float64, ok bool) {
	if len(b) < 20 || string(b[:4]) != "XYZ " {
		return v, false
	}
	return [3]float64{fixed(b[8:]), fixed(b[12:]), fixed(b[16:])}, true
}

// curve reads a tone curve, sampled or of parameters (sections 10.6 and 10.18), at the 256 values of a byte.
func curve(b []byte, out *[256]float64) bool {
	var f func(float64) float64
	switch {
	case len(b) >= 12 && string(b[:4]) == "curv":
		f = sampled(b[12:], int64(binary.BigEndian.Uint32(b[8:])))
	case len(b) >= 12 && string(b[:4]) == "para":
		f = parametric(b[12:], binary.BigEndian.Uint16(b[8:]))
	}
	if f == nil {
		return false
	}
	for i := range out {
		v := f(float64(i) / 255)
		if math.IsNaN(v) {
			return false
		}
		out[i] = min(max(v, 0), 1)
	}
	return true
}

func sampled(b []byte, n int64) func(float64) float64 {
	switch {
	case n == 0:
		return func(x float64) float64 { return x }
	case 2*n > int64(len(b)):
		return nil
	case n == 1:
		gamma := float64(binary.BigEndian.Uint16(b)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) / 65535 }
	return func(x float64) float64 {
		place := x * float64(n-1)
		i := min(int(place), int(n)-2)
		return at(i) + (place-float64(i))*(at(i+1)-at(i))
	}
}

// parametric is the curve of a function type, 0 to 4, with the parameters g, a, b, c, d, e and f.
func parametric(data []byte, kind uint16) func(float64) float64 {
	counts := [...]int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) || len(data) < 4*counts[kind] {
		return nil
	}
	var p [7]float64
	for i := range counts[kind] {
		p[i] = fixed(data[4*i:])
	}
	g, a, b, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch kind {
	case 0:
		return func(x float64) float64 { return math.Pow(x, g) }
	case 1, 2: // below -b/a it is flat, at c
		return func(x float64) float64 { return math.Pow(max(a*x+b, 0), g) + c }
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(a*x+b, 0), g) + e
		}
		return c*x + f
	}
}

// colour turns one colour.
func (t *toSRGB) colour(r, g, b uint8) (out [3]uint8) {
	in := [3]float64{t.linear[0][r], t.linear[1][g], t.linear[2][b]}
	for i, row := range t.matrix {
		v := row[0]*in[0] + row[1]*in[1] + row[2]*in[2]
		out[i] = t.bytes[int(min(max(v, 0), 1)*encodings+0.5)]
	}
	return out
}

// same says whether nothing that one could see would change.
func (t *toSRGB) same() bool {
	levels := []uint8{0, 32, 64, 128, 192, 255}
	for _, r := range levels {
		for _, g := range levels {
			for _, b := range levels {
				if t.grey && (r != g || g != b) {
					continue
				}
				got := t.colour(r, g, b)
				for i, v := range []uint8{r, g, b} {
					if d := int(got[i]) - int(v); d > 2 || d < -2 {
						return false
					}
				}
			}
		}
	}
	return true
}

// apply turns the colours of a picture in place. A profile of greys is for pictures in grey.
func (t *toSRGB) apply(pixels *image.RGBA) {
	var last, became [4]uint8
	for i := 0; i+4 <= len(pixels.Pix); i += 4 {
		p := pixels.Pix[i : i+4 : i+4]
		if now := [4]uint8(p); now != last {
			last, became = now, t.pixel(now)
		}
		copy(p, became[:])
	}
}

// pixel turns one whose colours are multiplied by its alpha.
func (t *toSRGB) pixel(p [4]uint8) [4]uint8 {
	alpha := uint32(p[3])
	if alpha == 0 {
		return p
	}
	for c := range 3 {
		p[c] = uint8(min((uint32(p[c])*255+alpha/2)/alpha, 255))
	}
	out := t.colour(p[0], p[1], p[2])
	for c, v := range out {
		p[c] = uint8((uint32(v)*alpha + 127) / 255)
	}
	return p
}

// fits says whether a profile is one for such pixels.
func (t *toSRGB) fits(pixels image.Image) bool {
	switch pixels.(type) {
	case *image.CMYK:
		return false
	case *image.Gray, *image.Gray16:
		return true
	}
	return !t.grey
}
