package site

import (
	"slices"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// TestPlaces: what is said before a withdrawal is what the withdrawal's receipt asks for afterwards, less the lists that do not
// show the article; and only the pictures that nothing else shows go with it.
func TestPlaces(t *testing.T) {
	d := newPaper(t)
	shown := func(e *record.Edition) {
		e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
	}
	id, _ := d.publish("ferry", "Ferry secrets", shown)
	other, _ := d.publish("other", "The other story", shown)
	find := func(what string) (list []string) {
		t.Helper()
		lines, err := d.site.Places(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.What == what || what == "" && l.What != "picture" {
				list = append(list, l.Address)
			}
		}
		return list
	}
	before := find("")
	if before[0] != d.editions[id].Address || !slices.Contains(before, "/coast/") || slices.Contains(before, "/corrections") {
		t.Errorf("the places are %q", before)
	}
	if got := find("picture"); len(got) > 0 {
		t.Errorf("the other story shows the picture too, and it is said to go: %q", got)
	}
	d.change(id, dateline.ChangeCorrection, "Names were wrong.", nil)
	if !slices.Contains(find(""), "/corrections") {
		t.Error("the list of corrections is not among the places")
	}
	d.withdraw(other, dateline.WithdrawnKilled, nil)
	if got := find("picture"); !slices.Equal(got, []string{"/pictures/" + d.pictureHash}) {
		t.Errorf("the picture that only it shows: %q", got)
	}
	before = find("")
	after := d.confirmed(d.withdraw(id, dateline.WithdrawnKilled, nil))
	for _, place := range before {
		if !slices.Contains(after, place) {
			t.Errorf("%s was said to change, and the receipt does not ask for it", place)
		}
	}
	if _, err := d.site.Places(t.Context(), id); dateline.ErrorCode(err) != dateline.ENotFound {
		t.Errorf("of a withdrawn article: %v", err)
	}
}
