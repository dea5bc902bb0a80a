package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/purge"
)

type cacheCommand struct {
	Add    cacheAddCommand    `cmd:"" help:"Name a cache."`
	Remove cacheRemoveCommand `cmd:"" help:"Empty a cache and tell it nothing more."`
	List   cacheListCommand   `cmd:"" help:"List the caches."`
	Purge  cachePurgeCommand  `cmd:"" help:"Purge everything from every cache now."`
}

type cacheAddCommand struct {
	inFolder
	Form   purge.Form `arg:"" help:"varnish, nginx, fastly, cloudflare or webhook."`
	URL    string     `arg:"" optional:"" help:"Where it is asked; not needed for Fastly and Cloudflare. It may be a private address, since you name it here."`
	ID     string     `name:"id" help:"Fastly's service or Cloudflare's zone." placeholder:"ID"`
	Secret string     `help:"The token of its API, or what is sent as Authorization: Bearer; better given in the environment." env:"DATELINE_CACHE_SECRET" placeholder:"SECRET"`
}

// Help gives the example.
func (cacheAddCommand) Help() string {
	return `Pages may be kept by shared caches only where each of them is told what an act changes. The first thing that a cache is told is to drop
everything. The secret is kept sealed. docs/guide/caches.md says how each cache is set up.

Examples:
  DATELINE_CACHE_SECRET=… dateline cache add varnish http://127.0.0.1:6081/ --dir paper
  DATELINE_CACHE_SECRET=… dateline cache add fastly --id SU1Z0isxPaozGVKXdv0eY --dir paper`
}

// Run names a cache.
func (c cacheAddCommand) Run(ctx context.Context, s streams) error {
	cache := purge.Cache{Form: c.Form, URL: c.URL, ID: c.ID, Secret: c.Secret}
	return changeCaches(ctx, s, c.inFolder, "cache-add", cache, cache.Name()+" is told what each act changes.")
}

func changeCaches(ctx context.Context, s streams, f inFolder, name string, args any, said string) error {
	var list []string
	if err := perform(ctx, f.Dir, name, args, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if f.JSON {
		return printJSON(s.out, list)
	}
	_, err := fmt.Fprintln(s.out, said)
	return err
}

type cacheRemoveCommand struct {
	inFolder
	Name  string `arg:"" help:"The cache's name, as the list has it."`
	Force bool   `help:"Remove it also where it does not drop what it holds, which it may then give readers for a day: empty it yourself."`
}

// Help gives the example.
func (cacheRemoveCommand) Help() string {
	return `It is emptied first, and kept where it does not answer within some seconds: what is not taken from it then it may give readers for a day.

Example:
  dateline cache remove "varnish http://127.0.0.1:6081/" --dir paper`
}

// Run forgets a cache.
func (c cacheRemoveCommand) Run(ctx context.Context, s streams) error {
	return changeCaches(ctx, s, c.inFolder, "cache-remove", cacheRemoveArgs{c.Name, c.Force}, c.Name+" is told nothing more.")
}

type cacheListCommand struct {
	inFolder
}

// Help gives the example.
func (cacheListCommand) Help() string { return "Example:\n  dateline cache list --dir paper" }

// Run lists the caches.
func (c cacheListCommand) Run(ctx context.Context, s streams) error {
	var list []string
	if err := perform(ctx, c.Dir, "cache-list", struct{}{}, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, list)
	}
	for _, name := range list {
		fmt.Fprintln(s.out, name)
	}
	return nil
}

type cachePurgeCommand struct {
	inFolder
}

// Help gives the example.
func (cachePurgeCommand) Help() string { return "Example:\n  dateline cache purge --dir paper" }

// Run purges everything.
func (c cachePurgeCommand) Run(ctx context.Context, s streams) error {
	var lines []dateline.PurgeLine
	if err := perform(ctx, c.Dir, "cache-purge", struct{}{}, &lines, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, lines)
	}
	for _, l := range lines {
		state := "purged"
		if !l.Confirmed {
			state = "NOT PURGED " + l.Detail
		}
		fmt.Fprintf(s.out, "%s  %.1f ms  %s\n", l.Cache, l.Millis, state)
	}
	return nil
}

// cachesSetting is where the caches are kept at the desk, and what their secrets are sealed for; how many there may be.
const (
	cachesSetting = "caches"
	maxCaches     = 8
)

// keptCaches reads the caches, their secrets as they are sealed.
func (r *room) keptCaches(ctx context.Context) (list []purge.Cache, err error) {
	kept, err := r.desk.FindSetting(ctx, cachesSetting)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(kept), &list); err != nil {
		return nil, fmt.Errorf("%w: %w", errCaches, err)
	}
	return list, nil
}

// errCaches: what is kept of the caches is damaged.
var errCaches = errors.New("the list of shared caches cannot be read; name them anew with `dateline cache add`")

// openCache gives a cache with its secret; one that cannot be asked, because its secret does not open or it is no longer taken, says
// why.
func (r *room) openCache(c purge.Cache) purge.Cache {
	if c.Secret != "" {
		sealed, err := base64.StdEncoding.DecodeString(c.Secret)
		if err == nil {
			sealed, err = r.door.Open(cachesSetting, sealed)
		}
		if err != nil {
			c.Secret, c.Broken = "", fmt.Errorf("its secret cannot be opened (%w): name it anew with `dateline cache add`, or remove it with --force", err)
			return c
		}
		c.Secret = string(sealed)
	}
	c.Broken = c.Validate()
	return c
}

