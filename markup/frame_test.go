package markup

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestEmbedFrame(t *testing.T) {
	origins := EmbedOrigins()
	for address, want := range map[string]string{
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ":            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
		"https://www.youtube.com/watch?list=a&v=dQw4w9WgXcQ":     "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
		"https://youtu.be/dQw4w9WgXcQ?t=10":                      "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
		"https://m.youtube.com/shorts/a_b-c":                     "https://www.youtube-nocookie.com/embed/a_b-c",
		"https://www.youtube.com/@somebody":                      "",
		"https://vimeo.com/123":                                  "https://player.vimeo.com/video/123?dnt=1",
		"https://vimeo.com/somebody":                             "",
		"https://player.vimeo.com/video/123?h=a":                 "https://player.vimeo.com/video/123?h=a",
		"https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwO":  "https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwO",
		"https://x.com/somebody/status/17":                       "https://platform.twitter.com/embed/Tweet.html?id=17&dnt=true",
		"https://www.instagram.com/p/Ab_c/":                      "https://www.instagram.com/p/Ab_c/embed/",
		"https://www.tiktok.com/@somebody/video/17":              "https://www.tiktok.com/embed/v2/17",
		"https://www.dailymotion.com/video/x7tgad0":              "https://geo.dailymotion.com/player.html?video=x7tgad0",
		"https://datawrapper.dwcdn.net/AbCd1/3/":                 "https://datawrapper.dwcdn.net/AbCd1/3/",
		"https://www.datawrapper.de/_/AbCd1/":                    "",
		"https://archive.org/embed/a-film":                       "https://archive.org/embed/a-film",
		"https://www.google.com/maps/embed?pb=1":                 "https://www.google.com/maps/embed?pb=1",
		"https://www.google.com/maps/place/Mora":                 "",
		"https://www.openstreetmap.org/export/embed.html?bbox=1": "https://www.openstreetmap.org/export/embed.html?bbox=1",
		"https://podcasts.apple.com/in/podcast/a/id1":            "https://embed.podcasts.apple.com/in/podcast/a/id1",
		"https://example.org/embed/1":                            "",
		"http://www.youtube.com/embed/a":                         "",
		"https://u@www.youtube.com/embed/a":                      "",
	} {
		got, ok := EmbedFrame(address)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", address, got, ok, want)
		}
		if u, err := url.Parse(got); err != nil || ok && !slices.Contains(origins, "https://"+u.Host) {
			t.Errorf("the origin of %s is not among %q", got, origins)
		}
	}
	for _, origin := range origins {
		if u, err := url.Parse(origin); err != nil || origin != "https://"+u.Host || strings.Trim(u.Host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			t.Errorf("%s is no origin", origin)
		}
	}
	for _, f := range frames {
		if badProvider(f.provider) != "" {
			t.Errorf("%s is no provider", f.provider)
		}
	}
}
