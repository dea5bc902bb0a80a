package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// reason is why an article needs a lawyer's eye.
type reason struct{ kind, name string } // word, topic or section, and which

// lawyer adds a finding for each rule of the chief's that an article meets. Once a chief has lifted the hold they are good,
// for as long as the words are those that were looked at.
func (c *checker) lawyer() error {
	reasons, err := c.lawyers()
	if err != nil {
		return err
	}
	cleared := c.cleared()
	for _, r := range reasons {
		f := dateline.Finding{Check: dateline.CheckLawyer, State: dateline.FindingFails, Why: r.kind, What: r.name, Path: c.placeOf(r),
			Words: "it needs a lawyer's eye: " + r.words()}
		if cleared {
			f.State, f.Why, f.After, f.Words = dateline.FindingGood, "cleared", c.article.Cleared.By, r.words()+": "+c.article.Cleared.By+" lifted the hold for these words"
		}
		c.find(f)
	}
	return nil
}

// hold gives the reason to put an article on hold now; "" where there is none, or it is on hold already.
func (c *checker) hold() (string, error) {
	if c.rules.Level(dateline.CheckLawyer) != dateline.LevelMust || c.article.Hold != nil || c.rules.Lawyer.None() {
		return "", nil
	}
	reasons, err := c.lawyers()
	if err != nil || len(reasons) == 0 || c.cleared() {
		return "", err
	}
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = r.words()
	}
	return clip("needs a lawyer's eye: "+strings.Join(words, "; "), maxReason), nil
}

// maxReason is how much of many reasons a hold's says.
const maxReason = 400

func (r reason) words() string { return "the " + r.kind + " “" + r.name + "”" }

func (c *checker) placeOf(r reason) string {
	if r.kind != "word" {
		return map[string]string{"topic": "topics", "section": "section"}[r.kind]
	}
	rule := tokens(r.name)
	whole := !strings.HasSuffix(r.name, "*")
	for _, f := range []inWords{{"headline", c.content.Headline}, {"standfirst", c.content.Standfirst}} {
		if contains(tokens(f.words), rule, whole) {
			return f.path
		}
	}
	for i, block := range c.doc.Content {
		if contains(tokens(markup.Text(markup.Node{Type: markup.TypeDoc, Content: []markup.Node{block}})), rule, whole) {
			return "body.content[" + strconv.Itoa(i) + "]"
		}
	}
	return ""
}

// lawyers lists the chief's rules that the content meets.
func (c *checker) lawyers() (list []reason, err error) {
	rules := c.rules.Lawyer
	if slices.Contains(rules.Sections, c.content.Section) {
		s, err := c.tx.Sections().Find(c.content.Section)
		if err != nil {
			return nil, err
		}
		name, _ := s.Names.In(c.paper.Language, c.paper.Language)
		list = append(list, reason{"section", name})
	}
	for _, id := range c.content.Topics {
		if slices.Contains(rules.Topics, id) {
			topic, err := c.tx.Topics().Find(id)
			if err != nil {
				return nil, err
			}
			name, _ := topic.Names.In(c.paper.Language, c.paper.Language)
			list = append(list, reason{"topic", name})
		}
	}
	if len(rules.Words) == 0 {
		return list, nil
	}
	text := tokens(c.words())
	for _, w := range rules.Words {
		if contains(text, tokens(w), !strings.HasSuffix(strings.TrimSpace(w), "*")) {
			list = append(list, reason{"word", w})
		}
	}
	return list, nil
}

// words are all that readers read of the content.
func (c *checker) words() string {
	parts := append([]string{c.content.Headline, c.content.Standfirst}, markup.Paragraphs(c.doc)...)
	if l := c.content.Lead; l != nil {
		parts = append(parts, l.Caption, l.Alt)
	}
	return strings.Join(parts, "\n")
}

// digest is the same for two contents with the same words, whatever signs and blanks lie between.
func (c *checker) digest() string {
	sum := sha256.Sum256([]byte(strings.Join(tokens(c.words()), " ")))
	return hex.EncodeToString(sum[:])
}

func (c *checker) cleared() bool {
	return c.article.Cleared != nil && c.article.Cleared.Digest == c.digest()
}

// tokens parts a text into its words, folded.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// contains says whether some words stand in a text in a row; where whole is false the last may have any ending.
func contains(text, words []string, whole bool) bool {
	if len(words) == 0 {
		return false
	}
	for i := 0; i+len(words) <= len(text); i++ {
		last := len(words) - 1
		end := text[i+last]
		if slices.Equal(text[i:i+last], words[:last]) && (end == words[last] || !whole && strings.HasPrefix(end, words[last])) {
			return true
		}
	}
	return false
}

// holdFor puts an article on hold for a reason that a check found, and answers ELocked.
func (d *Desk) holdFor(ctx context.Context, actor dateline.Actor, target Target, why string) error {
	_, err := d.step(ctx, actor, dateline.ActHold, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		a.Hold = &dateline.Lock{Reason: why, By: t.actor.Name, At: t.now}
		return dateline.Sentence{Text: why}, nil
	})
	if err != nil {
		return err
	}
	return dateline.Errorf(dateline.ELocked, "it is on legal hold now: it %s. A chief lifts the hold once a lawyer has seen it", why)
}

// clear keeps that a chief has lifted a hold for the words as they are, where the chief's rules had asked for one.
func (t *turn) clear(a *dateline.Article) error {
	c, err := newChecker(t, a, &a.Content, false)
	if err != nil || c.rules.Lawyer.None() {
		return err
	}
	a.Cleared = &dateline.Clearance{Digest: c.digest(), By: t.actor.Name}
	return nil
}
