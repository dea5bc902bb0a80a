package wxr

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
)

type planned struct {
	stories     []Story
	attachments []Attachment
	notes       []Note
	skipped     map[string]int
}

func plan(t *testing.T, src string, opt PlanOptions) planned {
	t.Helper()
	var got planned
	p := NewPlanner(opt, Outcome{
		Story:      func(s Story) error { got.stories = append(got.stories, s); return nil },
		Attachment: func(a Attachment) error { got.attachments = append(got.attachments, a); return nil },
		Note:       func(n Note) { got.notes = append(got.notes, n) },
	})
	if err := Read(strings.NewReader(src), p.Handler()); err != nil {
		t.Fatal(err)
	}
	got.skipped = p.Skipped()
	return got
}

func (p planned) kinds() string {
	count := map[string]int{}
	for _, n := range p.notes {
		count[n.Kind]++
	}
	return fmt.Sprint(count)
}

func (p planned) states() string {
	count := map[string]int{}
	for _, s := range p.stories {
		count[strings.TrimSpace(string(s.Kind)+" "+string(s.State)+" "+s.Private)]++
	}
	return fmt.Sprint(count)
}

// What becomes of each file of the corpus: stories by kind and state, and what is not imported.
var wantPlans = map[string][2]string{
	"a11y-unit-test-data.xml":                 {"map[article draft:2 article draft password:1 article published:44 page published:17]", "map[comment:29 nav_menu_item:50 without a type:1]"},
	"blank-lines.xml":                         {"map[article draft:1]", "map[]"},
	"crazy-cdata.xml":                         {"map[article published:1]", "map[]"},
	"slashes.xml":                             {"map[article published:1]", "map[comment:1]"},
	"small-export.xml":                        {"map[article draft private:1 article published:5 page draft:1 page published:4]", "map[comment:1]"},
	"term-formats.xml":                        {"map[]", "map[]"},
	"test-serialized-postmeta-with-cdata.xml": {"map[article draft:1]", "map[]"},
	"theme-unit-test-data.xml":                {"map[article draft:2 article draft password:1 article published:55 page published:21]", "map[comment:33 nav_menu_item:70]"},
	"valid-wxr-1.0.xml":                       {"map[article published:3 page published:3]", "map[comment:1]"},
	"wxr-flat-attachment-same-site.xml":       {"map[article published:1]", "map[]"},
	"wxr-simple.xml":                          {"map[article published:1]", "map[]"},
	"wordpress_wxr.xml":                       {"map[article published:1]", "map[duplicate:2 post (inherit):2]"},
}

func TestPlanCorpus(t *testing.T) {
	for name, file := range corpusFiles(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(wantCounts[name], "line ") {
			continue
		}
		got := plan(t, string(src), PlanOptions{})
		if want := wantPlans[name]; want[0] != "" && (got.states() != want[0] || fmt.Sprint(got.skipped) != want[1]) {
			t.Errorf("%s: got %s, %v\nwant %s, %s", name, got.states(), got.skipped, want[0], want[1])
		}
		t.Logf("%s: notes %s", name, got.kinds())
		for _, s := range got.stories {
			if err := checkStory(s); err != nil {
				t.Errorf("%s, line %d: %v", name, s.Line, err)
			}
		}
	}
}

// checkStory asks what every story must be.
func checkStory(s Story) error {
	switch {
	case s.Headline == "" || strings.ContainsAny(s.Headline, "\n\t") || len([]rune(s.Headline)) > dateline.MaxHeadline:
		return fmt.Errorf("the headline is %q", s.Headline)
	case s.State == StatePublished && s.FirstPublished.IsZero():
		return fmt.Errorf("published, but without a time")
	case !s.Updated.IsZero() && s.Updated.Before(s.FirstPublished):
		return fmt.Errorf("updated %v before %v", s.Updated, s.FirstPublished)
	case s.Kind == KindArticle && (dateline.ValidSlug(s.Section.Slug) != nil || dateline.Reserved(s.Section.Slug)):
		return fmt.Errorf("the section is %q", s.Section.Slug)
	case s.Slug != "" && dateline.ValidSlug(s.Slug) != nil:
		return fmt.Errorf("the slug is %q", s.Slug)
	case len(s.Topics) > dateline.MaxTopics:
		return fmt.Errorf("%d topics", len(s.Topics))
	case s.Address != "" && dateline.ValidAddress(s.Address) != nil:
		return fmt.Errorf("the address is %q", s.Address)
	}
	return nil
}

