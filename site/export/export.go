// Package export writes a site into a folder for a server that knows nothing but files. It asks the site for pages as any reader
// does and follows what they name, so that nothing is in the folder that readers cannot open. A page whose dependency keys nothing has
// touched since the last run is not asked for again: it names what it named then. What no page names any more is taken away.
package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/datelinehq/dateline/site/press"
)

// Options say what is written where.
type Options struct {
	// Serve answers for a site that makes still pages, and says what the answer depends on: it stays as it is while none of the keys is
	// touched. No keys: it may change at any time.
	Serve func(ctx context.Context, req *press.Request) (press.Response, []string)
	// Origin is the readers', such as https://estuary.example: what begins with it is this site's.
	Origin string
	// Dir is the folder. It is made where it is not there, and refused where it holds what is no export of this paper.
	Dir string
	// Of says which paper it is, and what all its pages depend on. A run that finds them unchanged writes nothing.
	Of Mark
	// Since tells the hashes of all keys that were touched between what a mark says and Of; false where that is not known. Where it is nil
	// every page is asked for.
	Since func(m Mark) (hashes []uint32, known bool, err error)
	// More tells addresses that nothing need name, such as old ones that lead elsewhere. May be nil.
	More func(tell func(address string) error) error
	// Workers ask for pages at once; 1 where it is less.
	Workers int
	// Articles is how many articles there are, for Tell.
	Articles int64
	// Tell hears how far the work is. May be nil.
	Tell func(what string, done, total int64)

	sync func() // in place of the system's, for tests
}

// Report says what a run did.
type Report struct {
	Files     int64 `json:"files"`     // that the folder holds
	Written   int64 `json:"written"`   // new ones and those that changed
	Removed   int64 `json:"removed"`   // that nothing stands for any more
	Bytes     int64 `json:"bytes"`     // of all files
	Made      int64 `json:"made"`      // answers that were asked for; the others could not have changed
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
	w := &work{o: o, folder: f, seed: maphash.MakeSeed(), ids: map[uint64]uint32{}, waiting: map[uint32]string{}, files: map[uint64]struct{}{}}
	w.more = sync.NewCond(&w.mu)
	if w.o.Tell == nil {
		w.o.Tell = func(string, int64, int64) {}
	}
	if w.o.sync == nil {
		w.o.sync = syscall.Sync
	}
	if err := w.recall(); err != nil {
		return r, err
	}
	if err := f.begin(o.Of); err != nil {
		return r, err
	}
	if err := w.all(ctx); err != nil {
		return w.report, err
	}
	if err := w.tidy(); err != nil {
		return w.report, err
	}
	w.report.Files = int64(len(w.files))
	slices.Sort(w.report.Left)
	w.o.sync() // before anything says that the files are what they are to be: the next run looks at names alone
	if err := f.remember(o.Of, w.reachedPages()); err != nil {
		return w.report, err
	}
	return w.report, f.done(state{Mark: o.Of, Files: w.report.Files, Bytes: w.report.Bytes, Left: w.report.Left})
}

// work is one run: addresses that wait to be written, the newest first, so that few wait at once.
type work struct {
	o      Options
	folder *folder
	seed   maphash.Seed

	// What the last run left, where this one goes by it; nil where every address is asked for.
	touched map[uint32]struct{}
	there   map[uint64]struct{} // hashes of the names of the files that lay in the folder
	was     known               // for next

	mu       sync.Mutex
	more     *sync.Cond // something was added, or nobody works any more
	ids      map[uint64]uint32
	pages    [][]byte // by number, as known.encode writes it
	reached  []bool   // by number: named by a page of this run
	waiting  map[uint32]string
	stack    []uint32
	busy     int
	err      error
	files    map[uint64]struct{} // hashes of the names of files
	articles int64               // written
	report   Report
}

// recall takes up what the last run kept, if that is of this paper's record, and of this program. Where it is not, it is forgotten at once:
// the folder is about to hold other pages.
func (w *work) recall() error {
	of, pages, err := w.folder.remembered()
	if err == nil {
		var known bool
		if known, err = w.since(of); err == nil && known && !w.folder.last.Done { // an interrupted run may have written what it began to
			known, err = w.since(w.folder.last.Mark)
		}
		if err == nil && known {
			return w.takeUp(pages)
		}
	}
	if err != nil && !errors.Is(err, errKnown) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.touched = nil
	return w.folder.forget()
}

