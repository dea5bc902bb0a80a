package page

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const wantPage = "Give a saved web page (HTML) or the plain text of one"

type kind int

const (
	kindText kind = iota
	kindHTML
)

// magics are the beginnings of files that are not pages.
var magics = []struct{ start, what string }{
	{"%PDF", "a PDF file"}, {"PK\x03\x04", "a zip archive or office document"}, {"\x1f\x8b", "a gzip file"},
	{"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"}, {"RIFF", "a picture or sound"},
	{"SQLite format", "a database"}, {"\x7fELF", "a program"}, {"MZ\x90", "a program"}, {"{\\rtf", "an RTF document"},
	{"\xd0\xcf\x11\xe0", "an old office document"}, {"WARC/", "a web archive (WARC)"}, {"From: <Saved by", "a saved page of the MHTML kind"},
	{"MIME-Version:", "a saved page of the MHTML kind"},
}

var (
	htmlStart = regexp.MustCompile(`(?i)^\s*(?:<!doctype\s+html|<html\b|<head\b|<body\b|<meta\b|<title\b|<article\b|<main\b|<div\b|<p\b|<h1\b|<section\b|<script\b|<link\b)`)
	htmlTags  = regexp.MustCompile(`(?i)<(?:/?p|/?div|/?h[1-6]|br|/?article|/?body|/?html|/?span|/?a)\b[^<>]*>`)
	xmlRoot   = regexp.MustCompile(`(?i)<([a-z][\w.:-]*)`)
	comments  = regexp.MustCompile(`(?s)<!--.*?-->`)
	jsonStart = regexp.MustCompile(`^\s*(?:\{\s*["}]|\[\s*[\["{\]\d])`)
)

// sniff says whether data is HTML or text, and with an *Error what it is when it is neither.
func sniff(data []byte) (kind, error) {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.start)) {
			return 0, &Error{1, "this is " + m.what + ", not a page", wantPage}
		}
	}
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return 0, &Error{1, "the file is UTF-16", "Save it as UTF-8"}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return 0, &Error{1 + bytes.Count(data[:i], []byte("\n")), "there is a NUL byte: this is not text", wantPage}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return 0, &Error{1, "the file is empty", wantPage}
	}
	return sniffText(data)
}

func sniffText(data []byte) (kind, error) {
	head := data[:min(len(data), 64<<10)]
	start := bytes.TrimSpace(comments.ReplaceAll(head, nil))
	switch {
	case bytes.HasPrefix(start, []byte("<?xml")):
		return sniffXML(start)
	case htmlStart.Match(start):
		return kindHTML, nil
	case jsonStart.Match(start):
		return 0, &Error{1, "this is JSON, not a page", wantPage}
	case len(start) > 0 && start[0] == '<' && xmlRoot.Match(start):
		return sniffXML(start)
	case len(htmlTags.FindAll(head, 4)) > 3:
		return kindHTML, nil
	}
	if i := controlAt(data); i >= 0 {
		return 0, &Error{1 + bytes.Count(data[:i], []byte("\n")), "there are control characters: this is not text", wantPage}
	}
	return kindText, nil
}

// sniffXML tells XHTML from other XML.
func sniffXML(start []byte) (kind, error) {
	m := xmlRoot.FindSubmatch(start)
	if m == nil {
		return 0, &Error{1, "this is XML without an element", wantPage}
	}
	root := strings.ToLower(string(m[1]))
	switch root {
	case "html", "body", "article", "main", "div", "section", "header", "nav", "span", "a", "table", "ul", "ol", "blockquote":
		return kindHTML, nil
	case "rss", "feed", "rdf:rdf":
		return 0, &Error{1, "this is a feed, not a page", "Feeds and WordPress exports have their own imports. " + wantPage}
	}
	if len(htmlTags.FindAll(start, 4)) > 3 {
		return kindHTML, nil
	}
	return 0, &Error{1, fmt.Sprintf("this is XML of the kind <%s>, not a page", shorten(root, 40)), wantPage}
}

// controlAt returns where a control character stands that no text has, or -1. Text that is not UTF-8 may be of an
// older encoding, whose letters are all over 0x7f.
func controlAt(data []byte) int {
	for i, b := range data {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x0b && b != 0x1b {
			return i
		}
	}
	return -1
}

func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}
