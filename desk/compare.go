package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// Side names one of two moments of an article that are compared: an edition, a line of its history or, where both are 0, a saved version.
type Side struct {
	Edition int
	Line    int64
	Version int64
}

// ComparedSide says what a side is.
type ComparedSide struct {
	Edition int       `json:"edition,omitempty"`
	Line    int64     `json:"line,omitempty"`
	Version int64     `json:"content_version"` // the content of that moment
	At      time.Time `json:"at"`
	By      string    `json:"by"`

	then time.Time // the instant of the moment itself, also where readers are told another
}

// FieldChange is a part of an article beside its text that differs, in words. Instants are RFC 3339 in UTC, states their codes.
type FieldChange struct {
	Path   string `json:"path"`         // as in the API: section, byline, topics, lead.alt, state.readers, picture.rights
	Of     string `json:"of,omitempty"` // what the picture is called that it is about
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Comparison is what differs between two contents of an article.
type Comparison struct {
	From, To   ComparedSide
	Headline   []markup.Run
	Standfirst []markup.Run
	Body       []markup.Change
	Fields     []FieldChange
	Beside     []FieldChange // of its state, and of what the desk keeps with the pictures that both show
	Doubts     []Doubt
	Changed    string    // the sentence of the newer text in which a change stands, one that is not minor where there is one
	Was        string    // the words that it took the place of
	About      DoubtKind // what that change is; nothing where it may be minor

	elsewhere [][]markup.Run // headlines for search and where the address is shared
}

// Same reports whether nothing of the content differs.
func (c *Comparison) Same() bool {
	for _, b := range c.Body {
		if b.Kind != markup.Same {
			return false
		}
	}
	return len(c.Fields) == 0 && still(c.Headline) && still(c.Standfirst)
}

func still(runs []markup.Run) bool {
	return !slices.ContainsFunc(runs, func(r markup.Run) bool { return r.Kind != markup.RunEqual })
}

// Compare gives the difference between two contents of an article; ENotFound where a side is not there.
func (d *Desk) Compare(ctx context.Context, actor dateline.Actor, id dateline.ID, from, to Side) (c Comparison, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		var before, after Version
		if before, c.From, err = side(tx, id, from); err != nil {
			return err
		}
		if after, c.To, err = side(tx, id, to); err != nil {
			return err
		}
		p, err := tx.FindPublication()
		if err != nil {
			return err
		}
		fields, err := fieldChanges(tx, &before.Content, &after.Content)
		if err != nil {
			return err
		}
		c.Fields = fields
		if c.Beside, err = besides(tx, id, c.From, c.To, &before.Content, &after.Content); err != nil {
			return err
		}
		return c.texts(&before.Content, &after.Content, speakers(tx, p.Language))
	})
	return c, err
}

// side loads one content.
func side(tx Tx, id dateline.ID, s Side) (v Version, what ComparedSide, err error) {
	if s.Edition > 0 {
		editions, err := tx.ListEditions(id)
		if err != nil {
			return v, what, err
		}
		i := slices.IndexFunc(editions, func(e dateline.Edition) bool { return e.Number == s.Edition })
		if i < 0 {
			return v, what, dateline.Errorf(dateline.ENotFound, "the article has no edition %d", s.Edition)
		}
		v, err = tx.FindVersion(id, editions[i].Version)
		return v, ComparedSide{Edition: s.Edition, Version: v.Number, At: editions[i].Public, By: editions[i].By, then: editions[i].Recorded}, err
	}
	if s.Line > 0 {
		l, err := tx.FindLine(id, s.Line)
		if err != nil {
			return v, what, err
		}
		v, err = tx.FindVersionAt(id, l.At)
		return v, ComparedSide{Line: s.Line, Version: v.Number, At: l.At, By: l.Actor, then: l.At}, err
	}
	v, err = tx.FindVersion(id, s.Version)
	return v, ComparedSide{Version: v.Number, At: v.At, By: v.By, then: v.At}, err
}

