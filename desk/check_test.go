package desk_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/markup"
)

// web answers for other sites: by address a status, or an error; everything else times out.
type web struct {
	mu     sync.Mutex
	status map[string]int
	errs   map[string]error
	asked  []string
	during func()
	most   int // at once
	now    int
}

func (w *web) Do(_ context.Context, q fetch.Question) (fetch.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, q.URL)
	w.now++
	w.most = max(w.most, w.now)
	during := w.during
	w.mu.Unlock()
	if during != nil {
		during()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now--
	if err := w.errs[q.URL]; err != nil {
		return fetch.Response{}, err
	}
	if s := w.status[q.URL]; s > 0 {
		return fetch.Response{URL: q.URL, Status: s}, nil
	}
	return fetch.Response{}, fmt.Errorf("%q: %w", q.URL, fetch.ErrTimeout)
}

// checks sets the rules: each name at must, all others off.
func (n *room) checks(lawyer dateline.LawyerRules, must ...dateline.CheckName) {
	n.Helper()
	r := dateline.CheckRules{Headline: 40, Lawyer: lawyer, Levels: map[dateline.CheckName]dateline.CheckLevel{}}
	for _, name := range dateline.CheckNames {
		r.Levels[name] = dateline.LevelOff
		if slices.Contains(must, name) {
			r.Levels[name] = dateline.LevelMust
		}
	}
	n.must(n.desk.SaveCheckRules(n.Context(), chief, r))
}

// linking is a body with one paragraph for each link.
func linking(t testing.TB, hrefs ...string) []byte {
	t.Helper()
	doc := markup.Node{Type: markup.TypeDoc}
	for _, h := range hrefs {
		doc.Content = append(doc.Content, markup.Node{Type: markup.TypeParagraph, Content: []markup.Node{{Type: markup.TypeText, Text: "See "},
			{Type: markup.TypeText, Text: "this", Marks: []markup.Mark{{Type: markup.MarkLink, Attrs: &markup.Attrs{Href: h}}}}}})
	}
	b, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func unmet(err error) (list []string) {
	var e *dateline.Error
	if errors.As(err, &e) && e.Code == dateline.ECheck {
		for _, f := range e.Fields {
			list = append(list, string(f.Check)+" "+f.Path)
		}
	}
	return list
}

func (n *room) found(a *dateline.Article, ask bool) (list []string) {
	n.Helper()
	_, findings, err := n.desk.Check(n.Context(), reporter, a.ID, ask)
	n.must(err)
	for _, f := range findings {
		if f.Words == "" {
			n.Errorf("%+v says nothing", f)
		}
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", f.Check, f.Level, f.State, f.Why, f.Path)))
	}
	return list
}

func TestRequiredFields(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	n.checks(dateline.LawyerRules{}, dateline.CheckHeadline, dateline.CheckStandfirst, dateline.CheckByline, dateline.CheckTopics, dateline.CheckDateline, dateline.CheckLead)
	begin := n.head()
	a := n.create(dateline.Content{Headline: "A headline that goes on for longer than forty characters", Section: section.ID})
	want := []string{"headline_length headline", "standfirst standfirst", "byline byline", "topics topics", "dateline dateline.place", "lead lead"}
	_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
	if got := unmet(err); !slices.Equal(got, want) {
		t.Errorf("publishing: %v\n%q", err, got)
	}
	_, err = n.desk.Schedule(t.Context(), editor, seen(a), n.clock.Now().Add(time.Hour), desk.Publishing{})
	if got := unmet(err); !slices.Equal(got, want) {
		t.Errorf("scheduling: %v\n%q", err, got)
	}
	n.nothing(begin)
	if got := n.find(a.ID); got.Version != a.Version || got.Draft != dateline.DraftOpen {
		t.Errorf("a refusal changed the article: %+v", got)
	}
	// A page has neither byline nor topics nor dateline.
	page, err := n.desk.Create(t.Context(), editor, dateline.KindPage, dateline.Content{Headline: "About"})
	n.must(err)
	_, err = n.desk.Publish(t.Context(), editor, seen(page), desk.Publishing{Change: dateline.ChangeFirst})
	if got := unmet(err); !slices.Equal(got, []string{"standfirst standfirst", "lead lead"}) {
		t.Errorf("a page: %q", got)
	}
	// Imports and the machine's own commands are not stopped, and say so.
	r, err := n.desk.Publish(t.Context(), chief, seen(a), desk.Publishing{Change: dateline.ChangeFirst, Unchecked: true})
	n.must(err)
	if len(r.Unmet) != len(want) || n.find(a.ID).Readers != dateline.Published {
		t.Errorf("unchecked: %+v", r)
	}
}

func TestChecksOfANewNewsroomStopNothing(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "Talks", Section: n.section("world").ID, Body: linking(t, "https://far.example/", "/nothing/here")})
	got := n.found(a, true)
	want := []string{"headline_length warn good  headline", "byline warn fails missing byline", "own_links warn fails absent body.content[1].content[1]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	n.publish(a, dateline.ChangeFirst, "")
}

