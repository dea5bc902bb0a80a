package wxr

import (
	"cmp"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline/markup"
)

// BodyOptions are what a post's text refers to and does not hold. Every field may be left out.
type BodyOptions struct {
	Base *url.URL // the old site's address, for relative links and pictures
	Lang string   // the article's language, BCP 47
	// Picture gives the id of a picture, by the number of its attachment where the text names one (otherwise 0) and by
	// its address (otherwise ""). Where it says false the picture becomes its caption with a plain link.
	Picture func(attachment int64, src, alt string) (id string, ok bool)
	// Attachment finds what the export says of an attachment, for galleries, which name their pictures by number.
	Attachment func(id int64) (Attachment, bool)
	// Attached lists the pictures that were uploaded to the post, for galleries that name none.
	Attached []int64
}

// maxBody is the number of bytes of a text that is read; what follows is left out and noted.
const maxBody = 8 << 20

// Body turns the text of a post, as the block editor or the classic one keeps it, into a document. It never fails:
// what the document cannot say is left out and noted. The notes are sorted.
func Body(content string, opt BodyOptions) (markup.Node, []markup.Note) {
	b := &bodyReader{opt: opt, notes: map[string]int{}, ids: map[string]int64{}}
	if len(content) > maxBody {
		content = strings.ToValidUTF8(content[:maxBody], "")
		b.note("end of the text, over 8 MB")
	}
	content = strings.ReplaceAll(strings.ReplaceAll(content, "\r\n", "\n"), "\r", "\n")
	src := b.frames(b.media(b.blocks(content)))
	b.number(src)
	doc, notes := markup.FromHTML(src, markup.HTMLOptions{Base: opt.Base, Lang: opt.Lang, Picture: b.picture})
	return doc, b.sorted(notes)
}

// FullSize returns the address of a picture as it was uploaded, given that of one of the sizes WordPress made of it.
func FullSize(src string) string { return sizedPicture.ReplaceAllString(src, "$1") }

var sizedPicture = regexp.MustCompile(`-\d{1,5}x\d{1,5}(\.[A-Za-z]{3,4})$`)

type bodyReader struct {
	opt   BodyOptions
	notes map[string]int
	ids   map[string]int64 // a picture's address to its attachment's number
	seen  int              // brackets read
}

func (b *bodyReader) note(what string) { b.notes[what]++ }

func (b *bodyReader) sorted(more []markup.Note) []markup.Note {
	for what, n := range b.notes {
		more = append(more, markup.Note{What: what, Count: n})
	}
	slices.SortFunc(more, func(x, y markup.Note) int { return cmp.Compare(x.What, y.What) })
	return more
}

// blockMark is a comment of the block editor: closing slash, name, attributes, slash of a block without content.
var blockMark = regexp.MustCompile(`<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(\{.*?\}\s+)?(/)?-->`)

// blocks takes the block editor's comments out. Text outside all blocks is of the classic editor, whose line ends
// mean paragraphs.
func (b *bodyReader) blocks(content string) string {
	var out strings.Builder
	depth, from, classic := 0, 0, 0
	emit := func(text string) {
		if depth == 0 || classic > 0 {
			out.WriteString(b.classic(text))
		} else {
			out.WriteString(b.modern(text))
		}
	}
	for _, m := range blockMark.FindAllStringSubmatchIndex(content, -1) {
		emit(content[from:m[0]])
		from = m[1]
		name := strings.TrimPrefix(content[m[4]:m[5]], "core/")
		isClassic := name == "shortcode" || name == "freeform"
		switch {
		case m[2] >= 0:
			depth = max(0, depth-1)
			if isClassic {
				classic = max(0, classic-1)
			}
		case m[8] >= 0:
			b.live(name)
		default:
			depth++
			if isClassic {
				classic++
			}
		}
	}
	emit(content[from:])
	return out.String()
}

// silent are blocks without content that a reader does not miss.
var silent = map[string]bool{"spacer": true, "shortcode": true, "separator": true, "more": true, "nextpage": true, "paragraph": true}

// live notes a block whose content WordPress makes when the page is asked for.
func (b *bodyReader) live(name string) {
	if !silent[name] {
		b.note("block wp:" + shorten(name, 40))
	}
}

// modern treats the HTML inside a block.
func (b *bodyReader) modern(src string) string {
	src = pageBreaks.ReplaceAllString(src, "")
	src = fileButton.ReplaceAllString(src, "")
	src = galleryList.ReplaceAllString(src, "")
	src = embedWrapper.ReplaceAllStringFunc(src, func(s string) string {
		return b.address(embedWrapper.FindStringSubmatch(s)[1])
	})
	src = loneAddress.ReplaceAllStringFunc(src, func(s string) string {
		return b.address(loneAddress.FindStringSubmatch(s)[1])
	})
	src = verse.ReplaceAllStringFunc(src, func(s string) string {
		return "<p>" + strings.ReplaceAll(strings.TrimSpace(verse.FindStringSubmatch(s)[1]), "\n", "<br>") + "</p>"
	})
	return b.shortcodes(src)
}

var (
	pageBreaks   = regexp.MustCompile(`<!--\s*(?:more|nextpage|noteaser)\b[^>]*-->`)
	fileButton   = regexp.MustCompile(`(?s)<a\b[^>]*\bwp-block-file__button\b[^>]*>.*?</a>`)
	embedWrapper = regexp.MustCompile(`(?s)<div\b[^>]*\bwp-block-embed__wrapper\b[^>]*>\s*(https?://[^\s<>"]+)\s*</div>`)
	loneAddress  = regexp.MustCompile(`<p>\s*(https?://[^\s<>"]+)\s*</p>`)
	galleryList  = regexp.MustCompile(`<(?:ul|li)\b[^>]*\bblocks-gallery-(?:grid|item)\b[^>]*>`)
	verse        = regexp.MustCompile(`(?s)<pre\b[^>]*\bwp-block-verse\b[^>]*>(.*?)</pre>`)
)

