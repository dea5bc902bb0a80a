package site

import (
	"context"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// How many articles a part of a still list has: at least, and at most.
const (
	leastRows = 15
	mostRows  = 75
)

// page reads a page's rows of one or several lists. In a still list a page ends after an article whose id says so, and not after so
// many: where an article is added, only the pages around it become other ones. One id in sixteen says so, which makes about thirty rows.
func (v *view) page(before shelf.Position, lists ...shelf.ListOf) (rows []shelf.Card, more bool, err error) {
	if !v.s.conf.Still {
		return v.rows(before, pageRows, lists...)
	}
	rows, more, err = v.rows(before, mostRows, lists...)
	for i := leastRows - 1; i < len(rows)-1; i++ {
		if endsPage(rows[i].ID) {
			return rows[:i+1], true, err
		}
	}
	return rows, more, err
}

func endsPage(id dateline.ID) bool { return strings.HasSuffix(string(id), "0") }

// furtherPart stands in the addresses of further parts of still lists, before the position that stands for a query elsewhere.
const furtherPart = "/before/"

// further is the address of the part of a list after a position.
func (v *view) further(address string, at shelf.Position) string {
	if !v.s.conf.Still {
		return withQuery(address, "before", position(at))
	}
	return strings.TrimSuffix(address, "/") + furtherPart + position(at)
}

// splitFurther parts the address of a further part of a still list from the list's.
func splitFurther(path string) (list, before string, ok bool) {
	list, before, ok = strings.Cut(path, furtherPart)
	if _, is := parsePosition(before); !ok || !is {
		return "", "", false
	}
	switch first, _, _ := strings.Cut(strings.TrimPrefix(list, "/"), "/"); first {
	case "topics", "people", "stories", "corrections":
		return list, before, true
	}
	return list + "/", before, true // sections and days
}

// KeyToday is what still pages depend on that go by the local date, such as what lies ahead in a running story. Nothing touches it: whoever
// keeps such pages sees by the date that they are old.
const KeyToday shelf.Key = "today"

// Written answers as Serve does, for a still page that is to be kept, and says what it depends on: the answer stays as it is while no key is
// touched. Where it names none the answer may change at any time.
func (s *Site) Written(ctx context.Context, req *press.Request) (press.Response, []string) {
	if !decent(req) {
		return noAddress(), nil
	}
	e, err := s.find(ctx, req, s.tombstoned(req))
	if err != nil {
		return s.Serve(ctx, req), nil
	}
	return s.press.Answer(e, req), e.Keys()
}

// checkAddress is where an article is checked against the record. What that needs is of the newest checkpoint, so that a still page does
// not lead there.
func (v *view) checkAddress(article string) string {
	if v.s.conf.Still {
		return ""
	}
	return below(article, "/verify")
}

// unfolded is what a request for a further part of a still list asks for. Elsewhere such an address leads to the list's own.
func (s *Site) unfolded(req *press.Request) (asked *press.Request, to string) {
	list, before, ok := splitFurther(req.Path)
	if !ok {
		return req, ""
	}
	if !s.conf.Still {
		return req, withQuery(list, "before", before)
	}
	r := *req
	r.Path, r.Escaped, r.Query.Before = list, list, before
	return &r, ""
}