func TestPicturesAreAskedForTheirWords(t *testing.T) {
	n := newsroom(t)
	n.checks(dateline.LawyerRules{}, dateline.CheckAlt, dateline.CheckCredit)
	p := n.picture(5).ID
	figure := func(alt, credit string) markup.Node {
		return markup.Node{Type: markup.TypeFigure, Attrs: &markup.Attrs{Picture: string(p), Alt: alt, Credit: credit}}
	}
	doc := markup.Node{Type: markup.TypeDoc, Content: []markup.Node{figure("", "Ada Menon"), figure("A quay", ""),
		{Type: markup.TypeGallery, Attrs: &markup.Attrs{Credit: "The Estuary"}, Content: []markup.Node{figure("A boat", ""), figure("", "")}}}}
	b, err := doc.JSON()
	n.must(err)
	a := n.create(dateline.Content{Headline: "Quay", Section: n.section("world").ID, Body: b, Lead: &dateline.Lead{Picture: p, Alt: "A quay."}})
	_, err = n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
	want := []string{"picture_credit lead.credit", "picture_alt body.content[0]", "picture_credit body.content[1]", "picture_alt body.content[2].content[1]"}
	if got := unmet(err); !slices.Equal(got, want) {
		t.Errorf("%v\n%q", err, got)
	}
}

func TestLinksToOtherSites(t *testing.T) {
	w := &web{status: map[string]int{"https://good.example/a": 200, "https://gone.example/": 404, "https://shy.example/": 403},
		errs: map[string]error{"https://none.example/": fmt.Errorf("fetch: %w", &net.DNSError{Err: "no such host", IsNotFound: true}),
			"http://10.0.0.1/": fmt.Errorf("fetch: %w", fetch.ErrAddress)}}
	n := newsroom(t)
	n.close()
	n.links = w
	n.open()
	n.checks(dateline.LawyerRules{}, dateline.CheckLinks)
	a := n.create(dateline.Content{Headline: "Links", Section: n.section("world").ID, Body: linking(t, "https://good.example/a#part", "https://gone.example/",
		"https://shy.example/", "https://none.example/", "http://10.0.0.1/", "https://slow.example/", "mailto:x@y.example", "https://good.example/a")})
	if got := n.found(a, false); len(got) != 6 || got[0] != "links must asked  body.content[0].content[1]" || len(w.asked) != 0 {
		t.Errorf("before anybody asked: %q, asked %q", got, w.asked)
	}
	want := []string{"links must fails gone body.content[1].content[1]", "links must unknown refused body.content[2].content[1]",
		"links must fails no_host body.content[3].content[1]", "links must unknown private body.content[4].content[1]", "links must unknown late body.content[5].content[1]"}
	if got := n.found(a, true); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if len(w.asked) != 6 {
		t.Errorf("asked %q", w.asked)
	}
	begin := n.head()
	_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
	if got := unmet(err); !slices.Equal(got, []string{"links body.content[1].content[1]", "links body.content[3].content[1]"}) {
		t.Errorf("%v: what could not be looked at must stop nothing: %q", err, got)
	}
	n.nothing(begin)
	if len(w.asked) != 6 {
		t.Errorf("what was asked a moment ago was asked again: %q", w.asked)
	}
}

