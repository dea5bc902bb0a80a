package render

import (
	"bytes"
	"net/url"
	"slices"
)

// framing shows what a reader asks for by its button in the place of its sentence. A frame may run scripts of its host and go
// full screen, and may not lead the reader's page anywhere.
const framing = `(function(){document.querySelectorAll("button[data-frame]").forEach(function(b){b.hidden=false;b.onclick=function(){` +
	`var f=document.createElement("iframe");f.title=b.title;f.allow="fullscreen; encrypted-media; picture-in-picture";f.tabIndex=0;` +
	`f.setAttribute("sandbox","allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation");` +
	`f.src=b.dataset.frame;b.closest("p").before(f);b.remove();f.focus()}})})()`

// framed is how a frame's address stands in a body's HTML.
var framed = []byte(` data-frame="`)

// FramingSource is the source expression that allows the script of pages with embeds in a policy.
func FramingSource() string { return sourceOf(framing) }

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

// embeds ends a page with the script that shows embeds, where its body has any.
func (s *sheet) embeds(body []byte) {
	if bytes.Contains(body, framed) && !s.f.Private && s.f.Then == nil {
		s.lit("<script>" + framing + "</script>\n")
	}
}
