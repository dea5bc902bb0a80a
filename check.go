package dateline

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CheckName names one thing that is looked at before something goes out.
type CheckName string

// What a chief can have looked at, in the order in which it is shown.
const (
	CheckHeadline   CheckName = "headline_length"
	CheckStandfirst CheckName = "standfirst"
	CheckByline     CheckName = "byline"
	CheckTopics     CheckName = "topics"
	CheckDateline   CheckName = "dateline"
	CheckLead       CheckName = "lead"
	CheckAlt        CheckName = "picture_alt"
	CheckCredit     CheckName = "picture_credit"
	CheckOwnLinks   CheckName = "own_links" // looked up at the desk; nobody else is asked
	CheckLinks      CheckName = "links"     // other sites are asked, which thereby learn that somebody looks
	CheckMinor      CheckName = "minor"     // a change called minor touches a number, a name, a quotation or the headline
	CheckLawyer     CheckName = "lawyer"    // it needs a lawyer's eye; must sets the legal hold
)

// CheckComplete names what every publication needs, whatever a chief has set (see Content.Complete).
const CheckComplete CheckName = "complete"

// CheckNames lists every check that a chief can set.
var CheckNames = []CheckName{CheckHeadline, CheckStandfirst, CheckByline, CheckTopics, CheckDateline, CheckLead, CheckAlt, CheckCredit,
	CheckOwnLinks, CheckLinks, CheckMinor, CheckLawyer}

// CheckLevel says what becomes of an article in which a check finds something.
type CheckLevel string

// The levels.
const (
	LevelOff  CheckLevel = "off"
	LevelWarn CheckLevel = "warn" // the editor is told, and decides
	LevelMust CheckLevel = "must" // it is not published
)

// Limits of the rules for checks.
const (
	MinHeadlineRule = 20
	MaxLawyerRules  = 200 // words, topics and sections, each
)

// CheckRules say which checks apply. A check that Levels does not name has its level of DefaultCheckRules.
type CheckRules struct {
	Levels   map[CheckName]CheckLevel `json:"levels"`
	Headline int                      `json:"headline"` // how many characters a headline may have, for CheckHeadline
	Lawyer   LawyerRules              `json:"lawyer"`
}

// LawyerRules say what needs a lawyer's eye.
type LawyerRules struct {
	Sections []ID     `json:"sections"`
	Topics   []ID     `json:"topics"`
	Words    []string `json:"words"` // words, or several in a row, in any case; an asterisk at the end stands for any ending
}

// DefaultCheckRules are those of a newsroom in which no chief has set any: what can be seen at the desk is said, nothing
// is stopped, and no other site is asked.
func DefaultCheckRules() CheckRules {
	return CheckRules{Headline: 70, Levels: map[CheckName]CheckLevel{
		CheckHeadline: LevelWarn, CheckStandfirst: LevelOff, CheckByline: LevelWarn, CheckTopics: LevelOff, CheckDateline: LevelOff, CheckLead: LevelOff,
		CheckAlt: LevelWarn, CheckCredit: LevelWarn, CheckOwnLinks: LevelWarn, CheckLinks: LevelOff, CheckMinor: LevelWarn, CheckLawyer: LevelMust}}
}

// Level is what a check does.
func (r CheckRules) Level(name CheckName) CheckLevel {
	if l, ok := r.Levels[name]; ok {
		return l
	}
	return DefaultCheckRules().Levels[name]
}

// Must lists the checks that stop a publication; the lawyer's is one of them where it has rules.
func (r CheckRules) Must() (list []CheckName) {
	for _, name := range CheckNames {
		if r.Level(name) == LevelMust && (name != CheckLawyer || !r.Lawyer.None()) {
			list = append(list, name)
		}
	}
	return list
}

// Validate reports what is wrong with the rules.
func (r CheckRules) Validate() error {
	var f fields
	for name, level := range r.Levels {
		path := "levels." + string(name)
		if !slices.Contains(CheckNames, name) {
			f.add("levels", "%.40q is no check; there are %s", string(name), joined(CheckNames))
		} else if !slices.Contains([]CheckLevel{LevelOff, LevelWarn, LevelMust}, level) {
			f.add(path, "%.40q is no level; use off, warn or must", string(level))
		}
	}
	if r.Headline < MinHeadlineRule || r.Headline > MaxHeadline {
		f.add("headline", "a headline's length is bounded by %d to %d characters", MinHeadlineRule, MaxHeadline)
	}
	r.Lawyer.validate(&f)
	return f.err("the checks")
}

