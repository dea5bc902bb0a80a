package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// longArticle is how many words the article has in which keys are pressed, and openDrafts how many drafts lie on the desk.
const (
	longArticle = 5000
	openDrafts  = 40
)

// browserFigures are what an editor sees in a browser. Times are milliseconds.
type browserFigures struct {
	Paint     spread `json:"paint"`      // from the asking for the desk's view to the first paint of something
	Rows      spread `json:"paint_rows"` // to that of the list's rows
	All       spread `json:"paint_all"`  // to that of the rows of the list of all articles
	Keys      spread `json:"keys"`       // from a key to the end of the frame that shows its letter, where frames do not wait for a screen
	Beat      spread `json:"keys_beat"`  // the same where they wait for one of 60 frames a second
	KeyWords  int    `json:"keys_words"` // of the article
	NoBrowser string `json:"no_browser,omitempty"`
}

type benchBrowserCommand struct {
	inFolder
	Visits int `help:"How often the desk's view is opened." default:"9"`
	Keys   int `help:"How many keys are pressed." default:"150"`
}

// Help gives the example.
func (benchBrowserCommand) Help() string {
	return `Opens the desk's view and writes in an article of 5,000 words in a real Chromium. The newsroom gets some drafts and two editors, and another address:
take one that was made to be measured. It needs the source's folder, Node and Chromium: make prepare installs what is missing.

Example:
  dateline bench corpus --articles 100000 --dir /tmp/large && dateline bench browser --dir /tmp/large`
}

// Run measures and prints what it found.
func (c benchBrowserCommand) Run(ctx context.Context, s streams) error {
	tools, err := findBrowser()
	if err != nil {
		return err
	}
	found, err := c.measure(ctx, tools)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, found)
	}
	w := &lineWriter{out: s.out}
	for _, row := range browserRows() {
		w.line("%s: %s (aim %s)", row.name, row.value(&sizeFigures{browserFigures: *found}), row.aim)
	}
	return w.err
}

// browserTools are the programs that a browser is driven by.
type browserTools struct {
	node, chromium string
	scripts        string // the folder of the scripts and of what they import
}

// findBrowser finds what a browser is driven by, or says what is missing and how it is installed.
func findBrowser() (t browserTools, err error) {
	var missing []string
	if t.node, err = exec.LookPath("node"); err != nil {
		missing = append(missing, "Node")
	}
	t.chromium = os.Getenv("DATELINE_CHROMIUM")
	if t.chromium == "" {
		t.chromium = "chromium"
	}
	if t.chromium, err = exec.LookPath(t.chromium); err != nil {
		missing = append(missing, "Chromium")
	}
	t.scripts = "browsertest"
	if _, err := os.Stat(filepath.Join(t.scripts, "node_modules", "playwright-core")); err != nil {
		missing = append(missing, "playwright-core in "+t.scripts)
	}
	if len(missing) > 0 {
		return t, dateline.Errorf(dateline.EUnavailable, "nothing is measured in a browser, because %s is not here: run `make prepare` in the source's folder, which installs it, and then this from there",
			strings.Join(missing, " and "))
	}
	return t, nil
}

// measure opens the desk and writes, first before a screen of 60 frames a second and then writes again without one.
func (c benchBrowserCommand) measure(ctx context.Context, tools browserTools) (*browserFigures, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	long, links, err := c.furnish(ctx, at)
	if err != nil {
		return nil, err
	}
	found := &browserFigures{KeyWords: long.Words}
	err = benchServe(ctx, c.Dir, at, func(address string, _ int) error {
		ask := browserTask{Browser: tools.chromium, Newsroom: "http://" + address, Article: long.ID, Visits: c.Visits, Keys: c.Keys, Name: "One Editor at " + at, Link: links[0]}
		seen, err := ask.run(ctx, tools)
		if err != nil {
			return err
		}
		found.Paint, found.Rows, found.All, found.Beat = spreadOf(seen.Paint), spreadOf(seen.Rows), spreadOf(seen.All), spreadOf(seen.Keys)
		ask.Visits, ask.Name, ask.Link, ask.Flags = 0, "Another Editor at "+at, links[1], []string{"--disable-frame-rate-limit", "--disable-gpu-vsync"}
		if seen, err = ask.run(ctx, tools); err != nil {
			return err
		}
		found.Keys = spreadOf(seen.Keys)
		return nil
	})
	return found, err
}

// furnish gives the newsroom the address that it is served at, which passkeys hold to, drafts for the desk, a long article, and two
// editors, whose links it returns.
func (c benchBrowserCommand) furnish(ctx context.Context, at string) (long *dateline.Article, links []string, err error) {
	r, err := openRoom(ctx, c.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	p, err := r.desk.FindPublication(ctx)
	if err != nil {
		return nil, nil, err
	}
	_, port, err := net.SplitHostPort(at)
	if err != nil {
		return nil, nil, err
	}
	p.Newsroom = "http://localhost:" + port
	if _, _, err := r.desk.UpdatePublication(ctx, local, *p); err != nil {
		return nil, nil, err
	}
	generated := newCorpus(openDrafts)
	var text []string
	for i := range openDrafts {
		g := generated.article(i)
		text = append(text, g.paragraphs...)
		doc := markup.FromText(strings.Join(g.paragraphs, "\n\n"))
		body, err := doc.JSON()
		if err != nil {
			return nil, nil, err
		}
		if _, err := r.desk.Create(ctx, local, dateline.KindArticle, dateline.Content{Headline: g.headline, Standfirst: g.standfirst, Language: "en", Body: body}); err != nil {
			return nil, nil, err
		}
	}
	doc := markup.FromText(strings.Join(text, "\n\n"))
	for markup.Words(doc) > longArticle {
		doc.Content = doc.Content[:len(doc.Content)-1]
	}
	body, err := doc.JSON()
	if err != nil {
		return nil, nil, err
	}
	if long, err = r.desk.Create(ctx, local, dateline.KindArticle, dateline.Content{Headline: "A long one", Language: "en", Body: body}); err != nil {
		return nil, nil, err
	}
	for i := range 2 {
		made, err := inviteAccount(ctx, r, accountArgs{Who: fmt.Sprintf("editor-%d-%s@measure.example", i, port), Role: dateline.RoleEditor}, nil)
		if err != nil {
			return nil, nil, err
		}
		links = append(links, made.Link)
	}
	return long, links, nil
}

// browserTask is what bench.mjs is told, and browserSeen what it prints.
type (
	browserTask struct {
		Browser  string      `json:"browser"`
		Newsroom string      `json:"newsroom"`
		Link     string      `json:"link"`
		Name     string      `json:"name"`
		Article  dateline.ID `json:"article"`
		Visits   int         `json:"visits"`
		Keys     int         `json:"keys"`
		Flags    []string    `json:"flags"`
	}
	browserSeen struct {
		Paint, Rows, All, Keys []float64
	}
)

func (t browserTask) run(ctx context.Context, tools browserTools) (seen browserSeen, err error) {
	asked, err := json.Marshal(t)
	if err != nil {
		return seen, err
	}
	cmd := exec.CommandContext(ctx, tools.node, "bench.mjs")
	var failed bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stderr = tools.scripts, bytes.NewReader(append(asked, '\n')), &failed
	out, err := cmd.Output()
	if err != nil {
		return seen, fmt.Errorf("browsertest/bench.mjs: %w\n%s", err, failed.Bytes())
	}
	return seen, json.Unmarshal(out, &seen)
}
