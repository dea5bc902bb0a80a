package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// tellUses leaves, with each article that shows a picture, what became other about it: its history is that of what it shows too.
func (t *turn) tellUses(was, now *dateline.Picture) error {
	changes := pictureChanges(was, now)
	if len(changes) == 0 {
		return nil
	}
	uses, err := t.ListPictureUses(now.ID, maxUses)
	if err != nil {
		return err
	}
	for _, u := range uses {
		a, err := t.FindArticle(u.Article)
		if err != nil {
			return err
		}
		if err := t.note(dateline.ActDescribe, a, 0, "%s: %s", called(now), strings.Join(changes, "; ")); err != nil {
			return err
		}
	}
	return nil
}

// pictureChanges says what differs between two states of a picture, each with what it was and what it is.
func pictureChanges(was, now *dateline.Picture) (list []string) {
	before, after := pictureWords(was), pictureWords(now)
	for i := range before {
		if before[i].words != after[i].words {
			list = append(list, fmt.Sprintf("%s: %s → %s", before[i].path, asChanged(before[i].words), asChanged(after[i].words)))
		}
	}
	return list
}

// asChanged is a field's words as a change of it says them.
func asChanged(words string) string {
	if words == "" {
		return "nothing"
	}
	return "“" + words + "”"
}

// pictureWords puts into words what the desk keeps with a picture, in one order.
func pictureWords(p *dateline.Picture) []inWords {
	until := ""
	if p.Until != nil {
		until = p.Until.UTC().Format(time.RFC3339)
	}
	list := []inWords{{"rights", p.Rights}, {"rights until", until}, {"name", p.Name}, {"alternative text", p.Alt}, {"caption", p.Caption}, {"credit", p.Credit},
		{"creator", p.Creator}, {"copyright", p.Copyright}}
	focal := ""
	if f := p.Framing.Focal; f != nil {
		focal = fmt.Sprintf("%d, %d", f.X, f.Y)
	}
	crops := []string{}
	for _, at := range slices.Sorted(maps.Keys(p.Framing.Crops)) {
		c := p.Framing.Crops[at]
		crops = append(crops, fmt.Sprintf("%s %+v", at, c))
	}
	return append(list, inWords{"focal point", focal}, inWords{"crops", strings.Join(crops, ", ")})
}
