package markup

import (
	"fmt"
	"net/url"
	"strings"
)

// badHref says what is wrong with a link's address, or nothing. Allowed are http, https, mailto, tel, a path of
// the same site (one leading slash) and a fragment.
func badHref(s string) string {
	if problem := badAddress(s); problem != "" {
		return problem
	}
	if s[0] == '#' || s[0] == '/' && !strings.HasPrefix(s, "//") {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		return "is not an address that can be read"
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return badWeb(u)
	case "mailto", "tel":
		if u.Opaque == "" {
			return fmt.Sprintf("names nothing after %s:", u.Scheme)
		}
		return ""
	}
	return "is not an address of http, https, mailto or tel, a path that begins with one /, or a # fragment"
}

// badWeb refuses addresses without a host, and names before an @, which make a foreign host look like a known one.
func badWeb(u *url.URL) string {
	switch {
	case u.Host == "" || u.Hostname() == "":
		return "names no host"
	case u.User != nil:
		return "has a user name before the host"
	}
	return ""
}

// badAddress refuses what no address may hold whatever its scheme.
func badAddress(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxURL:
		return fmt.Sprintf("has %d bytes, over the limit of %d for an address", len(s), maxURL)
	}
	for _, r := range s {
		if r <= ' ' || r == '\\' || r == '<' || r == '>' || r == '"' || r == '`' || isControl(r) || r == 0xa0 || r == 0x2028 || r == 0x2029 {
			return fmt.Sprintf("has the character U+%04X, which an address must not", r)
		}
	}
	return ""
}

// EmbedProvider is one line of the allow-list of embeds.
type EmbedProvider struct {
	Name  string   // as it stands in Attrs.Provider
	Hosts []string // exact host names, lower case
	Path  string   // the path must begin so; empty for any
}

var embedProviders = []EmbedProvider{
	{Name: "apple_podcasts", Hosts: []string{"embed.podcasts.apple.com", "podcasts.apple.com"}},
	{Name: "archive", Hosts: []string{"archive.org", "www.archive.org"}, Path: "/embed/"},
	{Name: "bluesky", Hosts: []string{"bsky.app", "embed.bsky.app"}},
	{Name: "dailymotion", Hosts: []string{"www.dailymotion.com", "dailymotion.com", "geo.dailymotion.com"}},
	{Name: "datawrapper", Hosts: []string{"datawrapper.dwcdn.net", "www.datawrapper.de"}},
	{Name: "documentcloud", Hosts: []string{"embed.documentcloud.org", "www.documentcloud.org"}},
	{Name: "facebook", Hosts: []string{"www.facebook.com"}, Path: "/plugins/"},
	{Name: "flourish", Hosts: []string{"flo.uri.sh", "public.flourish.studio"}},
	{Name: "google_maps", Hosts: []string{"www.google.com", "maps.google.com"}, Path: "/maps"},
	{Name: "instagram", Hosts: []string{"www.instagram.com", "instagram.com"}},
	{Name: "openstreetmap", Hosts: []string{"www.openstreetmap.org", "openstreetmap.org"}},
	{Name: "soundcloud", Hosts: []string{"w.soundcloud.com", "soundcloud.com"}},
	{Name: "spotify", Hosts: []string{"open.spotify.com"}},
	{Name: "ted", Hosts: []string{"embed.ted.com"}},
	{Name: "tiktok", Hosts: []string{"www.tiktok.com"}},
	{Name: "vimeo", Hosts: []string{"player.vimeo.com", "vimeo.com"}},
	{Name: "x", Hosts: []string{"x.com", "twitter.com", "www.twitter.com", "platform.twitter.com"}},
	{Name: "youtube", Hosts: []string{"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com"}},
}

// EmbedProviders lists who may be embedded, by name.
func EmbedProviders() []EmbedProvider {
	list := make([]EmbedProvider, len(embedProviders))
	for i, p := range embedProviders {
		list[i] = EmbedProvider{Name: p.Name, Hosts: append([]string(nil), p.Hosts...), Path: p.Path}
	}
	return list
}

// FindEmbed gives the provider whose rules an https address meets, and false when there is none.
func FindEmbed(address string) (provider string, ok bool) {
	if badAddress(address) != "" {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" {
		return "", false
	}
	for _, p := range embedProviders {
		if p.takes(u) {
			return p.Name, true
		}
	}
	return "", false
}

func (p EmbedProvider) takes(u *url.URL) bool {
	if !strings.HasPrefix(u.EscapedPath(), p.Path) || len(u.Path) < 2 && u.RawQuery == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, h := range p.Hosts {
		if h == host {
			return true
		}
	}
	return false
}

func badProvider(name string) string {
	for _, p := range embedProviders {
		if p.Name == name {
			return ""
		}
	}
	return fmt.Sprintf("%q is not on the list of embeds", name)
}

func badEmbed(provider, address string) string {
	found, ok := FindEmbed(address)
	if !ok || found != provider {
		return fmt.Sprintf("is not an https address of %s", provider)
	}
	return ""
}
