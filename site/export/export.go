// Package export writes a site into a folder for a server that knows nothing but files. It asks the site for pages as any reader
// does and follows what they name, so that nothing is in the folder that readers cannot open. What lies in the folder already is left
// as it is; what no page names any more is taken away.
package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/datelinehq/dateline/site/press"
)

// Options say what is written where.
type Options struct {
	// Serve answers for a site that makes still pages.
	Serve func(ctx context.Context, req *press.Request) press.Response
	// Origin is the readers', such as https://estuary.example: what begins with it is this site's.
	Origin string
	// Dir is the folder. It is made where it is not there, and refused where it holds what is no export of this paper.
	Dir string
	// Of says which paper it is, and what all its pages depend on. A run that finds them unchanged writes nothing.
	Of Mark
	// More tells addresses that nothing need name, such as old ones that lead elsewhere. May be nil.
	More func(tell func(address string) error) error
	// Workers ask for pages at once; 1 where it is less.
	Workers int
	// Articles is how many articles there are, for Tell.
	Articles int64
	// Tell hears how far the work is. May be nil.
	Tell func(what string, done, total int64)
}

// Report says what a run did.
type Report struct {
	Files     int64 `json:"files"`     // that the folder holds
	Written   int64 `json:"written"`   // new ones and those that changed
	Removed   int64 `json:"removed"`   // that nothing stands for any more
	Bytes     int64 `json:"bytes"`     // of all files
	Unchanged bool  `json:"unchanged"` // nothing has happened since the last run
	// Left are addresses that a file cannot stand for: because of their query, or because a part of them is too long for a name.
	Left []string `json:"left"`
}

// leftShown bounds Left.
const leftShown = 20

// longestName is how long a file's name may be, in bytes, on the systems that serve files.
const longestName = 255

// Run brings the folder up to what the site says now. What was interrupted is gone on with by the next run.
func Run(ctx context.Context, o Options) (r Report, err error) {
	f, err := open(o.Dir, o.Of.Paper)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if f.last.Done && f.last.Mark == o.Of {
		return Report{Files: f.last.Files, Bytes: f.last.Bytes, Unchanged: true, Left: f.last.Left}, nil
	}
	if err := f.begin(o.Of.Paper); err != nil {
		return r, err
	}
	w := &work{o: o, folder: f, seed: maphash.MakeSeed(), seen: map[uint64]struct{}{}, files: map[uint64]struct{}{}}
	w.more = sync.NewCond(&w.mu)
	if w.o.Tell == nil {
		w.o.Tell = func(string, int64, int64) {}
	}
	if err := w.all(ctx); err != nil {
		return w.report, err
	}
	if w.report.Removed, err = f.tidy(func(file string) bool { _, ok := w.files[w.hash(file)]; return ok }); err != nil {
		return w.report, err
	}
	w.report.Files = int64(len(w.files))
	slices.Sort(w.report.Left)
	return w.report, f.done(state{Mark: o.Of, Files: w.report.Files, Bytes: w.report.Bytes, Left: w.report.Left})
}

// work is one run: addresses that wait to be written, the newest first, so that few wait at once.
type work struct {
	o      Options
	folder *folder
	seed   maphash.Seed

	mu       sync.Mutex
	more     *sync.Cond // something was added, or nobody works any more
	stack    []string   // paths as links spell them
	busy     int
	err      error
	seen     map[uint64]struct{} // hashes of addresses that were or wait to be written
	files    map[uint64]struct{} // hashes of the names of files
	articles int64               // written
	report   Report
}

// roots are the addresses that no page need name.
var roots = []string{"/", "/archive", "/corrections", "/favicon.ico", "/record/key", "/record/keys", "/robots.txt", "/sitemap-news.xml", "/sitemap.xml"}

// missingPage is where servers of files look for what they answer with where there is nothing.
const missingPage = "/404.html"

func (w *work) hash(s string) uint64 { return maphash.String(w.seed, s) }

// all writes everything.
func (w *work) all(ctx context.Context) error {
	w.add(roots...)
	if w.o.More != nil {
		if err := w.o.More(func(path string) error { w.follow(path); return ctx.Err() }); err != nil {
			return err
		}
	}
	var workers sync.WaitGroup
	for range max(1, w.o.Workers) {
		workers.Go(func() { w.run(ctx) })
	}
	workers.Wait()
	if w.err != nil {
		return w.err
	}
	answer := w.o.Serve(ctx, request(missingPage))
	if answer.Status != 404 {
		return fmt.Errorf("the site answers %d for %s", answer.Status, missingPage)
	}
	return w.put(missingPage[1:], answer.Body, false)
}

// add puts addresses on the stack that were not there yet, the last to be taken first.
func (w *work) add(paths ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range paths {
		h := w.hash(p)
		if _, ok := w.seen[h]; ok {
			continue
		}
		w.seen[h] = struct{}{}
		w.stack = append(w.stack, p)
	}
	w.more.Broadcast()
}

