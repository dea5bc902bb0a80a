package newsroom_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
)

// newest is the newest line of the audit.
func (n *room) newest() desk.AuditLine {
	n.Helper()
	var out struct{ Audit []desk.AuditLine }
	n.as(chief, "GET", "/audit?limit=1", nil).is(200).into(&out)
	if len(out.Audit) != 1 {
		n.Fatalf("the audit has %d lines", len(out.Audit))
	}
	return out.Audit[0]
}

// TestEveryActLeavesALine: whatever is done through the API stands on the audit with who, when and from where. The routes that
// the test does are crossed off the table of routes; what is left of those that change something is named, each with its reason.
func TestEveryActLeavesALine(t *testing.T) {
	n := openRoom(t)
	done := map[string]bool{}
	id := ""
	do := func(role dateline.Role, route string, body any, headers ...string) *answer {
		t.Helper()
		before := n.newest().Number
		method, path, _ := strings.Cut(route, " ")
		a := n.as(role, method, strings.ReplaceAll(path, "{id}", id), body, append(headers, "User-Agent", "Typewriter/1")...)
		if a.status >= 300 {
			t.Fatalf("%s: %d %.300s", route, a.status, a.raw)
		}
		l := n.newest()
		if l.Number <= before || l.Actor != "the "+string(role) || l.Role != role || l.Act == "" || l.Address != "127.0.0.1" || l.Device != "Typewriter/1" || l.At.Before(noon) {
			t.Errorf("%s leaves no line of its own: %+v", route, l)
		}
		done[method+" "+path] = true
		return a
	}
	see := func() []string { return seen(n.as(chief, "GET", "/articles/"+id, nil).is(200).article()) }
	article := func(headline string) {
		a := do(editor, "POST /articles", m{"section": "coast", "headline": headline, "html": "<p>Text.</p>"}).article()
		id = string(a.ID)
	}
	do(chief, "POST /sections", m{"slug": "coast", "names": m{"en": "Coast"}})
	do(editor, "POST /topics", m{"slug": "boats", "kind": "subject", "names": m{"en": "Boats"}})
	do(editor, "POST /persons", m{"slug": "ada", "names": m{"en": "Ada"}})
	person := n.as(chief, "GET", "/persons", nil).is(200)
	var persons struct {
		Items []struct {
			ID      string
			Version int64
		}
	}
	person.into(&persons)
	id = persons.Items[0].ID
	do(chief, "POST /persons/{id}/erase", nil, "If-Match", `"1"`)
	article("Quixwortle sails")
	do(chief, "POST /redact", m{"words": []string{"Quixwortle"}, "passages": []string{"article/" + id}})
	do(editor, "POST /stories", m{"name": "The boats"})
	do(reporter, "POST /uploads", m{"name": "x.jpg", "size": 10})
	do(chief, "PUT /settings", m{"weather": m{"provider": ""}})
	do(chief, "PUT /settings/checks", m{"levels": m{"byline": "warn"}, "headline": 80})
	do(chief, "POST /clock/confirm", m{"reason": "The machine was moved"})

	article("One")
	do(reporter, "PUT /articles/{id}", m{"section": "coast", "headline": "One and a half", "html": "<p>Text.</p>"}, see()...)
	do(reporter, "POST /articles/{id}/submit", nil, see()...)
	do(editor, "POST /articles/{id}/return", m{"reason": "Who says so?"}, see()...)
	do(editor, "POST /articles/{id}/schedule", m{"due": noon.Add(time.Hour)}, see()...)
	do(editor, "POST /articles/{id}/unschedule", nil, see()...)
	do(editor, "POST /articles/{id}/embargo", m{"until": noon.Add(time.Hour), "reason": "x"}, see()...)
	do(chief, "DELETE /articles/{id}/embargo?reason=x", nil, see()...)
	do(editor, "POST /articles/{id}/hold", m{"reason": "x"}, see()...)
	do(chief, "DELETE /articles/{id}/hold?reason=x", nil, see()...)
	do(editor, "POST /articles/{id}/previews", m{"hours": 1}, see()...)
	do(editor, "POST /articles/{id}/publish", m{}, see()...)
	do(editor, "POST /articles/{id}/address", m{"address": "/coast/one"}, see()...)
	do(editor, "POST /articles/{id}/withdraw", m{"kind": "killed"}, see()...)
	do(editor, "POST /articles/{id}/restore", nil, see()...)
	do(chief, "POST /articles/{id}/redact", m{"editions": []int{1}, "reason": "By order of a court"}, see()...)

	for _, r := range routes {
		method, path, _ := strings.Cut(r.route, " ")
		route := method + " " + strings.TrimPrefix(path, "/api/v1")
		if method == "GET" || method == "HEAD" || done[route] || done[route+"?reason=x"] {
			continue
		}
		if strings.HasPrefix(r.roles, "R") && path == "/api/v1/presence" || slices.Contains([]string{"/api/v1/articles/{id}/redaction", "/api/v1/redaction", "/api/v1/persons/{id}/erasure"}, path) {
			continue // they change nothing
		}
		if route == "PATCH /uploads/{id}" {
			continue // a part of an upload leaves none: the picture has its line
		}
		if !byRule[route] {
			t.Errorf("%s changes something and is not tried here; if its line is the one that the router's rule leaves, name it in byRule", route)
		}
		delete(byRule, route)
	}
	for route := range byRule {
		t.Errorf("%s is named in byRule, and is tried or does not exist", route)
	}
	n.inHindi()
}

