package press

import (
	"slices"
	"strings"
	"time"
)

// Answer gives a page to one request: in the encoding it prefers, or as a 304 where the reader has it already
// (RFC 9110, section 13).
func (p *Press) Answer(e *Entry, req *Request) Response {
	v := e.in(req.Accept.Best())
	full, kept := &v.lines, &v.keptSure
	sure := !e.page.Modified.IsZero() && p.conf.Now().Sub(e.page.Modified) >= 2*time.Second
	if !sure {
		// A second change could still fall into the same second, which Last-Modified cannot tell apart.
		full, kept = &v.unsure, &v.kept
	}
	r := Response{Status: e.page.Status, Lines: full.lines, Block: &full.block, Body: v.body, Article: e.page.Article}
	if e.page.Status == 200 && unchanged(req, v.etag, e.page.Modified, sure) {
		r.Status, r.Lines, r.Block, r.Body = 304, kept.lines, &kept.block, nil
	}
	if req.Method == "HEAD" {
		r.Body = nil
	}
	if shared := p.shared(e); shared != nil {
		r.Lines, r.Block = slices.Concat(r.Lines, shared), nil
	}
	return r
}

// shared are the lines by which shared caches may keep a page; none where it is no longer good, as when the shelf fails.
func (p *Press) shared(e *Entry) []Line {
	if e.tags == nil || p.conf.Lifetime == nil || !p.good(e) {
		return nil
	}
	life := p.conf.Lifetime(e.page.Visit)
	if life == nil {
		return nil
	}
	return slices.Concat(e.tags, life)
}

// unchanged evaluates the preconditions in the order of RFC 9110, section 13.2.2.
func unchanged(req *Request, etag string, modified time.Time, sure bool) bool {
	if len(req.IfNoneMatch) > 0 {
		return etag != "" && anyMatch(req.IfNoneMatch, etag)
	}
	return sure && !req.IfModifiedSince.IsZero() && !modified.Truncate(time.Second).After(req.IfModifiedSince)
}

// anyMatch compares weakly: a W/ before a tag does not count (RFC 9110, section 13.1.2).
func anyMatch(tags []string, etag string) bool {
	for _, t := range tags {
		if t == "*" || strings.TrimPrefix(t, "W/") == etag {
			return true
		}
	}
	return false
}

// ParseTags reads an If-None-Match field; what is not an entity tag is passed over.
func ParseTags(field string) []string {
	var tags []string
	for field = strings.Trim(field, " \t,"); field != ""; field = strings.Trim(field, " \t,") {
		if field[0] == '*' {
			return append(tags, "*")
		}
		weak := ""
		if strings.HasPrefix(field, "W/") {
			weak, field = "W/", field[2:]
		}
		end := -1
		if field != "" && field[0] == '"' {
			end = strings.IndexByte(field[1:], '"')
		}
		if end < 0 {
			return tags
		}
		tags = append(tags, weak+field[:end+2])
		field = field[end+2:]
	}
	return tags
}
