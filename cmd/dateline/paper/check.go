package paper

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxNote is how long a public note may be, in characters.
const maxNote = 300

// check reports every reference that leads nowhere and everything an edition lacks.
func (p *Paper) check() error {
	var errs []error
	zone, err := time.LoadLocation(p.Publication.Zone)
	if err != nil {
		return fmt.Errorf("publication.txt: %w", err)
	}
	for _, s := range p.Publication.Navigation {
		if _, ok := p.Section(s); !ok {
			errs = append(errs, fmt.Errorf("publication.txt: navigation names the section %q, which is not there", s))
		}
	}
	for _, t := range p.Topics {
		if _, ok := p.Person(t.Person); ok != (t.Kind == "person") {
			errs = append(errs, fmt.Errorf("topics.txt: %s: a topic of kind person names a person, others do not", t.Slug))
		}
	}
	for _, a := range p.Pages {
		errs = append(errs, prefix("pages/"+a.Name, p.checkArticle(a, zone, true)))
	}
	for _, a := range p.Articles {
		errs = append(errs, prefix("articles/"+a.Name, p.checkArticle(a, zone, false)))
	}
	for _, s := range p.Stories {
		errs = append(errs, p.checkStory(s, zone))
	}
	return errors.Join(errs...)
}

func prefix(file string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s.txt: %w", file, err)
}

func (p *Paper) checkArticle(a Article, zone *time.Location, page bool) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if _, ok := p.Section(a.Section); ok == page {
		bad("section %q", a.Section)
	}
	if !page && (len(a.Topics) == 0 || a.revisions[0].standfirst == "") {
		bad("an article needs topics and a standfirst")
	}
	for _, c := range a.Byline {
		if _, ok := p.Person(c.Person); !ok && c.Agency == "" {
			bad("no person %q", c.Person)
		}
	}
	for _, t := range a.Topics {
		if _, ok := p.Topic(t); !ok {
			bad("no topic %q", t)
		}
	}
	for _, n := range append(slices.Clone(a.Related), a.Translations...) {
		p.checkLink(n, bad)
	}
	for _, f := range a.Pictures() {
		if _, ok := p.Picture(f); !ok {
			bad("no picture %q", f)
		}
	}
	for _, r := range a.revisions {
		p.checkRevision(r, bad)
	}
	p.checkTimes(a, zone, bad)
	return errors.Join(errs...)
}

func (p *Paper) checkLink(name string, bad func(string, ...any)) {
	if a, ok := p.Article(name); !ok || !a.Published() || a.Withdrawn() != "" {
		bad("no article %q that readers can open, to link to", name)
	}
}

func (p *Paper) checkRevision(r revision, bad func(string, ...any)) {
	if utf8.RuneCountInString(r.note) > maxNote {
		bad("the note %.40q is over %d characters", r.note, maxNote)
	}
	told := slices.Contains([]string{"update", "correction", "clarification", "retraction"}, r.change)
	if told != (r.note != "") || !told && !slices.Contains([]string{"", "first", "minor"}, r.change) {
		bad("the change %q with the note %.40q", r.change, r.note)
	}
	for _, s := range []string{r.headline, r.standfirst, r.note, r.body} {
		if err := checkDates(s); err != nil {
			bad("%v", err)
		}
	}
	for _, m := range speakerAttr.FindAllStringSubmatch(r.body, -1) {
		if _, ok := p.Person(m[1]); !ok {
			bad("no person %q to speak", m[1])
		}
	}
	for _, name := range Links(r.body) {
		p.checkLink(name, bad)
	}
	if strings.Count(r.body, "<figure") > strings.Count(r.body, "<figcaption>") {
		bad("a picture in the text has no caption")
	}
}

// checkTimes resolves the article for a start at midnight, when an edition of the day before has least room.
func (p *Paper) checkTimes(a Article, zone *time.Location, bad func(string, ...any)) {
	start := time.Date(2028, time.March, 1, 0, 0, 0, 0, zone)
	var last time.Time
	for i, e := range a.EditionsAt(start, zone) {
		if e.Number > 1 && !e.At.After(last) || e.At.After(start) || (e.Number == 1) != (e.Change == "first") {
			bad("edition %d (%s) at %s, start at %s", e.Number, e.Change, e.At, start)
		}
		for _, name := range append(Links(a.revisions[i].body), a.Related...) {
			p.checkEarlier(name, e.At, start, zone, bad)
		}
		last = e.At
	}
	w, ok := a.WithdrawnAt(start, zone)
	if !ok {
		return
	}
	if !w.At.After(last) || w.At.After(start) {
		bad("withdrawn at %s, start at %s", w.At, start)
	}
	if w.Into != "" {
		p.checkEarlier(w.Into, w.At, start, zone, bad)
	}
}

// checkEarlier reports an article that was not out when another one referred to it.
func (p *Paper) checkEarlier(name string, at, start time.Time, zone *time.Location, bad func(string, ...any)) {
	a, ok := p.Article(name)
	if !ok || !a.Published() {
		return // checkLink has said so
	}
	if first := a.EditionsAt(start, zone)[0].At; !first.Before(at) {
		bad("it refers to %q, which came out later", name)
	}
}