// TestOtherSitesAreAskedOutsideTransactions: while a site is slow to answer, the newsroom writes.
func TestOtherSitesAreAskedOutsideTransactions(t *testing.T) {
	n := newsroom(t)
	n.close()
	w := &web{status: map[string]int{}}
	n.links = w
	n.open()
	n.checks(dateline.LawyerRules{}, dateline.CheckLinks)
	section := n.section("world").ID
	other := n.create(dateline.Content{Headline: "Other", Section: section})
	var hrefs []string
	for i := range 130 {
		hrefs = append(hrefs, fmt.Sprintf("https://s%d.example/", i))
		w.status[hrefs[i]] = 200
	}
	a := n.create(dateline.Content{Headline: "Links", Section: section, Body: linking(t, hrefs...)})
	var once sync.Once
	w.during = func() {
		once.Do(func() { other = n.save(other, func(c *dateline.Content) { c.Headline = "Saved meanwhile" }) })
	}
	n.publish(a, dateline.ChangeFirst, "")
	if other.Version != 2 {
		t.Error("nothing could be saved while links were asked")
	}
	if len(w.asked) != 100 || w.most > 4 {
		t.Errorf("%d were asked, %d at once", len(w.asked), w.most)
	}
}

func TestLinksToOurOwnPages(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	n.checks(dateline.LawyerRules{}, dateline.CheckOwnLinks)
	live := n.publish(n.create(dateline.Content{Headline: "Live", Section: section}), dateline.ChangeFirst, "").Article
	down := n.publish(n.create(dateline.Content{Headline: "Down", Section: section}), dateline.ChangeFirst, "").Article
	n.topic("boats")
	a := n.create(dateline.Content{Headline: "Links", Section: section, Body: linking(t, live.Address, "http://127.0.0.1:8080"+live.Address+"#x", live.Address+"/history",
		"/", "/world/", "/topics/boats", "/archive", "/2026/03/", "/topics/none", "/world/2026/03/29/typo", down.Address)})
	_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
	if got := unmet(err); !slices.Equal(got, []string{"own_links body.content[8].content[1]", "own_links body.content[9].content[1]"}) {
		t.Errorf("%v\n%q", err, got)
	}
	a = n.save(a, func(c *dateline.Content) { c.Body = linking(t, live.Address, down.Address) })
	// It is asked again at the hour, because an article may be withdrawn meanwhile.
	a = n.schedule(a, time.Hour)
	_, err = n.desk.Withdraw(t.Context(), editor, seen(down), desk.Withdrawing{Kind: dateline.WithdrawnKilled, Reason: "wrong"})
	n.must(err)
	begin := n.head()
	n.clock.Pass(time.Hour + time.Second)
	if n.run() != 0 {
		t.Error("it went out with a link to a withdrawn article")
	}
	n.nothing(begin)
	if got := n.find(a.ID); got.Schedule != nil || got.Draft != dateline.DraftOpen {
		t.Errorf("%+v", got)
	}
	if told := strings.Join(n.told(a), "\n"); !strings.Contains(told, "did not go out") || !strings.Contains(told, "withdrawn") {
		t.Errorf("told %q", told)
	}
}

func TestMinorMustBeMinor(t *testing.T) {
	n := newsroom(t)
	n.checks(dateline.LawyerRules{}, dateline.CheckMinor)
	a := n.publish(n.create(dateline.Content{Headline: "Ferry", Section: n.section("world").ID, Body: body(t, "It has 14 cabins.")}), dateline.ChangeFirst, "").Article
	a = n.save(a, func(c *dateline.Content) { c.Body = body(t, "It has 11 cabins.") })
	_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeMinor})
	if got := unmet(err); !slices.Equal(got, []string{"minor "}) {
		t.Errorf("%v %q", err, got)
	}
	n.publish(a, dateline.ChangeCorrection, "It has 11 cabins, not 14.")
}

