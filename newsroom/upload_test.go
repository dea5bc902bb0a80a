package newsroom_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// TestAPictureComesInInParts: after a lost connection it goes on where it stopped; the last part gives the picture, and gives
// it again; nobody else sees it.
func TestAPictureComesInInParts(t *testing.T) {
	n := openRoom(t)
	img := image.NewRGBA(image.Rect(0, 0, 90, 60))
	for i := range 90 * 60 {
		img.Set(i%90, i/90, color.RGBA{uint8(i), uint8(i / 7), uint8(i / 3), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	var u struct {
		ID      string
		Offset  int64
		Size    int64
		Part    int64
		Picture *dateline.Picture
	}
	n.as(reporter, "POST", "/uploads", m{"name": "quay.png", "size": len(raw)}).is(201).into(&u)
	at := "/uploads/" + u.ID
	half := len(raw) / 2
	n.as(reporter, "PATCH", at, raw[:half], "Upload-Offset", "0").is(200).into(&u)
	if u.Offset != int64(half) || u.Picture != nil || u.Part < 1<<16 {
		t.Errorf("after the first part: %+v", u)
	}
	n.as(reporter, "PATCH", at, raw[:half], "Upload-Offset", "0").refuses(409, dateline.EConflict, strconv.Itoa(half))
	if got := n.as(reporter, "HEAD", at, nil).is(204).header.Get("Upload-Offset"); got != strconv.Itoa(half) {
		t.Errorf("it is at %q", got)
	}
	n.as(editor, "HEAD", at, nil).is(404)
	n.as(editor, "PATCH", at, raw[half:], "Upload-Offset", strconv.Itoa(half)).refuses(404, dateline.ENotFound, "upload")
	for range 2 {
		rest, offset := raw[half:], half
		if u.Picture != nil {
			rest, offset = nil, len(raw)
		}
		n.as(reporter, "PATCH", at, rest, "Upload-Offset", strconv.Itoa(offset)).is(200).into(&u)
		if u.Picture == nil || u.Picture.Width != 90 || u.Picture.Name != "quay.png" || u.Picture.Bytes != int64(len(raw)) {
			t.Fatalf("in the end: %+v", u.Picture)
		}
	}
	small := n.as(editor, "GET", "/pictures/"+string(u.Picture.ID)+"/small/320", nil).is(200)
	if m, _, err := image.Decode(strings.NewReader(small.raw)); err != nil || m.Bounds().Dx() != 90 {
		t.Errorf("the small copy: %v", err)
	}

	n.as(reporter, "POST", "/uploads", m{"size": 11}).is(201).into(&u)
	n.as(reporter, "PATCH", "/uploads/"+u.ID, []byte("<svg></svg>"), "Upload-Offset", "0").refuses(422, dateline.EInvalid, "SVG")
	n.as(reporter, "HEAD", "/uploads/"+u.ID, nil).is(404)
	n.as(reporter, "POST", "/uploads", m{"size": 41 << 20}).refuses(413, dateline.ETooLarge, "MB")
	n.as(reporter, "POST", "/uploads", m{"size": 0}).refuses(422, dateline.EInvalid, "empty")
	n.as(reporter, "POST", "/uploads", m{"size": 50}).is(201).into(&u)
	n.as(reporter, "DELETE", "/uploads/"+u.ID, nil).is(204)
	n.as(reporter, "HEAD", "/uploads/"+u.ID, nil).is(404)
}
