package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	siteexport "github.com/datelinehq/dateline/site/export"
	"github.com/datelinehq/dateline/site/shelf"
)

type benchExportCommand struct {
	Articles []int  `help:"The sizes." default:"20000,100000" placeholder:"N"`
	Without  bool   `help:"Measure Dateline alone."`
	JSON     bool   `help:"Print JSON."`
	Part     string `hidden:"" enum:",shelf,edits,export,content" default:""`
	Dir      folder `hidden:"" default:"."`
}

// Help gives the example.
func (benchExportCommand) Help() string {
	return `Writes the site of that many generated articles as files, again as if nothing were known of the first run, again after twenty articles were changed, and has Hugo make a site of the same articles: a page of each,
lists of sections and topics by thirty, home, feeds and sitemaps. It prints what each took of the processors and of memory. Hugo is the command on PATH (Debian's package
hugo, which make bench-export installs); at 100,000 articles it takes some twelve gigabytes of memory. DATELINE_BENCH_DIR names a folder for the files.

Example:
  dateline bench export --articles 20000`
}

// exportFigures are those of one size.
type exportFigures struct {
	Articles int       `json:"articles"`
	First    exportRun `json:"first"`
	Again    exportRun `json:"again"` // everything is made and compared, and lies there already
	Edits    exportRun `json:"edits"` // after benchEdits articles were changed
	Hugo     exportRun `json:"hugo"`
}

// exportRun is what one run took: seconds and megabytes.
type exportRun struct {
	Processors float64 `json:"processors"`
	Wall       float64 `json:"wall"`
	Memory     float64 `json:"memory"` // the most that was resident
	Files      int64   `json:"files"`
	Made       int64   `json:"made"`    // pages that were asked for
	Written    int64   `json:"written"` // files
	Size       float64 `json:"size"`
}

// benchEdits is how many articles are changed, all over the archive, before the last run of Dateline's.
const benchEdits = 20

// Run measures at every size, each run in a process of its own.
func (c benchExportCommand) Run(ctx context.Context, s streams) error {
	switch c.Part {
	case "shelf":
		return c.shelf(ctx, s)
	case "edits":
		return c.edits(ctx)
	case "export":
		return c.export(ctx, s)
	case "content":
		return writeContent(string(c.Dir), newCorpus(c.Articles[0]))
	}
	hugo, err := exec.LookPath("hugo")
	if err != nil && !c.Without {
		return dateline.Errorf(dateline.EInvalid, "there is no hugo on PATH: install Debian's package hugo, or measure Dateline alone with --without")
	}
	if c.Without {
		hugo = ""
	}
	var all []exportFigures
	for _, n := range c.Articles {
		f, err := benchExport(ctx, s, n, hugo)
		if err != nil {
			return err
		}
		all = append(all, *f)
	}
	if c.JSON {
		return printJSON(s.out, all)
	}
	return printExports(s, all)
}

func printExports(s streams, all []exportFigures) error {
	w := &lineWriter{out: s.out}
	w.line("| articles | run | processors | wall | most memory | files | made | written | size |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, f := range all {
		for _, r := range []struct {
			name string
			run  exportRun
		}{{"Dateline", f.First}, {"Dateline, all of it again", f.Again}, {fmt.Sprintf("Dateline, after %d edits", benchEdits), f.Edits}, {"Hugo", f.Hugo}} {
			if r.run.Files > 0 {
				w.line("| %d | %s | %s s | %s s | %s | %d | %d | %d | %s |", f.Articles, r.name, short(r.run.Processors), short(r.run.Wall), inMegabytes(r.run.Memory),
					r.run.Files, r.run.Made, r.run.Written, inMegabytes(r.run.Size))
			}
		}
	}
	return w.err
}

// benchExport measures one size and takes its files away.
func benchExport(ctx context.Context, s streams, n int, hugo string) (_ *exportFigures, err error) {
	dir, err := os.MkdirTemp(os.Getenv("DATELINE_BENCH_DIR"), "dateline-export-*")
	if err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "a folder to measure in cannot be made: %v; DATELINE_BENCH_DIR names where", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f := &exportFigures{Articles: n}
	part := func(name string, into any) error {
		fmt.Fprintf(s.err, "%d articles, %s: %s\n", n, time.Now().UTC().Format(time.TimeOnly), name)
		return benchChild(ctx, s, into, "export", "--part", name, "--articles", fmt.Sprint(n), "--dir", dir)
	}
	if err := errors.Join(part("shelf", nil), part("export", &f.First)); err != nil {
		return nil, err
	}
	if err := errors.Join(siteexport.Forget(filepath.Join(dir, "www")), part("export", &f.Again), part("edits", nil), part("export", &f.Edits)); err != nil {
		return nil, err
	}
	if hugo == "" {
		return f, nil
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "www")), part("content", nil)); err != nil {
		return nil, err
	}
	fmt.Fprintf(s.err, "%d articles, %s: hugo\n", n, time.Now().UTC().Format(time.TimeOnly))
	f.Hugo, err = runHugo(ctx, hugo, filepath.Join(dir, "hugo"))
	return f, err
}

