package press

import "strings"

// Encoding is a content coding (RFC 9110, section 8.4.1) in which pages are kept.
type Encoding uint8

// The encodings. Identity is the page as it was rendered.
const (
	Identity Encoding = iota
	Gzip
	Brotli
	Zstd
	encodings
)

// String gives the coding's registered name.
func (e Encoding) String() string {
	switch e {
	case Gzip:
		return "gzip"
	case Brotli:
		return "br"
	case Zstd:
		return "zstd"
	}
	return "identity"
}

// Accept is the weight a reader gives each encoding, in thousandths; 0 refuses it.
type Accept [encodings]uint16

// acceptIdentity is what is understood where nothing was said.
var acceptIdentity = Accept{Identity: 1000}

// ParseAccept reads an Accept-Encoding field (RFC 9110, section 12.5.3). What cannot be understood is passed over;
// an encoding that is not named is refused, identity alone is allowed unless it is refused by name or by "*;q=0".
func ParseAccept(field string) Accept {
	if field == "" {
		return acceptIdentity
	}
	var a Accept
	var named [encodings]bool
	star, starred := uint16(0), false
	for field != "" {
		var part string
		part, field, _ = strings.Cut(field, ",")
		name, q, ok := weighted(part)
		if !ok {
			continue
		}
		if name == "*" {
			star, starred = q, true
			continue
		}
		if e, known := coding(name); known {
			a[e], named[e] = q, true
		}
	}
	for e := range encodings {
		switch {
		case named[e]:
		case starred:
			a[e] = star
		case e == Identity:
			a[e] = 1 // allowed, after everything that was asked for
		}
	}
	return a
}

func coding(name string) (Encoding, bool) {
	switch {
	case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
		return Gzip, true
	case strings.EqualFold(name, "br"):
		return Brotli, true
	case strings.EqualFold(name, "zstd"):
		return Zstd, true
	case strings.EqualFold(name, "identity"):
		return Identity, true
	}
	return 0, false
}

// weighted reads one element: a coding and, after a semicolon, its weight.
func weighted(part string) (name string, q uint16, ok bool) {
	name, params, has := strings.Cut(part, ";")
	name = strings.Trim(name, " \t")
	if name == "" {
		return "", 0, false
	}
	if !has {
		return name, 1000, true
	}
	params = strings.Trim(params, " \t")
	if len(params) < 3 || params[0] != 'q' && params[0] != 'Q' || params[1] != '=' {
		return "", 0, false
	}
	q, ok = weight(params[2:])
	return name, q, ok
}

// weight reads a qvalue: 0 or 1 with at most three decimals.
func weight(s string) (uint16, bool) {
	if len(s) > 5 || s[0] != '0' && s[0] != '1' || len(s) > 1 && s[1] != '.' {
		return 0, false
	}
	q := uint16(s[0]-'0') * 1000
	unit := uint16(100)
	for i := 2; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		q += uint16(s[i]-'0') * unit
		unit /= 10
	}
	return q, q <= 1000
}

// Best is the encoding to answer with: the one of the greatest weight, the smaller one among equals. Where every one is
// refused it is identity, because an answer in it serves a reader better than none.
func (a Accept) Best() Encoding {
	best := Identity
	for _, e := range [...]Encoding{Gzip, Zstd, Brotli} {
		if a[e] > 0 && a[e] >= a[best] {
			best = e
		}
	}
	return best
}
