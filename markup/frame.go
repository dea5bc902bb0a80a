package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// frame says how a provider's address becomes that of a page that is made to stand in another one. Where shape is nil, the
// addresses that the provider's list takes with this host are such pages already.
type frame struct {
	provider string
	host     string         // of the address; "" for any of the provider's
	shape    *regexp.Regexp // of path and query
	becomes  string         // $1 and so on of the shape
}

var frames = []frame{
	{"apple_podcasts", "embed.podcasts.apple.com", nil, ""},
	{"apple_podcasts", "podcasts.apple.com", regexp.MustCompile(`^(/.+)$`), "https://embed.podcasts.apple.com$1"},
	{"archive", "", nil, ""},
	{"bluesky", "embed.bsky.app", nil, ""},
	{"dailymotion", "geo.dailymotion.com", nil, ""},
	{"dailymotion", "", regexp.MustCompile(`^/(?:embed/)?video/([A-Za-z0-9]+)`), "https://geo.dailymotion.com/player.html?video=$1"},
	{"datawrapper", "datawrapper.dwcdn.net", nil, ""},
	{"documentcloud", "embed.documentcloud.org", nil, ""},
	{"facebook", "", nil, ""},
	{"flourish", "flo.uri.sh", nil, ""},
	{"google_maps", "", regexp.MustCompile(`^/maps/embed(.*)$`), "https://www.google.com/maps/embed$1"},
	{"instagram", "", regexp.MustCompile(`^/(p|reel|tv)/([A-Za-z0-9_-]+)`), "https://www.instagram.com/$1/$2/embed/"},
	{"openstreetmap", "", regexp.MustCompile(`^/export/embed\.html(.*)$`), "https://www.openstreetmap.org/export/embed.html$1"},
	{"soundcloud", "w.soundcloud.com", nil, ""},
	{"spotify", "", regexp.MustCompile(`^/(?:embed/)?(track|album|artist|playlist|episode|show)/([A-Za-z0-9]+)`), "https://open.spotify.com/embed/$1/$2"},
	{"ted", "", nil, ""},
	{"tiktok", "", regexp.MustCompile(`^/(?:@[^/]+/video|embed(?:/v2)?)/([0-9]+)`), "https://www.tiktok.com/embed/v2/$1"},
	{"vimeo", "player.vimeo.com", nil, ""},
	{"vimeo", "vimeo.com", regexp.MustCompile(`^/([0-9]+)`), "https://player.vimeo.com/video/$1?dnt=1"},
	{"x", "platform.twitter.com", nil, ""},
	{"x", "", regexp.MustCompile(`^/[^/]+/status/([0-9]+)`), "https://platform.twitter.com/embed/Tweet.html?id=$1&dnt=true"},
	{"youtube", "youtu.be", regexp.MustCompile(`^/([A-Za-z0-9_-]+)`), "https://www.youtube-nocookie.com/embed/$1"},
	{"youtube", "", regexp.MustCompile(`^/watch\?(?:.*&)?v=([A-Za-z0-9_-]+)`), "https://www.youtube-nocookie.com/embed/$1"},
	{"youtube", "", regexp.MustCompile(`^/(?:embed|shorts|live)/([A-Za-z0-9_-]+)`), "https://www.youtube-nocookie.com/embed/$1"},
}

// EmbedOrigins are the origins of all pages that EmbedFrame can lead to, each once and in order.
func EmbedOrigins() (origins []string) {
	for _, f := range frames {
		switch {
		case f.becomes != "":
			host := strings.TrimPrefix(f.becomes, "https://")
			origins = append(origins, "https://"+host[:strings.IndexAny(host, "/$")])
		case f.host != "":
			origins = append(origins, "https://"+f.host)
		default:
			i := slices.IndexFunc(embedProviders, func(p EmbedProvider) bool { return p.Name == f.provider })
			for _, host := range embedProviders[i].Hosts {
				origins = append(origins, "https://"+host)
			}
		}
	}
	slices.Sort(origins)
	return slices.Compact(origins)
}

// EmbedFrame gives the address of the page of a provider that is made to stand in another page, for the address an embed
// has; false where the provider has none for it, such as for a profile. It asks nobody.
func EmbedFrame(address string) (string, bool) {
	provider, ok := FindEmbed(address)
	if !ok {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	rest := u.EscapedPath()
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	for _, f := range frames {
		if f.provider != provider || f.host != "" && f.host != strings.ToLower(u.Hostname()) {
			continue
		}
		if f.shape == nil {
			return "https://" + strings.ToLower(u.Hostname()) + rest, true
		}
		if m := f.shape.FindStringSubmatchIndex(rest); m != nil {
			return string(f.shape.ExpandString(nil, f.becomes, rest, m)), true
		}
	}
	return "", false
}
