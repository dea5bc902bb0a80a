// Package paper holds The Estuary of Neerapatnam, the invented newspaper that a demo shows: its articles, pages,
// people, topics and pictures as embedded files, read into plain values. FORMAT.md describes the files.
//
// Nothing in the files has a date of its own. An article says how long before the day of the first start each of its
// editions went out, and dates in its text are placeholders, so that the paper is today's whenever it is started.
package paper

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed *.txt articles/*.txt pages/*.txt pictures/*.jpg
var files embed.FS

// Names holds a name per language, by BCP 47 tag; the entry "en" is always there.
type Names map[string]string

// Paper is the whole newspaper.
type Paper struct {
	Publication Publication
	Sections    []Section // in the order of the navigation
	Persons     []Person
	Topics      []Topic
	Pages       []Article // without section, topics and date; in the order of the footer
	Articles    []Article // by file name
	Pictures    []Picture // by file name
	Stories     []Story   // in the order of their file
}

// Publication is what the paper's frame is made of.
type Publication struct {
	Name       string
	Motto      Names
	Language   string // BCP 47
	Zone       string // IANA name
	City       Names
	Latitude   float64 // degrees, north is positive
	Longitude  float64 // degrees, east is positive
	Email      string  // whom readers write to
	Weather    Weather
	Cities     []City   // further ones, which a reader may have in the strip
	Navigation []string // sections by slug, in order
	Footer     []string // pages by slug, in order
}

// Weather is the fixed weather of a demo, which asks no provider.
type Weather struct {
	Celsius   int
	Condition string // a word for programs: "light-rain"
	Words     Names  // the same for readers
}

// City is a further city with the fixed weather of a demo.
type City struct {
	Slug                string
	Names               Names
	Latitude, Longitude float64 // degrees, north and east positive
	Celsius             int
	Condition           string // a word for programs
}

// Section is a part of the paper.
type Section struct {
	Slug        string
	Names       Names
	Description Names // one sentence
}

// Person is an author, a photographer or somebody who is quoted.
type Person struct {
	Slug  string
	Names Names
	Role  Names
	Staff bool // works for the paper
}

// Topic is a tag with a page of its own.
type Topic struct {
	Slug        string
	Kind        string // subject, organisation, place or person
	Person      string // the person's slug, where the kind is person
	Names       Names
	Description Names
}

// Picture is one file of the folder pictures.
type Picture struct {
	File string // "trawlers.jpg"
	JPEG []byte
}

// Load reads and checks the whole paper. An error names every file that is wrong and what is wrong in it.
func Load() (Paper, error) {
	p, err := load(files)
	if err != nil {
		return Paper{}, fmt.Errorf("the demo's paper: %w", err)
	}
	if err := p.check(); err != nil {
		return Paper{}, fmt.Errorf("the demo's paper: %w", err)
	}
	return p, nil
}

func load(fsys fs.FS) (Paper, error) {
	var p Paper
	var errs []error
	keep := func(err error) { errs = append(errs, err) }
	keep(p.loadPublication(fsys))
	keep(each(fsys, "cities.txt", func(f *fields) {
		p.Publication.Cities = append(p.Publication.Cities, City{Slug: f.must("slug"), Names: f.names("name"), Latitude: f.number("latitude"), Longitude: f.number("longitude"),
			Celsius: int(f.number("celsius")), Condition: f.must("condition")})
	}))
	keep(each(fsys, "sections.txt", func(f *fields) {
		p.Sections = append(p.Sections, Section{Slug: f.must("slug"), Names: f.names("name"), Description: f.names("description")})
	}))
	keep(each(fsys, "persons.txt", func(f *fields) {
		p.Persons = append(p.Persons, Person{Slug: f.must("slug"), Names: f.names("name"), Role: f.names("role"), Staff: f.get("staff") == "yes"})
	}))
	keep(each(fsys, "topics.txt", func(f *fields) {
		p.Topics = append(p.Topics, Topic{Slug: f.must("slug"), Kind: f.must("kind"), Person: f.get("person"), Names: f.names("name"), Description: f.names("description")})
	}))
	keep(p.loadStories(fsys))
	var err error
	p.Articles, err = loadArticles(fsys, "articles")
	keep(err)
	p.Pages, err = loadArticles(fsys, "pages")
	keep(err)
	keep(p.loadPictures(fsys))
	slices.SortFunc(p.Pages, func(a, b Article) int {
		return slices.Index(p.Publication.Footer, a.Slug) - slices.Index(p.Publication.Footer, b.Slug)
	})
	return p, errors.Join(errs...)
}

func (p *Paper) loadPublication(fsys fs.FS) error {
	return each(fsys, "publication.txt", func(f *fields) {
		p.Publication = Publication{
			Name: f.must("name"), Motto: f.names("motto"), Language: f.must("language"), Zone: f.must("zone"),
			City: f.names("city"), Latitude: f.number("latitude"), Longitude: f.number("longitude"), Email: f.must("email"),
			Weather:    Weather{Celsius: int(f.number("weather-celsius")), Condition: f.must("weather-condition"), Words: f.names("weather-words")},
			Navigation: f.list("navigation"), Footer: f.list("footer"),
		}
	})
}

func (p *Paper) loadPictures(fsys fs.FS) error {
	list, err := fs.Glob(fsys, "pictures/*.jpg")
	if err != nil {
		return err
	}
	for _, name := range list {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		p.Pictures = append(p.Pictures, Picture{File: path.Base(name), JPEG: bytes.Clone(b)})
	}
	return nil
}

func loadArticles(fsys fs.FS, dir string) ([]Article, error) {
	list, err := fs.Glob(fsys, dir+"/*.txt")
	if err != nil {
		return nil, err
	}
	var out []Article
	var errs []error
	for _, file := range list {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		a, err := parseArticle(strings.TrimSuffix(path.Base(file), ".txt"), string(text))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", file, err))
			continue
		}
		out = append(out, a)
	}
	return out, errors.Join(errs...)
}

// Article finds an article by the name of its file, without ".txt".
func (p *Paper) Article(name string) (Article, bool) {
	return find(p.Articles, func(a Article) bool { return a.Name == name })
}

// Person finds a person by slug.
func (p *Paper) Person(slug string) (Person, bool) {
	return find(p.Persons, func(x Person) bool { return x.Slug == slug })
}

// Topic finds a topic by slug.
func (p *Paper) Topic(slug string) (Topic, bool) {
	return find(p.Topics, func(x Topic) bool { return x.Slug == slug })
}

// Section finds a section by slug.
func (p *Paper) Section(slug string) (Section, bool) {
	return find(p.Sections, func(x Section) bool { return x.Slug == slug })
}

// Picture finds a picture by the name of its file.
func (p *Paper) Picture(file string) (Picture, bool) {
	return find(p.Pictures, func(x Picture) bool { return x.File == file })
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}
