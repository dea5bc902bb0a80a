package wxr

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

var declaredEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// foreign are beginnings of files that are taken for exports by mistake.
var foreign = []struct{ start, what, hint string }{
	{"PK\x03\x04", "this is a zip archive, not an export", "Unpack it and give the .xml file inside."},
	{"\x1f\x8b", "this is a gzip file, not an export", "Unpack it first (gunzip)."},
	{"BZh", "this is a bzip2 file, not an export", "Unpack it first (bunzip2)."},
	{"%PDF", "this is a PDF file, not an export", wantExport},
	{"SQLite format", "this is an SQLite database, not an export", wantExport},
	{"-- MySQL dump", "this is a database dump, not an export", wantExport},
	{"-- MariaDB dump", "this is a database dump, not an export", wantExport},
	{"-- phpMyAdmin", "this is a database dump, not an export", wantExport},
	{"{", "this is JSON, not an export", wantExport},
	{"[", "this is JSON, not an export", wantExport},
}

const wantExport = "A WordPress export is made under Tools, Export, and is an XML file."

// decode checks what the input's first bytes say and returns it as UTF-8.
func decode(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 4096)
	head, err := br.Peek(1024)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(bytes.TrimSpace(head)) == 0 && err == io.EOF {
		return nil, &Error{1, "the file is empty", wantExport}
	}
	if isUTF16(head) {
		return nil, &Error{1, "the file is UTF-16", "Save it as UTF-8 and import that."}
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		head = head[3:]
		if _, err := br.Discard(3); err != nil {
			return nil, err
		}
	}
	start := bytes.TrimLeft(head, " \t\r\n")
	for _, f := range foreign {
		if bytes.HasPrefix(start, []byte(f.start)) {
			return nil, &Error{1, f.what, f.hint}
		}
	}
	return declared(br, head)
}

// declared applies the encoding that the XML declaration names.
func declared(r io.Reader, head []byte) (io.Reader, error) {
	m := declaredEncoding.FindSubmatch(head)
	if m == nil {
		return r, nil
	}
	name := strings.ToLower(string(m[1]))
	if name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii" {
		return r, nil
	}
	enc, err := htmlindex.Get(name)
	if err != nil || strings.HasPrefix(name, "utf-16") {
		return nil, &Error{1, fmt.Sprintf("the file says its encoding is %q, which is not known", m[1]),
			"Save it as UTF-8 and change the first line to match."}
	}
	return enc.NewDecoder().Reader(r), nil
}

func isUTF16(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) ||
		(head[0] == '<' && head[1] == 0) || (head[0] == 0 && head[1] == '<')
}
