package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

type redactCommand struct {
	inFolder
	ID          string   `arg:"" optional:"" help:"The article's id. Without it only passages lose the words."`
	Version     int64    `help:"The version of the article that you have seen." placeholder:"N"`
	Plan        bool     `help:"Say what would change and where the words stand, and change nothing."`
	Passage     []string `help:"A passage that loses the words, by its key in the plan, such as live_entry/ID/7, story/ID or front/ID; can be given more than once." placeholder:"KEY"`
	Edition     []int    `help:"An edition that loses its text; can be given more than once. Without it, each that holds the words." placeholder:"N"`
	Words       []string `help:"Words that are to go wherever they stand; can be given more than once." placeholder:"WORDS" sep:"none"`
	WordsFile   string   `help:"A file of such words, one a line; - reads them from standard input, so that no shell remembers them." placeholder:"FILE"`
	Replacement string   `help:"A JSON file, as of article create, that takes the place of the newest edition named." placeholder:"FILE"`
	Note        string   `help:"The replacement's public note." placeholder:"SENTENCE"`
	Reason      string   `help:"Why; it is public." placeholder:"SENTENCE"`
	Notice      string   `help:"The sentence on the tombstone, where the live edition goes without a replacement." placeholder:"SENTENCE"`
}

// Help gives the example.
func (redactCommand) Help() string {
	return `Removes the text of editions for good: from the record, the site, the desk's versions, search, audit and pictures. That an
edition was there, its number, kind and time, stays and proves. Where the live edition goes and nothing takes its place, the
article is withdrawn for law in the same act.

Words stand in other passages too: entries and summaries of live coverage, running stories, fronts, names, drafts. --plan lists each
with its key; those that are named with --passage lose the words. What readers have of them is told anew without the words; an entry
of a live coverage leaves its place and the reason.

Examples:
  dateline record redact --plan --words-file - --dir paper
  dateline record redact --words-file - --passage story/0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --reason "By order of a court" --dir paper
  dateline record redact 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 7 --words-file - --reason "By order of a court" --dir paper
  dateline record redact 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 7 --edition 3 --replacement new.json --dir paper`
}

// redactArgs is what the operation is asked with.
type redactArgs struct {
	articleArgs
	Editions    []int
	Words       []string
	Passages    []string
	Plan        bool
	Replacement []byte
	Reason      string
}

// redactReport is what the operation did, and what it cannot reach.
type redactReport struct {
	desk.Redacted
	Planned bool             `json:"planned,omitempty"`
	Receipt dateline.Receipt `json:"receipt,omitzero"`
	Beyond  []string         `json:"beyond"`
}

// Run redacts and says what is left.
func (c redactCommand) Run(ctx context.Context, s streams) error {
	args := redactArgs{articleArgs: articleArgs{ID: c.ID, Version: c.Version, Note: c.Note, Notice: c.Notice}, Editions: c.Edition, Words: c.Words,
		Passages: c.Passage, Plan: c.Plan, Reason: c.Reason}
	var err error
	if c.WordsFile != "" {
		if args.Words, err = wordsFrom(c.WordsFile, s.in, args.Words); err != nil {
			return err
		}
	}
	if c.Replacement != "" {
		if args.Replacement, err = os.ReadFile(c.Replacement); err != nil {
			return dateline.Errorf(dateline.EInvalid, "--replacement: %v", err)
		}
	}
	var done redactReport
	if err := perform(ctx, c.Dir, "record-redact", args, &done, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, done)
	}
	return done.print(s.out)
}

func wordsFrom(file string, in io.Reader, words []string) ([]string, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "--words-file: %v", err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if w := strings.TrimSpace(lines.Text()); w != "" {
			words = append(words, w)
		}
	}
	return words, lines.Err()
}

