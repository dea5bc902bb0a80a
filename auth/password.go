package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
)

// Bounds of a password, in characters.
const (
	minPassword = 12
	maxPassword = 200
)

// atOnce is how many passwords are worked on at a time: each takes 64 MiB.
const atOnce = 2

// patience is how long a password waits for its turn.
const patience = 10 * time.Second

// passwords makes and compares argon2id hashes, a few at a time.
type passwords struct {
	turns  chan struct{}
	params argon2id.Params
	dummy  string       // compared with where there is no password
	runs   atomic.Int64 // how often argon2 ran, for the tests of equal work
}

// cost is what one password takes: 64 MiB, gone over twice.
var cost = argon2id.Params{Memory: 64 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func newPasswords(random io.Reader, params argon2id.Params) (*passwords, error) {
	p := &passwords{turns: make(chan struct{}, atOnce), params: params}
	salt := make([]byte, p.params.SaltLength+p.params.KeyLength)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, internal("no salt could be made", err)
	}
	encode := base64.RawStdEncoding.EncodeToString
	p.dummy = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", params.Memory, params.Iterations, params.Parallelism,
		encode(salt[:params.SaltLength]), encode(salt[params.SaltLength:]))
	return p, nil
}

// turn waits until there is memory for one more.
func (p *passwords) turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case p.turns <- struct{}{}:
		p.runs.Add(1)
		return func() { <-p.turns }, nil
	case <-ctx.Done():
	case <-timer.C:
	}
	return nil, dateline.Errorf(dateline.EUnavailable, "many are signing in just now; try again in a few seconds")
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	h, err := argon2id.CreateHash(norm.NFC.String(password), &p.params)
	if err != nil {
		return "", internal("the password could not be kept", err)
	}
	return h, nil
}

// matches compares a password with a hash. An empty hash matches nothing and takes as long.
func (p *passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	with := hash
	if with == "" {
		with = p.dummy
	}
	if len(password) > 4*maxPassword {
		password = ""
	}
	ok, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), with)
	if err != nil {
		return false, internal("a kept password cannot be read", err)
	}
	return ok && hash != "", nil
}

// checkPassword answers EInvalid for a password that is short, or that others would try first.
func checkPassword(password, name, email string) error {
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	local, _, _ := strings.Cut(email, "@")
	var problem dateline.Sentence
	switch {
	case !utf8.ValidString(password):
		problem = dateline.Say("it is no text")
	case n < minPassword:
		problem = dateline.Say("it has too few characters: 12 at least. Four words that nobody else would put together will do")
	case n > maxPassword:
		problem = dateline.Say("it has too many characters: 200 at most")
	case distinct(password) < 5:
		problem = dateline.Say("it repeats itself")
	case holds(password, email), holds(password, local), holds(password, name):
		problem = dateline.Say("your name or your address is in it; others would try that first")
	}
	if problem.Format == "" {
		return nil
	}
	return &dateline.Error{Code: dateline.EInvalid, Message: "the password cannot be used", Fields: []dateline.Field{{Path: "password", Message: problem.String(), Said: problem}}}
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// holds says whether a part that is long enough to be meant stands in a password.
func holds(password, part string) bool {
	return utf8.RuneCountInString(part) >= 4 && strings.Contains(strings.ToLower(password), strings.ToLower(norm.NFC.String(part)))
}
