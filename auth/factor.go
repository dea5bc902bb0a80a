package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/datelinehq/dateline"
)

// period is how long one code of the second factor is shown, in seconds (RFC 6238, section 4.1).
const period = 30

// Factor is a new second factor, to be shown once to whoever sets it up.
type Factor struct {
	URI    string // otpauth://, for an authenticator
	Secret string // the same in base32, in groups of four, for typing
	QR     Matrix // the same as a picture
}

// Matrix is a QR code: rows of modules, true where they are dark.
type Matrix [][]bool

// Path draws the dark modules as the path of an SVG whose unit is one module.
func (m Matrix) Path() string {
	var b strings.Builder
	for y, row := range m {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return b.String()
}

// newFactor makes a second factor; issuer and account are how the authenticator will call it.
func (d *Door) newFactor(issuer, account string) (f Factor, secret string, err error) {
	b := make([]byte, 20)
	if _, err := io.ReadFull(d.random, b); err != nil {
		return f, "", internal("no second factor could be made", err)
	}
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
	f, err = factorOf(secret, issuer, account)
	return f, secret, err
}

// factorOf makes the factor of a secret that is known.
func factorOf(secret, issuer, account string) (Factor, error) {
	v := url.Values{"secret": {secret}, "issuer": {issuer}, "period": {strconv.Itoa(period)}, "algorithm": {"SHA1"}, "digits": {"6"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + strings.ReplaceAll(issuer, ":", " ") + ":" + account, RawQuery: strings.ReplaceAll(v.Encode(), "+", "%20")}
	code, err := qr.Encode(u.String(), qr.M, qr.Auto)
	if err != nil {
		return Factor{}, internal("the second factor could not be drawn", err)
	}
	f := Factor{URI: u.String()}
	for i := 0; i < len(secret); i += 4 {
		f.Secret += secret[i:min(i+4, len(secret))] + " "
	}
	f.Secret = strings.TrimSpace(f.Secret)
	size := code.Bounds()
	for y := range size.Dy() {
		row := make([]bool, size.Dx())
		for x := range row {
			r, _, _, _ := code.At(x, y).RGBA()
			row[x] = r == 0
		}
		f.QR = append(f.QR, row)
	}
	return f, nil
}

// step finds for which period a code is right, that of now or a neighbour, and answers 0 for none. All three are
// computed whatever the code is.
func step(secret, code string, now time.Time) (int64, error) {
	code = strings.Join(strings.Fields(code), "")
	current, found := now.Unix()/period, int64(0)
	for _, n := range []int64{current - 1, current, current + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(n), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, internal("the second factor cannot be read", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = n
		}
	}
	return found, nil
}

// recoveryCodes is how many are made at once.
const recoveryCodes = 10

var codeLetters = base32.NewEncoding("abcdefghjkmnpqrstuvwxyz023456789").WithPadding(base32.NoPadding)

// newRecoveryCodes makes codes of 100 bits and their hashes.
func (d *Door) newRecoveryCodes() (codes []string, hashes [][]byte, err error) {
	for range recoveryCodes {
		b := make([]byte, 13)
		if _, err := io.ReadFull(d.random, b); err != nil {
			return nil, nil, internal("no recovery code could be made", err)
		}
		s := codeLetters.EncodeToString(b)[:20]
		code := s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:]
		codes, hashes = append(codes, code), append(hashes, hashCode(code))
	}
	return codes, hashes, nil
}

// hashCode reads a recovery code as people type it.
func hashCode(code string) []byte {
	code = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, code)
	sum := sha256.Sum256([]byte("recovery\x00" + code))
	return sum[:]
}

// wrongCode says that a code of the second factor does not match.
func wrongCode() error {
	return &dateline.Error{Code: dateline.EInvalid, Message: "the code does not match",
		Fields: []dateline.Field{{Path: "code", Message: "it does not match: type the six figures that the authenticator shows now; if it never matches, set the clock of that device"}}}
}
