package markup

import (
	"net/url"
	"strings"
)

// address gives the form in which a link of the HTML may stand in a document, or nothing.
func (b *builder) address(raw string) string {
	href := b.resolve(raw)
	if badHref(href) != "" {
		return ""
	}
	return href
}

// resolve makes an address absolute where a base is given, and percent-encodes the blanks that browsers forgive.
func (b *builder) resolve(raw string) string {
	raw = tidyAddress(raw)
	if raw == "" || raw[0] == '#' {
		return raw
	}
	if b.opt.Base == nil {
		if strings.HasPrefix(raw, "//") {
			return "https:" + raw
		}
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "" {
		return raw
	}
	if strings.Contains(raw, `\`) {
		return ""
	}
	return b.opt.Base.ResolveReference(u).String()
}

// tidyAddress does what browsers do before they read an address: control characters at the ends and newlines
// and tabs anywhere are left out.
func tidyAddress(raw string) string {
	raw = strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' })
	raw = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, raw)
	return strings.NewReplacer(" ", "%20", "\u00a0", "%C2%A0", `"`, "%22", "<", "%3C", ">", "%3E", "`", "%60").Replace(raw)
}

// embed gives an embed for the address, or false where no provider on the list takes it. Plain http is raised
// to https.
func (b *builder) embed(raw, title string) (Node, bool) {
	address := b.resolve(raw)
	if len(address) > 7 && strings.EqualFold(address[:7], "http://") {
		address = "https://" + address[7:]
	}
	provider, ok := FindEmbed(address)
	if !ok {
		return Node{}, false
	}
	return Node{Type: TypeEmbed, Attrs: &Attrs{Provider: provider, URL: address, Title: b.short(title)}}, true
}

// webAddress gives an absolute http or https address, or nothing.
func (b *builder) webAddress(raw string) string {
	href := b.address(raw)
	if lower := strings.ToLower(href[:min(len(href), 8)]); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return href
	}
	return ""
}
