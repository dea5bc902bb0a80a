package wxr

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// shortcode is one [name ...] with what stands between it and its [/name].
type shortcode struct {
	name     string
	attrs    map[string]string
	loose    []string // values without a name, such as an address
	inner    string
	hasInner bool
	escaped  bool // [[name]], which stands for its own text
	length   int  // bytes, from the first bracket to the last
}

var (
	codeHead = regexp.MustCompile(`^\[(\[?)([A-Za-z][\w-]*)((?:[\s=][^\[\]]*)?)(/?)\](\]?)`)
	codeAttr = regexp.MustCompile(`^\s*(?:([A-Za-z_][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|"([^"]*)"|'([^']*)'|=?([^\s"'=]+))`)
)

// knownCodes are stripped whether or not they look like more than a word in brackets.
var knownCodes = wordSet(`caption wp_caption gallery embed audio video playlist youtube vimeo soundcloud twitter tweet instagram
	facebook tiktok spotify dailymotion ted flickr gist sourcecode code contact-form contact-form-7 archives recent-posts
	polldaddy slideshow googlemaps wpvideo`)

// playerCodes show what stands at an address.
var playerCodes = wordSet(`embed youtube vimeo soundcloud twitter tweet instagram facebook tiktok spotify dailymotion ted flickr gist wpvideo`)

// Bounds of what is read of shortcodes.
const (
	maxCodes = 8         // how deep they stand in each other
	maxInner = 256 << 10 // bytes between a shortcode and its end tag
	maxEach  = 2000      // shortcodes in one text; those that follow stay as they are
)

func (b *bodyReader) shortcodes(text string) string { return b.codes(text, 0) }

func (b *bodyReader) codes(text string, depth int) string {
	if depth > maxCodes || strings.IndexByte(text, '[') < 0 {
		return text
	}
	var out strings.Builder
	for {
		i := strings.IndexByte(text, '[')
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:i])
		text = text[i:]
		if b.seen++; b.seen > maxEach {
			out.WriteString(text)
			return out.String()
		}
		c, ok := parseCode(text)
		if !ok {
			out.WriteByte('[')
			text = text[1:]
			continue
		}
		out.WriteString(b.code(c, text[:c.length], depth))
		text = text[c.length:]
	}
}

// parseCode reads a shortcode at the beginning of text. Words in brackets, such as [sic] or [1], are none: it takes a
// known name, an attribute or an end tag.
func parseCode(text string) (c shortcode, ok bool) {
	if end, isEnd := strayEnd(text); isEnd {
		return shortcode{length: end, name: "/"}, true
	}
	m := codeHead.FindStringSubmatch(text)
	if m == nil {
		return c, false
	}
	c = shortcode{name: strings.ToLower(m[2]), length: len(m[0]), escaped: m[1] == "[" && m[5] == "]"}
	if m[1] == "[" && !c.escaped {
		return c, false
	}
	if m[1] == "" {
		c.length -= len(m[5])
	}
	named := c.readAttrs(m[3])
	if m[4] == "" && !c.escaped {
		c.readInner(text, m[2])
	}
	return c, knownCodes[c.name] || named || c.hasInner || (c.escaped && knownCodes[c.name])
}

// strayEnd measures an end tag of a known shortcode that nothing began.
func strayEnd(text string) (length int, ok bool) {
	name, found := strings.CutPrefix(text, "[/")
	name, _, closed := strings.Cut(name[:min(len(name), 40)], "]")
	if !found || !closed || !knownCodes[strings.ToLower(name)] {
		return 0, false
	}
	return len(name) + 3, true
}

// readAttrs reports whether there is an attribute with a name.
func (c *shortcode) readAttrs(text string) (named bool) {
	c.attrs = map[string]string{}
	for {
		m := codeAttr.FindStringSubmatch(text)
		if m == nil {
			return named
		}
		if m[1] != "" {
			named = true
			c.attrs[strings.ToLower(m[1])] = html.UnescapeString(m[2] + m[3] + m[4])
		} else if v := m[5] + m[6] + m[7]; v != "" {
			c.loose = append(c.loose, html.UnescapeString(v))
		}
		text = text[len(m[0]):]
	}
}

func (c *shortcode) readInner(text, name string) {
	rest := text[c.length:min(len(text), c.length+maxInner)]
	end := strings.Index(rest, "[/"+name+"]")
	if end < 0 {
		return
	}
	c.inner, c.hasInner = rest[:end], true
	c.length += end + len(name) + 3
}

// code gives the HTML that stands for a shortcode.
func (b *bodyReader) code(c shortcode, raw string, depth int) string {
	switch {
	case c.escaped:
		return raw[1 : len(raw)-1]
	case c.name == "/":
		return ""
	case c.name == "caption" || c.name == "wp_caption":
		return b.caption(c, depth)
	case c.name == "gallery":
		return b.gallery(c)
	case c.name == "sourcecode" || (c.name == "code" && c.hasInner):
		return "<pre>" + strings.Trim(c.inner, "\n") + "</pre>"
	case c.name == "audio" || c.name == "video" || c.name == "playlist":
		return b.play(c)
	case playerCodes[c.name]:
		if address := c.address(); address != "" {
			return "\n\n" + b.address(address) + "\n\n"
		}
	}
	b.note("shortcode [" + shorten(c.name, 40) + "]")
	return b.codes(c.inner, depth+1)
}

