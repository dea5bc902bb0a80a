package dateline

import (
	"strings"
	"time"
)

// Names holds a name per language (BCP 47 tag); the entry of the publication's language is the one shown where a
// language has none.
type Names map[string]string

// In returns the name in a language, that of the fallback language otherwise, and says which language it is in.
func (n Names) In(language, fallback string) (name, lang string) {
	if s, ok := n[language]; ok {
		return s, language
	}
	base, _, _ := strings.Cut(language, "-")
	if s, ok := n[base]; ok {
		return s, base
	}
	return n[fallback], fallback
}

func (n Names) validate(f *fields, path, required string) {
	if strings.TrimSpace(n[required]) == "" {
		f.add(path, "a name in the publication's language (%s) is needed", required)
	}
	n.check(f, path, MaxName)
}

// check asks of words that need not be there whether they can be kept.
func (n Names) check(f *fields, path string, limit int) {
	for lang, s := range n {
		if !ValidLanguage(lang) {
			f.add(path, "%.40q is not a language tag", lang)
		}
		f.text(path+"."+lang, s, limit)
	}
}

// Publication is the paper itself: what its furniture and every page's frame are made of.
type Publication struct {
	ID         ID      `json:"id"`
	Name       string  `json:"name"`
	Motto      Names   `json:"motto,omitempty"`    // what the paper is, in a sentence, for its home page and feeds
	Site       string  `json:"site"`               // the readers' address: scheme, host and port, no path
	Newsroom   string  `json:"newsroom,omitempty"` // the newsroom's address; never in the record
	Zone       string  `json:"zone"`               // IANA name
	Language   string  `json:"language"`           // BCP 47
	City       Names   `json:"city,omitempty"`
	Latitude   float64 `json:"latitude,omitempty"`
	Longitude  float64 `json:"longitude,omitempty"`
	Navigation []ID    `json:"navigation,omitempty"` // sections, in order
	Footer     []ID    `json:"footer,omitempty"`     // pages, in order
	Email      string  `json:"email,omitempty"`      // whom readers write to
	Version    int64   `json:"version"`
}

// Location loads the publication's zone; EInvalid where the name is unknown.
func (p *Publication) Location() (*time.Location, error) {
	loc, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" || p.Zone == "Local" {
		return nil, Errorf(EInvalid, "%.60q is not a zone; use an IANA name such as Asia/Kolkata", p.Zone)
	}
	return loc, nil
}

// Validate reports what is wrong with the publication's settings.
func (p *Publication) Validate() error {
	var f fields
	if strings.TrimSpace(p.Name) == "" {
		f.add("name", "a paper needs a name")
	}
	f.text("name", p.Name, MaxName)
	f.text("email", p.Email, MaxName)
	if _, err := p.Location(); err != nil {
		f.add("zone", "%v", err)
	}
	if !ValidLanguage(p.Language) {
		f.add("language", "%.40q is not a language tag; use BCP 47, such as en, hi or ar", p.Language)
	}
	if p.Latitude < -90 || p.Latitude > 90 || p.Longitude < -180 || p.Longitude > 180 {
		f.add("latitude", "the place lies outside the earth: degrees, north and east are positive")
	}
	for path, names := range map[string]Names{"city": p.City, "motto": p.Motto} {
		if len(names) > 0 {
			names.validate(&f, path, p.Language)
		}
	}
	return f.err("the publication")
}

// Section is a part of the paper. Its slug stands in its address and shares one name space with pages.
type Section struct {
	ID          ID     `json:"id"`
	Slug        string `json:"slug"`
	Names       Names  `json:"names"`
	Description Names  `json:"description,omitempty"`
	Parent      ID     `json:"parent,omitempty"`
	Version     int64  `json:"version"`
}

// Validate reports what is wrong with a section of a paper in a language.
func (s *Section) Validate(language string) error {
	var f fields
	f.slug("slug", s.Slug)
	if Reserved(s.Slug) {
		f.add("slug", "%q is one of the site's own addresses or looks like a year; choose another", s.Slug)
	}
	s.Names.validate(&f, "names", language)
	s.Description.check(&f, "description", MaxCaption)
	return f.err("the section")
}

func (f *fields) slug(path, slug string) {
	if err := ValidSlug(slug); err != nil {
		f.add(path, "%v", err)
	}
}

// TopicKind is what a topic is about.
type TopicKind string

// The kinds of topic. A topic of kind person has its page under /people/ and no other.
const (
	TopicSubject      TopicKind = "subject"
	TopicOrganisation TopicKind = "organisation"
	TopicPlace        TopicKind = "place"
	TopicPerson       TopicKind = "person"
)

// Topic is a tag with a page of its own.
type Topic struct {
	ID          ID        `json:"id"`
	Slug        string    `json:"slug"`
	Kind        TopicKind `json:"kind"`
	Person      ID        `json:"person,omitempty"` // for the kind person
	Names       Names     `json:"names"`
	Description Names     `json:"description,omitempty"`
	Public      bool      `json:"public"` // something public refers to it, so it has an entry and a page
	Version     int64     `json:"version"`
}

// Validate reports what is wrong with a topic of a paper in a language.
func (t *Topic) Validate(language string) error {
	var f fields
	f.slug("slug", t.Slug)
	switch t.Kind {
	case TopicSubject, TopicOrganisation, TopicPlace:
		if t.Person != "" {
			f.add("person", "only a topic of kind person names one")
		}
	case TopicPerson:
		if t.Person == "" {
			f.add("person", "a topic of kind person names the person it is about")
		}
	default:
		f.add("kind", "%.40q is no kind of topic; use subject, organisation, place or person", string(t.Kind))
	}
	t.Names.validate(&f, "names", language)
	t.Description.check(&f, "description", MaxCaption)
	return f.err("the topic")
}

// Person is one entity, whether author, quoted speaker or topic.
type Person struct {
	ID      ID     `json:"id"`
	Slug    string `json:"slug"`
	Names   Names  `json:"names"`
	Role    Names  `json:"role,omitempty"` // what the person is: "Coast correspondent", "secretary of the Islands Council"
	Public  bool   `json:"public"`
	Erased  bool   `json:"erased,omitempty"` // taken out of the paper for good: the names are gone
	Version int64  `json:"version"`
}

// Validate reports what is wrong with a person of a paper in a language.
func (p *Person) Validate(language string) error {
	var f fields
	f.slug("slug", p.Slug)
	p.Names.validate(&f, "names", language)
	p.Role.check(&f, "role", MaxName)
	return f.err("the person")
}
