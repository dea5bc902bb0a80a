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

// Side names one of two contents of an article that are compared: an edition or, where that is 0, a saved version.
type Side struct {
	Edition int
	Version int64
}

// ComparedSide says what a side is.
type ComparedSide struct {
	Edition int       `json:"edition,omitempty"`
	Version int64     `json:"content_version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

// FieldChange is a part of an article beside its text that differs, in words.
type FieldChange struct {
	Path   string `json:"path"` // as in the API: section, byline, topics, lead.alt
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
	Doubts     []Doubt
	Changed    string    // the sentence of the newer text in which a change stands, one that is not minor where there is one
	Was        string    // the words that it took the place of
	About      DoubtKind // what that change is; nothing where it may be minor

	elsewhere [][]markup.Run // headlines for search and where the address is shared
}

// Same reports whether nothing differs.
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
		return v, ComparedSide{s.Edition, v.Number, editions[i].Public, editions[i].By}, err
	}
	v, err = tx.FindVersion(id, s.Version)
	return v, ComparedSide{0, v.Number, v.At, v.By}, err
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
	for i := range was {
		if was[i].words != is[i].words {
			list = append(list, FieldChange{was[i].path, was[i].words, is[i].words})
		}
	}
	return list, nil
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