// saveCaches keeps the caches, their secrets sealed, and tells them from now on.
func (r *room) saveCaches(ctx context.Context, list []purge.Cache) error {
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := r.desk.SaveSetting(ctx, local, cachesSetting, string(b)); err != nil {
		return err
	}
	return r.setCaches(ctx, 0)
}

// setCaches lets the site, which shows the record up to an entry, tell the caches that are kept; it does nothing where no site is
// served. A cache that cannot be asked stops no paper: it is owed what it is told, so no page may be kept until it is named anew.
func (r *room) setCaches(ctx context.Context, sequence int64) error {
	if r.caches == nil {
		return nil
	}
	list, err := r.keptCaches(ctx)
	if errors.Is(err, errCaches) {
		r.log.ErrorContext(ctx, "no shared cache is told anything, and no page may be kept", "error", err)
	} else if err != nil {
		return err
	}
	for i := range list {
		list[i] = r.openCache(list[i])
	}
	return r.caches.Set(list, sequence)
}

func addCache(ctx context.Context, r *room, c purge.Cache, _ tell) ([]string, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	list, err := r.keptCaches(ctx)
	if err != nil && !errors.Is(err, errCaches) {
		return nil, err
	}
	if c.Secret != "" {
		sealed, err := r.door.Seal(cachesSetting, []byte(c.Secret))
		if err != nil {
			return nil, err
		}
		c.Secret = base64.StdEncoding.EncodeToString(sealed)
	}
	list = append(slices.DeleteFunc(list, func(o purge.Cache) bool { return o.Name() == c.Name() }), c)
	if len(list) > maxCaches {
		return nil, dateline.Errorf(dateline.EInvalid, "%d caches are enough: remove one first", maxCaches)
	}
	if err := r.saveCaches(ctx, list); err != nil {
		return nil, err
	}
	return cacheNames(list), nil
}

type cacheRemoveArgs struct {
	Name  string
	Force bool // also where it does not drop what it holds
}

// onItsWay is how long an answer is given to reach a cache that is removed, before that is emptied once more.
const onItsWay = 2 * time.Second

// removeCache empties a cache and forgets it. Meanwhile no page may be kept, so that it does not fill again.
func removeCache(ctx context.Context, r *room, args cacheRemoveArgs, _ tell) ([]string, error) {
	had, err := r.keptCaches(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(had, func(c purge.Cache) bool { return c.Name() == args.Name })
	if at < 0 {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no cache %.100q; `dateline cache list` names them", args.Name)
	}
	if r.caches != nil {
		defer r.caches.Hold()()
	}
	line, err := r.emptyCache(ctx, had[at])
	if err == nil && line.Confirmed && r.caches != nil { // what was on its way to it when it was emptied has come by now
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(onItsWay):
		}
		line, err = r.emptyCache(ctx, had[at])
	}
	if !args.Force && (err != nil || !line.Confirmed) {
		why := line.Detail
		if err != nil {
			why = err.Error()
		}
		return nil, dateline.Errorf(dateline.EUnavailable, "%s may still hold pages for a day, so it is not removed: %s. Make it answer and try again; or empty it yourself and remove it with --force", args.Name, why)
	}
	list := slices.Delete(had, at, at+1)
	if err := r.saveCaches(ctx, list); err != nil {
		return nil, err
	}
	return cacheNames(list), nil
}

// emptyCache purges all that one cache holds, and waits some seconds for its answer.
func (r *room) emptyCache(ctx context.Context, c purge.Cache) (line dateline.PurgeLine, err error) {
	if c = r.openCache(c); c.Broken != nil {
		return line, c.Broken
	}
	if r.caches != nil {
		for _, line = range r.caches.Everything(ctx) {
			if line.Cache == c.Name() {
				return line, nil
			}
		}
	}
	alone := purge.New(purge.Config{UserAgent: "Dateline/" + version, Log: r.log})
	defer alone.Close()
	if err := alone.Set([]purge.Cache{c}, 0); err != nil {
		return line, err
	}
	return alone.Everything(ctx)[0], nil
}

func namesOfCaches(ctx context.Context, r *room, _ struct{}, _ tell) ([]string, error) {
	list, err := r.keptCaches(ctx)
	return cacheNames(list), err
}

func cacheNames(list []purge.Cache) []string {
	names := []string{}
	for _, c := range list {
		names = append(names, c.Name())
	}
	return names
}

// purgeCaches purges everything and waits some seconds for the answers.
func purgeCaches(ctx context.Context, r *room, _ struct{}, _ tell) ([]dateline.PurgeLine, error) {
	if r.caches == nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "no server runs here; a start purges everything by itself")
	}
	if !r.caches.Any() {
		return nil, dateline.Errorf(dateline.ENotFound, "no cache is named: `dateline cache add` names one")
	}
	return r.caches.Everything(ctx), nil
}
