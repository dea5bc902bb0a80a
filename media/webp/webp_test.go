package webp

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math"
	"runtime"
	"testing"

	xwebp "golang.org/x/image/webp"
)

func slopes(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetRGBA(x, y, color.RGBA{uint8(255 * x / width), uint8(255 * y / height), 90, 255})
		}
	}
	return m
}

func decode(t *testing.T, file []byte) image.Image {
	t.Helper()
	m, err := xwebp.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("another decoder does not read it: %v", err)
	}
	return m
}

func TestAPhotographComesBackMuchAsItWas(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {17, 3}, {320, 213}, {1040, 693}} {
		src := slopes(size.X, size.Y)
		file, err := Encode(src, Options{Quality: 80})
		if err != nil {
			t.Fatal(err)
		}
		got := decode(t, file)
		if got.Bounds() != src.Bounds() {
			t.Fatalf("it is %v large, want %v", got.Bounds(), src.Bounds())
		}
		var off float64
		for y := range size.Y {
			for x := range size.X {
				// WebP's luma is 16 to 235, and the decoder hands it on as it is.
				p := got.(*image.YCbCr).YCbCrAt(x, y)
				luma := 255.0 / 219 * (float64(p.Y) - 16)
				c := src.RGBAAt(x, y)
				off += math.Abs(luma - (0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)))
			}
		}
		if off /= float64(size.X * size.Y); off > 5 {
			t.Errorf("%v: the light is off by %.1f in the mean", size, off)
		}
	}
}

func TestLosslessKeepsEveryPixelAndItsAlpha(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for y := range 30 {
		for x := range 40 {
			a := uint8(255 * x / 39)
			src.Set(x, y, color.NRGBA{200, uint8(8 * y), 10, a})
		}
	}
	file, err := Encode(src, Options{Quality: 50, Lossless: true})
	if err != nil {
		t.Fatal(err)
	}
	got := decode(t, file)
	for y := range 30 {
		for x := range 40 {
			r, g, b, a := got.At(x, y).RGBA()
			want := src.RGBAAt(x, y)
			if abs(int(r>>8)-int(want.R)) > 1 || abs(int(g>>8)-int(want.G)) > 1 || abs(int(b>>8)-int(want.B)) > 1 || uint8(a>>8) != want.A {
				t.Fatalf("at %d,%d: %v, want %v", x, y, got.At(x, y), want)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestTheSamePixelsGiveTheSameBytes(t *testing.T) {
	first, err := Encode(slopes(200, 100), Options{Quality: 80})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Encode(slopes(200, 100), Options{Quality: 80})
	if err != nil || !bytes.Equal(first, again) {
		t.Fatalf("%v, the same: %v", err, bytes.Equal(first, again))
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	for _, m := range []*image.RGBA{{Rect: image.Rect(0, 0, MaxSide+1, 1)}, {Rect: image.Rect(0, 0, 4000, 2001)}, {}} {
		if _, err := Encode(m, Options{Quality: 80}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%v: %v", m.Rect, err)
		}
	}
}

// A picture whose pixels are not there makes the copying fail in the midst of it.
func TestAFaultInsideIsAnError(t *testing.T) {
	if file, err := Encode(&image.RGBA{Rect: image.Rect(0, 0, 10, 10), Stride: 40}, Options{Quality: 80}); err == nil || file != nil {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
}

func TestMemoryDoesNotGrowFromPictureToPicture(t *testing.T) {
	src := slopes(800, 500)
	after := func(n int) uint64 {
		for range n {
			if _, err := Encode(src, Options{Quality: 80}); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	if few, more := after(1), after(10); more > few+1<<20 {
		t.Errorf("%d bytes are held after one picture, %d after eleven", few, more)
	}
}
