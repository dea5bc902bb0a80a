package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
)

type articleCommand struct {
	List     articleListCommand     `cmd:"" help:"List articles, last saved first."`
	Show     articleShowCommand     `cmd:"" help:"Show one article."`
	Create   articleCreateCommand   `cmd:"" help:"Make an article from a JSON file."`
	Publish  articlePublishCommand  `cmd:"" help:"Publish what was saved last."`
	Withdraw articleWithdrawCommand `cmd:"" help:"Take an article down."`
	Restore  articleRestoreCommand  `cmd:"" help:"Bring a withdrawn article back."`
}

type articleListCommand struct {
	inFolder
	Readers string `help:"What readers have: unpublished, published or withdrawn." enum:",unpublished,published,withdrawn" default:""`
	Draft   string `help:"How far the draft is: none, draft, submitted or scheduled." enum:",none,draft,submitted,scheduled" default:""`
	Q       string `help:"Words of headline, standfirst, names and text." placeholder:"WORDS"`
	Limit   int    `help:"How many at most, 1 to 200." default:"50"`
	After   string `help:"The next of the page before." placeholder:"KEY"`
}

// Help gives the example.
func (articleListCommand) Help() string {
	return "Example:\n  dateline article list --draft scheduled --dir paper"
}

type articleList struct {
	Articles []*dateline.Article `json:"articles"`
	Next     string              `json:"next,omitempty"`
}

// Run lists articles.
func (c articleListCommand) Run(ctx context.Context, s streams) error {
	var page articleList
	args := dateline.ArticleFilter{Readers: dateline.Readers(c.Readers), Draft: dateline.DraftState(c.Draft), Query: c.Q, Limit: c.Limit, After: c.After}
	if err := perform(ctx, c.Dir, "article-list", args, &page, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, page)
	}
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tREADERS\tDRAFT\tVERSION\tSAVED\tHEADLINE")
	for _, a := range page.Articles {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%.80s\n", a.ID, a.Readers, a.Draft, a.Version, a.SavedAt.UTC().Format("2006-01-02 15:04 UTC"), a.Content.Headline)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if page.Next != "" {
		fmt.Fprintf(s.out, "There are more: --after %s\n", page.Next)
	}
	return nil
}

func listArticles(ctx context.Context, r *room, f dateline.ArticleFilter, _ tell) (articleList, error) {
	page, err := r.desk.List(ctx, local, f)
	if page.Articles == nil {
		page.Articles = []*dateline.Article{}
	}
	return articleList{page.Articles, page.Next}, err
}

type articleArgs struct {
	ID      string
	Version int64
	Change  dateline.Change
	Note    string
	Kind    dateline.WithdrawalKind
	Notice  string
	Into    string
}

func (a articleArgs) target() (desk.Target, error) {
	id, err := dateline.ParseID(a.ID)
	if err != nil {
		return desk.Target{}, err
	}
	if a.Version > 0 {
		return desk.Target{ID: id, Version: a.Version}, nil
	}
	return desk.Target{}, dateline.Errorf(dateline.EMissing, "name the version you have seen with --version: `dateline article show %s` says which it is", a.ID)
}

type articleShowCommand struct {
	inFolder
	ID string `arg:"" help:"The article's id."`
}

// Help gives the example.
func (articleShowCommand) Help() string {
	return "Example:\n  dateline article show 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --json --dir paper"
}

// Run shows one article.
func (c articleShowCommand) Run(ctx context.Context, s streams) error {
	var a dateline.Article
	if err := perform(ctx, c.Dir, "article-show", articleArgs{ID: c.ID}, &a, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, a)
	}
	return describe(s.out, &a)
}

func describe(out io.Writer, a *dateline.Article) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	line("headline", a.Content.Headline)
	line("standfirst", a.Content.Standfirst)
	line("id", string(a.ID))
	line("version", fmt.Sprint(a.Version))
	line("readers have", string(a.Readers))
	line("draft", string(a.Draft))
	line("address", a.Address)
	line("editions", fmt.Sprint(a.Edition))
	line("first published", at(a.First))
	if a.Updated.After(a.First) {
		line("updated", at(a.Updated))
	}
	if a.Schedule != nil {
		line("goes out", at(a.Schedule.Due)+", what was saved as version "+fmt.Sprint(a.Schedule.Version))
	}
	if a.Embargo != nil {
		line("embargo", "until "+at(a.Embargo.Until)+" by "+a.Embargo.By+" "+a.Embargo.Reason)
	}
	if a.Hold != nil {
		line("legal hold", "by "+a.Hold.By+" "+a.Hold.Reason)
	}
	line("last saved", at(a.SavedAt)+" by "+a.SavedBy)
	return w.Flush()
}

