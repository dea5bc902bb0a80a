package render

import (
	"encoding/json"
	"time"

	"github.com/datelinehq/dateline"
)

// VerifyPage checks an article against the record in the reader's browser.
type VerifyPage struct {
	Frame    Frame
	ID       dateline.ID
	Edition  int
	Language string
	Headline string
	Article  string // its address
	Proof    string // the address of the proof
}

// Verify writes the page that checks an article against the record. Without a script it says what to run instead.
func (r *Renderer) Verify(p *VerifyPage) []byte {
	s := r.sheet(&p.Frame)
	w := &s.c.Verify
	s.begin(head{title: w.Title + ": " + p.Headline, style: &r.verify, noIndex: true})
	s.body(nil)
	s.lit("<div")
	s.mark(p.ID, p.Edition)
	s.lit(">\n<p class=\"label indent\">")
	s.backTo(p.Article, false)
	s.lit("</p>\n")
	s.pageTitle(Name{Text: w.Title})
	s.lede(Name{Text: p.Headline, Language: p.Language})
	s.verdict(p)
	s.witnesses()
	s.band(func() { s.lit("yourself") }, func() { s.text(w.Yourself) })
	s.lit("<div class=\"checked\"><p>")
	s.text(w.YourselfWhy)
	s.lit("</p>\n<pre dir=\"ltr\"><code>dateline verify ")
	s.text(p.Frame.Site + p.Article)
	s.lit("</code></pre>\n<p>")
	s.linked(w.Proof, p.Proof)
	s.lit("</p></div></section>\n</div>\n")
	s.lit(r.checks.element)
	return s.end()
}

// clockData is what the script writes instants with, so that they read as on every other page.
type clockData struct {
	Zone   string            `json:"zone"`  // of the tz database
	Names  map[string]string `json:"names"` // the zone's names by its differences from UTC
	Months []string          `json:"months"`
	Comma  string            `json:"comma"` // between date and hour
}

// zoneNames are the names that a zone had in the ten years before an instant in it, and has in the two after, such as IST for +05:30.
// No zone has one for less than a fortnight.
func zoneNames(at time.Time) map[string]string {
	names, until := map[string]string{}, at.AddDate(2, 0, 0)
	for t := at.AddDate(-10, 0, 0); t.Before(until); t = t.AddDate(0, 0, 14) {
		names[t.Format("-07:00")] = ZoneAbbreviation(t)
	}
	return names
}

// verdict is where the script says what it found.
func (s *sheet) verdict(p *VerifyPage) {
	w := &s.c.Verify
	sentences, err := json.Marshal(w.Verdict)
	if err != nil {
		panic("render: sentences did not encode: " + err.Error())
	}
	s.band(func() { s.lit("result") }, func() { s.text(s.c.Record) })
	s.lit("<div class=\"checked\" id=\"verdict\" role=\"status\"")
	s.link("data-proof", p.Proof)
	now := s.local(s.f.Today)
	clock, err := json.Marshal(clockData{Zone: now.Location().String(), Names: zoneNames(now), Months: s.c.Months[:], Comma: s.c.Comma})
	if err != nil {
		panic("render: the clock did not encode: " + err.Error())
	}
	for _, d := range []struct {
		name  lit
		words string
	}{{"data-clock", string(clock)}, {"data-words", string(sentences)}, {"data-waiting", w.Waiting}, {"data-cannot", w.NoSignatures}, {"data-result", w.Result},
		{"data-not", w.NotProved}, {"data-kept", w.Kept}, {"data-not-kept", w.NotKept}} {
		s.attr(d.name, d.words)
	}
	s.lit(">")
	s.element("p", "", w.NoScript)
	s.lit("</div></section>\n")
}

// witnesses asks for the keys of those whom the reader trusts. It is hidden until the script is there to answer.
func (s *sheet) witnesses() {
	w := &s.c.Verify
	s.lit("<form class=\"verify\" hidden>")
	s.band(func() { s.lit("witness") }, func() { s.text(w.Witness) })
	s.lit("<div class=\"checked\"><p>")
	s.text(w.WitnessWhy)
	s.lit("</p>\n<label>")
	s.text(w.WitnessKeys)
	s.lit(" <textarea rows=\"2\" dir=\"ltr\" spellcheck=\"false\" autocomplete=\"off\"></textarea></label>\n<p><button>")
	s.text(w.Check)
	s.lit("</button> <button type=\"button\" id=\"forget\">")
	s.text(w.Forget)
	s.lit("</button></p></div></section></form>\n")
}
