package wxr

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// PlanOptions are the decisions that an export leaves open.
type PlanOptions struct {
	Zone     *time.Location // the old site's zone, for dates without their GMT twin; UTC where nil
	Now      time.Time      // the import's instant; a published date after it is not believed
	Sections SectionRule
}

// Outcome takes what a Planner makes of an export. Any function may be nil; an error ends the reading.
type Outcome struct {
	Site       func(Site) error // once, before the first story
	Story      func(Story) error
	Attachment func(Attachment) error
	Note       func(Note)
}

// Planner decides what becomes of an export's items. It keeps the export's authors and categories and the numbers of
// the posts it has seen, and no item. A Planner serves one reading of one file.
type Planner struct {
	opt        PlanOptions
	out        Outcome
	site       Site
	hosts      map[string]bool
	authors    map[string]Author
	categories map[string]Term
	seen       map[int64]int // post numbers and their lines
	strangers  map[string]bool
	skipped    map[string]int
}

// NewPlanner returns a planner whose decisions go to out.
func NewPlanner(opt PlanOptions, out Outcome) *Planner {
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	return &Planner{
		opt: opt, out: out, hosts: map[string]bool{}, authors: map[string]Author{}, categories: map[string]Term{},
		seen: map[int64]int{}, strangers: map[string]bool{}, skipped: map[string]int{},
	}
}

// Handler is what Read is to be given.
func (p *Planner) Handler() Handler {
	return Handler{Site: p.setSite, Author: p.addAuthor, Term: p.addTerm, Item: p.item, Note: p.out.Note}
}

// Skipped counts what was not imported, by kind: post types and states of WordPress, "comment", and "duplicate" for a
// post that stands in the file twice.
func (p *Planner) Skipped() map[string]int { return p.skipped }

// Authors lists the export's accounts by login.
func (p *Planner) Authors() map[string]Author { return p.authors }

// maxKept bounds the authors and categories that are kept in memory.
const maxKept = 200000

func (p *Planner) setSite(s Site) error {
	p.site = s
	for _, u := range []string{s.BlogURL, s.SiteURL, s.Link} {
		if h := hostOf(u); h != "" {
			p.hosts[h] = true
		}
	}
	if p.out.Site == nil {
		return nil
	}
	return p.out.Site(s)
}

func (p *Planner) addAuthor(a Author) error {
	if len(p.authors) >= maxKept {
		return &Error{a.Line, "the export has more than 200,000 authors", "Look at the file here."}
	}
	p.authors[a.Login] = a
	return nil
}

func (p *Planner) addTerm(t Term) error {
	if t.Taxonomy != "category" {
		return nil
	}
	if len(p.categories) >= maxKept {
		return &Error{t.Line, "the export has more than 200,000 categories", "Look at the file here."}
	}
	p.categories[t.Slug] = Term{Slug: t.Slug, Name: t.Name, Parent: t.Parent}
	return nil
}

