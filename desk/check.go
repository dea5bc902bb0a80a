package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// checksName is where the rules for checks are kept among the settings.
const checksName = "checks"

// CheckRules gives what is checked before publishing.
func (d *Desk) CheckRules(ctx context.Context, actor dateline.Actor) (r dateline.CheckRules, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		r, err = checkRules(tx)
		return err
	})
	return r, err
}

func checkRules(tx Tx) (r dateline.CheckRules, err error) {
	value, err := tx.FindSetting(checksName)
	if absent(err) {
		return dateline.DefaultCheckRules(), nil
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(value), &r); err != nil {
		return r, internal("the rules for checks cannot be read; save them anew", err)
	}
	return r, nil
}

// SaveCheckRules keeps for a chief what is checked before publishing. It holds from the next publication and the next
// scheduling on; EInvalid where the rules name what there is not.
func (d *Desk) SaveCheckRules(ctx context.Context, actor dateline.Actor, r dateline.CheckRules) error {
	return d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		if err := r.Validate(); err != nil {
			return err
		}
		e := dateline.Errorf(dateline.EInvalid, "the checks cannot be used as they are")
		for _, id := range r.Lawyer.Sections {
			if _, err := t.Sections().Find(id); err != nil {
				e.Fields = append(e.Fields, dateline.Wrong("lawyer.sections", err))
			}
		}
		for _, id := range r.Lawyer.Topics {
			if _, err := t.Topics().Find(id); err != nil {
				e.Fields = append(e.Fields, dateline.Wrong("lawyer.topics", err))
			}
		}
		if len(e.Fields) > 0 {
			return e
		}
		b, err := json.Marshal(r)
		if err != nil {
			return internal("the rules for checks could not be written", err)
		}
		if err := t.SaveSetting(checksName, string(b)); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "changed the checks before publishing; these must be met: %s", joined(r.Must()))
	})
}

// Check looks at what was saved last of an article, as it would be looked at if it went out now. With ask other sites are
// asked for the links to them, which takes some seconds; without, what is remembered of them is given.
func (d *Desk) Check(ctx context.Context, actor dateline.Actor, id dateline.ID, ask bool) (version int64, list []dateline.Finding, err error) {
	var c *checker
	if err = d.read(ctx, actor, func(tx Tx) error {
		a, err := tx.FindArticle(id)
		if err != nil {
			return err
		}
		version = a.Saved
		if c, err = newChecker(tx, a, &a.Content, false); err != nil {
			return err
		}
		return c.all()
	}); err != nil {
		return 0, nil, err
	}
	known := d.links.known
	if ask {
		known = func(links []string) map[string]linkAnswer { return d.links.ask(ctx, links) }
	}
	c.outsideLinks(known(c.addresses()))
	return version, append([]dateline.Finding{}, c.list...), nil
}

// checker looks at one content of an article by the rules.
type checker struct {
	tx      Tx
	rules   dateline.CheckRules
	article *dateline.Article
	content *dateline.Content
	doc     markup.Node
	paper   *dateline.Publication
	list    []dateline.Finding
	out     []link // to other sites, each once
}

// link is where an address is linked to first.
type link struct{ address, path string }

// newChecker makes a checker; nil where must is asked and no rule stops anything.
func newChecker(tx Tx, a *dateline.Article, content *dateline.Content, must bool) (*checker, error) {
	rules, err := checkRules(tx)
	if err != nil || must && len(rules.Must()) == 0 {
		return nil, err
	}
	p, err := tx.FindPublication()
	if err != nil {
		return nil, err
	}
	doc, err := document(content.Body)
	return &checker{tx: tx, rules: rules, article: a, content: content, doc: publishable(doc), paper: p}, err
}

// all looks at everything but the links to other sites, which it lists.
func (c *checker) all() error {
	c.complete()
	c.list = append(c.list, c.rules.CheckFields(c.article.Kind, c.content)...)
	c.pictures()
	if err := c.links(); err != nil {
		return err
	}
	if err := c.minor(); err != nil {
		return err
	}
	return c.lawyer()
}

// find adds a finding, where its check is not off.
func (c *checker) find(f dateline.Finding) {
	if f.Level = c.rules.Level(f.Check); f.Level != dateline.LevelOff {
		c.list = append(c.list, f)
	}
}

// complete names what every publication needs.
func (c *checker) complete() {
	var e *dateline.Error
	if !errors.As(c.content.Complete(c.article.Kind), &e) {
		return
	}
	for _, f := range e.Fields {
		c.list = append(c.list, dateline.Finding{Check: dateline.CheckComplete, Level: dateline.LevelMust, State: dateline.FindingFails,
			Why: strings.ReplaceAll(f.Path, ".", "_"), Path: f.Path, Words: f.Message})
	}
}

// pictures asks every picture for its alternative text and credit; where none lacks them that is said once.
func (c *checker) pictures() {
	count, bare, uncredited := 0, 0, 0
	if l := c.content.Lead; l != nil {
		count++
		bare += c.lacks(dateline.CheckAlt, l.Alt, "lead.alt", "the picture at the head")
		uncredited += c.lacks(dateline.CheckCredit, l.Credit, "lead.credit", "the picture at the head")
	}
	walkPlaces(c.doc, "body", func(n markup.Node, path string, parent markup.Node) {
		if n.Type != markup.TypeFigure || n.Attrs == nil || n.Attrs.Picture == "" {
			return
		}
		count++
		credit := n.Attrs.Credit
		if parent.Type == markup.TypeGallery && parent.Attrs != nil {
			credit = firstOf(credit, parent.Attrs.Credit)
		}
		bare += c.lacks(dateline.CheckAlt, n.Attrs.Alt, path, "a picture in the text")
		uncredited += c.lacks(dateline.CheckCredit, credit, path, "a picture in the text")
	})
	if count > 0 && bare == 0 {
		c.find(dateline.Finding{Check: dateline.CheckAlt, State: dateline.FindingGood, Number: count, Words: "every picture has alternative text"})
	}
	if count > 0 && uncredited == 0 {
		c.find(dateline.Finding{Check: dateline.CheckCredit, State: dateline.FindingGood, Number: count, Words: "every picture has a credit"})
	}
}

