package wxr

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
)

var (
	htmlComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	htmlHidden  = regexp.MustCompile(`(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>`)
	htmlTag     = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	htmlBreak   = regexp.MustCompile(`(?i)<(?:br|/p|/div|/li|/h[1-6])\b[^<>]*>`)
)

// PlainText takes tags, shortcodes and entities out of text that WordPress keeps as HTML, and makes one line of it.
func PlainText(s string) string {
	s = htmlComment.ReplaceAllString(s, "")
	s = htmlHidden.ReplaceAllString(s, "")
	s = htmlBreak.ReplaceAllString(s, " ")
	s = htmlTag.ReplaceAllString(s, "")
	s, _ = stripShortcodes(s)
	return oneLine(html.UnescapeString(s))
}

func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 0x200B || r == 0xFEFF || r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens s to at most n code points, at a space where there is one, and marks the cut.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	head := string(r[:n-1])
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;:.–-") + "…"
}

// firstWords makes a headline for a post without a title: of its excerpt, its text, its slug or its
// number.
func firstWords(i Item) string {
	content := strings.ToValidUTF8(i.Content[:min(len(i.Content), 64<<10)], "")
	for _, text := range []string{PlainText(i.Excerpt), PlainText(content), strings.ReplaceAll(decodeSlug(i.Name), "-", " ")} {
		if text != "" {
			return cut(text, 60)
		}
	}
	return "Post " + strconv.FormatInt(i.ID, 10)
}

// decodeSlug undoes the percent-encoding of a nicename or post name; a character that was cut in the middle is dropped.
func decodeSlug(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		s = decoded
	} else if i := strings.LastIndexByte(s, '%'); i >= 0 && len(s)-i < 3 {
		return decodeSlug(s[:i])
	}
	return strings.ToValidUTF8(s, "")
}

// Slug turns a name as WordPress has it in an address into a slug of this site, or "" where nothing is left.
func Slug(s string) string {
	var out strings.Builder
	gap, n := false, 0
	for _, r := range norm.NFC.String(strings.ToLower(norm.NFC.String(decodeSlug(s)))) {
		if !dateline.SlugRune(r) {
			gap = true
			continue
		}
		if gap && n > 0 {
			out.WriteByte('-')
			n++
		}
		gap = false
		if n++; n > dateline.MaxSlug {
			break
		}
		out.WriteRune(r)
	}
	slug := strings.Trim(out.String(), "-")
	if dateline.ValidSlug(slug) != nil {
		return ""
	}
	return slug
}
