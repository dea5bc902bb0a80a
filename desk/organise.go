package desk

import (
	"context"
	"math"
	"net/url"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Init makes the newsroom's publication, which begins the record: its first entries are the publication and, where the
// desk has a signer, the key that signs. EState where there is one already.
func (d *Desk) Init(ctx context.Context, p dateline.Publication) (*dateline.Publication, error) {
	err := d.update(ctx, dateline.Actor{Name: "init", Role: dateline.RoleChief}, func(t *turn) (err error) {
		if _, err := t.FindPublication(); !absent(err) {
			if err == nil {
				err = dateline.Errorf(dateline.EState, "this newsroom has its publication already; change it instead")
			}
			return err
		}
		if p.ID, err = t.newID(); err != nil {
			return err
		}
		p.Version = 1
		seq, err := t.savePublication(&p)
		if err != nil {
			return err
		}
		if d.signer != nil {
			if _, err := t.append(p.ID, &record.Key{Verifier: d.signer.Verifier(), Origin: d.signer.Origin()}); err != nil {
				return err
			}
		}
		return t.note(dateline.ActAdminister, nil, seq, "made the publication")
	})
	return &p, err
}

func (t *turn) savePublication(p *dateline.Publication) (int64, error) {
	if err := p.Validate(); err != nil {
		return 0, err
	}
	site, err := url.Parse(p.Site)
	if err != nil || site.Scheme != "http" && site.Scheme != "https" || site.Host == "" || site.Path != "" || site.RawQuery != "" || site.Fragment != "" || site.User != nil {
		return 0, dateline.Errorf(dateline.EInvalid, "%.80q is not the address of a site; write scheme and host, such as https://news.example", p.Site)
	}
	if newsroom, err := url.Parse(p.Newsroom); err != nil || p.Newsroom != "" && newsroom.Hostname() == site.Hostname() {
		return 0, dateline.Errorf(dateline.EInvalid, "site and newsroom need two host names: cookies do not keep ports apart")
	}
	for _, id := range p.Navigation {
		if _, err := t.Sections().Find(id); err != nil {
			return 0, missing("navigation", err)
		}
	}
	for _, id := range p.Footer {
		a, err := t.FindArticle(id)
		if err != nil {
			return 0, missing("footer", err)
		}
		if a.Kind != dateline.KindPage || a.Readers != dateline.Published {
			return 0, dateline.Errorf(dateline.EInvalid, "the footer names published pages only; %s is not one", id)
		}
	}
	if err := t.SavePublication(p); err != nil {
		return 0, err
	}
	return t.append(p.ID, publicationBody(p))
}

func publicationBody(p *dateline.Publication) *record.Publication {
	return &record.Publication{Name: p.Name, Motto: p.Motto, Site: p.Site, Zone: p.Zone, Language: p.Language, City: p.City,
		Latitude: millionths(p.Latitude), Longitude: millionths(p.Longitude), Navigation: p.Navigation, Footer: p.Footer, Email: p.Email}
}

// missing makes EInvalid, with the place that names it, of an answer that something named is not there.
func missing(path string, err error) error {
	if !absent(err) {
		return err
	}
	e := dateline.Errorf(dateline.EInvalid, "this refers to what is not there")
	e.Fields = []dateline.Field{dateline.Wrong(path, err)}
	return e
}

func millionths(degrees float64) int64 { return int64(math.Round(degrees * 1e6)) }

// FindPublication returns the paper's settings; ENotFound before init.
func (d *Desk) FindPublication(ctx context.Context) (p *dateline.Publication, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		p, err = tx.FindPublication()
		return err
	})
	return p, err
}

// UpdatePublication changes the paper's settings, which is an act: readers see it at once.
func (d *Desk) UpdatePublication(ctx context.Context, actor dateline.Actor, p dateline.Publication) (*dateline.Publication, int64, error) {
	var seq int64
	err := d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		was, err := t.FindPublication()
		if err != nil {
			return err
		}
		if err := sameVersion("the publication", p.Version, was.Version); err != nil {
			return err
		}
		p.ID, p.Version = was.ID, was.Version+1
		if seq, err = t.savePublication(&p); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, seq, "changed the publication")
	})
	return &p, seq, err
}

func sameVersion(what dateline.Phrase, named, current int64) error {
	if named <= 0 {
		return dateline.Errorf(dateline.EMissing, "say which version of %s you saw (If-Match)", what)
	}
	if named != current {
		return dateline.Errorf(dateline.EConflict, "you saw version %d of %s, it is at version %d now; look at it and decide again", named, what, current)
	}
	return nil
}

// thing is what the use cases of sections, topics and persons have in common.
type thing[T any] struct {
	what     dateline.Phrase
	act      dateline.Act
	of       func(Tx) Catalogue[T]
	id       func(*T) *dateline.ID
	slug     func(*T) *string
	version  func(*T) *int64
	public   func(*T) bool
	body     func(*T) any
	check    func(*turn, *T) error
	keepFlag func(was, now *T)
}

