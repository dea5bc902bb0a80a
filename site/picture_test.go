package site

import (
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// pictureAddresses are the addresses of pictures that a page names.
func pictureAddresses(page string) map[string]bool {
	found := map[string]bool{}
	for {
		_, rest, ok := strings.Cut(page, "/pictures/")
		if !ok {
			return found
		}
		end := strings.IndexAny(rest, "\" ,")
		found["/pictures/"+rest[:end]] = true
		page = rest[end:]
	}
}

// TestAFramingChangesThePagesAndKeepsTheOldAddresses: a new focal point or crop is on every page at once, under new
// addresses; those that a reader's open page still names go on answering.
func TestAFramingChangesThePagesAndKeepsTheOldAddresses(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops", func(e *record.Edition) {
		e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
	})
	at := d.editions[id].Address
	before := map[string]string{}
	for _, a := range []string{"/", "/coast/", at} {
		before[a] = d.want(a, 200, "image/webp")
	}
	if !strings.Contains(before[at], `<source type="image/webp" srcset="/pictures/`+d.pictureHash+`-320.webp 320w`) || !strings.Contains(before[at], ` width="1200" height="675"`) {
		t.Errorf("the article shows its picture as %s", before[at])
	}
	if og := `<meta property="og:image" content="http://estuary.example/pictures/` + d.pictureHash + `-1200-`; !strings.Contains(before[at], og) {
		t.Error("what goes with a link is not the social crop")
	}
	d.append(d.picture, &record.Picture{Hash: d.pictureHash, Format: "jpeg", Width: 1200, Height: 675, Focal: &dateline.Point{X: 1100, Y: 670},
		Crops: map[dateline.Placement]dateline.Crop{dateline.PlaceLead: {Width: 900, Height: 600, X: 10, Y: 20}, dateline.PlaceCard: {Width: 800, Height: 450}}})
	for _, a := range []string{"/", "/coast/", at} {
		after := d.want(a, 200)
		if after == before[a] {
			t.Errorf("%s does not know of the new framing", a)
		}
		for address := range pictureAddresses(before[a] + after) {
			d.want(address, 200)
		}
	}
	d.want("/", 200, ` width="800" height="450"`)
	if after := d.want(at, 200); !strings.Contains(after, ` width="900" height="600"`) {
		t.Error("the crop of the head is not that made by hand")
	}
	for _, never := range []string{"-320-000000000000.jpg", "-320-.jpg", "-320.png", "-320.gif", "-320-.webp", "-0320.jpg"} {
		d.want("/pictures/"+d.pictureHash+never, 404)
	}
}
