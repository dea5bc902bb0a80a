package shelf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Tx is a snapshot of the shelf; it answers what Reading lists and is good until the function it was given to returns. It
// is used by one goroutine.
type Tx struct {
	c      *conn
	shelf  *Shelf
	cursor int64
	ahead  bool // the tombstones may know of withdrawals that this snapshot has not seen

	then *then // what is answered is as it was at an instant; nil for now

	publication *Publication
	resolved    *state // what stands at the address that was looked up last, which is mostly asked for next
	things      map[dateline.ID]*thing
	heads       map[headOf][]Card // of lists that the rules of fronts looked at
}

var _ Reading = (*Tx)(nil)

// thing is a section, topic, person, picture or the publication, decoded once in a snapshot.
type thing struct {
	num  int64
	kind record.Kind
	seq  int64
	body any // nil where every entry of it is redacted
}

func (s *Shelf) begin(c *conn) (*Tx, error) {
	r, err := c.one("SELECT value FROM meta WHERE name = 'cursor'")
	if err != nil {
		return nil, err
	}
	tx := &Tx{c: c, shelf: s, cursor: r.int(0)}
	tx.ahead = s.tombstones.ahead(tx.cursor)
	return tx, nil
}

// Cursor is the sequence number of the last entry in this snapshot.
func (tx *Tx) Cursor() int64 { return tx.cursor }

// Publication is the paper; ErrNotFound while the record has no such entry.
func (tx *Tx) Publication() (*Publication, error) {
	if tx.publication != nil {
		return tx.publication, nil
	}
	if tx.then != nil {
		return tx.publicationThen()
	}
	r, err := tx.c.one("SELECT seq, body, id FROM thing WHERE kind = 'publication' AND body IS NOT NULL ORDER BY seq DESC LIMIT 1")
	if err != nil {
		return nil, fmt.Errorf("the publication: %w", err)
	}
	body, err := decodeFact(record.KindPublication, r.blob(1))
	if err != nil {
		return nil, err
	}
	p := &Publication{ID: unpackID(r.blob(2)), Publication: *body.(*record.Publication), Sequence: r.int(0)}
	if p.Zone, err = tx.shelf.zones.load(p.Publication.Zone); err != nil {
		return nil, err
	}
	tx.publication = p
	return p, nil
}

func (tx *Tx) zone() *time.Location {
	p, err := tx.Publication()
	if err != nil {
		return time.UTC
	}
	return p.Zone
}

// thing reads a section, topic, person or picture; ErrNotFound.
func (tx *Tx) thing(id dateline.ID) (*thing, error) {
	if t, ok := tx.things[id]; ok {
		return t, nil
	}
	r, err := tx.c.one("SELECT num, kind, seq, body FROM thing WHERE id = ?", packID(id))
	if err != nil {
		return nil, fmt.Errorf("%.60s: %w", id, err)
	}
	t := &thing{num: r.int(0), kind: record.Kind(r.text(1)), seq: r.int(2)}
	if b := r.blob(3); b != nil {
		if t.body, err = decodeFact(t.kind, b); err != nil {
			return nil, err
		}
	}
	if tx.things == nil {
		tx.things = map[dateline.ID]*thing{}
	}
	tx.things[id] = t
	return t, nil
}

// storyNum is the number of a story, whose entry, a long one, is not read for it; ErrNotFound.
func (tx *Tx) storyNum(id dateline.ID) (int64, error) {
	if t, ok := tx.things[id]; ok {
		return t.num, nil
	}
	r, err := tx.c.one("SELECT num FROM thing WHERE id = ?", packID(id))
	if err != nil {
		return 0, fmt.Errorf("%.60s: %w", id, err)
	}
	return r.int(0), nil
}