func sectionThing() thing[dateline.Section] {
	return thing[dateline.Section]{what: "section", act: dateline.ActAdminister,
		of:       func(tx Tx) Catalogue[dateline.Section] { return tx.Sections() },
		id:       func(s *dateline.Section) *dateline.ID { return &s.ID },
		slug:     func(s *dateline.Section) *string { return &s.Slug },
		version:  func(s *dateline.Section) *int64 { return &s.Version },
		public:   func(*dateline.Section) bool { return true },
		body:     func(s *dateline.Section) any { return sectionBody(s) },
		check:    checkSection,
		keepFlag: func(_, _ *dateline.Section) {}}
}

func topicThing() thing[dateline.Topic] {
	return thing[dateline.Topic]{what: "topic", act: dateline.ActDescribe,
		of:       func(tx Tx) Catalogue[dateline.Topic] { return tx.Topics() },
		id:       func(s *dateline.Topic) *dateline.ID { return &s.ID },
		slug:     func(s *dateline.Topic) *string { return &s.Slug },
		version:  func(s *dateline.Topic) *int64 { return &s.Version },
		public:   func(s *dateline.Topic) bool { return s.Public },
		body:     func(s *dateline.Topic) any { return topicBody(s) },
		check:    checkTopic,
		keepFlag: func(was, now *dateline.Topic) { now.Public = was != nil && was.Public }}
}

func personThing() thing[dateline.Person] {
	return thing[dateline.Person]{what: "person", act: dateline.ActDescribe,
		of:       func(tx Tx) Catalogue[dateline.Person] { return tx.Persons() },
		id:       func(s *dateline.Person) *dateline.ID { return &s.ID },
		slug:     func(s *dateline.Person) *string { return &s.Slug },
		version:  func(s *dateline.Person) *int64 { return &s.Version },
		public:   func(s *dateline.Person) bool { return s.Public },
		body:     func(s *dateline.Person) any { return personBody(s) },
		check:    checkPerson,
		keepFlag: func(was, now *dateline.Person) { now.Public = was != nil && was.Public }}
}

// inPaper validates something in the publication's language.
func (t *turn) inPaper(validate func(language string) error) error {
	p, err := t.publication()
	if err != nil {
		return err
	}
	return validate(p.Language)
}

func checkSection(t *turn, s *dateline.Section) error {
	if err := t.inPaper(s.Validate); err != nil {
		return err
	}
	if s.Parent != "" {
		if s.Parent == s.ID {
			return dateline.Errorf(dateline.EInvalid, "a section is not its own parent")
		}
		parent, err := t.Sections().Find(s.Parent)
		if err != nil {
			return missing("parent", err)
		}
		if parent.Parent != "" {
			return dateline.Errorf(dateline.EInvalid, "the parent %q has a parent itself; sections have two levels", parent.Slug)
		}
	}
	return t.claim("/"+s.Slug+"/", Owner{OwnerSection, s.ID})
}

func checkTopic(t *turn, s *dateline.Topic) error {
	if err := t.inPaper(s.Validate); err != nil {
		return err
	}
	if err := t.checkErased(s.Slug, func(slug string) error { _, err := t.Topics().FindBySlug(slug); return err }); err != nil {
		return err
	}
	if s.Person == "" {
		return nil
	}
	if _, err := t.Persons().Find(s.Person); err != nil {
		return missing("person", err)
	}
	if s.Public {
		return t.revealPerson(s.Person)
	}
	return nil
}

func checkPerson(t *turn, p *dateline.Person) error {
	if err := t.inPaper(p.Validate); err != nil {
		return err
	}
	return t.checkErased(p.Slug, func(slug string) error { _, err := t.Persons().FindBySlug(slug); return err })
}

// create keeps a new thing; one that is public from the start gets its entry.
func create[T any](ctx context.Context, d *Desk, actor dateline.Actor, k thing[T], v T) (*T, error) {
	err := d.do(ctx, actor, k.act, func(t *turn) error { return k.create(t, &v) })
	return &v, err
}

func (k thing[T]) create(t *turn, v *T) (err error) {
	if *k.id(v), err = t.newID(); err != nil {
		return err
	}
	*k.version(v) = 1
	*k.slug(v) = norm.NFC.String(*k.slug(v))
	k.keepFlag(nil, v)
	if err := k.check(t, v); err != nil {
		return err
	}
	if err := k.of(t).Insert(v); err != nil {
		return err
	}
	return k.note(t, v, "made")
}

