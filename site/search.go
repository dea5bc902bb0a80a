package site

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/search"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// Of a page of results.
const (
	searchRows    = 20
	searchExcerpt = 220         // characters
	searchTime    = time.Second // that one search may take
	searchLongest = 200         // characters of a question that are looked at and shown again
)

// question is what a reader asked, as far as it can be understood.
type question struct {
	words   string
	by      render.SearchOrder
	from    string
	to      string
	section string
	topic   string
	before  string
}

func questionOf(q press.Query) question {
	words := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(q.Words, " ")), " "))
	k := question{words: string(words[:min(len(words), searchLongest)]), by: render.OrderRelevance, from: q.From, to: q.To, section: q.Section,
		topic: q.Topic, before: q.Before}
	if q.By == string(render.OrderDate) {
		k.by = render.OrderDate
	}
	return k
}

// address writes the question as an address, with a place in its results.
func (k *question) address(before string) string {
	v := url.Values{}
	for key, value := range map[string]string{"q": k.words, "from": k.from, "to": k.to, "section": k.section, "topic": k.topic, "before": before} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if k.by == render.OrderDate {
		v.Set("by", string(k.by))
	}
	return "/search?" + v.Encode()
}

// search looks for articles. Its pages are never kept: there is no end of questions.
func (s *Site) search(ctx context.Context, a *ask) (*press.Entry, error) {
	k := questionOf(a.Query)
	return s.once(ctx, func(v *view) (*press.Page, error) {
		p := &render.SearchPage{Frame: v.frame("/search", ""), Query: k.words, By: k.by, From: k.from, To: k.to}
		q, err := v.understand(&k, p)
		if err != nil {
			return nil, err
		}
		parsed := search.ParseQuery(k.words)
		switch {
		case parsed.Empty() && k.words != "":
			p.Problem = render.SearchNoWords
		case !parsed.Empty() && p.Problem != render.SearchBadFilter && p.Problem != render.SearchOutOfOrder:
			if len(strings.Fields(k.words)) > search.MaxTerms && p.Problem == render.SearchFine {
				p.Problem = render.SearchTooLong
			}
			if err := v.look(&k, p, q, parsed); err != nil {
				return nil, err
			}
		}
		page := v.html(200, v.s.conf.Renderer.Search(p))
		page.Class = press.Unkept
		return page, nil
	})
}

// understand reads filters and dates, and fills the form.
func (v *view) understand(k *question, p *render.SearchPage) (q shelf.Query, err error) {
	q = shelf.Query{By: shelf.ByFit, Limit: searchRows}
	if k.by == render.OrderDate {
		q.By = shelf.ByDate
	}
	for i := range v.paper.sections {
		sec := &v.paper.sections[i]
		o := render.SearchOption{Value: sec.Slug, Name: v.name(sec.Names, v.lang), Current: sec.Slug == k.section}
		if o.Current {
			q.Section = sec.ID
		}
		p.Sections = append(p.Sections, o)
	}
	if k.section != "" && q.Section == "" {
		p.Problem = render.SearchBadFilter
	}
	if k.topic != "" {
		if err := v.topicFilter(k, p, &q); err != nil {
			return q, err
		}
	}
	var badFrom, badTo bool
	q.From, badFrom = parseDay(k.from)
	q.To, badTo = parseDay(k.to)
	switch {
	case p.Problem != render.SearchFine:
	case badFrom || badTo:
		p.Problem = render.SearchBadDate
	case !q.From.IsZero() && !q.To.IsZero() && q.From.String() > q.To.String():
		p.Problem = render.SearchOutOfOrder
	}
	return q, nil
}

func (v *view) topicFilter(k *question, p *render.SearchPage, q *shelf.Query) error {
	r, err := v.tx.Resolve(topicAddress(k.topic))
	if err != nil {
		return err
	}
	if r.Found != shelf.FoundTopic {
		p.Problem = render.SearchBadFilter
		return nil
	}
	t, err := v.tx.Topic(r.ID)
	if err != nil {
		return notFound(err)
	}
	q.Topic = r.ID
	p.Topic = &render.SearchOption{Value: k.topic, Name: v.name(t.Names, v.lang), Current: true}
	return nil
}

// parseDay reads a date as the form sends it; bad is set for one that cannot be read.
func parseDay(s string) (d shelf.Day, bad bool) {
	if s == "" {
		return d, false
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return d, true
	}
	return shelf.DayOf(t, time.UTC), false
}

