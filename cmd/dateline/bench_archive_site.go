package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime/pprof"
	"slices"
	"strings"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/reads"
	"github.com/datelinehq/dateline/site/shelf"
)

type benchArchiveSiteCommand struct {
	Dir      folder `help:"Where the shelf stands, or is made." required:"" placeholder:"DIR"`
	Articles int    `help:"How many." default:"20000"`
	Site     string `help:"Where readers are answered." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Secure   string `help:"Where they are answered over TLS, by HTTP/2 too." placeholder:"HOST:PORT"`
	Cert     string `help:"The certificate's file, for --secure." placeholder:"FILE"`
	Key      string `help:"Its key's file." placeholder:"FILE"`
	Cache    int64  `help:"The page cache's megabytes." default:"64" placeholder:"MB"`
	List     string `help:"Where the addresses of articles are written, a hundred thousand drawn at random." placeholder:"FILE"`
	Profile  string `help:"Where what the processor did is written at the end." placeholder:"FILE"`
}

// archiveServed says where a served archive can be asked, and for what.
type archiveServed struct {
	Site    string `json:"site"`
	Secure  string `json:"secure,omitempty"`
	Article string `json:"article"`
	Section string `json:"section"`
	Topic   string `json:"topic"`
	Words   string `json:"words"` // for a search
}

// listed is how many addresses are written for --list.
const listed = 100_000

// Run serves the shelf of a generated archive, making it where there is none, until the input ends.
func (c benchArchiveSiteCommand) Run(ctx context.Context, s streams) (err error) {
	source, err := newArchiveSource(c.Articles)
	if err != nil {
		return err
	}
	sh, err := benchArchiveCommand{Articles: c.Articles, Dir: c.Dir}.made(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	defer boundMemory(c.Cache << 20)()
	readers := site.New(site.Config{Shelf: sh, Renderer: render.New(render.Options{}), Reads: &reads.Counter{}, CacheBytes: c.Cache << 20,
		Failed: func(err error) { fmt.Fprintln(s.err, err) }})
	defer readers.Close()
	served, listening, err := c.listen(readers)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	running := make(chan error, 1)
	go func() { running <- answer(ctx, make(chan error, len(listening)), readers.EndStreams, listening) }()
	defer func() {
		stop()
		err = errors.Join(err, <-running)
	}()
	newest := source.corpus.article(c.Articles - 1)
	served.Article, served.Section, served.Topic = newest.address(), "/"+newest.section+"/", "/topics/"+newest.topics[0]
	served.Words = source.corpus.words[700] + "+" + source.corpus.words[900]
	if c.List != "" {
		if err := os.WriteFile(c.List, []byte(strings.Join(source.corpus.random(), "\n")+"\n"), 0o644); err != nil {
			return err
		}
	}
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer func() { pprof.StopCPUProfile(); err = errors.Join(err, f.Close()) }()
	}
	if err := printJSON(s.out, served); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, s.in)
	return err
}

// made opens the shelf, making it first where there is none or one of another version.
func (c benchArchiveCommand) made(ctx context.Context, s streams) (*shelf.Shelf, error) {
	if err := os.MkdirAll(c.Dir.name(), 0o755); err != nil {
		return nil, err
	}
	sh, err := c.open()
	if err != nil || sh.NeedsRebuild() == "" && sh.Cursor() > 0 {
		return sh, err
	}
	s.out = s.err
	if err := errors.Join(sh.Close(), c.build(ctx, s)); err != nil {
		return nil, err
	}
	return c.open()
}

// listen opens the addresses.
func (c benchArchiveSiteCommand) listen(readers *site.Site) (served archiveServed, list []listening, err error) {
	on, err := net.Listen("tcp", c.Site)
	if err != nil {
		return served, nil, err
	}
	served.Site = on.Addr().String()
	list = append(list, over(site.NewFast(readers), on))
	if c.Secure == "" {
		return served, list, nil
	}
	secure, err := net.Listen("tcp", c.Secure)
	if err != nil {
		return served, nil, errors.Join(err, on.Close())
	}
	served.Secure = secure.Addr().String()
	both := readersServer(readers)
	return served, append(list, listening{both, secure.Addr(), func() error { return both.ServeTLS(secure, c.Cert, c.Key) }}), nil
}

// random are addresses of articles, drawn at random, none twice where there are enough.
func (c *corpus) random() []string {
	r := rand.New(rand.NewPCG(uint64(c.articles), 5))
	var numbers []int
	if c.articles <= listed {
		numbers = r.Perm(c.articles)
	} else {
		drawn := map[int]bool{}
		for len(drawn) < listed {
			drawn[r.IntN(c.articles)] = true
		}
		for n := range drawn {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		r.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	}
	addresses := make([]string, len(numbers))
	for i, n := range numbers {
		addresses[i] = c.address(n)
	}
	return addresses
}
