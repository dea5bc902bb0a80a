package render

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
)

//go:embed style/*.css
var styleFiles embed.FS

//go:embed fonts/*.woff2 favicon.svg script/*.js
var assetFiles embed.FS

// Asset is a file that pages ask this site for. Its address carries a part of its hash, so it never changes.
type Asset struct {
	Address string // such as /assets/fonts/public-sans.0123456789abcdef.woff2
	Type    string // its media type
	Bytes   []byte
}

// Assets lists the fonts, the scripts and the icon, to be served at their addresses as public and immutable. FaviconAddress is to be
// answered with the last of them as well.
func Assets() []Asset {
	fonts, err := fs.Glob(assetFiles, "fonts/*.woff2")
	if err != nil {
		panic("render: the pattern of the embedded fonts is wrong: " + err.Error())
	}
	var list []Asset
	for _, name := range fonts {
		list = append(list, asset(name, "font/woff2"))
	}
	return append(list, asset("script/verify.js", "text/javascript; charset=utf-8"), asset("script/reader.js", "text/javascript; charset=utf-8"), asset("favicon.svg", "image/svg+xml"))
}

func asset(name, mediaType string) Asset {
	b, err := assetFiles.ReadFile(name)
	if err != nil {
		panic("render: an embedded file cannot be read: " + err.Error())
	}
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	return Asset{
		Address: "/assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:8]) + ext,
		Type:    mediaType,
		Bytes:   b,
	}
}

// The parts of the style sheet in the order of the cascade. An article takes only those it can need.
var (
	articleStyle = []string{"fonts", "tokens", "ground", "furniture", "article", "storybox", "media"}
	scriptStyle  = []string{"fonts", "tokens", "ground", "furniture", "article", "storybox", "scripts", "media"}
	storyStyle   = []string{"fonts", "tokens", "ground", "furniture", "article", "lists", "storybox", "story", "then", "scripts", "media"}
	liveStyle    = []string{"fonts", "tokens", "ground", "furniture", "article", "storybox", "live", "then", "scripts", "media"}
	verifyStyle  = []string{"fonts", "tokens", "ground", "furniture", "article", "lists", "verify", "scripts", "media"}
	wholeStyle   = []string{"fonts", "tokens", "ground", "furniture", "article", "lists", "storybox", "history", "search", "archive",
		"then", "forecast", "scripts", "media"}
)

// style is one style sheet, ready to stand in a page, and the source expression that allows it in a policy.
type style struct {
	element lit
	source  string
}

// buildStyle joins parts of the style sheet, gives fonts their hashed addresses, and minifies.
func buildStyle(parts []string, assets []Asset) style {
	var b strings.Builder
	for _, part := range parts {
		css, err := styleFiles.ReadFile("style/" + part + ".css")
		if err != nil {
			panic("render: an embedded style sheet cannot be read: " + err.Error())
		}
		b.Write(css)
	}
	css := b.String()
	for _, a := range assets {
		css = strings.ReplaceAll(css, "url("+plainAddress(a.Address)+")", "url("+a.Address+")")
	}
	css = minify(css)
	return style{element: lit("<style>" + css + "</style>\n"), source: "'" + digest([]byte(css)) + "'"}
}

// digest is how policies and integrity attributes name bytes (Subresource Integrity, section 3.5).
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// plainAddress is an asset's address without its hash, as the style sheets name it.
func plainAddress(address string) string {
	ext := path.Ext(address)
	stem := strings.TrimSuffix(address, ext)
	return strings.TrimSuffix(stem, path.Ext(stem)) + ext
}

// minify takes comments and needless white space out of a style sheet. It knows strings, and keeps every space that
// could separate selectors or values.
func minify(css string) string {
	out := make([]byte, 0, len(css))
	for i := 0; i < len(css); {
		switch c := css[i]; {
		case strings.HasPrefix(css[i:], "/*"):
			i += 4 + strings.Index(css[i+2:], "*/")
		case c == '"' || c == '\'':
			end := i + 2 + strings.IndexByte(css[i+1:], c)
			out = append(out, css[i:end]...)
			i = end
		case c == ' ' || c == '\n' || c == '\t':
			if len(out) > 0 && strings.IndexByte("{};, ", out[len(out)-1]) < 0 {
				out = append(out, ' ')
			}
			i++
		default:
			out = appendTight(out, c)
			i++
		}
	}
	return string(out)
}

// appendTight writes a character of a style sheet without a space before braces and separators, and without the
// semicolon that a closing brace makes needless.
func appendTight(out []byte, c byte) []byte {
	last := len(out) - 1
	if last >= 0 && out[last] == ' ' && strings.IndexByte("{};,", c) >= 0 {
		out = out[:last]
		last--
	}
	if last >= 0 && c == '}' && out[last] == ';' {
		out = out[:last]
	}
	return append(out, c)
}