// besides compares what stands beside the content at two moments: the article's state, and what the desk keeps with each picture that
// both contents show, rights first. What was not kept at one of them is not compared.
func besides(tx Tx, id dateline.ID, from, to ComparedSide, before, after *dateline.Content) (list []FieldChange, err error) {
	was, err := tx.FindState(id, from.then, from.Line)
	if absent(err) {
		was, err = ArticleState{}, nil
	}
	if err != nil {
		return nil, err
	}
	is, err := tx.FindState(id, to.then, to.Line)
	if absent(err) {
		is, err = ArticleState{}, nil
	}
	if err != nil {
		return nil, err
	}
	if was.Readers != "" && is.Readers != "" {
		list = differing(was.fields(), is.fields())
	}
	shown := references(after, parsed(after.Body)).pictures
	for _, p := range references(before, parsed(before.Body)).pictures {
		if !slices.Contains(shown, p) {
			continue
		}
		a, err := tx.FindPictureState(p, from.then)
		if absent(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		b, err := tx.FindPictureState(p, to.then)
		if absent(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, f := range differing(pictureFields(&a.Picture), pictureFields(&b.Picture)) {
			f.Of = firstOf(b.Picture.Name, b.Picture.Hash[:8])
			list = append(list, f)
		}
	}
	return list, nil
}

// fields puts a state into codes and instants, in one order.
func (s ArticleState) fields() []inWords {
	instant := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.UTC().Format(time.RFC3339)
	}
	hold := ""
	if s.Hold {
		hold = "hold"
	}
	return []inWords{{"state.readers", string(s.Readers)}, {"state.draft", string(s.Draft)}, {"state.due", instant(s.Due)}, {"state.embargo", instant(s.Embargo)}, {"state.hold", hold}}
}

// texts compares what is read: headline, standfirst and body.
func (c *Comparison) texts(before, after *dateline.Content, speakers func(markup.Node) []string) error {
	was, err := document(before.Body)
	if err != nil {
		return err
	}
	is, err := document(after.Body)
	if err != nil {
		return err
	}
	was, is = publishable(was), publishable(is)
	c.Headline = markup.DiffText(before.Headline, after.Headline)
	c.Standfirst = markup.DiffText(before.Standfirst, after.Standfirst)
	c.Body = markup.Diff(was, is)
	for _, pair := range [][2]string{{before.SearchHeadline, after.SearchHeadline}, {before.SocialHeadline, after.SocialHeadline}} {
		if pair[0] != "" && pair[1] != "" { // readers met one that says something else now
			c.elsewhere = append(c.elsewhere, markup.DiffText(pair[0], pair[1]))
		}
	}
	c.Doubts = doubts(c, wholeText(before, was), wholeText(after, is))
	if a, b := speakers(was), speakers(is); !slices.Equal(a, b) {
		if a, b = without(a, b), without(b, a); len(a)+len(b) > 0 {
			c.Doubts = append(c.Doubts, Doubt{DoubtName, clip(strings.Join(a, ", "), maxShown), clip(strings.Join(b, ", "), maxShown)})
		}
	}
	c.summary()
	return nil
}

// speakers names who speaks in the quotes of a document.
func speakers(tx Tx, language string) func(markup.Node) []string {
	return func(doc markup.Node) (list []string) {
		markup.Walk(doc, func(n markup.Node) bool {
			if n.Type != markup.TypeQuote || n.Attrs == nil {
				return true
			}
			name := n.Attrs.Name
			if p, err := tx.Persons().Find(dateline.ID(n.Attrs.Speaker)); n.Attrs.Speaker != "" && err == nil {
				name, _ = p.Names.In(language, language)
			}
			list = append(list, name)
			return true
		})
		return list
	}
}

// wholeText is all of a text, for the names in it.
func wholeText(c *dateline.Content, doc markup.Node) string {
	return strings.Join(append([]string{c.Standfirst}, markup.Paragraphs(doc)...), "\n")
}

// inWords is one field of content in words.
type inWords struct{ path, words string }

func fieldChanges(tx Tx, before, after *dateline.Content) (list []FieldChange, err error) {
	was, err := fieldsOf(tx, before)
	if err != nil {
		return nil, err
	}
	is, err := fieldsOf(tx, after)
	if err != nil {
		return nil, err
	}
	return differing(was, is), nil
}

// differing lists the fields of two that differ; both have them in one order.
func differing(was, is []inWords) (list []FieldChange) {
	for i := range was {
		if was[i].words != is[i].words {
			list = append(list, FieldChange{Path: was[i].path, Before: was[i].words, After: is[i].words})
		}
	}
	return list
}

// fieldsOf puts the fields of content into words, in one order.
func fieldsOf(tx Tx, c *dateline.Content) ([]inWords, error) {
	p, err := tx.FindPublication()
	if err != nil {
		return nil, err
	}
	names := map[dateline.ID]string{}
	if err := nameSection(tx, names, c.Section, p.Language); err != nil {
		return nil, err
	}
	var by, topics []string
	for _, b := range c.Byline {
		if err := namePerson(tx, names, b.Person, p.Language); err != nil {
			return nil, err
		}
		by = append(by, firstOf(b.As, b.Agency, names[b.Person]))
	}
	for _, id := range c.Topics {
		t, err := tx.Topics().Find(id)
		if err != nil {
			return nil, err
		}
		name, _ := t.Names.In(p.Language, p.Language)
		topics = append(topics, name)
	}
	list := []inWords{{"section", names[c.Section]}, {"label", firstOf(string(c.Label), string(dateline.LabelNews))},
		{"dateline.place", c.Dateline.Place}, {"dateline.agency", c.Dateline.Agency}, {"byline", strings.Join(by, ", ")},
		{"topics", strings.Join(topics, ", ")}, {"language", c.Language}, {"slug", c.Slug},
		{"search_headline", c.SearchHeadline}, {"social_headline", c.SocialHeadline}}
	var s dateline.Source
	if c.Source != nil {
		s = *c.Source
	}
	list = append(list, inWords{"source.agency", s.Agency}, inWords{"source.item", s.Item}, inWords{"source.terms", s.Terms})
	return leadFields(tx, list, c.Lead)
}

// leadFields adds the picture at the head.
func leadFields(tx Tx, list []inWords, l *dateline.Lead) ([]inWords, error) {
	var lead dateline.Lead
	picture := ""
	if l != nil {
		lead = *l
		p, err := tx.Pictures().Find(lead.Picture)
		if err != nil {
			return nil, err
		}
		picture = firstOf(p.Name, "picture "+p.Hash[:8]) + ", " + strconv.Itoa(p.Width) + " × " + strconv.Itoa(p.Height)
	}
	return append(list, inWords{"lead.picture", picture}, inWords{"lead.alt", lead.Alt}, inWords{"lead.caption", lead.Caption},
		inWords{"lead.credit", lead.Credit}), nil
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