// look asks the shelf and fills in what was found.
func (v *view) look(k *question, p *render.SearchPage, q shelf.Query, parsed search.Query) error {
	q.Words = parsed
	skip, at := 0, shelf.Position{}
	if q.By == shelf.ByDate {
		at, _ = parsePosition(k.before)
	} else if n, ok := number(k.before); ok && n <= shelf.MaxSkipped {
		skip = n
	}
	q.Skip, q.After = skip, at
	ctx, cancel := context.WithTimeout(v.ctx, searchTime)
	defer cancel()
	found, err := v.tx.Search(ctx, q)
	p.Asked = true
	if errors.Is(err, context.DeadlineExceeded) && v.ctx.Err() == nil {
		p.Problem = render.SearchTooBusy
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.storiesFound(p, q); err != nil {
		return err
	}
	p.Count, p.More, p.Bound = found.Count, found.More, max(found.Ranked, found.Bound)
	for i := range found.Hits {
		card, err := v.card(&found.Hits[i].Card, false)
		if err != nil {
			return err
		}
		text, marks := search.Snippet(found.Hits[i].Text, parsed, searchExcerpt)
		p.Results = append(p.Results, render.SearchResult{Card: card, Headline: spans(card.Headline, search.Mark(card.Headline, parsed)),
			Excerpt: spans(text, marks)})
	}
	if found.Count == 0 && !found.More && len(p.Stories) == 0 {
		if p.Similar, err = v.similar(k); err != nil {
			return err
		}
	}
	if skip > 0 || at != (shelf.Position{}) {
		p.Newest = k.address("")
	}
	if found.Next && len(found.Hits) > 0 {
		last := strconv.Itoa(skip + len(found.Hits))
		if q.By == shelf.ByDate {
			last = position(found.Hits[len(found.Hits)-1].Card.At())
		}
		p.Older = k.address(last)
	}
	return nil
}

// storiesShown is how many running stories stand above what was found.
const storiesShown = 3

// storiesFound puts the running stories whose names were asked for above the first results, where nothing narrows the search
// to what only articles have.
func (v *view) storiesFound(p *render.SearchPage, q shelf.Query) error {
	if q.Skip > 0 || q.After != (shelf.Position{}) || q.Section != "" || q.Topic != "" || !q.From.IsZero() || !q.To.IsZero() {
		return nil
	}
	list, err := v.tx.NamedStories(q.Words, storiesShown)
	if err != nil {
		return err
	}
	p.Stories, err = v.cardsOfStories(list)
	return err
}

// searchSimilar is how many words are offered where nothing was found.
const searchSimilar = 6

// similar finds words of the archive that begin as the question's last word does, or as two thirds of it do, with the question
// that has them in its place.
func (v *view) similar(k *question) (out []render.SearchWord, err error) {
	last, before, ok := k.lastWord()
	if !ok {
		return nil, nil
	}
	word := []rune(last)
	for _, length := range []int{len(word), max(3, len(word)*2/3)} {
		words, err := v.tx.Suggest(string(word[:min(length, len(word))]), searchSimilar+1)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			if w == string(word) || len(out) == searchSimilar {
				continue
			}
			other := *k
			other.words = strings.Join(append(before[:len(before):len(before)], w), " ")
			out = append(out, render.SearchWord{Text: w, Address: other.address("")})
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return nil, nil
}

// lastWord gives the question's last word as the archive writes words, and what comes before it; false where the last thing asked
// for is not one word.
func (k *question) lastWord() (last string, before []string, ok bool) {
	words := strings.Fields(k.words)
	terms := search.ParseQuery(k.words).Terms
	if len(terms) == 0 {
		return "", nil, false
	}
	term, n := terms[len(terms)-1], len(words)-1
	if term.Phrase || len(term.Tokens) != 1 || !slices.Equal(search.Tokens(nil, words[n]), term.Tokens) {
		return "", nil, false
	}
	return term.Tokens[0], words[:n], true
}

// spans cuts a text at its matches.
func spans(text string, marks []search.Span) []render.Span {
	if text == "" {
		return nil
	}
	var out []render.Span
	at := 0
	for _, m := range marks {
		if m.Start > at {
			out = append(out, render.Span{Text: text[at:m.Start]})
		}
		out = append(out, render.Span{Text: text[m.Start:m.End], Mark: true})
		at = m.End
	}
	if at < len(text) {
		out = append(out, render.Span{Text: text[at:]})
	}
	return out
}