func TestPlan(t *testing.T) {
	files := corpusFiles(t)
	src, err := os.ReadFile(files["theme-unit-test-data.xml"])
	if err != nil {
		t.Fatal(err)
	}
	got := plan(t, string(src), PlanOptions{})
	byPost := map[int64]Story{}
	for _, s := range got.stories {
		byPost[s.Post] = s
	}
	var some []string
	for _, s := range got.stories {
		if strings.HasPrefix(s.Headline, "Markup: Title") || s.Headline == "Scheduled" {
			some = append(some, s.Headline+" "+s.Proposed.Format(time.RFC3339))
		}
	}
	sort.Strings(some)
	want := []string{"Markup: Title With Markup 0001-01-01T00:00:00Z", "Markup: Title With Special Characters ~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.> 0001-01-01T00:00:00Z", "Scheduled 2030-01-01T19:00:18Z"}
	if diff := cmp.Diff(want, some); diff != "" {
		t.Error(diff)
	}
}

func item(fields string) string {
	return "<item><title>T</title><link>https://estuary.example/2014/pier/</link><wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type>" +
		"<wp:status>publish</wp:status><wp:post_date>2014-07-02 10:00:00</wp:post_date><wp:post_date_gmt>2014-07-02 08:00:00</wp:post_date_gmt>" + fields + "</item>"
}

func TestStory(t *testing.T) {
	cats := `<wp:category><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>piers</wp:category_nicename><wp:category_parent>news</wp:category_parent><wp:cat_name>Piers</wp:cat_name></wp:category>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>ada</wp:author_display_name><wp:author_first_name>Ada</wp:author_first_name><wp:author_last_name>Lund</wp:author_last_name></wp:author>`
	in := export(cats + item(`<dc:creator>ada</dc:creator><guid isPermaLink="false">https://estuary.example/?p=7</guid>
<wp:post_name>%e0%a4%aa%e0%a5%81%e0%a4%b2</wp:post_name><wp:post_modified_gmt>2014-07-03 08:00:00</wp:post_modified_gmt><excerpt:encoded><![CDATA[<p>It is &amp; stays <b>shut</b>.</p>]]></excerpt:encoded>
<category domain="category" nicename="uncategorized">Uncategorized</category><category domain="category" nicename="piers">Piers</category><category domain="post_tag" nicename="divers">Divers</category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>611</wp:meta_value></wp:postmeta><content:encoded>Text</content:encoded>`))
	got := plan(t, in, PlanOptions{})
	want := Story{
		Line: got.stories[0].Line, ExternalID: "wxr:https://estuary.example:7", Kind: KindArticle, State: StatePublished, Headline: "T", Standfirst: "It is & stays shut.",
		Slug: "पुल", Language: "en-GB", Section: TermRef{"news", "News"}, Topics: []TermRef{{"piers", "Piers"}, {"divers", "Divers"}}, Byline: []Person{{"ada", "Ada Lund"}},
		FirstPublished: time.Date(2014, 7, 2, 8, 0, 0, 0, time.UTC), Updated: time.Date(2014, 7, 3, 8, 0, 0, 0, time.UTC),
		Address: "/2014/pier/", Former: []string{"/?p=7"}, LeadAttachment: 611, Post: 7, Content: "Text",
	}
	if diff := cmp.Diff([]Story{want}, got.stories); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestStories(t *testing.T) {
	oslo := time.FixedZone("", 7200)
	for name, c := range map[string]struct {
		in   string
		opt  PlanOptions
		want string // what show gives
		note string // a kind that must be noted
	}{
		"local date":      {strings.Replace(item(""), "2014-07-02 08:00:00", "0000-00-00 00:00:00", 1), PlanOptions{Zone: oslo}, "published 2014-07-02T08:00:00Z", ""},
		"the feed's date": {strings.NewReplacer("2014-07-02 08:00:00", "", "2014-07-02 10:00:00", "").Replace(item("<pubDate>Wed, 02 Jul 2014 07:00:00 +0000</pubDate>")), PlanOptions{}, "published 2014-07-02T07:00:00Z", NoteDate},
		"no date":         {strings.NewReplacer("2014-07-02 08:00:00", "", "2014-07-02 10:00:00", "").Replace(item("<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate>")), PlanOptions{}, "draft -", NoteDate},
		"changed earlier": {item("<wp:post_modified_gmt>2014-07-01 08:00:00</wp:post_modified_gmt>"), PlanOptions{}, "published 2014-07-02T08:00:00Z", NoteDate},
		"still to come":   {item(""), PlanOptions{Now: time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)}, "draft - proposed 2014-07-02T08:00:00Z", NoteDate},
		"scheduled":       {strings.Replace(item(""), ">publish<", ">future<", 1), PlanOptions{}, "draft - proposed 2014-07-02T08:00:00Z", NoteState},
		"private":         {strings.Replace(item(""), ">publish<", ">private<", 1), PlanOptions{}, "draft private 2014-07-02T08:00:00Z", NoteState},
		"password":        {item("<wp:post_password>x</wp:post_password>"), PlanOptions{}, "draft password 2014-07-02T08:00:00Z", NoteState},
		"pending":         {strings.Replace(item(""), ">publish<", ">pending<", 1), PlanOptions{}, "draft -", ""},
		"trash":           {strings.Replace(item(""), ">publish<", ">trash<", 1), PlanOptions{}, "", NoteSkipped},
		"other host":      {strings.Replace(item(""), "//estuary.example/2014", "//other.example/2014", 1), PlanOptions{}, "published 2014-07-02T08:00:00Z", NoteAddress},
		"no title":        {strings.Replace(item("<content:encoded>The pier was shut.</content:encoded>"), "<title>T", "<title>", 1), PlanOptions{}, "published 2014-07-02T08:00:00Z", NoteHeadline},
		"menu":            {strings.Replace(item(""), ">post<", ">nav_menu_item<", 1), PlanOptions{}, "", ""},
	} {
		got := plan(t, export(c.in), c.opt)
		if s := show(got.stories); s != c.want {
			t.Errorf("%s: got %q, want %q", name, s, c.want)
		}
		if c.note != "" && !strings.Contains(got.kinds(), c.note+":") {
			t.Errorf("%s: notes %s, want one of %s", name, got.kinds(), c.note)
		}
		if c.note == "" && len(got.notes) > 0 {
			t.Errorf("%s: notes %v", name, got.notes)
		}
	}
}