// address finds the address that a player's shortcode names.
func (c *shortcode) address() string {
	candidates := []string{strings.TrimSpace(c.inner), c.attrs["url"], c.attrs["src"], c.attrs["href"], c.attrs["link"]}
	for _, s := range append(candidates, c.loose...) {
		s = strings.TrimSpace(strings.TrimPrefix(html.UnescapeString(s), "="))
		if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
			return s
		}
	}
	id := c.attrs["id"]
	if id == "" && len(c.loose) > 0 {
		id = c.loose[0]
	}
	if !codeID.MatchString(id) {
		return ""
	}
	switch c.name {
	case "youtube":
		return "https://www.youtube.com/watch?v=" + id
	case "vimeo":
		return "https://vimeo.com/" + id
	}
	return ""
}

var codeID = regexp.MustCompile(`^[\w-]{5,20}$`)

var captioned = regexp.MustCompile(`(?is)^\s*((?:<p>\s*)?(?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)$`)

// caption makes a figure of a picture and the words after it, which older exports keep in an attribute.
func (b *bodyReader) caption(c shortcode, depth int) string {
	inner := b.codes(c.inner, depth+1)
	m := captioned.FindStringSubmatch(inner)
	if m == nil {
		return inner
	}
	picture, words := m[1], strings.TrimSpace(m[2])
	if old := c.attrs["caption"]; old != "" {
		words = strings.TrimSpace(old + " " + words)
	}
	words = strings.ReplaceAll(words, "\n", " ")
	if credit := c.attrs["credit"]; credit != "" {
		words += ` <span class="credit">` + html.EscapeString(credit) + "</span>"
	}
	number, named := strings.CutPrefix(c.attrs["id"], "attachment_")
	if _, err := strconv.ParseInt(number, 10, 64); named && err == nil && !imgNumber.MatchString(picture) {
		picture = strings.Replace(picture, "<img", `<img data-id="`+number+`"`, 1)
	}
	return "\n\n<figure>" + picture + "<figcaption>" + words + "</figcaption></figure>\n\n"
}

// gallery lists the pictures that a gallery names, or all that were uploaded to the post.
func (b *bodyReader) gallery(c shortcode) string {
	ids := numbers(c.attrs["ids"] + "," + c.attrs["include"])
	if len(ids) == 0 {
		out := map[int64]bool{}
		for _, id := range numbers(c.attrs["exclude"]) {
			out[id] = true
		}
		for _, id := range b.opt.Attached {
			if !out[id] {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		b.note("gallery without pictures")
		return ""
	}
	var figures strings.Builder
	for _, id := range ids {
		figures.WriteString(b.figure(id))
	}
	return "\n\n<figure>" + figures.String() + "</figure>\n\n"
}

func numbers(list string) (ids []int64) {
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r < '0' || r > '9' }) {
		if id, err := strconv.ParseInt(s, 10, 64); err == nil && id > 0 && len(ids) < 1000 {
			ids = append(ids, id)
		}
	}
	return ids
}

// play makes links of what a player plays.
func (b *bodyReader) play(c shortcode) string {
	address := c.address()
	for _, format := range []string{"mp3", "m4a", "ogg", "wav", "flac", "mp4", "m4v", "webm", "ogv", "mov"} {
		if address == "" {
			address = c.attrs[format]
		}
	}
	if address != "" {
		return "\n\n" + b.player(c.name, address) + "\n\n"
	}
	var out strings.Builder
	for _, id := range numbers(c.attrs["ids"]) {
		if b.opt.Attachment == nil {
			break
		}
		if a, ok := b.opt.Attachment(id); ok && a.URL != "" {
			b.note(c.name + ", kept as a link")
			out.WriteString("<p>" + link(a.URL, orElse(a.Title, fileName(a.URL))) + "</p>")
		}
	}
	if out.Len() == 0 {
		b.note(c.name + " without an address")
	}
	return "\n\n" + out.String() + "\n\n"
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// stripShortcodes takes shortcodes out of a line of text and keeps the words inside; it reports whether there were
// any.
func stripShortcodes(text string) (string, bool) {
	if strings.IndexByte(text, '[') < 0 {
		return text, false
	}
	var out strings.Builder
	any := false
	for seen := 0; ; seen++ {
		i := strings.IndexByte(text, '[')
		if i < 0 || seen > maxEach {
			out.WriteString(text)
			return out.String(), any
		}
		out.WriteString(text[:i])
		text = text[i:]
		c, ok := parseCode(text)
		if !ok {
			out.WriteByte('[')
			text = text[1:]
			continue
		}
		any = true
		if c.escaped {
			out.WriteString(text[1 : c.length-1])
		} else if c.name != "gallery" && c.name != "embed" {
			out.WriteString(c.inner)
		}
		text = text[c.length:]
	}
}
