package newsroom

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// Content is what an editor writes, as the API takes and gives it. What was got can be put back as it is.
type Content struct {
	Section      string          `json:"section,omitempty" doc:"A section, by id or slug; none for a page"`
	Label        dateline.Label  `json:"label,omitempty" doc:"What kind of piece it is; news where it is absent" enum:"news,analysis,opinion,review,obituary,interview,explainer,paid"`
	Headline     string          `json:"headline,omitempty" doc:"At most 300 characters"`
	Standfirst   string          `json:"standfirst,omitempty" doc:"The summary under the headline, at most 1,000 characters"`
	Dateline     *Dateline       `json:"dateline,omitempty" doc:"The place, and agency, at the head of the text"`
	Byline       []Credit        `json:"byline,omitempty" doc:"Persons and agencies, in order"`
	Source       *Source         `json:"source,omitempty" doc:"Where copy came from"`
	Topics       []string        `json:"topics,omitempty" doc:"Topics, by id or slug"`
	Body         json.RawMessage `json:"body,omitempty" doc:"The document: {\"type\":\"doc\",\"content\":[…]}"`
	HTML         string          `json:"html,omitempty" doc:"In place of body: HTML, made again as blocks; what the schema cannot say is dropped"`
	Lead         *Lead           `json:"lead,omitempty" doc:"The picture at the head"`
	Language     string          `json:"language,omitempty" doc:"BCP 47; the publication's where it is absent"`
	Slug         string          `json:"slug,omitempty" doc:"The last part of the address; made of the headline where it is absent"`
	Translations []string        `json:"translations,omitempty" doc:"Ids of articles that say the same in another language"`
	Stories      []string        `json:"stories,omitempty" doc:"The running stories it belongs to, by id or slug"`

	SearchHeadline string `json:"search_headline,omitempty" doc:"The page's title for search engines, where it is not the headline"`
	SocialHeadline string `json:"social_headline,omitempty" doc:"The title where the address is shared, if not the headline"`
}

// Dateline is the place, and agency, at the head of the text.
type Dateline struct {
	Place  string `json:"place,omitempty"`
	Agency string `json:"agency,omitempty"`
}

// Credit is one name of a byline.
type Credit struct {
	Person string `json:"person,omitempty" doc:"A person, by id or slug"`
	Agency string `json:"agency,omitempty" doc:"An agency's name, in place of a person"`
	As     string `json:"as,omitempty" doc:"The name as printed, kept when the person is renamed"`
}

// Source is where copy came from.
type Source struct {
	Agency  string `json:"agency"`
	Item    string `json:"item,omitempty"`
	Version string `json:"version,omitempty"`
	Terms   string `json:"terms,omitempty"`
}

// Lead is the picture at the head of an article.
type Lead struct {
	Picture string `json:"picture" doc:"A picture's id"`
	Alt     string `json:"alt,omitempty" doc:"What it shows, for those who cannot see it"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"`
}

// Article is an article as the API gives it.
type Article struct {
	ID         dateline.ID          `json:"id"`
	Kind       dateline.Kind        `json:"kind" enum:"article,page,live"`
	Version    int64                `json:"version" doc:"Moved by every save, step and act; name it in If-Match"`
	Saved      int64                `json:"content_version" doc:"The version of content"`
	Readers    dateline.Readers     `json:"readers" doc:"What readers have" enum:"unpublished,published,withdrawn"`
	Draft      dateline.DraftState  `json:"draft" doc:"How far the work is" enum:"none,draft,submitted,scheduled"`
	Content    Content              `json:"content" doc:"What was saved last"`
	Schedule   *dateline.Schedule   `json:"schedule,omitempty"`
	Proposed   *time.Time           `json:"proposed,omitempty" doc:"The hour that an import proposes"`
	Embargo    *dateline.Lock       `json:"embargo,omitempty"`
	Hold       *dateline.Lock       `json:"hold,omitempty"`
	Ended      []dateline.ID        `json:"rights_ended,omitempty" doc:"Pictures it shows in which the rights have ended; told where one article is asked for"`
	Private    bool                 `json:"private,omitempty" doc:"Never to be published: it was private where it came from"`
	Address    string               `json:"address,omitempty"`
	Former     []string             `json:"former,omitempty" doc:"Addresses that redirect to it"`
	Edition    int                  `json:"edition" doc:"The number of the latest edition; 0 before the first"`
	First      *time.Time           `json:"first_published,omitempty"`
	Updated    *time.Time           `json:"updated,omitempty" doc:"Absent where it equals first_published"`
	Withdrawal *dateline.Withdrawal `json:"withdrawal,omitempty"`
	Created    time.Time            `json:"created"`
	SavedAt    time.Time            `json:"saved_at"`
	SavedBy    string               `json:"saved_by"`
	Author     string               `json:"author"`
}