func bodyOf[T any](tx *Tx, id dateline.ID) (*T, *thing, error) {
	t, err := tx.thing(id)
	if err != nil {
		return nil, nil, err
	}
	b, ok := t.body.(*T)
	if !ok {
		return nil, t, fmt.Errorf("%.60s: %w", id, ErrNotFound)
	}
	return b, t, nil
}

func (tx *Tx) tally(kind, at int64) (int64, error) {
	rows, err := tx.c.rows("SELECT n FROM tally WHERE kind = ? AND at = ?", kind, at)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].int(0), nil
}

// Section answers a section; ErrNotFound.
func (tx *Tx) Section(id dateline.ID) (*Section, error) {
	b, t, err := bodyOf[record.Section](tx, id)
	if err != nil {
		return nil, err
	}
	n, err := tx.tally(tallyList, listNumber(t.num, false))
	return &Section{ID: id, Section: *b, Articles: n}, err
}

// Topic answers a topic; ErrNotFound.
func (tx *Tx) Topic(id dateline.ID) (*Topic, error) {
	b, t, err := bodyOf[record.Topic](tx, id)
	if err != nil {
		return nil, err
	}
	n, err := tx.tally(tallyList, listNumber(t.num, false))
	return &Topic{ID: id, Topic: *b, Articles: n}, err
}

// Person answers a person, without names where erased; ErrNotFound.
func (tx *Tx) Person(id dateline.ID) (*Person, error) {
	b, t, err := bodyOf[record.Person](tx, id)
	switch {
	case err != nil && (t == nil || t.kind != record.KindPerson || t.body != nil):
		return nil, err
	case err != nil:
		return &Person{ID: id, Erased: true}, nil
	}
	p := &Person{ID: id, Person: *b}
	if p.Articles, err = tx.tally(tallyList, listNumber(t.num, false)); err != nil {
		return nil, err
	}
	rows, err := tx.c.rows("SELECT topic FROM about WHERE person = ? ORDER BY topic LIMIT 1", packID(id))
	if err == nil && len(rows) > 0 {
		p.Topic = unpackID(rows[0].blob(0))
	}
	return p, err
}

// Picture answers a picture; ErrNotFound.
func (tx *Tx) Picture(id dateline.ID) (*Picture, error) {
	b, _, err := bodyOf[record.Picture](tx, id)
	if err != nil {
		return nil, err
	}
	return &Picture{ID: id, Picture: *b}, nil
}

// PictureEntries are all that entries with a body ever said of the pictures of a hash, oldest first.
func (tx *Tx) PictureEntries(hash string) ([]record.Picture, error) {
	rows, err := tx.c.rows("SELECT f.body FROM hash h JOIN fact f ON f.subject = h.picture WHERE h.hash = ? ORDER BY f.seq", hash)
	if err != nil {
		return nil, err
	}
	list := make([]record.Picture, 0, len(rows))
	for _, r := range rows {
		body, err := decodeFact(record.KindPicture, r.blob(0))
		if err != nil {
			return nil, err
		}
		list = append(list, *body.(*record.Picture))
	}
	return list, nil
}

// PictureShown says whether an edition that readers can open shows the picture of this hash, and in which format.
func (tx *Tx) PictureShown(hash string) (format string, shown bool, err error) {
	rows, err := tx.c.rows("SELECT format FROM shown WHERE hash = ?", hash)
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	return rows[0].text(0), true, nil
}