// run writes addresses until there are none, or something failed.
func (w *work) run(ctx context.Context) {
	p := &pages{work: w}
	for path, ok := w.next(); ok; path, ok = w.next() {
		err := ctx.Err()
		if err == nil {
			err = p.write(ctx, path)
		}
		w.wrote(path, err)
	}
}

func (w *work) next() (path string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.stack) == 0 && w.busy > 0 && w.err == nil {
		w.more.Wait()
	}
	if len(w.stack) == 0 || w.err != nil {
		w.more.Broadcast()
		return "", false
	}
	last := len(w.stack) - 1
	path, w.stack = w.stack[last], w.stack[:last]
	w.busy++
	return path, true
}

func (w *work) wrote(path string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy--
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("write %s: %w", path, err)
	}
	w.more.Broadcast()
}

// left notes that no file can stand for an address.
func (w *work) left(link string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.report.Left) < leftShown && !slices.Contains(w.report.Left, link) {
		w.report.Left = append(w.report.Left, link)
	}
}

// put writes a file, and counts it.
func (w *work) put(name string, body []byte, lasting bool) error {
	wrote, err := w.folder.write(name, body, lasting)
	if err != nil {
		return err
	}
	w.count(name, int64(len(body)), wrote)
	return nil
}

// article counts an article's own page.
func (w *work) article() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.articles++
	w.o.Tell("writing articles and what belongs to them", min(w.articles, w.o.Articles), w.o.Articles)
}

func (w *work) count(name string, size int64, wrote bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[w.hash(name)] = struct{}{}
	w.report.Bytes += size
	if wrote {
		w.report.Written++
	}
}

// request asks for a page, by its path as a link spells it, as somebody does who knows no encodings.
func request(path string) *press.Request {
	u := url.URL{Path: decoded(path), RawPath: path}
	return &press.Request{Method: "GET", Path: u.Path, Escaped: u.EscapedPath()}
}

// pages writes one page after another; it is used by one goroutine.
type pages struct {
	*work
	links []string
}

// write writes what stands at an address, and adds what that names.
func (p *pages) write(ctx context.Context, path string) error {
	name, ok := fileOf(decoded(path), "")
	if !ok {
		p.left(path)
		return nil
	}
	lasting := strings.HasPrefix(path, "/pictures/") || strings.HasPrefix(path, "/assets/")
	if lasting { // what lies at such an address never changes
		if size, ok := p.folder.has(name); ok {
			p.count(name, size, false)
			return nil
		}
	}
	answer := p.o.Serve(ctx, request(path))
	kind := answer.Header("Content-Type")
	switch {
	case answer.Status == 404, answer.Status == 410, answer.Header("Cache-Control") == "no-store" && answer.Status == 200:
		return nil // there is nothing, or it is made when it is asked for
	case answer.Status == 301:
		return p.moved(path, answer.Header("Location"))
	case answer.Status != 200:
		return fmt.Errorf("the site answers %d: %s", answer.Status, bytes.TrimSpace(answer.Body[:min(len(answer.Body), 200)]))
	}
	if name, ok = fileOf(decoded(path), kind); !ok {
		p.left(path)
		return nil
	}
	if err := p.put(name, answer.Body, lasting); err != nil {
		return err
	}
	if answer.Article != "" {
		p.article()
	}
	switch {
	case strings.HasPrefix(kind, "text/html"):
		p.links = linksOf(p.links[:0], answer.Body, p.o.Origin)
	case strings.HasPrefix(path, "/sitemap"):
		p.links = locsOf(p.links[:0], answer.Body, p.o.Origin)
	case path == "/robots.txt":
		p.links = append(p.links[:0], "/sitemap.xml", "/sitemap-news.xml")
	default:
		return nil
	}
	for _, l := range p.links {
		p.follow(l)
	}
	return nil
}

// moved writes a page that leads from an old address to where the thing stands now. Where the two are one file there is nothing to
// write, and a further address of another host is followed by readers alone.
func (p *pages) moved(path, location string) error {
	p.follow(location)
	from, ok := fileOf(decoded(path), "text/html")
	if to, _ := fileOf(decoded(pathOf(location)), "text/html"); !ok || from == to {
		return nil
	}
	return p.put(from, leadTo(location, p.o.Origin), false)
}

// follow adds what a link leads to, if that is this site's and can be a file.
func (w *work) follow(link string) {
	if path := pathOf(link); path != "" {
		w.add(path)
	} else {
		w.left(link)
	}
}

// fileOf names the file that stands for a path, with slashes: index.html in a folder of the path for a page, so that every server finds
// it there; the path itself for all else. False where there can be no such file.
func fileOf(path, kind string) (name string, ok bool) {
	name = strings.Trim(path, "/")
	for part := range strings.SplitSeq(name, "/") {
		if len(part) > longestName || part == "." || part == ".." || part == "" && name != "" || strings.HasPrefix(part, MarkName) {
			return "", false
		}
	}
	if strings.HasPrefix(kind, "text/html") {
		name = strings.TrimPrefix(name+"/index.html", "/")
	}
	return name, strings.IndexByte(name, 0) < 0
}