func (r redactReport) print(out io.Writer) error {
	var b strings.Builder
	did := "Removed"
	if r.Planned {
		did = "Nothing is changed yet. This would be removed"
	}
	fmt.Fprintf(&b, "%s: the text of %s; %d entries of the record, %d saved versions, %d audit lines and %d pictures are empty or gone.\n",
		did, editionNames(r.Editions), len(r.Entries), r.Versions, r.Lines, r.Pictures)
	if r.Article != nil && r.Article.Readers == dateline.Withdrawn {
		b.WriteString("The article is withdrawn for law: nothing of it is left to read.\n")
	}
	if len(r.Remaining) > 0 {
		b.WriteString("The words still stand here; change or redact each, or leave it:\n")
	}
	for _, h := range r.Remaining {
		fmt.Fprintf(&b, "  %s %s\n", h.What, h.ID)
	}
	if len(r.Passages) > 0 {
		b.WriteString("They belong to these; name one with --passage and its key, and it loses the words:\n")
	}
	for _, p := range r.Passages {
		fmt.Fprintf(&b, "  %s %s%s\n", p.Key, p.Name, first(p.First))
	}
	if r.Receipt.Sequence > 0 {
		if err := printAnswers(&b, r.Receipt); err != nil {
			return err
		}
	}
	b.WriteString("What Dateline cannot reach:\n")
	for _, line := range r.Beyond {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func first(what string) string {
	if what == "" {
		return ""
	}
	return " (first: " + what + ")"
}

func editionNames(numbers []int) string {
	if len(numbers) == 0 {
		return "no edition"
	}
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = fmt.Sprint(n)
	}
	return "edition " + strings.Join(names, ", ")
}

// beyondReach is what no redaction reaches.
func beyondReach() []string {
	return []string{
		"backups of this folder, and copies of it: redact in each that is kept, or destroy it",
		"exports, mails, feeds and pages that others have taken already, search engines and web archives among them",
		"drafts that a browser of the newsroom keeps until it is closed, and what people have printed or copied",
		"what the disk keeps of overwritten files: snapshots, wear levelling",
	}
}

func redactRecord(ctx context.Context, r *room, a redactArgs, _ tell) (done redactReport, err error) {
	var t desk.Target
	if a.ID != "" {
		if t, err = a.target(); err != nil {
			return done, err
		}
	} else if len(a.Passages) == 0 && !a.Plan {
		return done, dateline.Errorf(dateline.EInvalid, "name an article, or passages with --passage; --plan lists them")
	}
	asked := desk.Redacting{Editions: a.Editions, Words: a.Words, Passages: a.Passages, Note: a.Note, Reason: a.Reason, Notice: a.Notice}
	if len(a.Replacement) > 0 {
		_, content, err := newsroom.ParseArticle(ctx, r.desk, a.Replacement)
		if err != nil {
			return done, err
		}
		asked.Replacement = &content
	}
	done.Beyond, done.Planned = beyondReach(), a.Plan
	if a.Plan {
		done.Redacted, err = r.desk.PlanRedaction(ctx, local, t, asked)
		return done, err
	}
	if done.Redacted, err = r.desk.Redact(ctx, local, t, asked); err != nil {
		return done, err
	}
	if done.Sequence == 0 {
		return done, r.scrubSite(ctx)
	}
	if done.Receipt, err = r.receipt(ctx, done.Result, nil); err != nil {
		return done, err
	}
	return done, r.scrubSite(ctx)
}

// scrubSite brings the site up to the record and frees its files of removed words, whether a server runs or not.
func (r *room) scrubSite(ctx context.Context) error {
	if r.scrub != nil {
		return r.scrub(ctx)
	}
	if _, err := os.Stat(r.folder.path("site", "shelf.db")); errors.Is(err, fs.ErrNotExist) {
		return nil // it was never served, or is to be made again
	}
	s, err := openShelf(r.folder, deskSource{r.desk, r.blobs}.entriesAt, r.log)
	if err != nil {
		return err
	}
	s.follower(r, nil)
	err = s.follow.CatchUp(ctx)
	if err == nil {
		err = s.shelf.Scrub(ctx)
	}
	return errors.Join(err, s.Close())
}

type eraseCommand struct {
	inFolder
	ID      string `arg:"" help:"The person's id."`
	Version int64  `help:"The version that you have seen." required:"" placeholder:"N"`
}

// Help gives the example.
func (eraseCommand) Help() string {
	return `Takes a person out of the paper for good: name, role and address go, bylines say that a name was removed. Editions whose byline
as printed or text holds the name are listed: redact each, or leave it.

Example:
  dateline record erase 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 2 --dir paper`
}

// eraseReport is what was erased, and whether readers have it so.
type eraseReport struct {
	desk.Erased
	Receipt dateline.Receipt `json:"receipt,omitzero"`
}

// Run erases a person.
func (c eraseCommand) Run(ctx context.Context, s streams) error {
	var done eraseReport
	if err := perform(ctx, c.Dir, "record-erase", articleArgs{ID: c.ID, Version: c.Version}, &done, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, done)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The person is gone: %d entries of the record lost their text.\n", len(done.Entries))
	if len(done.Mentions) > 0 {
		b.WriteString("The name still stands in these editions; redact each (dateline record redact), or leave it:\n")
	}
	for _, m := range done.Mentions {
		fmt.Fprintf(&b, "  %s edition %d (%s): %s\n", m.Article, m.Edition, m.Where, m.Headline)
	}
	if len(done.Passages) > 0 {
		b.WriteString("It stands in these passages too; take it out with dateline record redact --passage KEY, or leave it:\n")
	}
	for _, p := range done.Passages {
		fmt.Fprintf(&b, "  %s %s%s\n", p.Key, p.Name, first(p.First))
	}
	if done.Receipt.Sequence > 0 {
		if err := printAnswers(&b, done.Receipt); err != nil {
			return err
		}
	}
	_, err := io.WriteString(s.out, b.String())
	return err
}

func erasePerson(ctx context.Context, r *room, a articleArgs, _ tell) (done eraseReport, err error) {
	t, err := a.target()
	if err != nil {
		return done, err
	}
	if done.Erased, err = r.desk.Erase(ctx, local, t.ID, t.Version); err != nil {
		return done, err
	}
	if done.Sequence > 0 {
		if done.Receipt, err = r.receipt(ctx, desk.Result{Sequence: done.Sequence, Act: record.KindRedaction}, nil); err != nil {
			return done, err
		}
	}
	return done, r.scrubSite(ctx)
}