// update changes a thing. What is public keeps its slug, which is its address.
func update[T any](ctx context.Context, d *Desk, actor dateline.Actor, k thing[T], v T) (*T, error) {
	err := d.do(ctx, actor, k.act, func(t *turn) error {
		was, err := k.of(t).Find(*k.id(&v))
		if err != nil {
			return err
		}
		if err := sameVersion("the "+k.what, *k.version(&v), *k.version(was)); err != nil {
			return err
		}
		*k.version(&v)++
		*k.slug(&v) = norm.NFC.String(*k.slug(&v))
		k.keepFlag(was, &v)
		if k.public(was) && *k.slug(&v) != *k.slug(was) {
			return dateline.Errorf(dateline.EState, "the %s %q is public: its slug is its address and stays; change its names instead", k.what, *k.slug(was))
		}
		if err := k.check(t, &v); err != nil {
			return err
		}
		if err := k.of(t).Update(&v, *k.version(was)); err != nil {
			return err
		}
		return k.note(t, &v, "changed")
	})
	return &v, err
}

// note appends a public thing's entry and leaves the audit line.
func (k thing[T]) note(t *turn, v *T, did dateline.Phrase) (err error) {
	var seq int64
	if k.public(v) {
		if seq, err = t.append(*k.id(v), k.body(v)); err != nil {
			return err
		}
	}
	return t.note(k.act, nil, seq, "%s the %s %s", did, k.what, *k.slug(v))
}

// CreateSection makes a section, which is an act.
func (d *Desk) CreateSection(ctx context.Context, actor dateline.Actor, s dateline.Section) (*dateline.Section, error) {
	return create(ctx, d, actor, sectionThing(), s)
}

// UpdateSection changes a section's names, description or parent, which is an act.
func (d *Desk) UpdateSection(ctx context.Context, actor dateline.Actor, s dateline.Section) (*dateline.Section, error) {
	return update(ctx, d, actor, sectionThing(), s)
}

// CreateTopic makes a topic; nothing of it is public until something public refers to it.
func (d *Desk) CreateTopic(ctx context.Context, actor dateline.Actor, t dateline.Topic) (*dateline.Topic, error) {
	return create(ctx, d, actor, topicThing(), t)
}

// UpdateTopic changes a topic: an act where it is public, a desk step where it is not.
func (d *Desk) UpdateTopic(ctx context.Context, actor dateline.Actor, t dateline.Topic) (*dateline.Topic, error) {
	return update(ctx, d, actor, topicThing(), t)
}

// CreatePerson makes a person; nothing of it is public until something public refers to it.
func (d *Desk) CreatePerson(ctx context.Context, actor dateline.Actor, p dateline.Person) (*dateline.Person, error) {
	return create(ctx, d, actor, personThing(), p)
}

// UpdatePerson changes a person: an act where it is public, a desk step where it is not.
func (d *Desk) UpdatePerson(ctx context.Context, actor dateline.Actor, p dateline.Person) (*dateline.Person, error) {
	return update(ctx, d, actor, personThing(), p)
}

// Page asks for one page of a list ordered by slug.
type Page struct {
	Prefix string // what slugs begin with
	After  string // the slug after which the page begins
	Limit  int    // 1 to MaxList; 50 where it is 0
}

func list[T any](ctx context.Context, d *Desk, actor dateline.Actor, of func(Tx) Catalogue[T], p Page) (rows []*T, err error) {
	if p.Limit, err = limit(p.Limit); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		rows, err = of(tx).List(norm.NFC.String(p.Prefix), p.After, p.Limit)
		return err
	})
	return rows, err
}

func find[T any](ctx context.Context, d *Desk, actor dateline.Actor, of func(Tx) Catalogue[T], id dateline.ID) (v *T, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		v, err = of(tx).Find(id)
		return err
	})
	return v, err
}

// ListSections lists sections by slug.
func (d *Desk) ListSections(ctx context.Context, actor dateline.Actor, p Page) ([]*dateline.Section, error) {
	return list(ctx, d, actor, Tx.Sections, p)
}

// ListTopics lists topics by slug.
func (d *Desk) ListTopics(ctx context.Context, actor dateline.Actor, p Page) ([]*dateline.Topic, error) {
	return list(ctx, d, actor, Tx.Topics, p)
}

// ListPersons lists persons by slug.
func (d *Desk) ListPersons(ctx context.Context, actor dateline.Actor, p Page) ([]*dateline.Person, error) {
	return list(ctx, d, actor, Tx.Persons, p)
}

// ListPictures lists pictures by hash.
func (d *Desk) ListPictures(ctx context.Context, actor dateline.Actor, p Page) ([]*dateline.Picture, error) {
	return list(ctx, d, actor, Tx.Pictures, p)
}

// FindSection returns a section; ENotFound.
func (d *Desk) FindSection(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Section, error) {
	return find(ctx, d, actor, Tx.Sections, id)
}

// FindTopic returns a topic; ENotFound.
func (d *Desk) FindTopic(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Topic, error) {
	return find(ctx, d, actor, Tx.Topics, id)
}

// FindPerson returns a person; ENotFound.
func (d *Desk) FindPerson(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Person, error) {
	return find(ctx, d, actor, Tx.Persons, id)
}

// FindPicture returns a picture; ENotFound.
func (d *Desk) FindPicture(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Picture, error) {
	return find(ctx, d, actor, Tx.Pictures, id)
}
