package render

import (
	"bytes"
	"net/url"
	"slices"
)

// framed is how a frame's address stands in a body's HTML.
var framed = []byte(` data-frame="`)

// FramedOrigins are the origins of the embeds of a body that a reader can have shown, each once and in order; none for a body without.
func FramedOrigins(body []byte) (origins []string) {
	for {
		_, rest, ok := bytes.Cut(body, framed)
		if !ok {
			slices.Sort(origins)
			return slices.Compact(origins)
		}
		address, rest, _ := bytes.Cut(rest, []byte{'"'})
		if u, err := url.Parse(string(address)); err == nil {
			origins = append(origins, "https://"+u.Host)
		}
		body = rest
	}
}

// embeds notes that a page's body has embeds that a reader can have shown.
func (s *sheet) embeds(body []byte) {
	s.works = s.works || bytes.Contains(body, framed) && s.f.Then == nil
}