// since adds what was touched since a mark.
func (w *work) since(m Mark) (known bool, err error) {
	if w.o.Since == nil || m.Paper != w.o.Of.Paper || m.Program != w.o.Of.Program || m.Zone != w.o.Of.Zone {
		return false, nil
	}
	hashes, known, err := w.o.Since(m)
	if err != nil || !known {
		return false, err
	}
	if w.touched == nil {
		w.touched = map[uint32]struct{}{}
	}
	for _, h := range hashes {
		w.touched[h] = struct{}{}
	}
	return true, nil
}

// takeUp numbers the addresses that the last run met, and looks which files lie there.
func (w *work) takeUp(pages [][]byte) error {
	w.pages, w.reached, w.there = pages, make([]bool, len(pages)), map[uint64]struct{}{}
	for id, page := range pages {
		if len(page) == 0 {
			continue
		}
		path, err := w.was.decode(page)
		if err != nil {
			return err
		}
		w.ids[maphash.Bytes(w.seed, path)] = uint32(id)
	}
	return w.folder.names(func(name string) error {
		w.there[w.hash(name)] = struct{}{}
		return nil
	})
}

// reachedPages are what the next run goes by.
func (w *work) reachedPages() [][]byte {
	for id := range w.pages {
		if !w.reached[id] {
			w.pages[id] = nil
		}
	}
	return w.pages
}

// tidy takes away what no page names any more; where all that lay there still stays, nothing is looked through again.
func (w *work) tidy() (err error) {
	stays := w.there != nil
	for h := range w.there {
		if _, ok := w.files[h]; !ok {
			stays = false
			break
		}
	}
	if !stays {
		w.report.Removed, err = w.folder.tidy(func(file string) bool { _, ok := w.files[w.hash(file)]; return ok })
	}
	return err
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
		if err := w.o.More(func(path string) error { w.add(pathOf(path)); return ctx.Err() }); err != nil {
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
	answer, _ := w.o.Serve(ctx, request(missingPage))
	if answer.Status != 404 {
		return fmt.Errorf("the site answers %d for %s", answer.Status, missingPage)
	}
	return w.put(missingPage[1:], answer.Body, false)
}

// add puts addresses on the stack that were not there yet, the last to be taken first, and gives their numbers in ascending order.
func (w *work) add(paths ...string) []uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]uint32, len(paths))
	for i, p := range paths {
		h := w.hash(p)
		id, ok := w.ids[h]
		if !ok {
			id = uint32(len(w.pages))
			w.ids[h], w.waiting[id] = id, p
			w.pages, w.reached = append(w.pages, nil), append(w.reached, false)
		}
		out[i] = id
		w.reach(id)
	}
	w.more.Broadcast()
	slices.Sort(out)
	return slices.Compact(out)
}

func (w *work) reach(id uint32) {
	if !w.reached[id] {
		w.reached[id] = true
		w.stack = append(w.stack, id)
	}
}

// run writes addresses until there are none, or something failed.
func (w *work) run(ctx context.Context) {
	p := &pages{work: w}
	for id, path, ok := w.next(); ok; id, path, ok = w.next() {
		err := ctx.Err()
		if err == nil {
			p.known = known{path: path}
			err = p.write(ctx, path)
		}
		w.wrote(id, &p.known, err)
	}
}

// next gives an address that is to be asked for. Those that cannot have changed since the last run are gone through on the way.
func (w *work) next() (id uint32, path string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.err == nil {
		if len(w.stack) == 0 {
			if w.busy == 0 {
				break
			}
			w.more.Wait()
			continue
		}
		last := len(w.stack) - 1
		id, w.stack = w.stack[last], w.stack[:last]
		path, waits := w.waiting[id]
		if !waits {
			var stands bool
			if path, stands = w.stands(id); stands {
				continue
			}
		}
		delete(w.waiting, id)
		w.busy++
		return id, path, w.err == nil
	}
	w.more.Broadcast()
	return 0, "", false
}

