package paper

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// fields is one block of "key: value" lines. A key that was not asked for is an error, so that a slip of the pen in a
// key is found.
type fields struct {
	line   int // of the block's first line, from 1
	keys   []string
	values []string
	asked  map[string]bool
	errs   []error
}

// parseFields reads the lines of one block.
func parseFields(lines []string, first int) *fields {
	f := &fields{line: first, asked: map[string]bool{}}
	for i, s := range lines {
		key, value, ok := strings.Cut(s, ":")
		if !ok || key == "" || strings.ContainsAny(key, " \t") {
			f.errs = append(f.errs, fmt.Errorf("line %d: %.40q is no \"key: value\"", first+i, s))
			continue
		}
		f.keys, f.values = append(f.keys, key), append(f.values, strings.TrimSpace(value))
	}
	return f
}

// all gives the values of a key that may stand several times.
func (f *fields) all(key string) []string {
	f.asked[key] = true
	var out []string
	for i, k := range f.keys {
		if k == key {
			out = append(out, f.values[i])
		}
	}
	return out
}

// get gives the value of a key, or nothing.
func (f *fields) get(key string) string {
	v := f.all(key)
	if len(v) > 1 {
		f.fail("%s stands %d times", key, len(v))
	}
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

// must gives the value of a key that has to be there.
func (f *fields) must(key string) string {
	v := f.get(key)
	if v == "" {
		f.fail("%s is missing", key)
	}
	return v
}

// list gives a value that is a list parted by commas.
func (f *fields) list(key string) []string {
	var out []string
	for s := range strings.SplitSeq(f.get(key), ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// names gives key as English and every key.TAG as that language's.
func (f *fields) names(key string) Names {
	n := Names{"en": f.must(key)}
	for i, k := range f.keys {
		if tag, ok := strings.CutPrefix(k, key+"."); ok {
			f.asked[k] = true
			n[tag] = f.values[i]
		}
	}
	return n
}

func (f *fields) number(key string) float64 {
	n, err := strconv.ParseFloat(f.must(key), 64)
	if err != nil {
		f.fail("%s is no number", key)
	}
	return n
}

func (f *fields) fail(format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf("block at line %d: "+format, append([]any{f.line}, args...)...))
}

// err reports everything that was wrong in the block, unknown keys included.
func (f *fields) err() error {
	for _, k := range f.keys {
		if !f.asked[k] {
			f.fail("%q is no key that is known here", k)
			f.asked[k] = true
		}
	}
	return errors.Join(f.errs...)
}

// each reads a file of blocks that are parted by empty lines.
func each(fsys fs.FS, file string, read func(*fields)) error {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	var errs []error
	var block []string
	first := 0
	flush := func() {
		if len(block) == 0 {
			return
		}
		f := parseFields(block, first)
		read(f)
		if err := f.err(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", file, err))
		}
		block = nil
	}
	n := 0
	for s := range strings.Lines(string(text)) {
		n++
		s = strings.TrimRight(s, "\n")
		if strings.TrimSpace(s) == "" {
			flush()
			continue
		}
		if len(block) == 0 {
			first = n
		}
		block = append(block, s)
	}
	flush()
	return errors.Join(errs...)
}
