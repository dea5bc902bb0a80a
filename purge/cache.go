// Package purge tells shared caches before the site, such as a CDN or a Varnish, which pages an act has changed: at once, again
// where they did not answer, and everything at a start.
package purge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
)

// Form is how a cache is asked to drop pages.
type Form string

// The forms.
const (
	Webhook    Form = "webhook"    // POST of {"sequence", "all", "hard", "tags"} as JSON, for whatever the newsroom has
	Fastly     Form = "fastly"     // its API's batch of surrogate keys; soft but for what is taken from readers
	Cloudflare Form = "cloudflare" // its API's purge by tags
	Varnish    Form = "varnish"    // PURGE with the tags in Surrogate-Key, none for everything; the VCL is in the guide
	Nginx      Form = "nginx"      // GET of an address that renews the one key that all others hang from; the configuration is in the guide
)

// form is what there is to know of one.
type form struct {
	base    string // of its API; "" where the operator names the address
	most    int    // tags that one request takes; 0 where it takes none
	ask     func(Cache, batch) fetch.Question
	done    func(fetch.Response) bool
	strict  bool // what was under way when it purged can never be asked for, so once is enough
	id, key bool // an id and a secret are needed
}

// forms are all of them. Limits: Fastly's purge API takes 256 keys, Cloudflare's 100 tags; Varnish takes a header line of 8 kB.
func forms() map[Form]form {
	return map[Form]form{
		Webhook:    {most: 1000, ask: askWebhook, done: well},
		Fastly:     {base: "https://api.fastly.com", most: 256, ask: askFastly, done: well, id: true, key: true},
		Cloudflare: {base: "https://api.cloudflare.com/client/v4", most: 100, ask: askCloudflare, done: succeeded, id: true, key: true},
		Varnish:    {most: 500, ask: askPurge, done: well},
		Nginx:      {ask: askNginx, done: well, strict: true},
	}
}

// Cache is a shared cache as whoever keeps the newsroom named it.
type Cache struct {
	Form   Form   `json:"form"`
	URL    string `json:"url,omitempty"`    // where it is asked; empty for the API of a CDN
	ID     string `json:"id,omitempty"`     // Fastly's service or Cloudflare's zone
	Secret string `json:"secret,omitempty"` // sent as that form has it; as Authorization: Bearer where it has none
	Broken error  `json:"-"`                // why it cannot be asked at all: it is owed what it is told until it is named anew
}

// Name is what a cache is called in receipts and commands.
func (c Cache) Name() string {
	if c.ID != "" {
		return string(c.Form) + " " + c.ID
	}
	return string(c.Form) + " " + c.URL
}

// Validate refuses what cannot be asked; EInvalid.
func (c Cache) Validate() error {
	f, ok := forms()[c.Form]
	switch {
	case !ok:
		return dateline.Errorf(dateline.EInvalid, "%.40q is no form of a cache; use webhook, fastly, cloudflare, varnish or nginx", c.Form)
	case f.id && (c.ID == "" || url.PathEscape(c.ID) != c.ID):
		return dateline.Errorf(dateline.EInvalid, "%s needs --id: the service of Fastly, or the zone of Cloudflare", c.Form)
	case f.key && c.Secret == "":
		return dateline.Errorf(dateline.EInvalid, "%s needs the token of its API in DATELINE_CACHE_SECRET", c.Form)
	case c.Form == Nginx && c.Secret != "":
		return dateline.Errorf(dateline.EInvalid, "nginx, as the guide has it, looks at no secret: only this machine reaches the address that empties it. Leave DATELINE_CACHE_SECRET empty")
	case strings.ContainsAny(c.Secret, "\r\n\x00"):
		return dateline.Errorf(dateline.EInvalid, "the secret holds a line's end")
	}
	u, err := url.Parse(c.base())
	if err == nil && (u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "") {
		return dateline.Errorf(dateline.EInvalid, "an address is shown in lists, receipts and logs, so it may have no user, password, query or fragment: give a secret in DATELINE_CACHE_SECRET, which is sent as Authorization: Bearer")
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return dateline.Errorf(dateline.EInvalid, "%s needs the address at which it is asked, such as http://127.0.0.1:6081/", c.Form)
	}
	return nil
}

