package render

import (
	"time"
)

// Then says that a page shows a thing as it stood at an instant. Such a page is for no index and says nothing to machines; what
// surrounds it is of then too, or absent.
type Then struct {
	At       time.Time // of the change that made it what is shown
	Base     string    // what leads to how things stood then, before an address of this site
	Address  string    // where the thing stands today
	Until    time.Time // when it changed next; zero: it has not
	Earlier  string    // the address of how it stood before; none where it is the first
	Later    string    // and of how it stood next
	Imported time.Time // when what is shown was imported; zero where it was not
}

// ThenWords are the catalogue's words of pages as of an instant.
type ThenWords struct {
	AsItStood, AsItStoodOn, PaperAsItStood string
	StoodUntil, StandsSince, ShownSo       string
	Before, After, Today, Another          string
	Date, Time, Show                       string
	NotYet, Away, FirstStood, BadInstant   string
	Removed, RemovedWhy                    string
}

// ThenPage asks for an instant, or says that a thing did not stand at the one that was asked for.
type ThenPage struct {
	Frame   Frame
	Of      string    // the address of the thing
	Asked   time.Time // the instant asked for; zero for none
	Problem ThenProblem
	First   time.Time // when the thing first stood there
	FirstAt string    // its address as it stood first
}

// ThenProblem is why a thing cannot be shown as of an instant.
type ThenProblem string

// The problems.
const (
	ThenFine    ThenProblem = ""
	ThenNotYet  ThenProblem = "not_yet" // it was not there yet
	ThenBad     ThenProblem = "bad"     // no date and time were given that can be read
	ThenAway    ThenProblem = "away"    // it had been taken down, and came back later
	ThenRemoved ThenProblem = "removed" // what stood there was redacted
)

// ThenForm writes the page that asks for an instant.
func (r *Renderer) ThenForm(p *ThenPage) []byte {
	s := r.sheet(&p.Frame)
	w := &s.c.Then
	title, words := w.AsItStood, ""
	switch p.Problem {
	case ThenNotYet:
		words = put(w.NotYet, "time", s.c.DateTime(s.local(p.Asked)))
	case ThenAway:
		words = put(w.Away, "time", s.c.DateTime(s.local(p.Asked)))
	case ThenBad:
		words = w.BadInstant
	case ThenRemoved:
		title, words = w.Removed, w.RemovedWhy
	case ThenFine:
		if p.Of == "/" {
			title = w.PaperAsItStood
		}
	}
	s.begin(head{title: title, style: &r.whole, noIndex: true})
	s.body(nil)
	s.pageTitle(Name{Text: title})
	s.paragraph("lede", words, "")
	if p.FirstAt != "" {
		s.lit("<p class=\"legend indent\">")
		s.linked(put(w.FirstStood, "time", s.c.DateTime(s.local(p.First))), p.FirstAt)
		s.lit("</p>\n")
	}
	s.lit("<div class=\"indent\">")
	s.thenForm(p.Of, p.Asked)
	s.lit("</div>\n")
	return s.end()
}

// thenForm asks for an instant at which a thing is to be shown. The zone is named at the field for the hour.
func (s *sheet) thenForm(of string, at time.Time) {
	w := &s.c.Then
	s.lit("<form class=\"instant\" action=\"/as-of\">\n<input type=\"hidden\" name=\"of\"")
	s.attr("value", of)
	s.lit("><label>")
	s.text(w.Date)
	s.lit(" <input type=\"date\" name=\"on\" required")
	zone := s.today
	if !at.IsZero() {
		zone = s.local(at)
		s.attr("value", zone.Format("2006-01-02"))
	}
	s.lit("></label>\n<label>")
	s.text(put(w.Time, "zone", ZoneAbbreviation(zone)))
	s.lit(" <input type=\"time\" name=\"at\"")
	if !at.IsZero() {
		s.attr("value", zone.Format("15:04"))
	}
	s.lit("></label>\n<button>")
	s.text(w.Show)
	s.lit("</button></form>\n")
}