// byRule are routes whose line is the one that the router's rule leaves.
var byRule = map[string]bool{
	"DELETE /articles/{id}/entries/{number}":             true,
	"DELETE /stories/{id}/embargo":                       true,
	"DELETE /stories/{id}/hold":                          true,
	"DELETE /uploads/{id}":                               true,
	"POST /articles/{id}/entries":                        true,
	"POST /articles/{id}/entries/{number}/article":       true,
	"POST /articles/{id}/previews/{preview}/revoke":      true,
	"POST /articles/{id}/suggestions/{suggestion}/leave": true,
	"POST /articles/{id}/suggestions/{suggestion}/take":  true,
	"POST /fronts/{id}/draft":                            true,
	"POST /fronts/{id}/publish":                          true,
	"POST /fronts/{id}/schedule":                         true,
	"POST /fronts/{id}/unschedule":                       true,
	"POST /notes":                                        true,
	"POST /notes/{note}/answers":                         true,
	"POST /notes/{note}/done":                            true,
	"POST /pictures":                                     true,
	"POST /stories/{id}/embargo":                         true,
	"POST /stories/{id}/hold":                            true,
	"POST /stories/{id}/merge":                           true,
	"POST /stories/{id}/publish":                         true,
	"POST /stories/{id}/schedule":                        true,
	"POST /stories/{id}/split":                           true,
	"POST /stories/{id}/status":                          true,
	"POST /stories/{id}/unschedule":                      true,
	"POST /stories/{id}/withdraw":                        true,
	"POST /story-dismissals":                             true,
	"PUT /articles/{id}/entries/{number}":                true,
	"PUT /articles/{id}/live":                            true,
	"PUT /articles/{id}/suggested":                       true,
	"PUT /fronts/{id}":                                   true,
	"PUT /persons/{id}":                                  true,
	"PUT /pictures/{id}":                                 true,
	"PUT /publication":                                   true,
	"PUT /sections/{id}":                                 true,
	"PUT /stories/{id}":                                  true,
	"PUT /topics/{id}":                                   true,
}

