package wxr

import (
	"path/filepath"
	"testing"

	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/datelinehq/dateline/markup"
)

func TestDump(t *testing.T) {
	dir := corpora.Dir(t, "wxr")
	for _, f := range []string{"theme-unit-test-data.xml", "a11y-unit-test-data.xml"} {
		got, err := readFile(t, filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range got.items {
			if i.Type != "post" && i.Type != "page" {
				continue
			}
			n, notes := Body(i.Content, BodyOptions{})
			types := map[markup.Type]int{}
			markup.Walk(n, func(n markup.Node) bool { types[n.Type]++; return true })
			t.Logf("%d %q %v\n   NOTES %v", i.Line, i.Title, types, notes)
			if err := markup.Validate(n); err != nil {
				t.Error(err)
			}
		}
	}
}
