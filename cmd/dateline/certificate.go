package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
)

// certificates are those of the names that are served over TLS.
type certificates interface {
	// get is for tls.Config.GetCertificate. It never waits for anybody.
	get(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// ready says whether there is one for a name that is good now.
	ready(name string) bool
	// protocols are for tls.Config.NextProtos.
	protocols() []string
	// challenges answers what an authority asks over http, and lets next answer the rest.
	challenges(next http.Handler) http.Handler
}

var (
	_ certificates = (*ownCertificate)(nil)
	_ certificates = (*fetchedCertificates)(nil)
)

// fetching is how certificates are fetched.
type fetching struct {
	directory string   // the authority's (RFC 8555)
	cache     string   // the folder in which keys and certificates are kept
	names     []string // host names
	log       *slog.Logger

	// For tests; the usual where they are 0.
	look, rest, renewBefore time.Duration
}

// How often it is looked whether a certificate was renewed, and how long an authority that refused is left alone: the first time,
// and at most. Authorities count failures, some to five in an hour.
const (
	certificateLook = 10 * time.Minute
	certificateRest = 2 * time.Minute
	mostCertificate = time.Hour
)

// fetchedCertificates come from an authority, one for each name, and are renewed in the last third of their lives. Nobody's
// handshake waits for one: they are fetched beside.
type fetchedCertificates struct {
	conf    fetching
	cache   *closingCache
	manager *autocert.Manager
	client  *fetch.Client
	kept    map[string]*atomic.Pointer[tls.Certificate] // by name; the map does not change
}

// fetchCertificates takes from the folder what was fetched before; run fetches the rest.
func fetchCertificates(conf fetching) (*fetchedCertificates, error) {
	if conf.look == 0 {
		conf.look = certificateLook
	}
	if conf.rest == 0 {
		conf.rest = certificateRest
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Hosts: []string{fetch.HostOf(conf.directory)}})
	if err != nil {
		return nil, err
	}
	c := &fetchedCertificates{conf: conf, cache: &closingCache{Cache: autocert.DirCache(conf.cache)}, client: client, kept: map[string]*atomic.Pointer[tls.Certificate]{}}
	c.manager = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: c.cache, HostPolicy: autocert.HostWhitelist(conf.names...), RenewBefore: conf.renewBefore,
		Client: &acme.Client{DirectoryURL: conf.directory, HTTPClient: client.HTTP(), UserAgent: "Dateline/" + version, RetryBackoff: briefly}}
	for _, name := range conf.names {
		if !strings.Contains(name, ".") || strings.Trim(name, "0123456789.:") == "" {
			return nil, dateline.Errorf(dateline.EInvalid, "no authority gives a certificate for %s: give the paper names of the domain name system, or name a certificate of your own with --certificate", name)
		}
		c.kept[name] = new(atomic.Pointer[tls.Certificate])
	}
	return c, nil
}

// closingCache keeps what is fetched until it is closed. autocert cannot be told to end, and an authority may answer minutes later:
// by then the folder may be another program's.
type closingCache struct {
	autocert.Cache
	mu     sync.Mutex
	closed bool
}

// close waits for what is being written; nothing is written after it.
func (c *closingCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// Put fails once the cache is closed.
func (c *closingCache) Put(ctx context.Context, key string, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return context.Canceled
	}
	return c.Cache.Put(ctx, key, data)
}

// Delete fails once the cache is closed.
func (c *closingCache) Delete(ctx context.Context, key string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return context.Canceled
	}
	return c.Cache.Delete(ctx, key)
}

// briefly tries a request that failed twice more; after that the failure is told, and the whole is tried again later.
func briefly(n int, _ *http.Request, _ *http.Response) time.Duration {
	if n > 2 {
		return -1
	}
	return time.Duration(n) * time.Second
}

// run fetches the certificates and keeps them new until ctx ends.
func (c *fetchedCertificates) run(ctx context.Context) {
	var names sync.WaitGroup
	for name, kept := range c.kept {
		names.Go(func() { c.keep(ctx, name, kept) })
	}
	names.Wait()
	c.client.Close()
}