// None says that nothing is named that needs a lawyer's eye.
func (r LawyerRules) None() bool { return len(r.Sections)+len(r.Topics)+len(r.Words) == 0 }

func (r LawyerRules) validate(f *fields) {
	for path, n := range map[string]int{"lawyer.sections": len(r.Sections), "lawyer.topics": len(r.Topics), "lawyer.words": len(r.Words)} {
		if n > MaxLawyerRules {
			f.add(path, "%d are too many; %d at most", n, MaxLawyerRules)
		}
	}
	for _, w := range r.Words {
		f.text("lawyer.words", w, MaxName)
		if strings.Trim(w, " *") == "" || strings.Contains(strings.TrimSuffix(w, "*"), "*") {
			f.add("lawyer.words", "%.60q is no word; an asterisk may stand at its end only", w)
		}
	}
}

func joined[T ~string](list []T) string {
	s := make([]string, len(list))
	for i, x := range list {
		s[i] = string(x)
	}
	return strings.Join(s, ", ")
}

// FindingState says what a check found.
type FindingState string

// The states of a finding.
const (
	FindingGood    FindingState = "good"
	FindingFails   FindingState = "fails"
	FindingUnknown FindingState = "unknown" // it could not be looked at; that stops nothing
	FindingAsked   FindingState = "asked"   // it is still to be looked at
)

// Finding is what one check found at one place of an article.
type Finding struct {
	Check  CheckName    `json:"check"`
	Level  CheckLevel   `json:"level" enum:"warn,must"`
	State  FindingState `json:"state" enum:"good,fails,unknown,asked"`
	Why    string       `json:"why,omitempty"`    // what of the check it is, in a word: missing, long, withdrawn
	Path   string       `json:"path,omitempty"`   // the place: headline, lead.alt, body.content[3]
	What   string       `json:"what,omitempty"`   // the words it is about: an address, a name, what it was before
	After  string       `json:"after,omitempty"`  // for a change: what it is now; for a length: what it may be
	Number int          `json:"number,omitempty"` // characters, or the status that another site answered with
	Words  string       `json:"words"`            // in a sentence, in English
}

// Stops says whether a finding stops a publication.
func (f Finding) Stops() bool { return f.Level == LevelMust && f.State == FindingFails }

// CheckFields looks at what the fields of content hold and lack: one finding for each check that is not off. Pages have
// neither byline nor topics nor dateline of which it could be asked.
func (r CheckRules) CheckFields(kind Kind, c *Content) []Finding {
	var list []Finding
	add := func(name CheckName, path string, is bool, words string) {
		f := Finding{Check: name, Level: r.Level(name), State: FindingGood, Path: path, Words: words}
		if !is {
			f.State, f.Why = FindingFails, "missing"
		}
		if f.Level != LevelOff {
			list = append(list, f)
		}
	}
	if n := utf8.RuneCountInString(c.Headline); n > 0 && r.Level(CheckHeadline) != LevelOff {
		f := Finding{Check: CheckHeadline, Level: r.Level(CheckHeadline), State: FindingGood, Path: "headline", Number: n, Words: "the headline is of a good length"}
		if n > r.Headline {
			f.State, f.Why, f.After = FindingFails, "long", strconv.Itoa(r.Headline)
			f.Words = Errorf(EInvalid, "the headline has %d characters; it should have no more than %d", n, r.Headline).Message
		}
		list = append(list, f)
	}
	add(CheckStandfirst, "standfirst", strings.TrimSpace(c.Standfirst) != "", "a standfirst")
	if kind == KindArticle {
		add(CheckByline, "byline", len(c.Byline) > 0, "a byline")
		add(CheckTopics, "topics", len(c.Topics) > 0, "a topic")
		add(CheckDateline, "dateline.place", c.Dateline.Place != "", "a place in the dateline")
	}
	add(CheckLead, "lead", c.Lead != nil, "a picture at the head")
	for i := range list {
		if list[i].Check == CheckHeadline {
			continue
		}
		list[i].Words = map[FindingState]string{FindingGood: "it has ", FindingFails: "it needs "}[list[i].State] + list[i].Words
	}
	return list
}

// Clearance says that a chief lifted the hold of an article for a lawyer, and for which words.
type Clearance struct {
	Digest string `json:"digest"` // of the words that were looked at
	By     string `json:"by"`
}
