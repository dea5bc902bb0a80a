package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/purge"
)

type cacheCommand struct {
	Add    cacheAddCommand    `cmd:"" help:"Name a cache."`
	Remove cacheRemoveCommand `cmd:"" help:"Tell a cache nothing more. Empty it first: what it keeps is no longer taken from it."`
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
  dateline cache add varnish http://127.0.0.1:6081/ --dir paper
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
	Name string `arg:"" help:"The cache's name, as the list has it."`
}

// Help gives the example.
func (cacheRemoveCommand) Help() string {
	return "Example:\n  dateline cache remove \"varnish http://127.0.0.1:6081/\" --dir paper"
}

// Run forgets a cache.
func (c cacheRemoveCommand) Run(ctx context.Context, s streams) error {
	return changeCaches(ctx, s, c.inFolder, "cache-remove", c.Name, c.Name+" is told nothing more.")
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

// listCaches reads the caches with their secrets.
func (r *room) listCaches(ctx context.Context) (list []purge.Cache, err error) {
	kept, err := r.desk.FindSetting(ctx, cachesSetting)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(kept), &list); err != nil {
		return nil, &dateline.Error{Code: dateline.EInternal, Message: "the shared caches cannot be read; remove and name them anew", Cause: err}
	}
	for i := range list {
		if list[i].Secret == "" {
			continue
		}
		sealed, err := base64.StdEncoding.DecodeString(list[i].Secret)
		if err != nil {
			return nil, err
		}
		plain, err := r.door.Open(cachesSetting, sealed)
		if err != nil {
			return nil, err
		}
		list[i].Secret = string(plain)
	}
	return list, nil
}

// saveCaches keeps the caches, their secrets sealed, and tells them from now on.
func (r *room) saveCaches(ctx context.Context, list []purge.Cache) error {
	kept := slices.Clone(list)
	for i := range kept {
		if kept[i].Secret == "" {
			continue
		}
		sealed, err := r.door.Seal(cachesSetting, []byte(kept[i].Secret))
		if err != nil {
			return err
		}
		kept[i].Secret = base64.StdEncoding.EncodeToString(sealed)
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := r.desk.SaveSetting(ctx, local, cachesSetting, string(b)); err != nil {
		return err
	}
	return r.setCaches(ctx)
}

// setCaches lets the site tell the caches that are kept; it does nothing where no site is served.
func (r *room) setCaches(ctx context.Context) error {
	if r.caches == nil {
		return nil
	}
	list, err := r.listCaches(ctx)
	if err != nil {
		return err
	}
	head, err := r.desk.Head(ctx)
	if err != nil {
		return err
	}
	return r.caches.Set(list, head)
}

func addCache(ctx context.Context, r *room, c purge.Cache, _ tell) ([]string, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	list, err := r.listCaches(ctx)
	if err != nil {
		return nil, err
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

func removeCache(ctx context.Context, r *room, name string, _ tell) ([]string, error) {
	had, err := r.listCaches(ctx)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(slices.Clone(had), func(o purge.Cache) bool { return o.Name() == name })
	if len(list) == len(had) {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no cache %.100q; `dateline cache list` names them", name)
	}
	if err := r.saveCaches(ctx, list); err != nil {
		return nil, err
	}
	return cacheNames(list), nil
}

func namesOfCaches(ctx context.Context, r *room, _ struct{}, _ tell) ([]string, error) {
	list, err := r.listCaches(ctx)
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