func TestALawyersEye(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	courts := n.topic("courts").ID
	n.checks(dateline.LawyerRules{Topics: []dateline.ID{courts}, Words: []string{"accus*", "police raid"}}, dateline.CheckLawyer)
	a := n.create(dateline.Content{Headline: "Harbour master accused", Section: section, Topics: []dateline.ID{courts}, Body: body(t, "The police-raid came at dawn.")})
	want := []string{"lawyer must fails topic topics", "lawyer must fails word headline", "lawyer must fails word body.content[0]"}
	if got := n.found(a, false); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	begin := n.head()
	publish := func(a *dateline.Article) error {
		_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
		return err
	}
	n.refused(dateline.ELocked, "accus*", publish(a))
	n.nothing(begin)
	a = n.find(a.ID)
	if a.Hold == nil || a.Hold.By != "elena" || !strings.Contains(a.Hold.Reason, "the topic “courts”") {
		t.Fatalf("the hold is %+v", a.Hold)
	}
	n.refused(dateline.ELocked, "elena", publish(a))
	r, err := n.desk.LiftHold(t.Context(), chief, seen(a), "a lawyer has read it")
	n.must(err)
	// A comma later the words are the same; a word later they are not.
	a = n.save(r.Article, func(c *dateline.Content) { c.Body = body(t, "The police raid came, at dawn.") })
	if got := n.found(a, false); len(got) != 3 || !strings.HasPrefix(got[0], "lawyer must good cleared") {
		t.Errorf("%q", got)
	}
	a = n.save(a, func(c *dateline.Content) { c.Body = body(t, "The police raid came at dawn. He fled.") })
	n.refused(dateline.ELocked, "police raid", publish(a))
	r, err = n.desk.LiftHold(t.Context(), chief, seen(n.find(a.ID)), "again")
	n.must(err)
	n.must(publish(r.Article))
	// Other words that only begin so are no match where no asterisk says so.
	n.must(publish(n.create(dateline.Content{Headline: "Police raided", Section: section})))
}

// TestALawyersEyeAtTheHour: a rule that was set after an article was scheduled holds it all the same.
func TestALawyersEyeAtTheHour(t *testing.T) {
	n := newsroom(t)
	a := n.schedule(n.create(dateline.Content{Headline: "Fraud at the port", Section: n.section("world").ID}), time.Hour)
	n.checks(dateline.LawyerRules{Words: []string{"fraud"}}, dateline.CheckLawyer, dateline.CheckByline)
	n.clock.Pass(2 * time.Hour)
	if n.run() != 0 {
		t.Error("it went out")
	}
	if a = n.find(a.ID); a.Hold == nil || a.Schedule != nil || !strings.Contains(a.Hold.Reason, "fraud") {
		t.Errorf("%+v", a)
	}
	// Scheduling what needs an eye sets the hold at once.
	b := n.create(dateline.Content{Headline: "More fraud", Section: a.Content.Section})
	_, err := n.desk.Schedule(t.Context(), editor, seen(b), n.clock.Now().Add(time.Hour), desk.Publishing{})
	n.refused(dateline.ELocked, "fraud", err)
	if n.find(b.ID).Hold == nil {
		t.Error("there is no hold")
	}
}

// TestTheHourAsksNothingOfPeople: what depends on the version alone was asked when it was scheduled.
func TestTheHourAsksNothingOfPeople(t *testing.T) {
	n := newsroom(t)
	n.schedule(n.create(dateline.Content{Headline: "Ferry", Section: n.section("world").ID}), time.Hour)
	n.checks(dateline.LawyerRules{}, dateline.CheckByline, dateline.CheckLinks, dateline.CheckOwnLinks)
	n.clock.Pass(2 * time.Hour)
	if n.run() != 1 {
		t.Error("it did not go out")
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	n := newsroom(t)
	good := dateline.DefaultCheckRules()
	for words, change := range map[string]func(*dateline.CheckRules){
		"no check": func(r *dateline.CheckRules) { r.Levels = map[dateline.CheckName]dateline.CheckLevel{"taste": "must"} },
		"no level": func(r *dateline.CheckRules) {
			r.Levels = map[dateline.CheckName]dateline.CheckLevel{"byline": "perhaps"}
		},
		"20 to 300":  func(r *dateline.CheckRules) { r.Headline = 5 },
		"asterisk":   func(r *dateline.CheckRules) { r.Lawyer.Words = []string{"a*b"} },
		"is no word": func(r *dateline.CheckRules) { r.Lawyer.Words = []string{"*"} },
		"topic":      func(r *dateline.CheckRules) { r.Lawyer.Topics = []dateline.ID{"0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"} },
	} {
		r := good
		change(&r)
		n.refused(dateline.EInvalid, words, n.desk.SaveCheckRules(t.Context(), chief, r))
	}
	n.refused(dateline.EForbidden, "chief", n.desk.SaveCheckRules(t.Context(), editor, good))
	n.must(n.desk.SaveCheckRules(t.Context(), chief, good))
}
