package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

// TestThePicturesOfAnArticleAreInItsHistory: what becomes other about a picture, rights first, stands with every article that shows it, as
// it was and as it is; a save that changes nothing, and articles without the picture, have no line.
func TestThePicturesOfAnArticleAreInItsHistory(t *testing.T) {
	n := newsroom(t)
	world := n.section("world").ID
	p := n.picture(20)
	shows := n.save(n.create(dateline.Content{Headline: "Shows it", Section: world}), func(c *dateline.Content) { c.Lead = &dateline.Lead{Picture: p.ID, Alt: "A harbour"} })
	other := n.create(dateline.Content{Headline: "Does not", Section: world})
	told := func(a *dateline.Article) (list []string) {
		lines, err := n.desk.ListAudit(t.Context(), editor, a.ID, 0, 50)
		n.must(err)
		for _, l := range lines {
			if l.Act == dateline.ActDescribe {
				list = append(list, l.Actor+": "+l.Detail)
			}
		}
		return list
	}
	end := noon.Add(2 * time.Hour)
	p = n.until(p, end)
	n.until(p, end) // the same again
	p, err := n.desk.FindPicture(t.Context(), reporter, p.ID)
	n.must(err)
	p.Credit, p.Until, p.Framing.Focal = "Ada Menon", nil, &dateline.Point{X: 3, Y: 4}
	_, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	got := told(shows)
	if len(got) != 2 {
		t.Fatalf("the history says %q", got)
	}
	for i, want := range [][]string{
		{"rights until: “" + end.UTC().Format(time.RFC3339) + "” → nothing", "credit: ", "→ “Ada Menon”", "focal point: nothing → “3, 4”"},
		{reporter.Name + ": ", "rights until: nothing → “" + end.UTC().Format(time.RFC3339) + "”"},
	} {
		for _, w := range want {
			if !strings.Contains(got[i], w) {
				t.Errorf("%q does not say %q", got[i], w)
			}
		}
	}
	if got := told(other); len(got) != 0 {
		t.Errorf("an article without it says %q", got)
	}
}