func showArticle(ctx context.Context, r *room, a articleArgs, _ tell) (*dateline.Article, error) {
	id, err := dateline.ParseID(a.ID)
	if err != nil {
		return nil, err
	}
	return r.desk.Find(ctx, local, id)
}

type articleCreateCommand struct {
	inFolder
	File string `arg:"" help:"A JSON file as POST /api/v1/articles takes it, or - for standard input."`
}

// Help gives the example.
func (articleCreateCommand) Help() string {
	return `Example:
  echo '{"section":"city","headline":"Bridge open","html":"<p>It is open.</p>"}' | dateline article create - --dir paper`
}

// Run makes an article.
func (c articleCreateCommand) Run(ctx context.Context, s streams) error {
	in := io.Reader(s.in)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", c.File, err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, dateline.MaxBody+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	if len(raw) > dateline.MaxBody {
		return dateline.Errorf(dateline.ETooLarge, "%s is over %d bytes", c.File, dateline.MaxBody)
	}
	if !json.Valid(raw) {
		return dateline.Errorf(dateline.EInvalid, "%s is not JSON", c.File)
	}
	var a dateline.Article
	if err := perform(ctx, c.Dir, "article-create", json.RawMessage(raw), &a, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, a)
	}
	_, err = fmt.Fprintf(s.out, "%s is made, version %d.\n", a.ID, a.Version)
	return err
}

func createArticle(ctx context.Context, r *room, raw json.RawMessage, _ tell) (*dateline.Article, error) {
	kind, content, err := newsroom.ParseArticle(ctx, r.desk, raw)
	if err != nil {
		return nil, err
	}
	return r.desk.Create(ctx, local, kind, content)
}

type articlePublishCommand struct {
	inFolder
	ID      string          `arg:"" help:"The article's id."`
	Version int64           `help:"The version that you have seen." required:"" placeholder:"N"`
	Change  dateline.Change `help:"minor, update, correction, clarification or retraction; first where the article was never published." placeholder:"CHANGE"`
	Note    string          `help:"What readers are told has changed." placeholder:"SENTENCE"`
}

// Help gives the example.
func (articlePublishCommand) Help() string {
	return "The newsroom's checks before publishing do not stop this command; it says what they would have stopped.\n\nExample:\n  dateline article publish 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 7 --change correction \\\n      --note \"The line runs 11 nautical miles out, not 14.\" --dir paper"
}

// Run publishes.
func (c articlePublishCommand) Run(ctx context.Context, s streams) error {
	return runAct(ctx, s, c.inFolder, "article-publish", articleArgs{ID: c.ID, Version: c.Version, Change: c.Change, Note: c.Note})
}

// runAct has an act carried out and prints its receipt.
func runAct(ctx context.Context, s streams, in inFolder, name string, args articleArgs) error {
	var receipt dateline.Receipt
	if err := perform(ctx, in.Dir, name, args, &receipt, newProgress(s.err).tell); err != nil {
		return err
	}
	if in.JSON {
		return printJSON(s.out, receipt)
	}
	return printReceipt(s.out, receipt)
}

func printReceipt(out io.Writer, r dateline.Receipt) error {
	fmt.Fprintf(out, "Entry %d of the record: %s of %s", r.Sequence, r.Act, r.Article)
	if r.Edition > 0 {
		fmt.Fprintf(out, ", edition %d", r.Edition)
	}
	fmt.Fprintln(out)
	return printAnswers(out, r)
}