// then is the notice at the head of a page that shows a thing as it stood.
func (s *sheet) then() {
	t := s.f.Then
	if t == nil {
		return
	}
	w := &s.c.Then
	s.lit("<aside class=\"then\" aria-labelledby=\"asof\"><h2 id=\"asof\">")
	s.around(w.AsItStoodOn, "{time}", func() { s.instant(t.At, "") })
	s.lit("</h2>\n<p>")
	if t.Until.IsZero() {
		s.text(w.StandsSince)
	} else {
		s.around(w.StoodUntil, "{time}", func() { s.instant(t.Until, "") })
	}
	s.lit(" ")
	s.text(w.ShownSo)
	if !t.Imported.IsZero() {
		s.lit(" ")
		s.text(put(s.c.ImportedOn, "date", s.c.Date(s.local(t.Imported))))
	}
	s.lit("</p>\n<nav")
	s.attr("aria-label", w.AsItStood)
	s.lit(">")
	for _, l := range [...][2]string{{w.Before, t.Earlier}, {w.After, t.Later}, {w.Today, t.Address}} {
		if l[1] != "" {
			s.anchor(Link{Name: Name{Text: l[0]}, Address: l[1]}, "")
		}
	}
	s.lit("</nav>\n<details><summary>")
	s.text(w.Another)
	s.lit("</summary>")
	s.thenForm(t.Address, t.At)
	s.lit("</details></aside>\n")
}

// way is where a link of the frame leads: to how the thing stood then, on a page as of an instant.
func (s *sheet) way(address string) string {
	if s.f.Then == nil {
		return address
	}
	return s.f.Then.Base + address
}

var englishThen = ThenWords{
	AsItStood: "As it stood", AsItStoodOn: "As it stood on {time}", PaperAsItStood: "The paper as it stood",
	StoodUntil: "It stood so until {time}.", StandsSince: "It has not changed since.",
	ShownSo: "The words are of then; the design is today’s, and so are the names of people and topics.",
	Before:  "Before that", After: "After that", Today: "As it stands today", Another: "Another day or hour",
	Date: "Date", Time: "Time ({zone})", Show: "Show",
	NotYet: "On {time} this was not in the paper yet.", Away: "On {time} this had been taken down; it came back later.", FirstStood: "It first stood here on [{time}].",
	BadInstant: "That is no date and time. A date is written 2026-06-30, a time 14:05; without a time the end of the day is meant.",
	Removed:    "What stood here then was removed", RemovedWhy: "Its words were taken out of the paper’s record. What came before and after is still to be read.",
}

var hindiThen = ThenWords{
	AsItStood: "तब कैसा था", AsItStoodOn: "{time} को जैसा था", PaperAsItStood: "अख़बार तब कैसा था",
	StoodUntil: "{time} तक यह ऐसा ही रहा।", StandsSince: "तब से इसमें कोई बदलाव नहीं हुआ है।",
	ShownSo: "शब्द तब के हैं; रूप आज का है, और लोगों व विषयों के नाम भी आज के हैं।",
	Before:  "इससे पहले", After: "इसके बाद", Today: "आज जैसा है", Another: "कोई और दिन या समय",
	Date: "तारीख़", Time: "समय ({zone})", Show: "दिखाएँ",
	NotYet: "{time} को यह अख़बार में नहीं था।", Away: "{time} को यह हटाया हुआ था; बाद में लौट आया।", FirstStood: "यह पहली बार [{time}] को यहाँ आया।",
	BadInstant: "यह तारीख़ और समय नहीं है। तारीख़ 2026-06-30 और समय 14:05 की तरह लिखें; समय न हो तो दिन का अंत माना जाता है।",
	Removed:    "तब जो यहाँ था, उसे हटा दिया गया है", RemovedWhy: "उसके शब्द अख़बार के अभिलेख से निकाल दिए गए हैं। उससे पहले और बाद का पाठ अब भी पढ़ा जा सकता है।",
}

var arabicThen = ThenWords{
	AsItStood: "كما كانت", AsItStoodOn: "كما كانت في {time}", PaperAsItStood: "الصحيفة كما كانت",
	StoodUntil: "بقيت هكذا حتى {time}.", StandsSince: "ولم تتغير منذ ذلك الحين.",
	ShownSo: "الكلمات من ذلك الوقت، أما التصميم وأسماء الأشخاص والموضوعات فكما هي اليوم.",
	Before:  "قبل ذلك", After: "بعد ذلك", Today: "كما هي اليوم", Another: "يوم آخر أو ساعة أخرى",
	Date: "التاريخ", Time: "الوقت ({zone})", Show: "اعرض",
	NotYet: "لم تكن هذه في الصحيفة في {time}.", Away: "في {time} كانت هذه مسحوبة، ثم أُعيدت بعد ذلك.", FirstStood: "ظهرت هنا أول مرة في [{time}].",
	BadInstant: "هذا ليس تاريخًا ووقتًا. يُكتب التاريخ 2026-06-30 والوقت 14:05، ومن دون وقت يُقصد آخر اليوم.",
	Removed:    "أزيل ما كان هنا آنذاك", RemovedWhy: "أُخرجت كلماته من سجل الصحيفة. وما قبله وما بعده ما زال متاحًا للقراءة.",
}
