package render

// Search writes the form and what was found. Its pages are not for search engines.
func (r *Renderer) Search(p *SearchPage) []byte {
	s := r.sheet(&p.Frame)
	title := s.c.Search
	if p.Query != "" {
		title = put(s.c.SearchFor, "query", p.Query)
	}
	s.begin(head{title: title, description: title, style: &r.whole, noIndex: true, searched: true})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.Search})
	s.searchForm(p)
	s.problem(p.Problem)
	if len(p.Stories) > 0 {
		s.band(func() { s.lit("rs") }, func() { s.text(s.c.RunningStories) })
		s.lit("<div class=\"rows\">\n")
		s.storyCards(p.Stories)
		s.lit("</div></section>\n")
	}
	if p.Asked {
		s.results(p)
	}
	s.pager(p.Newest, p.Older, s.c.NextResults)
	return s.end()
}

func (s *sheet) searchForm(p *SearchPage) {
	s.lit("<form class=\"find indent\" action=\"/search\" role=\"search\">\n<div class=\"q\"><label for=\"q\">")
	s.text(s.c.SearchWords)
	s.lit(`</label><input id="q" name="q" type="search"`)
	s.attr("value", p.Query)
	s.lit(" autocomplete=\"off\" maxlength=\"400\"></div>\n<div class=\"go\"><button>")
	s.text(s.c.SearchButton)
	s.lit("</button></div>\n<fieldset><legend>")
	s.text(s.c.Order)
	s.lit("</legend><div>")
	s.radio(OrderRelevance, s.c.BestMatch, p.By != OrderDate)
	s.radio(OrderDate, s.c.NewestFirst, p.By == OrderDate)
	s.lit("</div></fieldset>\n<div><label for=\"s\">")
	s.text(s.c.Section)
	s.lit(`</label><select id="s" name="section"><option value="">`)
	s.text(s.c.AllSections)
	s.lit("</option>")
	for _, o := range p.Sections {
		s.option(o)
	}
	s.lit("</select></div>\n")
	s.dateField("f", "from", s.c.From, p.From)
	s.dateField("t", "to", s.c.To, p.To)
	if p.Topic != nil {
		s.lit("<div><label for=\"p\">")
		s.text(s.c.Topic)
		s.lit(`</label><select id="p" name="topic"><option value="">`)
		s.text(s.c.AllTopics)
		s.lit("</option>")
		s.option(SearchOption{Value: p.Topic.Value, Name: p.Topic.Name, Current: true})
		s.lit("</select></div>\n")
	}
	s.lit("</form>\n")
}

func (s *sheet) radio(value SearchOrder, words string, checked bool) {
	s.lit(`<label><input type="radio" name="by"`)
	s.attr("value", string(value))
	if checked {
		s.lit(" checked")
	}
	s.lit("> ")
	s.text(words)
	s.lit("</label>")
}

func (s *sheet) option(o SearchOption) {
	s.lit("<option")
	s.attr("value", o.Value)
	s.nameLang(o.Name)
	if o.Current {
		s.lit(" selected")
	}
	s.lit(">")
	s.text(o.Name.Text)
	s.lit("</option>")
}

func (s *sheet) dateField(id, name lit, words, value string) {
	s.lit("<div><label for=\"")
	s.lit(id)
	s.lit("\">")
	s.text(words)
	s.lit(`</label><input id="`)
	s.lit(id)
	s.lit(`" name="`)
	s.lit(name)
	s.lit(`" type="date"`)
	if isDate(value) {
		s.attr("value", value)
	}
	s.lit("></div>\n")
}

// isDate says whether a value may stand in a date field: yyyy-mm-dd, which is all that HTML allows there.
func isDate(value string) bool {
	_, ok := parseDate(value)
	return ok
}

func (s *sheet) problem(p SearchProblem) {
	words := s.c.Problems[p]
	if p == SearchFine || words == "" {
		return
	}
	s.lit("<p class=\"note indent\">")
	s.text(words)
	s.lit("</p>\n")
}

func (s *sheet) results(p *SearchPage) {
	s.band(func() { s.lit("rr") }, func() { s.text(s.found(p)) })
	s.lit("<div>")
	if p.Bound > 0 && len(p.Results) > 0 {
		s.element("p", "legend", s.c.Count(s.c.MostRelevant, p.Bound))
	}
	if len(p.Results) == 0 {
		s.element("p", "legend", s.c.NothingFoundAdvice)
		s.similar(p.Similar)
	} else {
		s.lit("<ul class=\"rows\">\n")
		for i := range p.Results {
			s.result(&p.Results[i])
		}
		s.lit("</ul>")
	}
	s.lit("</div></section>\n")
}

// similar names words that the archive has.
func (s *sheet) similar(list []SearchWord) {
	if len(list) == 0 {
		return
	}
	s.lit("<p class=\"legend\">")
	s.text(s.c.SimilarWords)
	for _, w := range list {
		s.lit(" <a rel=\"nofollow\"")
		s.attr("href", w.Address)
		s.lit(">")
		s.text(w.Text)
		s.lit("</a>")
	}
	s.lit("</p>")
}

// found counts what was found, in the margin.
func (s *sheet) found(p *SearchPage) string {
	if p.Count == 0 && len(p.Results) == 0 {
		return s.c.NothingFound
	}
	count := s.c.Count(s.c.Articles, p.Count)
	if p.More {
		return put(s.c.MoreThan, "count", count)
	}
	return count
}

func (s *sheet) result(r *SearchResult) {
	c := &r.Card
	s.lit("<li class=\"row\"")
	s.mark(c.ID, c.Edition)
	s.lit("><div>")
	s.cardLabel(c)
	s.openHeadline("h3", c)
	if r.Headline == nil {
		s.text(c.Headline)
	} else {
		s.spans(r.Headline)
	}
	s.closeHeadline("h3")
	if len(r.Excerpt) > 0 {
		s.lit("<p")
		s.langOf(c.Language)
		s.lit(">")
		s.spans(r.Excerpt)
		s.lit("</p>")
	}
	s.lit("<p class=\"when\">")
	s.resultTime(c)
	s.lit("</p></div></li>\n")
}

func (s *sheet) spans(list []Span) {
	for _, x := range list {
		if x.Mark {
			s.element("mark", "", x.Text)
		} else {
			s.text(x.Text)
		}
	}
}

// resultTime says where and when an article stood, and whether it was put right since.
func (s *sheet) resultTime(c *Card) {
	if c.Section.Name.Text != "" {
		s.name(c.Section.Name)
		s.text(s.c.Comma)
	}
	s.instant(c.First, "")
	if updated(c.First, c.Updated) && c.Change.Wrong() {
		s.text(s.c.Comma)
		s.element("span", "red", s.c.Corrected[c.Change])
	}
}