// Sections are those of the navigation in its order, then the others by id.
func (tx *Tx) Sections() ([]Section, error) {
	var order []dateline.ID
	if p, err := tx.Publication(); err == nil {
		order = slices.Clone(p.Navigation)
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	rows, err := tx.c.rows("SELECT id FROM thing WHERE kind = 'section' ORDER BY id")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if id := unpackID(r.blob(0)); !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	var out []Section
	for _, id := range order {
		s, err := tx.Section(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, *s)
	}
	return out, nil
}

// Footer are the cards of the publication's footer pages that readers can open, in order.
func (tx *Tx) Footer() ([]Card, error) {
	p, err := tx.Publication()
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tx.Cards(p.Footer)
}

// slug looks for what has, or once had, a name: the newest entry that gave it counts, one that has it still before those
// that had it.
func (tx *Tx) slug(kind record.Kind, slug string) (id dateline.ID, current bool, err error) {
	rows, err := tx.c.rows("SELECT id FROM slug WHERE kind = ? AND slug = ? ORDER BY seq DESC", string(kind), slug)
	if err != nil {
		return "", false, err
	}
	for _, r := range rows {
		if now, err := tx.slugOf(unpackID(r.blob(0))); err != nil {
			return "", false, err
		} else if now == slug {
			return unpackID(r.blob(0)), true, nil
		}
	}
	if len(rows) > 0 {
		return unpackID(rows[0].blob(0)), false, nil
	}
	return "", false, ErrNotFound
}

func (tx *Tx) slugOf(id dateline.ID) (string, error) {
	t, err := tx.thing(id)
	if err != nil {
		return "", err
	}
	switch b := t.body.(type) {
	case *record.Section:
		return b.Slug, nil
	case *record.Topic:
		return b.Slug, nil
	case *record.Person:
		return b.Slug, nil
	case *record.Story:
		return b.Slug, nil
	}
	return "", nil
}

// Resolve looks an address up: first exactly, query included, then without the query.
func (tx *Tx) Resolve(address string) (Resolution, error) {
	if tx.then != nil {
		return tx.then.now.Resolve(address)
	}
	path, _, query := strings.Cut(address, "?")
	r, err := tx.resolveArticle(address)
	if err != nil || r.Found != FoundNothing {
		return r, err
	}
	if query {
		if r, err = tx.resolveArticle(path); err != nil || r.Found != FoundNothing {
			return r, err
		}
	}
	if r, err = tx.resolveName(path); err != nil || r.Found != FoundNothing {
		return r, err
	}
	return tx.resolveBuried(address, path)
}

// resolveBuried looks for an address that a redaction took away.
func (tx *Tx) resolveBuried(address, path string) (Resolution, error) {
	for _, a := range []string{address, path} {
		rows, err := tx.c.rows("SELECT by, at FROM buried WHERE hash = ? ORDER BY by DESC LIMIT 1", hashBytes(record.AddressHash(a)))
		if err != nil {
			return Resolution{}, err
		}
		if len(rows) > 0 {
			return Resolution{Found: FoundGone, Tombstone: &Tombstone{Kind: dateline.WithdrawnLegal, Sequence: rows[0].int(0), At: instant(rows[0].int(1))}}, nil
		}
	}
	return Resolution{}, nil
}

func (tx *Tx) resolveArticle(address string) (Resolution, error) {
	rows, err := tx.c.rows("SELECT c.key, c.data FROM addr a JOIN card c ON c.key = a.key WHERE a.address = ?", address)
	if err != nil {
		return Resolution{}, err
	}
	if len(rows) == 0 {
		return tx.resolveGone(address)
	}
	s, err := unpackState(rows[0].int(0), rows[0].blob(1))
	if err != nil {
		return Resolution{}, err
	}
	tx.resolved = s
	switch {
	case tx.hides(s.ID):
		return tx.resolveGone(address)
	case s.Address != address:
		return Resolution{Found: FoundRedirect, ID: s.ID, To: s.Address}, nil
	case s.Kind == dateline.KindPage:
		return Resolution{Found: FoundPage, ID: s.ID}, nil
	}
	return Resolution{Found: FoundArticle, ID: s.ID}, nil
}

func (tx *Tx) hides(id dateline.ID) bool { return tx.ahead && tx.shelf.tombstones.hides(id, tx.cursor) }

// maxMerges bounds how many mergers in a row are followed.
const maxMerges = 16

// resolveGone asks the tombstones.
func (tx *Tx) resolveGone(address string) (Resolution, error) {
	hash := record.AddressHash(address)
	if tx.ahead {
		if l, ok := tx.shelf.tombstones.at(hash, tx.cursor); ok {
			return Resolution{Found: FoundGone, ID: l.Article, Tombstone: &Tombstone{ID: l.Article, Kind: dateline.WithdrawnLegal, Sequence: l.Sequence}}, nil
		}
	}
	b := hashBytes(hash)
	rows, err := tx.c.rows("SELECT g.id FROM gone g JOIN tombstone t ON t.id = g.id WHERE g.hash = ? ORDER BY t.seq DESC LIMIT 1", b)
	if err != nil || len(rows) == 0 {
		return Resolution{}, err
	}
	t, err := tx.Tombstone(unpackID(rows[0].blob(0)))
	if err != nil {
		return Resolution{}, err
	}
	for next := t; next.Into != "" && len(t.Through) < maxMerges; {
		t.Through = append(t.Through, next.Into)
		into, err := tx.Card(next.Into)
		if err == nil {
			return Resolution{Found: FoundRedirect, ID: into.ID, To: into.Address}, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return Resolution{}, err
		}
		if next, err = tx.Tombstone(next.Into); errors.Is(err, ErrNotFound) {
			break
		} else if err != nil {
			return Resolution{}, err
		}
	}
	return Resolution{Found: FoundGone, ID: t.ID, Tombstone: t}, nil
}

// resolveName looks for a section, topic or person, under the name it has or once had. A topic of kind person has no page
// but the person's.
func (tx *Tx) resolveName(path string) (Resolution, error) {
	kind, found, prefix := record.KindSection, FoundSection, "/"
	switch {
	case strings.HasPrefix(path, "/topics/"):
		kind, found, prefix = record.KindTopic, FoundTopic, "/topics/"
	case strings.HasPrefix(path, "/people/"):
		kind, found, prefix = record.KindPerson, FoundPerson, "/people/"
	case strings.HasPrefix(path, "/stories/"):
		kind, found, prefix = record.KindStory, FoundStory, "/stories/"
	}
	slug := strings.TrimSuffix(path[min(len(prefix), len(path)):], "/")
	if slug == "" || strings.Contains(slug, "/") {
		return Resolution{}, nil
	}
	id, current, err := tx.slug(kind, slug)
	if errors.Is(err, ErrNotFound) {
		return Resolution{}, nil
	}
	if err != nil {
		return Resolution{}, err
	}
	if kind == record.KindTopic {
		if t, _, err := bodyOf[record.Topic](tx, id); err == nil && t.Person != "" {
			if to, err := tx.slugOf(t.Person); err == nil && to != "" {
				return Resolution{Found: FoundRedirect, ID: t.Person, To: "/people/" + to}, nil
			}
		}
	}
	if kind == record.KindStory {
		if tx.hides(id) {
			return Resolution{Found: FoundGone, ID: id, Tombstone: &Tombstone{ID: id, Kind: dateline.WithdrawnLegal}}, nil
		}
		into, err := tx.mergedInto(id)
		if err != nil {
			return Resolution{}, err
		}
		if b, _, err := bodyOf[record.Story](tx, into); err == nil && b.Withdrawn {
			return Resolution{Found: FoundStory, ID: into}, nil // gone at every address that it had
		}
		if into != id {
			to, err := tx.slugOf(into)
			return Resolution{Found: FoundRedirect, ID: into, To: prefix + to}, err
		}
	}
	own := prefix + slug
	if kind == record.KindSection {
		own += "/"
	}
	if current && path == own {
		return Resolution{Found: found, ID: id}, nil
	}
	now, err := tx.slugOf(id)
	if err != nil || now == "" {
		return Resolution{}, err
	}
	to := prefix + now
	if kind == record.KindSection {
		to += "/"
	}
	return Resolution{Found: FoundRedirect, ID: id, To: to}, nil
}