// address gives a paragraph for an address that stands alone: markup makes an embed of it where its provider is on
// the list, and otherwise it is a link.
func (b *bodyReader) address(raw string) string {
	address := html.UnescapeString(raw)
	if _, ok := markup.FindEmbed("https://" + afterScheme(address)); ok {
		return "<figure><p>" + html.EscapeString(address) + "</p></figure>"
	}
	return "<p>" + link(address, address) + "</p>"
}

func afterScheme(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest
}

func link(href, words string) string {
	return `<a href="` + html.EscapeString(href) + `">` + html.EscapeString(words) + "</a>"
}

var (
	mediaOpen   = regexp.MustCompile(`(?is)<(audio|video)\b[^>]*>`)
	mediaClose  = map[string]*regexp.Regexp{"audio": regexp.MustCompile(`(?i)</audio\s*>`), "video": regexp.MustCompile(`(?i)</video\s*>`)}
	sourceAttr  = regexp.MustCompile(`(?is)\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
	emptyFrame  = regexp.MustCompile(`(?is)<iframe\b([^>]*)/>`)
	iframe      = regexp.MustCompile(`(?is)<iframe\b[^>]*>`)
	imgTag      = regexp.MustCompile(`(?is)<img\b[^>]*>`)
	imgNumber   = regexp.MustCompile(`\b(?:wp-image-|data-id=["']?|data-attachment-id=["']?)(\d{1,18})\b`)
	lastSegment = regexp.MustCompile(`[^/?#]+(?:[?#].*)?$`)
)

// media turns players into plain links to what they play.
func (b *bodyReader) media(src string) string {
	var out strings.Builder
	for {
		at := mediaOpen.FindStringSubmatchIndex(src)
		if at == nil {
			out.WriteString(src)
			return out.String()
		}
		name, inner, length := src[at[2]:at[3]], "", 0
		if m := mediaClose[strings.ToLower(name)].FindStringIndex(src[at[1]:min(len(src), at[1]+maxPlayer)]); m != nil {
			inner, length = src[at[1]:at[1]+m[0]], m[1]
		}
		out.WriteString(src[:at[0]])
		out.WriteString(b.player(strings.ToLower(name), attr(sourceAttr, src[at[0]:at[1]]+inner)))
		src = src[at[1]+length:]
	}
}

func (b *bodyReader) player(kind, address string) string {
	if address == "" {
		b.note(kind + " without an address")
		return ""
	}
	b.note(kind + ", kept as a link")
	return "<p>" + link(address, fileName(address)) + "</p>"
}

// maxPlayer is how far the end tag of a player is looked for.
const maxPlayer = 8 << 10

// fileName gives the words of a link to a file.
func fileName(address string) string {
	name, _, _ := strings.Cut(lastSegment.FindString(address), "?")
	if plain, err := url.PathUnescape(name); err == nil && plain != "" {
		return plain
	}
	return address
}

func attr(re *regexp.Regexp, tag string) string {
	m := re.FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(strings.TrimSpace(m[1] + m[2] + m[3]))
}

// frames gives an iframe that closes itself its end tag, without which a browser takes all that follows for its
// content, and makes a link of one whose provider is not on the list.
func (b *bodyReader) frames(src string) string {
	src = emptyFrame.ReplaceAllString(src, "<iframe$1></iframe>")
	return iframe.ReplaceAllStringFunc(src, func(s string) string {
		address := attr(sourceAttr, s)
		if strings.HasPrefix(address, "//") {
			address = "https:" + address
		}
		_, known := markup.FindEmbed("https://" + afterScheme(address))
		if known || !strings.HasPrefix(address, "http") {
			return s
		}
		b.note("iframe of a provider that is not on the list, kept as a link")
		return "<p>" + link(address, address) + "</p>"
	})
}

// number remembers which attachment the pictures of the text are.
func (b *bodyReader) number(src string) {
	for _, tag := range imgTag.FindAllString(src, -1) {
		m := imgNumber.FindStringSubmatch(tag)
		address := attr(sourceAttr, tag)
		if m == nil || address == "" {
			continue
		}
		id, _ := strconv.ParseInt(m[1], 10, 64)
		b.ids[address] = id
		if u, err := url.Parse(address); err == nil && b.opt.Base != nil {
			b.ids[b.opt.Base.ResolveReference(u).String()] = id
		}
	}
}

const numbered = "attachment:" // the address of a picture of which only the number is known

func (b *bodyReader) picture(src, alt string) (string, bool) {
	if b.opt.Picture == nil {
		return "", false
	}
	if number, only := strings.CutPrefix(src, numbered); only {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return "", false
		}
		return b.opt.Picture(id, "", alt)
	}
	return b.opt.Picture(b.ids[src], src, alt)
}

// figure writes a picture with its caption as HTML.
func (b *bodyReader) figure(id int64) string {
	a, ok := Attachment{ID: id}, false
	if b.opt.Attachment != nil {
		a, ok = b.opt.Attachment(id)
	}
	src := a.URL
	if !ok || src == "" {
		src = numbered + strconv.FormatInt(id, 10)
	}
	caption := ""
	if a.Caption != "" {
		caption = "<figcaption>" + html.EscapeString(a.Caption) + "</figcaption>"
	}
	return fmt.Sprintf(`<figure><img class="wp-image-%d" src="%s" alt="%s">%s</figure>`,
		id, html.EscapeString(src), html.EscapeString(a.Alt), caption)
}
