package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

type benchCorpusCommand struct {
	inFolder
	Articles int `help:"How many." default:"1000"`
}

// Help gives the example.
func (benchCorpusCommand) Help() string {
	return `The articles come by the road on which an old site's come: they are written as an export, which is then imported. The same
number gives the same articles.

Example:
  dateline bench corpus --articles 10000 --dir /tmp/large`
}

// corpusFigures say how the corpus was made.
type corpusFigures struct {
	ImportRate   float64 `json:"import_rate"`   // articles a second, the check of the whole file counted
	ImportMemory float64 `json:"import_memory"` // megabytes, the most that was resident
	Desk         float64 `json:"desk_file"`     // megabytes
}

// Run makes the newsroom.
func (c benchCorpusCommand) Run(ctx context.Context, s streams) error {
	if err := c.Dir.unused(); err != nil {
		return err
	}
	p := newProgress(s.err)
	figures, err := makeCorpus(ctx, c.Dir, c.Articles, p.tell)
	p.finish()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, figures)
	}
	_, err = fmt.Fprintf(s.out, "%d articles in %s, %.0f a second; serve them with: dateline serve --dir %s\n", c.Articles, c.Dir.name(), figures.ImportRate, c.Dir)
	return err
}

// makeCorpus makes a newsroom of n generated articles.
func makeCorpus(ctx context.Context, f folder, n int, tell tell) (figures corpusFigures, err error) {
	export, err := os.CreateTemp(filepath.Dir(f.name()), "dateline-corpus-*.xml")
	if err != nil {
		return figures, dateline.Errorf(dateline.EInvalid, "the corpus cannot be written: %v", err)
	}
	defer func() { err = errors.Join(err, os.Remove(export.Name())) }()
	c := newCorpus(n)
	if err := errors.Join(c.export(export, func(i int) { tell("writing", int64(i), int64(n)) }), export.Close()); err != nil {
		return figures, err
	}
	r, err := makeRoom(ctx, f, benchPaper(), desk.SystemClock{})
	if err != nil {
		return figures, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	r.log = slog.New(slog.DiscardHandler)
	begin := time.Now()
	report, err := importWXR(ctx, r, wxrArgs{File: export.Name()}, tell)
	if err != nil {
		return figures, err
	}
	if report.Articles != n {
		return figures, fmt.Errorf("%d of %d generated articles were imported", report.Articles, n)
	}
	figures.ImportRate = float64(n) / time.Since(begin).Seconds()
	figures.ImportMemory = memoryLine("self", "VmHWM")
	figures.Desk = megabytes(f.database())
	return figures, nil
}

func benchPaper() *dateline.Publication {
	return &dateline.Publication{Name: "The Measure", Site: "http://127.0.0.1:8080", Newsroom: "http://localhost:8081", Zone: "Asia/Kolkata",
		Language: "en", City: dateline.Names{"en": "Neerapatnam"}}
}

// oldSite is where the generated articles are said to come from.
const oldSite = "https://old.example"

// address is where the i-th article stood on the old site and stands here.
func (g generated) address() string {
	return g.first.UTC().Format("/2006/01/02/") + fmt.Sprintf("article-%d/", g.number)
}

// export writes the corpus as WordPress writes an export.
func (c *corpus) export(to io.Writer, wrote func(i int)) error {
	w := &lineWriter{out: bufio.NewWriterSize(to, 1<<20)}
	w.line(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>%[1]s</link><language>en</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>%[1]s</wp:base_site_url><wp:base_blog_url>%[1]s</wp:base_blog_url>`, oldSite)
	for i := range c.persons {
		w.line(`<wp:author><wp:author_login>writer%d</wp:author_login><wp:author_display_name><![CDATA[%s %s]]></wp:author_display_name></wp:author>`,
			i, capital(c.words[1000+i]), capital(c.words[3000+i]))
	}
	for _, s := range c.sections {
		w.line(`<wp:category><wp:category_nicename>%s</wp:category_nicename><wp:cat_name><![CDATA[%s]]></wp:cat_name></wp:category>`, s, capital(s))
	}
	for i := range c.articles {
		c.exportArticle(w, i)
		wrote(i + 1)
	}
	w.line(`</channel></rss>`)
	buffered, ok := w.out.(*bufio.Writer)
	if w.err != nil || !ok {
		return w.err
	}
	return buffered.Flush()
}

func (c *corpus) exportArticle(w *lineWriter, i int) {
	g := c.article(i)
	w.line(`<item><title><![CDATA[%s]]></title><link>%s%s</link><dc:creator>writer%d</dc:creator><guid isPermaLink="false">%s/?p=%d</guid>`,
		g.headline, oldSite, g.address(), g.person, oldSite, i+1)
	w.line(`<wp:post_id>%d</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:post_name>article-%d</wp:post_name><wp:post_date_gmt>%s</wp:post_date_gmt>`,
		i+1, g.number, g.first.UTC().Format(time.DateTime))
	w.line(`<excerpt:encoded><![CDATA[%s]]></excerpt:encoded><category domain="category" nicename="%s"><![CDATA[%s]]></category>`, g.standfirst, g.section, capital(g.section))
	for _, t := range g.topics {
		w.line(`<category domain="post_tag" nicename="%s"><![CDATA[%s]]></category>`, t, capital(t))
	}
	w.line(`<content:encoded><![CDATA[`)
	for _, p := range g.paragraphs {
		w.line("<!-- wp:paragraph -->\n<p>%s</p>\n<!-- /wp:paragraph -->\n", p)
	}
	w.line(`]]></content:encoded></item>`)
}