// newArticle gives the API's form of an article.
func newArticle(a *dateline.Article) *Article {
	out := &Article{ID: a.ID, Kind: a.Kind, Version: a.Version, Saved: a.Saved, Readers: a.Readers, Draft: a.Draft, Content: newContent(a.Content),
		Schedule: a.Schedule, Proposed: a.Proposed, Embargo: a.Embargo, Hold: a.Hold, Private: a.Private, Address: a.Address, Former: a.Former,
		Edition: a.Edition, Withdrawal: a.Withdrawal, Created: a.Created, SavedAt: a.SavedAt, SavedBy: a.SavedBy, Author: a.Author}
	if !a.First.IsZero() {
		out.First = &a.First
	}
	if a.Updated.After(a.First) {
		out.Updated = &a.Updated
	}
	return out
}

// newContent gives the API's form of content.
func newContent(c dateline.Content) Content {
	out := Content{Section: string(c.Section), Label: c.Label, Headline: c.Headline, Standfirst: c.Standfirst, Topics: strs(c.Topics),
		Body: c.Body, Language: c.Language, Slug: c.Slug, Translations: strs(c.Translations), Stories: strs(c.Stories),
		SearchHeadline: c.SearchHeadline, SocialHeadline: c.SocialHeadline}
	if c.Dateline != (dateline.Dateline{}) {
		out.Dateline = &Dateline{c.Dateline.Place, c.Dateline.Agency}
	}
	for _, b := range c.Byline {
		out.Byline = append(out.Byline, Credit{string(b.Person), b.Agency, b.As})
	}
	if s := c.Source; s != nil {
		out.Source = &Source{s.Agency, s.Item, s.Version, s.Terms}
	}
	if l := c.Lead; l != nil {
		out.Lead = &Lead{string(l.Picture), l.Alt, l.Caption, l.Credit}
	}
	return out
}

func strs(ids []dateline.ID) []string {
	if len(ids) == 0 {
		return nil
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// finder looks up what content names by slug.
type finder struct {
	section, topic, person, story func(slug string) (dateline.ID, error)
}

// domain makes the domain's content of what came in. Names that are no ids are looked up as slugs; everything that is
// not found is named.
func (c *Content) domain(f finder) (dateline.Content, error) {
	var wrong []dateline.Field
	id := func(path, s string, bySlug func(string) (dateline.ID, error)) dateline.ID {
		if s == "" {
			return ""
		}
		if id, err := dateline.ParseID(s); err == nil {
			return id
		}
		if bySlug != nil {
			if id, err := bySlug(s); err == nil {
				return id
			} else if dateline.ErrorCode(err) != dateline.ENotFound {
				wrong = append(wrong, dateline.Wrong(path, err))
				return ""
			}
		}
		wrong = append(wrong, dateline.Field{Path: path, Message: "there is nothing with this id or slug: make it first, or list what there is"})
		return ""
	}
	out := dateline.Content{Section: id("section", c.Section, f.section), Label: c.Label, Headline: c.Headline, Standfirst: c.Standfirst,
		Body: c.Body, Language: c.Language, Slug: c.Slug, SearchHeadline: c.SearchHeadline, SocialHeadline: c.SocialHeadline}
	if c.Dateline != nil {
		out.Dateline = dateline.Dateline{Place: c.Dateline.Place, Agency: c.Dateline.Agency}
	}
	for i, t := range c.Topics {
		out.Topics = append(out.Topics, id("topics["+itoa(i)+"]", t, f.topic))
	}
	for i, t := range c.Stories {
		out.Stories = append(out.Stories, id("stories["+itoa(i)+"]", t, f.story))
	}
	for i, t := range c.Translations {
		out.Translations = append(out.Translations, id("translations["+itoa(i)+"]", t, nil))
	}
	for i, b := range c.Byline {
		out.Byline = append(out.Byline, dateline.Credit{Person: id("byline["+itoa(i)+"].person", b.Person, f.person), Agency: b.Agency, As: b.As})
	}
	if s := c.Source; s != nil {
		out.Source = &dateline.Source{Agency: s.Agency, Item: s.Item, Version: s.Version, Terms: s.Terms}
	}
	if l := c.Lead; l != nil {
		out.Lead = &dateline.Lead{Picture: id("lead.picture", l.Picture, nil), Alt: l.Alt, Caption: l.Caption, Credit: l.Credit}
	}
	switch {
	case c.HTML != "" && len(c.Body) > 0:
		wrong = append(wrong, dateline.Field{Path: "html", Message: "give either body or html"})
	case c.HTML != "":
		doc, _ := markup.FromHTML(c.HTML, markup.HTMLOptions{})
		body, err := doc.JSON()
		if err != nil {
			wrong = append(wrong, dateline.Wrong("html", err))
		}
		out.Body = body
	}
	if len(wrong) > 0 {
		return out, &dateline.Error{Code: dateline.EInvalid, Message: "the article cannot be used as it is", Fields: wrong}
	}
	return out, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