// TestTheAuditIsFiltered: by person, act, subject and time, together; a chief alone reads it, and takes it out.
func TestTheAuditIsFiltered(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "=HYPERLINK(1)"})
	n.clock.Pass(time.Hour)
	n.act(editor, a, "hold", m{"reason": "=SUM(A1), and more"}).is(200)
	acts := func(lines []desk.AuditLine) string {
		var out []string
		for _, l := range lines {
			if !strings.Contains(l.Detail, "took the audit out") { // by this test
				out = append(out, string(l.Act))
			}
		}
		return strings.Join(out, " ")
	}
	list := func(query string) string {
		t.Helper()
		var out struct{ Audit []desk.AuditLine }
		n.as(chief, "GET", "/audit?"+query, nil).is(200).into(&out)
		return acts(out.Audit)
	}
	export := func(query string) string {
		t.Helper()
		var out []desk.AuditLine
		lines := bufio.NewScanner(strings.NewReader(n.as(chief, "GET", "/audit/export?format=jsonl&"+query, nil).is(200).raw))
		for lines.Scan() {
			var l desk.AuditLine
			n.must(json.Unmarshal(lines.Bytes(), &l))
			out = append(out, l)
		}
		return acts(out)
	}
	later := url.QueryEscape(noon.Add(30 * time.Minute).Format(time.RFC3339))
	filters := map[string]string{
		"person=the+editor":                  "hold",
		"act=hold":                           "hold",
		"subject=" + string(a.ID):            "hold create",
		"since=" + later:                     "hold",
		"until=" + later + "&act=create":     "create",
		"person=nobody":                      "",
		"person=the+editor&act=create":       "",
		"person=the+reporter&since=" + later: "",
		"act=hold&until=" + later:            "",
		"person=the+editor&since=" + later + "&act=hold&subject=" + string(a.ID): "hold",
	}
	for query, want := range filters {
		if got := list(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if got := list("act=create&limit=1"); got != "create" {
		t.Errorf("the newest alone: %q", got)
	}
	n.as(editor, "GET", "/audit", nil).refuses(403, dateline.EForbidden)
	n.as(editor, "GET", "/audit/export", nil).refuses(403, dateline.EForbidden)
	n.as(chief, "GET", "/audit/export?format=xml", nil).refuses(422, dateline.EInvalid, "csv nor jsonl")
	n.as(chief, "GET", "/audit/export?since=yesterday", nil).refuses(422, dateline.EInvalid, "since")
	n.as(chief, "GET", "/audit/export?x=1", nil).refuses(422, dateline.EInvalid, "no parameter")
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/audit", nil).is(200).lacks("127.0.0.1", "Go-http-client")

	out := n.as(chief, "GET", "/audit/export?subject="+string(a.ID), nil).is(200)
	rows, err := csv.NewReader(strings.NewReader(out.raw)).ReadAll()
	n.must(err)
	if len(rows) != 4 || rows[0][0] != "n" || !strings.Contains(rows[1][8], "took the audit out, about") || rows[2][4] != "hold" || !strings.HasPrefix(rows[2][8], "'=SUM(A1)") || rows[3][4] != "create" {
		t.Errorf("as CSV: %q", rows)
	}
	lines := bufio.NewScanner(strings.NewReader(n.as(chief, "GET", "/audit/export?format=jsonl", nil).is(200).raw))
	var count int
	for before := int64(1 << 40); lines.Scan(); count++ {
		var l desk.AuditLine
		n.must(json.Unmarshal(lines.Bytes(), &l))
		if l.Number >= before {
			t.Errorf("line %d comes after %d", l.Number, before)
		}
		before = l.Number
		if count == 0 && !strings.Contains(l.Detail, "took the audit out") {
			t.Errorf("that it was taken is not on it: %+v", l)
		}
	}
	if count < 6 {
		t.Errorf("as lines: %d", count)
	}
	for query, want := range filters {
		if got := export(query); got != want {
			t.Errorf("%s: taken out are %q, want %q", query, got, want)
		}
	}
}

// TestTheClockIsSeen: a clock that jumped is told, and a chief confirms it.
func TestTheClockIsSeen(t *testing.T) {
	n := openRoom(t)
	var c newsroom.Clock
	n.as(reporter, "GET", "/clock", nil).is(200).into(&c)
	if c.Wrong != "" || !c.Now.Equal(noon) {
		t.Errorf("at first: %+v", c)
	}
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	n.clock.Jump(5 * time.Minute)
	n.as(reporter, "GET", "/clock", nil).is(200).into(&c)
	if c.Jump != 300 || c.Behind != 0 || !strings.Contains(c.Wrong, "jumped by 5m0s") || !c.Now.Equal(noon.Add(5*time.Minute)) {
		t.Errorf("after a jump: %+v", c)
	}
	n.act(editor, a, "publish", m{}).refuses(503, dateline.EUnavailable, "jumped")
	n.as(editor, "POST", "/clock/confirm", m{"reason": "x"}).refuses(403, dateline.EForbidden)
	n.as(chief, "POST", "/clock/confirm", m{"reason": " "}).refuses(422, dateline.EInvalid, "reason")
	c = newsroom.Clock{}
	n.as(chief, "POST", "/clock/confirm", m{"reason": "Its battery was changed"}).is(200).into(&c)
	if c.Wrong != "" {
		t.Errorf("confirmed: %+v", c)
	}
	if l := n.newest(); !strings.Contains(l.Detail, "confirmed the clock") || !strings.Contains(l.Detail, "battery") {
		t.Errorf("on the audit: %+v", l)
	}
	n.act(editor, a, "publish", m{}).is(200)
}

// inHindi asks for the audit in two languages: what Dateline wrote is translated, what a person wrote stays, and a file has the English.
func (n *room) inHindi() {
	n.Helper()
	list := func(language string) map[int64]desk.AuditLine {
		var out struct{ Audit []desk.AuditLine }
		n.as(chief, "GET", "/audit?limit=200", nil, "Accept-Language", language).is(200).into(&out)
		lines := map[int64]desk.AuditLine{}
		for _, l := range out.Audit {
			lines[l.Number] = l
		}
		return lines
	}
	english, hindi := list("en"), list("hi-IN, en;q=0.5")
	ours, theirs := 0, 0
	file := bufio.NewScanner(strings.NewReader(n.as(chief, "GET", "/audit/export?format=jsonl", nil, "Accept-Language", "hi").is(200).raw))
	for file.Scan() {
		var l desk.AuditLine
		n.must(json.Unmarshal(file.Bytes(), &l))
		en, ok := english[l.Number]
		hi := hindi[l.Number]
		switch {
		case !ok: // that it was taken out
		case l.Detail != en.Detail || l.Detail != "" && l.Said != nil && l.Said.String() != l.Detail || en.Said != nil:
			n.Errorf("line %d is %q in a file and %q on the audit: %+v", l.Number, l.Detail, en.Detail, l.Said)
		case l.Said == nil:
			theirs++
			if hi.Detail != en.Detail {
				n.Errorf("line %d: a person's words %q became %q", l.Number, en.Detail, hi.Detail)
			}
		default:
			ours++
			if !strings.ContainsFunc(hi.Detail, func(r rune) bool { return unicode.Is(unicode.Devanagari, r) }) {
				n.Errorf("line %d, %s: %q is %q in Hindi", l.Number, l.Act, en.Detail, hi.Detail)
			}
		}
	}
	if ours < 10 || theirs < 2 {
		n.Errorf("%d lines have words of ours, and %d none", ours, theirs)
	}
}

func TestARefusalIsInTheLanguageOfWhoeverAsks(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "The pier"})
	path := "/articles/" + string(a.ID)
	held := n.write(m{"section": "coast", "headline": "The lighthouse"})
	n.as(editor, "POST", "/articles/"+string(held.ID)+"/hold", m{"reason": "Mare"}, seen(held)...).is(200).into(&held)
	topic := m{"slug": "tides", "kind": "subject", "names": m{"en": "Tides"}}
	var tides dateline.Topic
	n.as(editor, "POST", "/topics", topic).is(201).into(&tides)
	for name, test := range map[string]struct {
		ask  func(headers ...string) *answer
		want string
	}{
		"of the desk": {func(h ...string) *answer {
			return n.as(editor, "POST", path+"/schedule", m{"due": "2001-01-01T00:00:00Z"}, append(seen(a), h...)...)
		}, "बीत चुका है"},
		"of the table": {func(h ...string) *answer {
			return n.as(reporter, "POST", path+"/publish", m{}, append(seen(a), h...)...)
		}, "प्रकाशित करना: यह भूमिका “संवाददाता” के लिए नहीं"},
		"of a field": {func(h ...string) *answer {
			return n.as(editor, "POST", "/articles", m{"section": "coast", "headline": strings.Repeat("x", 2000)}, h...)
		}, "ज़्यादा से ज़्यादा"},
		"of the router": {func(h ...string) *answer {
			return n.as(editor, "POST", path+"/previews", m{"hours": 1000}, append(seen(a), h...)...)
		}, "ज़्यादा से ज़्यादा 336"},
		"of no address":       {func(h ...string) *answer { return n.as(editor, "GET", "/nowhere", nil, h...) }, "इस पते पर कोई उत्तर नहीं"},
		"of a list's section": {func(h ...string) *answer { return n.as(editor, "GET", "/desk/all?section=nope", nil, h...) }, "अनुभाग nope नहीं है"},
		"of the store": {func(h ...string) *answer {
			return n.as(editor, "GET", "/articles/0190b5f0-6c00-7cc3-98c4-dc0c0c07398f", nil, h...)
		}, "लेख 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f नहीं है"},
		"of a choice":        {func(h ...string) *answer { return n.as(editor, "GET", "/desk/zzz", nil, h...) }, "इनमें से एक होना चाहिए"},
		"outside the router": {func(h ...string) *answer { return n.as(editor, "GET", "/audit/export", nil, h...) }, "यह भूमिका “संपादक” के लिए नहीं"},
		"of what cannot be used": {func(h ...string) *answer {
			return n.as(editor, "POST", "/topics", m{"slug": "-", "kind": "subject", "names": m{"en": "-"}}, h...)
		}, "विषय को इस रूप में काम में नहीं लिया जा सकता"},
		"of what there is": {func(h ...string) *answer { return n.as(editor, "POST", "/topics", topic, h...) }, "विषय पहले से है: "},
		"of a version": {func(h ...string) *answer {
			return n.as(editor, "PUT", "/topics/"+string(tides.ID), topic, append(h, "If-Match", `"9"`)...)
		}, "आपने विषय का रूप 9 देखा"},
		"of a lock": {func(h ...string) *answer {
			return n.as(editor, "POST", "/articles/"+string(held.ID)+"/publish", m{}, append(seen(held), h...)...)
		}, "ने लेख पर क़ानूनी रोक लगाई"},
		"that nothing is sent": {func(h ...string) *answer {
			return n.as(editor, "POST", path+"/hold", m{"reason": " "}, append(seen(a), h...)...)
		}, "कारण दें"},
	} {
		english := test.ask().problem()
		if english.Detail == "" || strings.ContainsFunc(english.Detail, func(r rune) bool { return unicode.Is(unicode.Devanagari, r) }) {
			t.Errorf("%s: without a language: %q", name, english.Detail)
		}
		if p := test.ask("Accept-Language", "hi"); p.status != english.Status || p.problem().Code != english.Code {
			t.Errorf("%s: in Hindi %d: %s", name, p.status, p.raw)
		} else {
			p.has(test.want)
		}
	}
}
