package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// profileBytes makes a profile of tags, whose data follow one another (ICC.1:2022, section 7).
func profileBytes(space string, tags map[string][]byte, order ...string) []byte {
	head := make([]byte, iccTagsAt)
	copy(head[12:], "mntr")
	copy(head[iccSpaceAt:], space)
	copy(head[iccPCSAt:], "XYZ ")
	copy(head[36:], "acsp")
	table := binary.BigEndian.AppendUint32(nil, uint32(len(order)))
	at := iccTagsAt + 4 + 12*len(order)
	var body []byte
	for _, name := range order {
		table = append(table, name...)
		table = binary.BigEndian.AppendUint32(table, uint32(at+len(body)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tags[name])))
		body = append(body, tags[name]...)
	}
	p := slices.Concat(head, table, body)
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

func fixedBytes(kind string, head []byte, values ...int32) []byte {
	b := append([]byte(kind+"\x00\x00\x00\x00"), head...)
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

// srgbCurve is sRGB's tone curve as a function of type 3.
func srgbCurve() []byte {
	f := func(v float64) int32 { return int32(math.Round(v * 65536)) }
	return fixedBytes("para", []byte{0, 3, 0, 0}, f(2.4), f(1/1.055), f(0.055/1.055), f(1/12.92), f(0.04045))
}

func gammaCurve(gamma float64) []byte {
	return binary.BigEndian.AppendUint16([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), uint16(math.Round(gamma*256)))
}

func rgbProfile(trc []byte, columns [3][3]int32) []byte {
	tags := map[string][]byte{"rTRC": trc, "gTRC": trc, "bTRC": trc}
	for i, c := range columns {
		tags[string("rgb"[i])+"XYZ"] = fixedBytes("XYZ ", nil, c[:]...)
	}
	return profileBytes("RGB ", tags, "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC")
}

// The columns of Display P3 and Adobe RGB (1998), worked out of their primaries and white.
var (
	displayP3 = rgbProfile(srgbCurve(), [3][3]int32{{33759, 15807, -69}, {19135, 45367, 2745}, {10296, 4363, 51385}})
	adobeRGB  = rgbProfile(gammaCurve(2.19921875), [3][3]int32{{39960, 20389, 1276}, {13453, 41004, 3989}, {9777, 4143, 48795}})
	plainSRGB = rgbProfile(srgbCurve(), [3][3]int32{{28576, 14581, 912}, {25239, 46983, 6361}, {9375, 3972, 46787}})
	greyGamma = profileBytes("GRAY", map[string][]byte{"kTRC": gammaCurve(1.8)}, "kTRC")
)

// withProfile lays a profile into a file, in a JPEG in two parts of which the second comes first.
func withProfile(t testing.TB, data []byte, format Format, profile []byte) []byte {
	t.Helper()
	switch format {
	case JPEG:
		half := len(profile) / 2
		first := jpegSegment(0xe2, append([]byte(iccPrefix+"\x01\x02"), profile[:half]...))
		second := jpegSegment(0xe2, append([]byte(iccPrefix+"\x02\x02"), profile[half:]...))
		return slices.Concat(data[:2], second, first, data[2:])
	case PNG:
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		_, _ = z.Write(profile)
		_ = z.Close()
		return slices.Concat(data[:pngHead], pngChunk("iCCP", append([]byte("a name\x00\x00"), packed.Bytes()...)), data[pngHead:])
	}
	return riff(data[12:], chunk("ICCP", profile))
}

func plainOf(c color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
	return m
}

// near says whether a rendition's middle has a colour, within what its encoding changes.
func near(t *testing.T, name string, m image.Image, want [3]uint8, within int) {
	t.Helper()
	r, g, b, a := m.At(20, 15).RGBA()
	if a == 0 {
		t.Errorf("%s: it is transparent", name)
		return
	}
	for i, v := range []uint32{r, g, b} {
		if d := int(v*0xffff/a>>8) - int(want[i]); d > within || d < -within {
			t.Errorf("%s: it is %d %d %d, want %v", name, r*0xffff/a>>8, g*0xffff/a>>8, b*0xffff/a>>8, want)
			return
		}
	}
}

// TestColoursBecomeSRGB: the colours wanted were worked out from the primaries of both, by no code of this package.
func TestColoursBecomeSRGB(t *testing.T) {
	for _, test := range []struct {
		name    string
		profile []byte
		in      [3]uint8
		want    [3]uint8
	}{
		{"Display P3", displayP3, [3]uint8{200, 100, 50}, [3]uint8{215, 93, 31}},
		{"Display P3, beyond sRGB", displayP3, [3]uint8{60, 160, 90}, [3]uint8{0, 163, 82}},
		{"Display P3, grey", displayP3, [3]uint8{128, 128, 128}, [3]uint8{128, 128, 128}},
		{"Display P3, red", displayP3, [3]uint8{255, 0, 0}, [3]uint8{255, 0, 0}},
		{"Adobe RGB", adobeRGB, [3]uint8{200, 100, 50}, [3]uint8{227, 100, 42}},
		{"Adobe RGB, blue", adobeRGB, [3]uint8{90, 120, 200}, [3]uint8{72, 121, 204}},
		{"sRGB", plainSRGB, [3]uint8{200, 100, 50}, [3]uint8{200, 100, 50}},
	} {
		c := color.NRGBA{test.in[0], test.in[1], test.in[2], 255}
		files := map[Format][]byte{JPEG: jpegBytes(t, plainOf(c)), PNG: pngBytes(t, plainOf(c)), WebP: webpBytes(40, 30, c)}
		for format, data := range files {
			near(t, test.name+" as "+string(format), decoded(t, rendition(t, withProfile(t, data, format, test.profile), 40, PNG)), test.want, map[Format]int{JPEG: 4, PNG: 1, WebP: 1}[format])
		}
	}
	half := plainOf(color.NRGBA{200, 100, 50, 120})
	near(t, "half transparent", decoded(t, rendition(t, withProfile(t, pngBytes(t, half), PNG, displayP3), 40, PNG)), [3]uint8{215, 93, 31}, 4)

	grey := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	near(t, "grey of gamma 1.8", decoded(t, rendition(t, withProfile(t, pngBytes(t, grey), PNG, greyGamma), 40, PNG)), [3]uint8{146, 146, 146}, 1)
	near(t, "colours with a profile of greys", decoded(t, rendition(t, withProfile(t, pngBytes(t, plainOf(color.NRGBA{200, 100, 50, 255})), PNG, greyGamma), 40, PNG)), [3]uint8{200, 100, 50}, 1)
	if p := parseProfile(plainSRGB); p != nil {
		t.Error("sRGB's own profile would change colours")
	}
}

// TestProfilesThatCannotBeUsedChangeNothing: a picture is not refused for its profile.
func TestProfilesThatCannotBeUsedChangeNothing(t *testing.T) {
	plain := jpegBytes(t, plainOf(color.NRGBA{200, 100, 50, 255}))
	far, many, inks, curves := slices.Clone(displayP3), slices.Clone(displayP3), slices.Clone(displayP3), slices.Clone(displayP3)
	binary.BigEndian.PutUint32(far[iccTagsAt+8:], 0xfffffff0)
	binary.BigEndian.PutUint32(many[iccTagsAt:], 0xffffffff)
	copy(inks[iccSpaceAt:], "CMYK")
	at := bytes.Index(curves, []byte("para"))
	copy(curves[at:], "curv\x00\x00\x00\x00\xff\xff\xff\xff")
	for name, profile := range map[string][]byte{"empty": nil, "cut": displayP3[:200], "a tag that lies beyond": far, "of inks": inks, "a curve longer than the file": curves, "noise": bytes.Repeat([]byte{0xa5}, 4000)} {
		info := inspected(t, withProfile(t, plain, JPEG, profile))
		near(t, name, decoded(t, rendition(t, withProfile(t, plain, JPEG, profile), 40, PNG)), [3]uint8{200, 100, 50}, 4)
		if info.Width != 40 {
			t.Errorf("%s: %+v", name, info)
		}
	}
	_ = rendition(t, withProfile(t, plain, JPEG, many), 40, PNG)

	// A chunk of a few kilobytes that inflates to far more than a profile has is not inflated.
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	p := pngBytes(t, plainOf(color.NRGBA{200, 100, 50, 255}))
	bomb := slices.Concat(p[:pngHead], pngChunk("iCCP", append([]byte("a name\x00\x00"), packed.Bytes()...)), p[pngHead:])
	if grown := allocated(func() { inspected(t, bomb) }); grown > 8<<20 {
		t.Errorf("a profile that inflates took %d MB", grown>>20)
	}
}

func FuzzProfile(f *testing.F) {
	for _, p := range [][]byte{displayP3, adobeRGB, plainSRGB, greyGamma, displayP3[:300]} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := parseProfile(data)
		if p == nil {
			return
		}
		pixels := image.NewRGBA(image.Rect(0, 0, 16, 1))
		for i := range pixels.Pix {
			pixels.Pix[i] = uint8(17 * i)
			if i%4 == 3 {
				pixels.Pix[i] = 255
			}
		}
		p.apply(pixels)
		for i := 3; i < len(pixels.Pix); i += 4 {
			if pixels.Pix[i] != 255 {
				t.Fatal("a profile changed what is transparent")
			}
		}
	})
}
