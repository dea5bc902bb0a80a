package newsroom_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

// drawn is a PNG of 90 by 60 pixels, whose bytes are others for every seed.
func drawn(t *testing.T, seed int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 90, 60))
	for i := range 90 * 60 {
		img.Set(i%90, i/90, color.RGBA{uint8(i + seed), uint8(i / 7), uint8(i / 3), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAPictureComesInInParts: after a lost connection it goes on where it stopped; the last part gives the picture, and gives
// it again; nobody else sees it.
func TestAPictureComesInInParts(t *testing.T) {
	n := openRoom(t)
	raw := drawn(t, 0)
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

// TestTheLastPartComesTwiceAtOnce: one of two that bring it is taken, the other is told where the upload is; whoever asks for the
// picture meanwhile gets the same one.
func TestTheLastPartComesTwiceAtOnce(t *testing.T) {
	n := openRoom(t)
	for round := range 8 {
		raw := drawn(t, round+1)
		var u struct{ ID string }
		n.as(reporter, "POST", "/uploads", m{"name": "quay.png", "size": len(raw)}).is(201).into(&u)
		at, half := "/uploads/"+u.ID, len(raw)/2
		n.as(reporter, "PATCH", at, raw[:half], "Upload-Offset", "0").is(200)
		answers := make([]*answer, 6)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				if i < 2 {
					answers[i] = n.as(reporter, "PATCH", at, raw[half:], "Upload-Offset", strconv.Itoa(half))
				} else {
					answers[i] = n.as(reporter, "PATCH", at, nil, "Upload-Offset", strconv.Itoa(len(raw)))
				}
			})
		}
		wg.Wait()
		pictures, taken := map[dateline.ID]bool{}, 0
		for i, a := range answers {
			if a.status == 409 { // it came before the last part did, or was the second to bring it
				a.refuses(409, dateline.EConflict, "the upload is at", "go on from there")
				continue
			}
			var got struct{ Picture *dateline.Picture }
			if a.is(200).into(&got); got.Picture == nil {
				t.Fatalf("answer %d has no picture: %s", i, a.raw)
			}
			pictures[got.Picture.ID] = true
			if i < 2 {
				taken++
			}
		}
		if len(pictures) != 1 || taken != 1 {
			t.Errorf("round %d: %d pictures, the last part was taken %d times", round, len(pictures), taken)
		}
	}
}

// TestAnUploadIsItsHoldersByID: another token of the same name does not see it.
func TestAnUploadIsItsHoldersByID(t *testing.T) {
	n := openRoom(t)
	var u struct{ ID string }
	n.as(reporter, "POST", "/uploads", m{"size": 50}).is(201).into(&u)
	_, secret, err := n.desk.CreateToken(t.Context(), dateline.Actor{Name: "set-up", Role: dateline.RoleChief}, "the reporter", dateline.RoleReporter, time.Time{})
	n.must(err)
	n.send("HEAD", "/uploads/"+u.ID, nil, "Authorization", "Bearer "+secret).is(404)
	n.send("DELETE", "/uploads/"+u.ID, nil, "Authorization", "Bearer "+secret).is(204)
	n.as(reporter, "HEAD", "/uploads/"+u.ID, nil).is(204)
}

// TestTooManyBytesOfAPicture: the hint is a picture's.
func TestTooManyBytesOfAPicture(t *testing.T) {
	n := openRoom(t)
	n.as(reporter, "POST", "/pictures", bytes.Repeat([]byte("x"), 40<<20+1)).refuses(413, dateline.ETooLarge, "40 MB", "save a smaller picture").lacks("text")
	var u struct{ ID string }
	n.as(reporter, "POST", "/uploads", m{"size": 2 << 20}).is(201).into(&u)
	n.as(reporter, "PATCH", "/uploads/"+u.ID, make([]byte, 1<<20+1), "Upload-Offset", "0").refuses(413, dateline.ETooLarge, "more parts").lacks("text")
}