func (c Cache) base() string {
	if c.URL != "" {
		return c.URL
	}
	return forms()[c.Form].base
}

// batch is what one request asks for.
type batch struct {
	sequence  int64
	tags      []string
	all, hard bool
}

// questions are the requests that purge what is owed.
func (c Cache) questions(b batch) (list []fetch.Question) {
	f := forms()[c.Form]
	ask := func(b batch) {
		q := f.ask(c, b)
		q.Limits = fetch.Limits{Bytes: 64 << 10, Timeout: patience}
		list = append(list, q)
	}
	if f.most == 0 {
		// nginx may answer before it has put the new key in place. It has by the time it reads the next request of the connection.
		ask(b)
		ask(b)
		return list
	}
	if b.all {
		b.tags = nil
		ask(b)
		return list
	}
	for part := range slices.Chunk(b.tags, f.most) {
		ask(batch{b.sequence, part, false, b.hard})
	}
	return list
}

// patience is how long one request may take.
const patience = 10 * time.Second

func (c Cache) header(lines ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(lines); i += 2 {
		h.Set(lines[i], lines[i+1])
	}
	if c.Secret != "" && c.Form != Fastly {
		h.Set("Authorization", "Bearer "+c.Secret)
	}
	return h
}

func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("purge: a question cannot be written: " + err.Error())
	}
	return b
}

func askWebhook(c Cache, b batch) fetch.Question {
	tags := b.tags
	if tags == nil {
		tags = []string{}
	}
	return fetch.Question{URL: c.URL, Header: c.header("Content-Type", "application/json"), Post: jsonOf(struct {
		Sequence int64    `json:"sequence"`
		All      bool     `json:"all"`
		Hard     bool     `json:"hard"`
		Tags     []string `json:"tags"`
	}{b.sequence, b.all, b.hard, tags})}
}

// askFastly: what is only older than it could be is marked stale, so that it is there if this machine is not.
func askFastly(c Cache, b batch) fetch.Question {
	q := fetch.Question{URL: c.base() + "/service/" + c.ID, Header: c.header("Fastly-Key", c.Secret, "Accept", "application/json"), Post: []byte{}}
	if b.all {
		q.URL += "/purge_all"
		return q
	}
	q.URL += "/purge"
	q.Header.Set("Surrogate-Key", strings.Join(b.tags, " "))
	if !b.hard {
		q.Header.Set("Fastly-Soft-Purge", "1")
	}
	return q
}

func askCloudflare(c Cache, b batch) fetch.Question {
	var body any = map[string]any{"tags": b.tags}
	if b.all {
		body = map[string]any{"purge_everything": true}
	}
	return fetch.Question{URL: c.base() + "/zones/" + c.ID + "/purge_cache", Header: c.header("Content-Type", "application/json"), Post: jsonOf(body)}
}

func askPurge(c Cache, b batch) fetch.Question {
	q := fetch.Question{URL: c.URL, Method: "PURGE", Header: c.header()}
	if !b.all {
		q.Header.Set("Surrogate-Key", strings.Join(b.tags, " "))
	}
	return q
}

func askNginx(c Cache, _ batch) fetch.Question { return fetch.Question{URL: c.URL} }

func well(r fetch.Response) bool { return r.Status >= 200 && r.Status < 300 }

// succeeded: Cloudflare says it in the body too.
func succeeded(r fetch.Response) bool {
	var said struct{ Success bool }
	return well(r) && json.Unmarshal(r.Body, &said) == nil && said.Success
}

// Tag is a dependency key as it stands in header lines: short, and no word of what it is of. Two keys that share a tag purge a page
// once more than was needed.
func Tag(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:5])
}

// MostTags bounds the tags of one page. One that depends on more has Wide alone, which every act purges: its header lines must fit
// into the 4 kB that nginx takes.
const (
	MostTags = 64
	Wide     = "wide"
)

// Tags are those of a page that depends on keys, each once.
func Tags(keys []string) []string {
	list := make([]string, 0, len(keys))
	for _, k := range keys {
		if t := Tag(k); !slices.Contains(list, t) {
			list = append(list, t)
		}
		if len(list) > MostTags {
			return []string{Wide}
		}
	}
	return list
}