// printAnswers prints what each address of a receipt answered.
func printAnswers(out io.Writer, r dateline.Receipt) error {
	if len(r.Addresses) == 0 && !r.Confirmed {
		fmt.Fprintln(out, "No server runs, so no reader was asked; the site shows it when it is served.")
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, l := range r.Addresses {
		state := "confirmed"
		if !l.Confirmed {
			state = "NOT CONFIRMED " + l.Detail
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f ms\t%s\n", l.Address, l.What, l.Millis, state)
	}
	for _, l := range r.Purges {
		state := "purged"
		if !l.Confirmed {
			state = "NOT PURGED " + l.Detail
		}
		fmt.Fprintf(w, "%s\tcache\t%.1f ms\t%s\n", l.Cache, l.Millis, state)
	}
	return w.Flush()
}

// publishArticle publishes for whoever may write in the newsroom's folder: what the checks would have stopped is told and
// stops nothing.
func publishArticle(ctx context.Context, r *room, a articleArgs, tell tell) (dateline.Receipt, error) {
	t, err := a.target()
	if err != nil {
		return dateline.Receipt{}, err
	}
	res, err := r.desk.Publish(ctx, local, t, desk.Publishing{Change: a.Change, Note: a.Note, Unchecked: true})
	for i, f := range res.Unmet {
		tell(fmt.Sprintf("the check %s would have stopped an editor: %s", f.Check, f.Words), int64(i+1), int64(len(res.Unmet)))
	}
	return r.receipt(ctx, res, err)
}

type articleWithdrawCommand struct {
	inFolder
	ID      string                  `arg:"" help:"The article's id."`
	Version int64                   `help:"The version that you have seen." required:"" placeholder:"N"`
	Kind    dateline.WithdrawalKind `help:"killed, legal, expired or merged." required:"" enum:"killed,legal,expired,merged" placeholder:"KIND"`
	Notice  string                  `help:"The public sentence on the tombstone." placeholder:"SENTENCE"`
	Into    string                  `help:"For merged: the article that takes its place." placeholder:"ID"`
}

// Help gives the example.
func (articleWithdrawCommand) Help() string {
	return "Example:\n  dateline article withdraw 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 9 --kind killed \\\n      --notice \"The report was not true.\" --dir paper"
}

// Run withdraws.
func (c articleWithdrawCommand) Run(ctx context.Context, s streams) error {
	return runAct(ctx, s, c.inFolder, "article-withdraw", articleArgs{ID: c.ID, Version: c.Version, Kind: c.Kind, Notice: c.Notice, Into: c.Into})
}

func withdrawArticle(ctx context.Context, r *room, a articleArgs, _ tell) (dateline.Receipt, error) {
	t, err := a.target()
	if err != nil {
		return dateline.Receipt{}, err
	}
	w := desk.Withdrawing{Kind: a.Kind, Notice: a.Notice}
	if a.Into != "" {
		if w.Into, err = dateline.ParseID(a.Into); err != nil {
			return dateline.Receipt{}, err
		}
	}
	res, err := r.desk.Withdraw(ctx, local, t, w)
	return r.receipt(ctx, res, err)
}

type articleRestoreCommand struct {
	inFolder
	ID      string `arg:"" help:"The article's id."`
	Version int64  `help:"The version that you have seen." required:"" placeholder:"N"`
}

// Help gives the example.
func (articleRestoreCommand) Help() string {
	return "Example:\n  dateline article restore 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --version 10 --dir paper"
}

// Run restores.
func (c articleRestoreCommand) Run(ctx context.Context, s streams) error {
	return runAct(ctx, s, c.inFolder, "article-restore", articleArgs{ID: c.ID, Version: c.Version})
}

func restoreArticle(ctx context.Context, r *room, a articleArgs, _ tell) (dateline.Receipt, error) {
	t, err := a.target()
	if err != nil {
		return dateline.Receipt{}, err
	}
	res, err := r.desk.Restore(ctx, local, t, "")
	return r.receipt(ctx, res, err)
}

// receipt asks the site for an act's receipt, where one is served, and keeps it.
func (r *room) receipt(ctx context.Context, res desk.Result, err error) (dateline.Receipt, error) {
	if err != nil {
		return dateline.Receipt{}, err
	}
	if r.confirm == nil {
		out := dateline.Receipt{Sequence: res.Sequence, Act: string(res.Act), Addresses: []dateline.ReceiptLine{}}
		if res.Article != nil {
			out.Article, out.Edition, out.Address = res.Article.ID, res.Article.Edition, res.Article.Address
		}
		return out, nil
	}
	receipt, err := r.confirm(ctx, res.Sequence)
	if err != nil {
		return receipt, err
	}
	return receipt, r.desk.SaveReceipt(ctx, &receipt)
}
