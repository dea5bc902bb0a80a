package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/wire/wxr"
)

// pictureSource finds the pictures of what is imported: in a copy of the old site's uploads folder, or at their address.
// It is safe for concurrent use.
type pictureSource struct {
	room   *room
	root   *os.Root      // nil where no folder was named
	client *fetch.Client // nil where nothing may be fetched
	hosts  map[string]bool

	mu    sync.Mutex
	known map[string]foundPicture
	taken map[string]bool // the ends of ids, which are random
}

// foundPicture is a picture, or why there is none.
type foundPicture struct {
	id  dateline.ID
	why string
}

// knownPictures bounds what is remembered of pictures found and not found.
const knownPictures = 50_000

func openPictures(r *room, a pictureArgs) (_ *pictureSource, err error) {
	s := &pictureSource{room: r, hosts: map[string]bool{}, known: map[string]foundPicture{}, taken: map[string]bool{}}
	if a.Media != "" {
		if s.root, err = os.OpenRoot(a.Media); err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "--media: the folder %s cannot be opened: %v", a.Media, errors.Unwrap(err))
		}
	}
	if a.Fetch {
		if s.client, err = fetch.New(fetch.Config{UserAgent: "Dateline/" + version + " (import)", Concurrency: fetchAtOnce}); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// fetchAtOnce is how many pictures are fetched at once.
const fetchAtOnce = 4

// Close ends the source.
func (s *pictureSource) Close() error {
	if s.client != nil {
		s.client.Close()
	}
	if s.root != nil {
		return s.root.Close()
	}
	return nil
}

// own names a host whose pictures lie in the folder.
func (s *pictureSource) own(address string) {
	if u, err := url.Parse(strings.TrimSpace(address)); err == nil && u.Host != "" {
		s.hosts[bareHost(u.Host)] = true
	}
}

func bareHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// find gets a picture by its path under the uploads folder, where that is known, and its addresses. What is wrong with a
// picture is said; an error is the newsroom's own and ends the import.
func (s *pictureSource) find(ctx context.Context, file string, addresses ...string) (foundPicture, error) {
	key := file + "\x00" + strings.Join(addresses, "\x00")
	s.mu.Lock()
	found, ok := s.known[key]
	s.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := s.look(ctx, file, addresses)
	if err != nil {
		return found, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= knownPictures {
		clear(s.known)
	}
	s.known[key] = found
	if found.id != "" {
		s.taken[strings.Clone(string(found.id[len(found.id)-12:]))] = true
	}
	return found, nil
}

func (s *pictureSource) look(ctx context.Context, file string, addresses []string) (foundPicture, error) {
	why := "neither --media nor --fetch-media was given"
	if s.root != nil {
		why = "it is not in the folder of pictures"
		for _, name := range s.paths(file, addresses) {
			id, bad, err := s.read(ctx, name)
			if err != nil || id != "" {
				return foundPicture{id: id}, err
			}
			if bad != "" {
				why = bad
			}
		}
	}
	if s.client != nil {
		for _, address := range s.whole(addresses) {
			id, bad, err := s.fetch(ctx, address)
			if err != nil || id != "" {
				return foundPicture{id: id}, err
			}
			why = bad
		}
	}
	return foundPicture{why: why}, nil
}

var (
	// photon is the mirror that serves many sites' pictures under an address of its own.
	photon = regexp.MustCompile(`^i[0-9]\.wp\.com$`)
	// uploads is what stands before the path under the uploads folder; the blogs of one installation have folders of their own.
	uploads = regexp.MustCompile(`^.*?/(?:uploads|files|blogs\.dir/\d+/files)/(?:sites/\d+/)?`)
	monthly = regexp.MustCompile(`(?:^|/)((?:19|20)\d\d/(?:0[1-9]|1[0-2])/[^/]+)$`)
	sized   = regexp.MustCompile(`(-\d{1,5}x\d{1,5}|-scaled|-rotated)(\.[A-Za-z]{3,4})$`)
	ending  = regexp.MustCompile(`\.[A-Za-z]{3,4}$`)
)

// paths are the names that a picture may have in the folder, the most likely first: as it was uploaded rather than as one
// of the sizes that were made of it.
func (s *pictureSource) paths(file string, addresses []string) []string {
	var names []string
	if file != "" {
		names = append(names, file)
	}
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil {
			continue
		}
		host, p := bareHost(u.Host), u.Path
		if photon.MatchString(host) {
			host, p, _ = strings.Cut(strings.TrimPrefix(p, "/"), "/")
			host, p = bareHost(host), "/"+p
		}
		if !s.mayOwn(host) {
			continue
		}
		if prefix := uploads.FindString(p); prefix != "" {
			names = append(names, p[len(prefix):])
		}
		if m := monthly.FindStringSubmatch(p); m != nil {
			names = append(names, m[1])
		}
	}
	return variants(names)
}

// mayOwn says whether a host's pictures may lie in the folder: the site's own, and WordPress' for the sites it hosts.
func (s *pictureSource) mayOwn(host string) bool {
	return host == "" || s.hosts[host] || strings.HasSuffix(host, ".files.wordpress.com")
}

// variants adds to each name those of the same picture in other sizes.
func variants(names []string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if name = path.Clean(name); !seen[name] && fs.ValidPath(name) && name != "." {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, name := range names {
		plain := sized.ReplaceAllString(name, "$2")
		add(plain)
		add(ending.ReplaceAllString(plain, "-scaled$0"))
		add(name)
	}
	return out
}

// whole are the addresses of a picture as it was uploaded, before those of one of its sizes.
func (s *pictureSource) whole(addresses []string) []string {
	var out []string
	for _, a := range addresses {
		if !strings.HasPrefix(a, "http://") && !strings.HasPrefix(a, "https://") {
			continue
		}
		if full := wxr.FullSize(a); full != a {
			out = append(out, full)
		}
		out = append(out, a)
	}
	return out
}

// read takes a picture in from the folder. A name that is not there is no fault of anybody's.
func (s *pictureSource) read(ctx context.Context, name string) (id dateline.ID, bad string, err error) {
	f, err := s.root.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", "", nil
		}
		return "", fmt.Sprintf("%s in the folder of pictures cannot be read: %v", name, errors.Unwrap(err)), nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", name + " in the folder of pictures is no file", nil
	}
	return s.take(ctx, f, path.Base(name))
}

func (s *pictureSource) fetch(ctx context.Context, address string) (id dateline.ID, bad string, err error) {
	resp, err := s.client.Do(ctx, fetch.Question{URL: address, Accept: "image/*", Limits: fetch.Limits{Bytes: media.MaxBytes}})
	switch {
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	case err != nil:
		return "", err.Error(), nil
	case resp.Status != 200:
		return "", fmt.Sprintf("it could not be fetched: its host answers %d", resp.Status), nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", "its address cannot be read", nil
	}
	return s.take(ctx, bytes.NewReader(resp.Body), path.Base(u.Path))
}

// take gives a picture to the desk, which looks at its content.
func (s *pictureSource) take(ctx context.Context, r io.Reader, name string) (id dateline.ID, bad string, err error) {
	p, err := s.room.desk.CreatePicture(ctx, local, r, printable(name, dateline.MaxName))
	switch dateline.ErrorCode(err) {
	case "":
		return p.ID, "", nil
	case dateline.EInvalid, dateline.ETooLarge:
		return "", err.Error(), nil
	}
	return "", "", err
}

// count is how many pictures were taken in or found again.
func (s *pictureSource) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.taken)
}