func (p *Planner) note(line int, kind, format string, args ...any) {
	if p.out.Note != nil {
		p.out.Note(Note{Line: line, Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
}

func (p *Planner) skip(kind string) error {
	p.skipped[kind]++
	return nil
}

func (p *Planner) item(i Item) error {
	if i.Comments > 0 {
		p.skipped["comment"] += i.Comments
	}
	switch i.Type {
	case "attachment":
		return p.once(i, func() error { return p.attachment(i) })
	case "post":
		return p.once(i, func() error { return p.story(i, KindArticle) })
	case "page":
		return p.once(i, func() error { return p.story(i, KindPage) })
	case "":
		p.note(i.Line, NoteSkipped, "The item %q has no post type and is not imported.", shorten(PlainText(i.Title), 60))
		return p.skip("without a type")
	}
	return p.skip(i.Type)
}

// once does something for the first item with its number.
func (p *Planner) once(i Item, do func() error) error {
	if i.ID == 0 {
		return do()
	}
	if line, twice := p.seen[i.ID]; twice {
		p.note(i.Line, NoteSkipped, "The post %d stands in the file twice, first on line %d; the second is not imported.", i.ID, line)
		return p.skip("duplicate")
	}
	p.seen[i.ID] = i.Line
	return do()
}

func (p *Planner) attachment(i Item) error {
	a := Attachment{
		Line: i.Line, ID: i.ID, Parent: i.Parent, URL: i.AttachmentURL, File: strings.TrimLeft(i.AttachedFile, "/"),
		Title: PlainText(i.Title), Alt: PlainText(i.AttachmentAlt), Caption: PlainText(i.Excerpt),
	}
	if a.URL == "" {
		a.URL = i.GUID
	}
	if p.out.Attachment == nil {
		return nil
	}
	return p.out.Attachment(a)
}

func (p *Planner) story(i Item, kind Kind) error {
	s := Story{
		Line: i.Line, Kind: kind, ExternalID: p.externalID(i), Post: i.ID, LeadAttachment: i.Thumbnail,
		Language: p.site.Language, Content: i.Content,
	}
	if !p.state(i, &s) {
		return nil
	}
	p.times(i, &s)
	p.words(i, &s)
	p.addresses(i, &s)
	if kind == KindArticle {
		p.terms(i, &s)
	}
	s.Byline = p.byline(i)
	if p.out.Story == nil {
		return nil
	}
	return p.out.Story(s)
}

// externalID names a post for good. A post without a number is named by its guid or, for want of one, its words.
func (p *Planner) externalID(i Item) string {
	id := strconv.FormatInt(i.ID, 10)
	if i.ID == 0 {
		sum := sha256.Sum256([]byte(i.GUID + "\x00" + i.Link + "\x00" + i.Title + "\x00" + i.Date))
		id = "x" + hex.EncodeToString(sum[:8])
	}
	return "wxr:" + p.site.Base() + ":" + id
}

// state decides what the story becomes; it is false for what is not imported.
func (p *Planner) state(i Item, s *Story) bool {
	s.State = StateDraft
	switch i.Status {
	case "publish":
		s.State = StatePublished
	case "draft", "auto-draft", "pending", "future":
	case "private":
		s.Private = PrivateStatus
	case "":
		p.note(i.Line, NoteState, "The item has no status; it is kept as a draft.")
	default:
		p.note(i.Line, NoteSkipped, "A %s with the status %q is not imported.", i.Type, shorten(i.Status, 30))
		_ = p.skip(i.Type + " (" + shorten(i.Status, 30) + ")")
		return false
	}
	if i.Password != "" {
		s.State, s.Private = StateDraft, PrivatePassword
	}
	if s.Private != "" {
		p.note(i.Line, NoteState, "This was not public (%s); it is a draft, marked so.", s.Private)
	}
	return true
}

func (p *Planner) words(i Item, s *Story) {
	s.Headline = PlainText(i.Title)
	if s.Headline == "" {
		s.Headline = firstWords(i)
		p.note(i.Line, NoteHeadline, "The post has no title; its headline is %q.", s.Headline)
	}
	if short := cut(s.Headline, dateline.MaxHeadline); short != s.Headline {
		p.note(i.Line, NoteHeadline, "The title is longer than %d characters and was cut.", dateline.MaxHeadline)
		s.Headline = short
	}
	s.Standfirst = PlainText(i.Excerpt)
	if short := cut(s.Standfirst, dateline.MaxStandfirst); short != s.Standfirst {
		p.note(i.Line, NoteHeadline, "The excerpt is longer than %d characters and was cut.", dateline.MaxStandfirst)
		s.Standfirst = short
	}
	s.Slug = Slug(i.Name)
}

func (p *Planner) byline(i Item) []Person {
	if i.Creator == "" {
		return nil
	}
	a, known := p.authors[i.Creator]
	if !known {
		if len(p.authors) > 0 && !p.strangers[i.Creator] && len(p.strangers) < maxKept {
			p.strangers[i.Creator] = true
			p.note(i.Line, NoteAuthor, "The author %q is not in the file's list; the login stands for the name.", shorten(i.Creator, 60))
		}
		return []Person{{Login: i.Creator, Name: cut(PlainText(i.Creator), dateline.MaxName)}}
	}
	return []Person{{Login: a.Login, Name: cut(a.Name(), dateline.MaxName)}}
}

// Name returns what the author is called in print: the display name or, where that is only the login, the full name.
func (a Author) Name() string {
	display := PlainText(a.DisplayName)
	full := strings.TrimSpace(PlainText(a.FirstName) + " " + PlainText(a.LastName))
	switch {
	case display == "" && full == "":
		return a.Login
	case display == "" || (display == a.Login && strings.Contains(full, " ")):
		return full
	}
	return display
}
