package paper

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The states of an article's draft, as the file's "state" says them.
const (
	StatePublished = "published" // no draft beside the latest edition
	StateDraft     = "draft"
	StateSubmitted = "submitted"
	StateScheduled = "scheduled"
)

// Article is one file of the folder articles or pages. Headline, standfirst, text and notes still hold placeholders;
// EditionsAt and PlanAt give them resolved.
type Article struct {
	Name         string   // of the file, without ".txt"; other files refer to the article by it
	Section      string   // slug; none for a page
	Label        string   // news where the file has none
	Language     string   // BCP 47
	Place        string   // the place of the dateline
	Agency       string   // the agency of the dateline
	Byline       []Credit // in order
	Source       *Source
	Topics       []string // slugs
	Slug         string   // the address's last part
	Related      []string // names of earlier articles
	Translations []string // names of articles that say the same in another language
	State        string

	picture    *Figure
	revisions  []revision
	due        when // State is StateScheduled
	embargo    *when
	embargoWhy string
	withdrawal *withdrawal
}

// Credit is one name of a byline: a person by slug or an agency by name.
type Credit struct {
	Person string
	Agency string
}

// Source says where agency copy came from.
type Source struct {
	Agency, Item, Version string
}

// Figure is a picture with its words.
type Figure struct {
	File, Alt, Caption, Credit string
}

// revision is the text of one edition, or of a draft, with its placeholders.
type revision struct {
	when       when
	change     string
	note       string
	headline   string
	standfirst string
	body       string
}

type withdrawal struct {
	when   when
	kind   string
	reason string
	into   string
}

