package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"strings"
	"testing"

	xwebp "golang.org/x/image/webp"
)

// seen decodes a WebP with its colours as a browser shows them.
func seen(t *testing.T, body []byte) image.Image {
	t.Helper()
	m, err := xwebp.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	fullRange(m)
	return m
}

func TestWebPKeepsThePicture(t *testing.T) {
	data := jpegBytes(t, photograph(1200, 800))
	for _, width := range []int{1200, 520, 320, 150} {
		got := seen(t, rendition(t, data, width, WebP))
		if d := difference(got, photograph(width, HeightFor(1200, 800, width))); d > 4 {
			t.Errorf("%d pixels wide: it differs by %.1f of 255", width, d)
		}
	}
	if w, j := len(rendition(t, data, 800, WebP)), len(rendition(t, data, 800, JPEG)); w >= j {
		t.Errorf("WebP has %d bytes, JPEG %d", w, j)
	}
}

func TestWebPOfADrawingLosesNothing(t *testing.T) {
	data := pngBytes(t, drawing(400, 400, true))
	got := seen(t, rendition(t, data, 400, WebP))
	if d := difference(got, drawing(400, 400, true)); d > 0.01 {
		t.Errorf("it differs by %.2f of 255", d)
	}
	if _, _, _, a := got.At(390, 390).RGBA(); a != 0 {
		t.Errorf("the hole has alpha %d", a)
	}
}

// A picture that came as lossy WebP has white that is white, and comes out as it went in.
func TestAWebPComesInWithItsColours(t *testing.T) {
	src := photograph(300, 200)
	brought := rendition(t, jpegBytes(t, src), 300, WebP)
	for _, format := range []Format{JPEG, PNG} {
		if d := difference(decoded(t, rendition(t, brought, 300, format)), src); d > 4 {
			t.Errorf("%s: it differs by %.1f of 255", format, d)
		}
	}
}

func TestACropShowsItsPartInEveryOrientation(t *testing.T) {
	whole := photograph(120, 80)
	crop := image.Rect(70, 10, 110, 70)
	want := image.NewRGBA(image.Rect(0, 0, 40, 60))
	for y := range 60 {
		for x := range 40 {
			want.SetRGBA(x, y, whole.RGBAAt(70+x, 10+y))
		}
	}
	back := [9]int{0, 1, 2, 3, 4, 5, 8, 7, 6}
	for o := 1; o <= 8; o++ {
		data := withJPEGExif(jpegBytes(t, upright(whole, back[o])), exif(binary.LittleEndian, "II", uint16(o)))
		body, _, err := Rendition(bytes.NewReader(data), Order{Width: 40, Crop: crop})
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, body); got.Bounds() != want.Bounds() || difference(got, want) > 4 {
			t.Errorf("orientation %d: %v, it differs by %.1f of 255", o, got.Bounds(), difference(got, want))
		}
	}
	// A GIF's palette, a PNG's and a grey picture are cut as well.
	data := pngBytes(t, drawing(120, 80, false))
	body, _, err := Rendition(bytes.NewReader(data), Order{Width: 20, Crop: image.Rect(60, 40, 80, 60)})
	if err != nil {
		t.Fatal(err)
	}
	if got := decoded(t, body); got.Bounds() != image.Rect(0, 0, 20, 20) || got.At(10, 10) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("%v, %v", got.Bounds(), got.At(10, 10))
	}
}

func TestTheWorkshopMakesWebPAndCropsApart(t *testing.T) {
	w, dir, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(1000, 800)))
	crop := image.Rect(100, 100, 900, 550)
	names := map[string]Format{}
	for _, o := range []Order{{Width: 320}, {Width: 320, Format: WebP}, {Width: 320, Crop: crop}, {Width: 800, Crop: crop, Format: WebP}, {Width: 320, Crop: crop.Add(image.Pt(1, 0))}} {
		r, err := w.Rendition(t.Context(), info.Hash, o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Rendition(t.Context(), info.Hash, o)
		if err != nil || !bytes.Equal(r.Body, again.Body) || r.Format != again.Format || r.Name != again.Name {
			t.Errorf("%+v: kept as another: %v", o, err)
		}
		names[r.Name] = r.Format
		if format, err := formatOf(r.Body); err != nil || format != r.Format || !strings.HasSuffix(r.Name, format.Ext()) {
			t.Errorf("%s holds %s, said to be %s", r.Name, format, r.Format)
		}
	}
	if len(names) != 5 || len(filesIn(t, dir)) != 5 {
		t.Errorf("five orders have %v, in files %v", names, filesIn(t, dir))
	}
	if err := w.DeleteRenditions(info.Hash); err != nil || len(filesIn(t, dir)) != 0 {
		t.Errorf("after the deletion: %v, %v", err, filesIn(t, dir))
	}
}

// A picture of more pixels than WebP is made of comes as JPEG under the name that was asked for, and says why.
func TestWhereWebPFailsThereIsAJPEG(t *testing.T) {
	w, _, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(60, 20_000)))
	r, err := w.Rendition(t.Context(), info.Hash, Order{Width: 60, Format: WebP})
	if err != nil || r.Format != JPEG || r.Instead == nil {
		t.Fatalf("%s, instead %v, %v", r.Format, r.Instead, err)
	}
	if again, err := w.Rendition(t.Context(), info.Hash, Order{Width: 60, Format: WebP}); err != nil || again.Format != JPEG || !bytes.Equal(again.Body, r.Body) {
		t.Errorf("kept: %s, %v", again.Format, err)
	}
}