// shelf makes a site's folder of a record that is made as it is read.
func (c benchExportCommand) shelf(ctx context.Context, s streams) (err error) {
	source, err := newArchiveSource(c.Articles[0])
	if err != nil {
		return err
	}
	sh, err := shelf.Open(shelf.Options{Path: c.Dir.path("site", "shelf.db")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	p := newProgress(s.err)
	defer p.finish()
	_, err = sh.Rebuild(ctx, source, func(done, total int64) { p.tell("building", done, total) })
	return err
}

// edits changes articles in the site's folder, as a minor edition of each with another's words does.
func (c benchExportCommand) edits(ctx context.Context) (err error) {
	source, err := newArchiveSource(c.Articles[0])
	if err != nil {
		return err
	}
	sh, err := shelf.Open(shelf.Options{Path: c.Dir.path("site", "shelf.db")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	for i := range benchEdits {
		n := (2*i + 1) * c.Articles[0] / (2 * benchEdits)
		e, err := source.edition(sh.Cursor()+1, n, source.corpus.article((n+1)%c.Articles[0]), 2)
		if err != nil {
			return err
		}
		if _, err := sh.Apply(ctx, []record.Entry{e}); err != nil {
			return err
		}
	}
	return nil
}

// export writes the files and prints what it took.
func (c benchExportCommand) export(ctx context.Context, s streams) error {
	p, begin := newProgress(s.err), time.Now()
	r, err := exportSite(ctx, c.Dir, c.Dir.path("www"), p.tell)
	if err != nil {
		return err
	}
	p.finish()
	return printJSON(s.out, exportRun{Processors: processorTime(os.Getpid()).Seconds(), Wall: time.Since(begin).Seconds(), Memory: memoryLine("self", "VmHWM"),
		Files: r.Files, Made: r.Made, Written: r.Written, Size: float64(r.Bytes) / (1 << 20)})
}

func runHugo(ctx context.Context, hugo, dir string) (r exportRun, err error) {
	begin := time.Now()
	cmd := exec.CommandContext(ctx, hugo, "--quiet", "--source", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return r, fmt.Errorf("hugo: %w: %.2000s", err, out)
	}
	r.Wall = time.Since(begin).Seconds()
	r.Processors = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.Memory = float64(usage.Maxrss) / 1024 // kilobytes on Linux
	}
	err = filepath.WalkDir(filepath.Join(dir, "public"), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			r.Files++
			r.Size += float64(info.Size()) / (1 << 20)
		}
		return err
	})
	return r, err
}

// hugoFiles are a site for Hugo that shows of an article and of lists what Dateline's pages show, with the same styles in each page.
var hugoFiles = map[string]string{
	"config.toml": `baseURL = "http://127.0.0.1:8080/"
languageCode = "en"
title = "The Measure"
paginate = 30
disableKinds = ["404"]
[taxonomies]
topic = "topics"
person = "people"
[services.rss]
limit = 30
[outputs]
home = ["HTML", "RSS"]
section = ["HTML", "RSS"]
taxonomy = ["HTML"]
term = ["HTML", "RSS"]
`,
	"layouts/partials/head.html": `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{ if not .IsHome }}{{ .Title }} – {{ end }}{{ site.Title }}</title>
{{ with .Params.standfirst }}<meta name="description" content="{{ . }}">{{ end }}
STYLE
<link rel="canonical" href="{{ .Permalink }}">
<link rel="alternate" type="application/rss+xml" title="{{ site.Title }}" href="/index.xml">
<meta property="og:type" content="{{ if .IsPage }}article{{ else }}website{{ end }}">
<meta property="og:title" content="{{ .Title }}">
<meta property="og:site_name" content="{{ site.Title }}">
<meta property="og:url" content="{{ .Permalink }}">
{{ if .IsPage }}<meta property="article:published_time" content="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">
<script type="application/ld+json">{{ dict "@context" "https://schema.org" "@type" "NewsArticle" "headline" .Title "datePublished" (.Date.Format "2006-01-02T15:04:05Z07:00") "wordCount" .WordCount | jsonify | safeJS }}</script>{{ end }}
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="top"><div class="strip"><p class="today"></p><nav aria-label="Paper"><a href="/archive">Archive</a><a href="/corrections">Corrections</a></nav></div>
<div class="mast"><a class="plate" href="/">{{ site.Title }}</a><nav class="sections" aria-label="Sections"><ul>{{ range site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav></div></header>
<main id="main" class="wrap">
`,
	"layouts/partials/foot.html": `</main>
<footer class="foot"><div><p class="plate">{{ site.Title }}</p><p>All times are India Standard Time (IST).</p><nav aria-label="Footer"><ul><li><a href="/index.xml">Feeds</a></li></ul></nav></div></footer>
</body>
</html>
`,
	"layouts/partials/row.html": `<article class="row"><div><p class="label"><a href="/{{ .Section }}/">{{ .Section }}</a></p><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3><p>{{ .Params.standfirst }}</p><p class="when"><time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "2 January 2006" }}</time></p></div></article>
`,
	"layouts/_default/single.html": `{{ partial "head.html" . }}<article class="article"><header class="head"><p class="label"><a href="/{{ .Section }}/">{{ .Section }}</a></p><h1>{{ .Title }}</h1><p class="stand">{{ .Params.standfirst }}</p></header>
<div class="about"><p class="by">By {{ range .GetTerms "people" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p><dl class="times"><div><dt>First published</dt><dd><time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "2 January 2006, 15:04 MST" }}</time></dd></div></dl></div>
<div class="body">{{ .Content }}</div>
<section class="topics"><h2>Topics</h2><ul>{{ range .GetTerms "topics" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></section>
{{ with index .Params.topics 0 }}{{ with index site.Taxonomies.topics . }}<section class="next"><h2>Related</h2><ul>{{ range first 1 .Pages }}<li><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3></li>{{ end }}</ul></section>{{ end }}{{ end }}
</article>
{{ partial "foot.html" . }}`,
	"layouts/_default/list.html": `{{ partial "head.html" . }}<h1 class="title">{{ .Title }}</h1>
{{ range .Paginator.Pages }}{{ partial "row.html" . }}{{ end }}
<nav class="pager">{{ with .Paginator }}{{ if .HasPrev }}<a href="{{ .Prev.URL }}">Newest</a>{{ end }}{{ if .HasNext }}<a href="{{ .Next.URL }}">Earlier</a>{{ end }}{{ end }}</nav>
{{ partial "foot.html" . }}`,
	"layouts/_default/terms.html": `{{ partial "head.html" . }}<h1 class="title">{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ partial "foot.html" . }}`,
	"layouts/index.html": `{{ partial "head.html" . }}{{ range first 9 site.RegularPages }}{{ partial "row.html" . }}{{ end }}
{{ range site.Sections }}<section class="band"><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>{{ range first 3 .RegularPages }}{{ partial "row.html" . }}{{ end }}</section>{{ end }}
{{ partial "foot.html" . }}`,
}

// writeContent writes the corpus as a site for Hugo.
func writeContent(dir string, c *corpus) error {
	style := render.New(render.Options{}).ArticleStyle()
	for name, text := range hugoFiles {
		if err := writeNew(filepath.Join(dir, "hugo", name), strings.ReplaceAll(text, "STYLE", style)); err != nil {
			return err
		}
	}
	for i := range c.articles {
		g := c.article(i)
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: %q\nstandfirst: %q\ndate: %s\nurl: %s/\npeople: [%q]\ntopics: [", g.headline, g.standfirst, g.first.Format(time.RFC3339), g.address(), fmt.Sprintf("writer-%d", g.person))
		for j, t := range g.topics {
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%q", t)
		}
		fmt.Fprintf(&b, "]\n---\n%s\n", strings.Join(g.paragraphs, "\n\n"))
		if err := writeNew(filepath.Join(dir, "hugo", "content", g.section, fmt.Sprintf("%d.md", i)), b.String()); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes a file, and the folder it lies in.
func writeNew(path, text string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	_, err = w.WriteString(text)
	return errors.Join(err, w.Flush(), f.Close())
}