func show(stories []Story) string {
	if len(stories) == 0 {
		return ""
	}
	s := stories[0]
	out := string(s.State)
	if s.Private != "" {
		out += " " + s.Private
	}
	if s.FirstPublished.IsZero() {
		out += " -"
	} else {
		out += " " + s.FirstPublished.Format(time.RFC3339)
	}
	if !s.Proposed.IsZero() {
		out += " proposed " + s.Proposed.Format(time.RFC3339)
	}
	return out
}

func TestSections(t *testing.T) {
	terms := `<wp:category><wp:category_nicename>region</wp:category_nicename><wp:cat_name>Region</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>piers</wp:category_nicename><wp:category_parent>region</wp:category_parent><wp:cat_name>Piers</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>search</wp:category_nicename><wp:cat_name>Search</wp:cat_name></wp:category>`
	for name, c := range map[string]struct {
		cats string
		rule SectionRule
		want string
	}{
		"none":              {"", SectionRule{}, "news []"},
		"the default's own": {"uncategorized", SectionRule{Default: TermRef{"city", "City"}}, "city []"},
		"the top one":       {"piers region", SectionRule{}, "region [piers]"},
		"above a child":     {"piers", SectionRule{}, "region [piers]"},
		"the first of two":  {"sport region", SectionRule{}, "sport [region]"},
		"sent elsewhere":    {"region sport", SectionRule{Override: map[string]string{"sport": "games"}}, "games [region]"},
		"a topic only":      {"region sport", SectionRule{Override: map[string]string{"region": Topic}}, "sport [region]"},
		"left out":          {"region sport", SectionRule{Override: map[string]string{"region": Drop}}, "sport []"},
		"a reserved word":   {"search", SectionRule{}, "search-section [search]"},
	} {
		cats := ""
		for _, n := range strings.Fields(c.cats) {
			cats += fmt.Sprintf(`<category domain="category" nicename="%s">%s</category>`, n, n)
		}
		s := plan(t, export(terms+item(cats)), PlanOptions{Sections: c.rule}).stories[0]
		var topics []string
		for _, topic := range s.Topics {
			topics = append(topics, topic.Slug)
		}
		if got := fmt.Sprintf("%s %v", s.Section.Slug, topics); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"hello-world": "hello-world", "Hello_World": "hello-world", "%e0%a4%aa%e0%a5%81%e0%a4%b2": "पुल", "%e0%a4%aa%e0%a5": "प",
		"a--b": "a-b", "../../x": "x", "": "", "---": "", strings.Repeat("a", 200): strings.Repeat("a", 80),
	} {
		if got := Slug(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
