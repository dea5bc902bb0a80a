package site

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// checkpoint answers with the newest signed statement of the record's size and root (C2SP tlog-checkpoint).
func (s *Site) checkpoint(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyRecord)
		note, err := v.tx.Checkpoint()
		if err != nil {
			return nil, notFound(err)
		}
		return v.data("text/plain; charset=utf-8", note), nil
	})
}

// key answers with the verifier key that the checkpoints are signed with (C2SP signed-note).
func (s *Site) key(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyRecord)
		key, err := v.tx.VerifierKey()
		if err != nil {
			return nil, notFound(err)
		}
		return v.data("text/plain; charset=utf-8", []byte(key+"\n")), nil
	})
}

// keys answers with the entries that name the keys of the log, so that anybody can follow one key to the next.
func (s *Site) keys(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyRecord)
		note, proofs, err := v.tx.Keys()
		if err != nil {
			return nil, notFound(err)
		}
		return v.proofs(note, proofs)
	})
}

// cosignedAnswer is what stands at /record/cosigned, and below it at an entry's number.
type cosignedAnswer struct {
	Checkpoints []string `json:"checkpoints"` // signed notes with cosignatures (C2SP tlog-cosignature), one of each witness
}

// cosigned answers with the newest checkpoint that each witness cosigned or, of an entry, with the first in which it is.
func (s *Site) cosigned(ctx context.Context, a *ask) (*press.Entry, error) {
	sequence := int64(0)
	if len(a.params) > 0 {
		var err error
		sequence, err = strconv.ParseInt(a.params[0], 10, 64)
		if err != nil || sequence < 1 || strconv.FormatInt(sequence, 10) != a.params[0] {
			return nil, press.ErrNotFound
		}
	}
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyRecord)
		notes, err := v.tx.Cosigned(sequence)
		if err != nil {
			return nil, notFound(err)
		}
		var out cosignedAnswer
		for _, n := range notes {
			out.Checkpoints = append(out.Checkpoints, string(n))
		}
		body, err := json.Marshal(out)
		if err != nil {
			return nil, err
		}
		return v.data("application/json", append(body, '\n')), nil
	})
}

// tile answers with a part of the record's tree, or with a bundle of its leaves (C2SP tlog-tiles). What stands at such an
// address never changes.
func (s *Site) tile(ctx context.Context, a *ask) (*press.Entry, error) {
	at, err := record.ParseTilePath(strings.TrimPrefix(a.Path, "/record/"))
	if err != nil {
		return nil, press.ErrNotFound
	}
	return s.once(ctx, func(v *view) (*press.Page, error) {
		data, err := v.tx.Tile(at)
		if err != nil {
			return nil, notFound(err)
		}
		p := v.data("application/octet-stream", data)
		p.Class = press.Immutable
		p.Plain = at.Level >= 0 // hashes do not compress
		return p, nil
	})
}

// proofAnswer is what stands at an article's address plus /proof: all that is needed to show, with the checkpoint's key,
// that its editions are in the record as they are read.
type proofAnswer struct {
	Checkpoint string       `json:"checkpoint"`
	Entries    []proofEntry `json:"entries"` // oldest first
}

type proofEntry struct {
	Sequence   int64    `json:"sequence"`
	Header     string   `json:"header"`     // the canonical bytes, as text
	Body       string   `json:"body"`       // the bytes that were committed to, as text
	Salt       string   `json:"salt"`       // hex
	Commitment string   `json:"commitment"` // hex; SHA-256 of salt and body
	Proof      []string `json:"proof"`      // base64 of the hashes of an inclusion proof (RFC 6962, section 2.1.1)
}

func (v *view) proof(a *shelf.Article) (*press.Page, error) {
	v.on(shelf.KeyArticle(a.ID), shelf.KeyRecord)
	note, proofs, err := v.tx.Proof(a.ID)
	if err != nil {
		return nil, notFound(err)
	}
	return v.proofs(note, proofs)
}

// verify makes the page that checks an article against the record in the reader's browser. It runs its own script and no other.
func (v *view) verify(a *shelf.Article) (*press.Page, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID))
	p := &render.VerifyPage{Frame: v.frame(below(a.Address, "/verify"), a.Section), ID: a.ID, Edition: a.Edition, Language: a.Language,
		Headline: a.Headline, Article: a.Address, Proof: below(a.Address, "/proof")}
	p.Frame.Choice, v.choice = false, false
	page := v.html(200, v.s.conf.Renderer.Verify(p))
	page.Policy = v.policy(allowance{checks: true})
	return page, nil
}

func (v *view) proofs(note []byte, proofs []shelf.Proof) (*press.Page, error) {
	out := proofAnswer{Checkpoint: string(note), Entries: []proofEntry{}}
	for _, p := range proofs {
		e := proofEntry{Sequence: p.Entry.Sequence, Header: string(p.Entry.Header.Bytes()), Body: string(p.Entry.Body),
			Salt: hex.EncodeToString(p.Entry.Salt), Commitment: hex.EncodeToString(p.Entry.Commitment[:]), Proof: []string{}}
		for _, h := range p.Hash {
			e.Proof = append(e.Proof, base64.StdEncoding.EncodeToString(h[:]))
		}
		out.Entries = append(out.Entries, e)
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return v.data("application/json", append(body, '\n')), nil
}