// stands says whether an address of the last run answers what it answered then, and if so follows what it names.
func (w *work) stands(id uint32) (path string, stands bool) {
	k := &w.was
	b, err := k.decode(w.pages[id])
	if err != nil {
		w.err = err
		return "", false
	}
	path = string(b)
	if k.flags&isAsked != 0 || slices.ContainsFunc(k.on, func(h uint32) bool { _, ok := w.touched[h]; return ok }) {
		return path, false
	}
	if k.flags&isFile != 0 {
		name, _ := k.file(path)
		h := w.hash(name)
		if _, ok := w.there[h]; !ok {
			return path, false
		}
		w.files[h] = struct{}{}
		w.report.Bytes += k.size
	}
	w.tally(k, path)
	for _, n := range k.names {
		if int(n) >= len(w.reached) {
			w.err = errKnown
			return "", false
		}
		w.reach(n)
	}
	return path, true
}

// file is the file that stands for an address.
func (k *known) file(path string) (name string, ok bool) {
	kind := ""
	if k.flags&isPage != 0 {
		kind = "text/html"
	}
	return fileOf(decoded(path), kind)
}

// tally counts an address that is done.
func (w *work) tally(k *known, path string) {
	if k.flags&isLeft != 0 && len(w.report.Left) < leftShown {
		w.report.Left = append(w.report.Left, path)
	}
	if k.flags&isArticle != 0 {
		w.articles++
		w.o.Tell("writing articles and what belongs to them", min(w.articles, w.o.Articles), w.o.Articles)
	}
}

func (w *work) wrote(id uint32, k *known, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy--
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("write %s: %w", k.path, err)
	}
	w.pages[id] = k.encode()
	w.report.Made++
	w.tally(k, k.path)
	w.more.Broadcast()
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
	known known // of the address that is being written
	links []string
}

// write writes what stands at an address, and adds what that names.
func (p *pages) write(ctx context.Context, path string) error {
	name, ok := fileOf(decoded(path), "")
	if !ok || !isPath(path) {
		p.known.flags |= isLeft
		return nil
	}
	lasting := strings.HasPrefix(path, "/pictures/") || strings.HasPrefix(path, "/assets/")
	if lasting { // what lies at such an address never changes
		if size, ok := p.folder.has(name); ok {
			p.known.flags |= isFile
			p.known.size = size
			p.count(name, size, false)
			return nil
		}
	}
	answer, on := p.o.Serve(ctx, request(path))
	if p.known.on = hashesOf(on); len(on) == 0 {
		p.known.flags |= isAsked
	}
	kind := answer.Header("Content-Type")
	switch {
	case answer.Status == 404, answer.Status == 410, answer.Header("Cache-Control") == "no-store" && answer.Status == 200:
		return nil // there is nothing, or it is made when it is asked for
	case answer.Status == 301:
		return p.moved(path, answer.Header("Location"))
	case answer.Status != 200:
		return fmt.Errorf("the site answers %d: %s", answer.Status, bytes.TrimSpace(answer.Body[:min(len(answer.Body), 200)]))
	}
	if strings.HasPrefix(kind, "text/html") {
		p.known.flags |= isPage
	}
	if lasting {
		p.known.flags &^= isAsked
	}
	if answer.Article != "" {
		p.known.flags |= isArticle
	}
	if err := p.file(path, answer.Body, lasting); err != nil || p.known.flags&isLeft != 0 {
		return err
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
	for i, l := range p.links {
		p.links[i] = pathOf(l)
	}
	p.known.names = p.add(p.links...)
	return nil
}

// file writes the file that stands for the address, if there can be one.
func (p *pages) file(path string, body []byte, lasting bool) error {
	name, ok := p.known.file(path)
	if !ok {
		p.known.flags |= isLeft
		return nil
	}
	p.known.flags |= isFile
	p.known.size = int64(len(body))
	return p.put(name, body, lasting)
}

// moved writes a page that leads from an old address to where the thing stands now. Where the two are one file there is nothing to
// write, and a further address of another host is followed by readers alone.
func (p *pages) moved(path, location string) error {
	to := pathOf(location)
	p.known.names = p.add(to)
	from, ok := fileOf(decoded(path), "text/html")
	if file, _ := fileOf(decoded(to), "text/html"); !ok || from == file {
		return nil
	}
	p.known.flags |= isPage
	return p.file(path, leadTo(location, p.o.Origin), false)
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