// parseArticle reads one file: the header, an empty line, the text of the first edition, and for every later one
// that differs a part "=== edition N".
func parseArticle(name, text string) (Article, error) {
	head, rest, _ := strings.Cut(strings.TrimRight(text, "\n")+"\n", "\n\n")
	f := parseFields(strings.Split(strings.TrimRight(head, "\n"), "\n"), 1)
	a := Article{
		Name: name, Section: f.get("section"), Label: f.get("label"), Language: f.get("language"), Place: f.get("place"),
		Agency: f.get("agency"), Topics: f.list("topics"), Slug: f.must("slug"), Related: f.list("related"),
		Translations: f.list("translations"), State: f.get("state"),
	}
	a.Label = orElse(a.Label, "news")
	a.Language = orElse(a.Language, "en")
	for _, s := range f.list("byline") {
		a.Byline = append(a.Byline, parseCredit(s))
	}
	a.parseSource(f)
	a.parsePicture(f)
	a.parseState(f)
	a.parseWithdrawal(f)
	parts := strings.Split("\n"+rest, "\n=== ")
	first := revision{headline: f.must("headline"), standfirst: f.get("standfirst"), body: strings.TrimSpace(parts[0])}
	a.parseEditions(f, first, parts[1:])
	if err := f.err(); err != nil {
		return Article{}, err
	}
	return a, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func parseCredit(s string) Credit {
	if agency, ok := strings.CutPrefix(s, "agency:"); ok {
		return Credit{Agency: strings.TrimSpace(agency)}
	}
	return Credit{Person: s}
}

func (a *Article) parseSource(f *fields) {
	s := f.get("source")
	if s == "" {
		return
	}
	p := strings.Split(s, " / ")
	if len(p) != 3 {
		f.fail("source is not \"agency / item / version\"")
		return
	}
	a.Source = &Source{Agency: p[0], Item: p[1], Version: p[2]}
}

func (a *Article) parsePicture(f *fields) {
	if file := f.get("picture"); file != "" {
		a.picture = &Figure{File: file, Alt: f.must("alt"), Caption: f.must("caption"), Credit: f.must("credit")}
	}
}

// parseState reads "state: scheduled +10m" and "embargo: 2d 07:00 reason".
func (a *Article) parseState(f *fields) {
	word, rest, _ := strings.Cut(a.State, " ")
	a.State = orElse(word, StatePublished)
	switch a.State {
	case StateScheduled:
		w, err := parseWhen(rest)
		if err != nil {
			f.fail("state: %v", err)
		}
		a.due = w
	case StatePublished, StateDraft, StateSubmitted:
	default:
		f.fail("state %q is unknown", a.State)
	}
	if s := f.get("embargo"); s != "" {
		w, reason, err := cutWhen(s)
		if err != nil || reason == "" {
			f.fail("embargo: write it like \"1d 07:00 reason\": %v", err)
		}
		a.embargo, a.embargoWhy = &w, reason
	}
}

// parseWithdrawal reads "withdrawn: 43d 16:30 killed reason" and "withdrawn: 3h merged name".
func (a *Article) parseWithdrawal(f *fields) {
	s := f.get("withdrawn")
	if s == "" {
		return
	}
	w, rest, err := cutWhen(s)
	kind, reason, _ := strings.Cut(rest, " ")
	wd := withdrawal{when: w, kind: kind, reason: reason}
	switch {
	case err != nil:
		f.fail("withdrawn: %v", err)
	case reason == "":
		f.fail("withdrawn: a reason, or the article it was merged into, is missing")
	case kind == "merged":
		wd.into, wd.reason = reason, ""
	case kind != "killed":
		f.fail("withdrawn: %q is neither killed nor merged", kind)
	}
	a.withdrawal = &wd
}

// cutWhen reads a when at the head of a line and gives what follows it.
func cutWhen(s string) (when, string, error) {
	one, rest, _ := strings.Cut(s, " ")
	if two, after, _ := strings.Cut(rest, " "); len(two) == 5 && two[2] == ':' {
		one, rest = one+" "+two, after
	}
	w, err := parseWhen(one)
	return w, strings.TrimSpace(rest), err
}

func (a *Article) parseEditions(f *fields, rev revision, parts []string) {
	lines := f.all("edition")
	changes := map[string][]string{}
	for _, p := range parts {
		title, body, _ := strings.Cut(p, "\n")
		changes[strings.TrimSpace(title)] = strings.Split(strings.TrimSpace(body), "\n")
	}
	for i, s := range lines {
		w, rest, err := cutWhen(s)
		if err != nil {
			f.fail("edition %d: %v", i+1, err)
		}
		rev.when = w
		rev.change, rev.note, _ = strings.Cut(rest, " ")
		key := fmt.Sprintf("edition %d", i+1)
		if list := changes[key]; list != nil {
			if err := rev.apply(list); err != nil {
				f.fail("%s: %v", key, err)
			}
			delete(changes, key)
		}
		a.revisions = append(a.revisions, rev)
	}
	if len(lines) == 0 {
		a.revisions = []revision{rev}
	}
	for key := range changes {
		f.fail("a part %q belongs to no edition", key)
	}
}

// apply changes the text of the edition before into the next one's.
func (r *revision) apply(lines []string) error {
	var errs []error
	for _, s := range lines {
		key, value, _ := strings.Cut(s, ": ")
		switch key {
		case "headline":
			r.headline = value
		case "standfirst":
			r.standfirst = value
		case "append":
			r.body += "\n" + value
		case "replace":
			before, after, ok := strings.Cut(value, " ⇒ ")
			if n := strings.Count(r.body, before); !ok || n != 1 {
				errs = append(errs, fmt.Errorf("%.60q stands %d times in the text; it must stand once", before, n))
				continue
			}
			r.body = strings.Replace(r.body, before, after, 1)
		default:
			errs = append(errs, fmt.Errorf("%.40q is no change; use headline, standfirst, replace or append", s))
		}
	}
	return errors.Join(errs...)
}

// Published says whether the article has editions.
func (a Article) Published() bool {
	return len(a.revisions) > 0 && a.revisions[0].change != ""
}

// Withdrawn says how the article was taken down: "killed", "merged" or, where it was not, "".
func (a Article) Withdrawn() string {
	if a.withdrawal == nil {
		return ""
	}
	return a.withdrawal.kind
}

// Editions counts the article's editions.
func (a Article) Editions() int {
	if !a.Published() {
		return 0
	}
	return len(a.revisions)
}

// Changes lists the kinds of change of the article's editions, in order.
func (a Article) Changes() []string {
	var out []string
	for _, r := range a.revisions[:a.Editions()] {
		out = append(out, r.change)
	}
	return out
}

// Pictures lists the files of the lead picture and of those in the text of any edition, each once.
func (a Article) Pictures() []string {
	var out []string
	if a.picture != nil {
		out = append(out, a.picture.File)
	}
	for _, r := range a.revisions {
		for _, m := range pictureAttr.FindAllStringSubmatch(r.body, -1) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