// lacks adds a finding where some words of a picture are missing, and counts it.
func (c *checker) lacks(check dateline.CheckName, words, path, which string) int {
	if strings.TrimSpace(words) != "" {
		return 0
	}
	what := map[dateline.CheckName]string{dateline.CheckAlt: " has no text for those who cannot see it", dateline.CheckCredit: " has no credit"}[check]
	where := "text"
	if path != "" && strings.HasPrefix(path, "lead") {
		where = "lead"
		if check == dateline.CheckAlt {
			return 1 // complete says so
		}
	}
	c.find(dateline.Finding{Check: check, State: dateline.FindingFails, Why: where, Path: path, Words: which + what})
	return 1
}

// minor adds what a change would touch that no minor one does, where something is published already.
func (c *checker) minor() error {
	if c.article.Edition == 0 || c.rules.Level(dateline.CheckMinor) == dateline.LevelOff {
		return nil
	}
	before, _, err := side(c.tx, c.article.ID, Side{Edition: c.article.Edition})
	if err != nil {
		return err
	}
	var d Comparison
	if err := d.texts(&before.Content, c.content, speakers(c.tx, c.paper.Language)); err != nil {
		return err
	}
	for _, doubt := range d.Doubts {
		c.find(dateline.Finding{Check: dateline.CheckMinor, State: dateline.FindingFails, Why: string(doubt.Kind), What: doubt.Before, After: doubt.After,
			Words: "a change called minor touches a " + string(doubt.Kind) + ": “" + doubt.Before + "” became “" + doubt.After + "”"})
	}
	return nil
}

func joined(names []dateline.CheckName) string {
	if len(names) == 0 {
		return "none"
	}
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

// stopping are the findings that stop a publication of a kind of change. What it needs to be complete is asked elsewhere.
func stopping(list []dateline.Finding, change dateline.Change) []dateline.Finding {
	return slices.DeleteFunc(list, func(f dateline.Finding) bool {
		return !f.Stops() || f.Check == dateline.CheckComplete || f.Check == dateline.CheckMinor && change != dateline.ChangeMinor
	})
}

// refuse is ECheck with a field for each finding; nil where there is none.
func refuse(list []dateline.Finding) error {
	if len(list) == 0 {
		return nil
	}
	e := dateline.Errorf(dateline.ECheck, "it does not go out: something that the chief has set to be checked is not met; "+
		"mend what `errors` names, or have a chief change the checks")
	for _, f := range list {
		e.Fields = append(e.Fields, dateline.Field{Path: f.Path, Message: f.Words, Check: f.Check})
	}
	return e
}

// unmet lists what stops what was saved last from going out as a kind of change. The answers of other sites were asked for
// before the transaction.
func (t *turn) unmet(a *dateline.Article, change dateline.Change, answers map[string]linkAnswer) ([]dateline.Finding, error) {
	c, err := newChecker(t, a, &a.Content, true)
	if err != nil || c == nil {
		return nil, err
	}
	if err := c.all(); err != nil {
		return nil, err
	}
	c.outsideLinks(answers)
	return stopping(c.list, change), nil
}

// before is what is done ahead of an act's own transaction: other sites are asked for links that must answer, and an
// article that needs a lawyer's eye is put on hold, which is ELocked. What else stands in the way the act itself says.
func (d *Desk) before(ctx context.Context, actor dateline.Actor, target Target, act dateline.Act) (map[string]linkAnswer, error) {
	var c *checker
	reason := ""
	if err := d.store.View(ctx, func(tx Tx) error {
		a, err := tx.FindArticle(target.ID)
		if absent(err) || err == nil && (a.Version != target.Version || dateline.Can(actor, act, a) != nil) {
			return nil
		}
		if err != nil {
			return err
		}
		if c, err = newChecker(tx, a, &a.Content, true); err != nil || c == nil {
			return err
		}
		reason, err = c.hold()
		return err
	}); err != nil || c == nil {
		return nil, err
	}
	if reason != "" {
		return nil, d.holdFor(ctx, actor, target, reason)
	}
	if c.rules.Level(dateline.CheckLinks) != dateline.LevelMust {
		return nil, nil
	}
	c.outward()
	return d.links.ask(ctx, c.addresses()), nil
}

// atTheHour asks of a scheduled content what the desk alone can answer and may have changed since it was scheduled: that
// the paper's own addresses still stand, and what needs a lawyer's eye.
func (t *turn) atTheHour(a *dateline.Article, content *dateline.Content) (hold string, err error) {
	c, err := newChecker(t, a, content, true)
	if err != nil || c == nil {
		return "", err
	}
	if hold, err = c.hold(); err != nil {
		return "", err
	}
	if hold != "" {
		return hold, dateline.Errorf(dateline.ELocked, "it %s", hold)
	}
	if c.rules.Level(dateline.CheckOwnLinks) != dateline.LevelMust {
		return "", nil
	}
	if err := c.links(); err != nil {
		return "", err
	}
	return "", refuse(stopping(c.list, ""))
}