func (c *fetchedCertificates) keep(ctx context.Context, name string, kept *atomic.Pointer[tls.Certificate]) {
	for rest := c.conf.rest; ; {
		got, err := c.manager.GetCertificate(&tls.ClientHelloInfo{ServerName: name, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
		wait := c.conf.look
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			wait, rest = rest, min(2*rest, mostCertificate)
			c.conf.log.Error("there is no certificate for "+name+"; readers are answered over http meanwhile, and it is asked for again", "authority", c.conf.directory, "after", wait, "error", err)
		}
		if err == nil {
			rest = c.conf.rest
			c.take(name, kept, got)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// take hands a certificate to the handshakes that come, and says where one should have been renewed by now.
func (c *fetchedCertificates) take(name string, kept *atomic.Pointer[tls.Certificate], got *tls.Certificate) {
	if was := kept.Swap(got); was == nil || !was.Leaf.Equal(got.Leaf) {
		c.conf.log.Info("there is a certificate for "+name, "until", got.Leaf.NotAfter)
		return
	}
	if life := got.Leaf.NotAfter.Sub(got.Leaf.NotBefore); time.Until(got.Leaf.NotAfter) < life/4 {
		c.conf.log.Error("the certificate of "+name+" should have been renewed by now, and is good for a while only; is the name still this machine's, and does port 80 or 443 reach it?",
			"authority", c.conf.directory, "until", got.Leaf.NotAfter)
	}
}

func (c *fetchedCertificates) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acme.ALPNProto {
		return c.manager.GetCertificate(hello) // the authority's own question (RFC 8737)
	}
	name := hostName(hello.ServerName)
	kept := c.kept[name]
	if kept == nil {
		return nil, fmt.Errorf("nothing is served under the name %.100q", name)
	}
	if got := kept.Load(); got != nil {
		return got, nil
	}
	return nil, fmt.Errorf("there is no certificate for %s yet", name)
}

func (c *fetchedCertificates) ready(name string) bool {
	kept := c.kept[name]
	if kept == nil {
		return false
	}
	got := kept.Load()
	return got != nil && time.Now().Before(got.Leaf.NotAfter)
}

func (c *fetchedCertificates) protocols() []string {
	return []string{"h2", "http/1.1", acme.ALPNProto}
}

func (c *fetchedCertificates) challenges(next http.Handler) http.Handler {
	return c.manager.HTTPHandler(next)
}

// ownCertificate is one that whoever keeps the newsroom brought.
type ownCertificate struct {
	file, key string
	names     []string // host names, each of which it must be for
	log       *slog.Logger
	look      time.Duration // how often the files are looked at, where somebody comes

	mu      sync.Mutex
	now     *tls.Certificate
	looked  time.Time
	told    time.Time      // when its end was looked at last
	refused string         // what was said last of files that cannot be used
	state   [2]fs.FileInfo // of the files when they were read
}

// readCertificate reads a certificate, which must be for every name.
func readCertificate(file, key string, names []string, log *slog.Logger) (*ownCertificate, error) {
	c := &ownCertificate{file: file, key: key, names: names, log: log, look: time.Second}
	if err := c.read(); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "--certificate: %v", err)
	}
	c.tellEnd()
	return c, nil
}

// soon is how long before its end a certificate of one's own is told of, each day.
const soon = 14 * 24 * time.Hour

// tellEnd logs that the certificate is not good now, or soon will not be.
func (c *ownCertificate) tellEnd() {
	now, from, until := time.Now(), c.now.Leaf.NotBefore, c.now.Leaf.NotAfter
	c.told = now
	switch {
	case now.Before(from) || !now.Before(until):
		c.log.Error("the certificate is not good at this time, and browsers will refuse it", "file", c.file, "from", from, "until", until)
	case until.Sub(now) < soon:
		c.log.Warn("the certificate ends soon; put a new one in its place", "file", c.file, "until", until)
	}
}

// read reads the files. What was read before stays where they are no pair, as in the moment in which one of them is new, or not for
// the names.
func (c *ownCertificate) read() error {
	var state [2]fs.FileInfo
	for i, file := range []string{c.file, c.key} {
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		state[i] = info
	}
	pair, err := tls.LoadX509KeyPair(c.file, c.key)
	if err != nil {
		return fmt.Errorf("%s and %s are no certificate and its key: %w", c.file, c.key, err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return err
		}
	}
	for _, name := range c.names {
		if err := pair.Leaf.VerifyHostname(name); err != nil {
			return fmt.Errorf("%s is not for %s, at which the paper is read or written: %w", c.file, name, err)
		}
	}
	c.now, c.state = &pair, state
	return nil
}

func (c *ownCertificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= c.look {
		c.looked = now
		if c.changed() {
			switch err := c.read(); {
			case err == nil:
				c.refused = ""
				c.log.Info("the certificate was changed", "file", c.file, "until", c.now.Leaf.NotAfter)
				c.tellEnd()
			case err.Error() != c.refused:
				c.refused = err.Error()
				c.log.Warn("the certificate was changed and cannot be used; the one before stays", "error", err)
			}
		}
		if now.Sub(c.told) >= 24*time.Hour {
			c.tellEnd()
		}
	}
	return c.now, nil
}

func (c *ownCertificate) changed() bool {
	for i, file := range []string{c.file, c.key} {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) {
			return false // about to be put in place
		}
		if err != nil || !info.ModTime().Equal(c.state[i].ModTime()) || !os.SameFile(info, c.state[i]) {
			return true
		}
	}
	return false
}

func (c *ownCertificate) ready(string) bool                         { return true }
func (c *ownCertificate) protocols() []string                       { return []string{"h2", "http/1.1"} }
func (c *ownCertificate) challenges(next http.Handler) http.Handler { return next }
