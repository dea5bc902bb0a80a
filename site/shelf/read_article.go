package shelf

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

func hashBytes(h string) []byte {
	b, err := hex.DecodeString(h)
	if err != nil {
		return []byte(h)
	}
	return b
}

const stateQuery = "SELECT a.key, c.data FROM article a JOIN card c ON c.key = a.key WHERE a.id = ?"

func (tx *Tx) state(id dateline.ID) (*state, error) {
	if tx.then != nil {
		return tx.stateThen(id)
	}
	if tx.hides(id) {
		return nil, fmt.Errorf("article %.60s: %w", id, ErrNotFound)
	}
	if tx.resolved != nil && tx.resolved.ID == id {
		s := *tx.resolved
		return &s, nil
	}
	r, err := tx.c.one(stateQuery, packID(id))
	if err != nil {
		return nil, fmt.Errorf("article %.60s: %w", id, err)
	}
	return unpackState(r.int(0), r.blob(1))
}

// Card is what lists show of an article; ErrNotFound where readers cannot open it.
func (tx *Tx) Card(id dateline.ID) (*Card, error) {
	s, err := tx.state(id)
	if err != nil {
		return nil, err
	}
	return &s.Card, nil
}

// Cards are those of the ids that readers can open, in the order given.
func (tx *Tx) Cards(ids []dateline.ID) ([]Card, error) {
	var out []Card
	for _, id := range ids {
		s, err := tx.state(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s.Card)
	}
	return out, nil
}

// Article is the latest edition with its fragment; ErrNotFound where readers cannot open it.
func (tx *Tx) Article(id dateline.ID) (*Article, error) {
	s, err := tx.state(id)
	if err != nil {
		return nil, err
	}
	a, _, err := tx.article(s)
	return a, err
}

// article reads the body row of an article, and its text.
func (tx *Tx) article(s *state) (*Article, []byte, error) {
	if tx.then != nil {
		if a, text, err := tx.articleThen(s); a != nil || err != nil {
			return a, text, err
		}
	}
	r, err := tx.c.one("SELECT z FROM body WHERE key = ?", s.key)
	if err != nil {
		return nil, nil, fmt.Errorf("the body of %s: %w", s.ID, err)
	}
	return tx.unpackArticle(s, r.blob(0))
}

// unpackArticle reads what packArticle wrote and adds what other articles say of it.
func (tx *Tx) unpackArticle(s *state, z []byte) (*Article, []byte, error) {
	a, text, err := unpackArticle(tx.shelf.codec, s, z)
	if err != nil {
		return nil, nil, err
	}
	return a, text, tx.translatedBy(a)
}

// unpackArticle reads what packArticle wrote.
func unpackArticle(c *codec, s *state, z []byte) (*Article, []byte, error) {
	b, err := c.inflate(z)
	if err != nil {
		return nil, nil, err
	}
	u := unpacker{b: b}
	a := &Article{Card: s.Card, Sequence: u.int(), Place: u.text(), Agency: u.text(), SearchTitle: u.text(), SocialTitle: u.text()}
	if u.int() == 1 {
		a.Source = &dateline.Source{Agency: u.text(), Item: u.text(), Version: u.text(), Terms: u.text()}
	}
	a.Translations, a.Related, a.Pictures, a.Speakers = u.ids(), u.ids(), u.ids(), u.ids()
	a.Origin = unpackOrigin(&u)
	a.Words = int(u.int())
	text := u.bytes()
	n := u.int()
	if u.bad || n != int64(len(u.b)) {
		return nil, nil, fmt.Errorf("the body of %s: %w", s.ID, errDamaged)
	}
	a.Fragment = u.b
	return a, text, nil
}

// translatedBy adds the articles that name an article as theirs in another language, by id.
func (tx *Tx) translatedBy(a *Article) error {
	rows, err := tx.c.rows("SELECT by FROM translation WHERE of = ? ORDER BY by", packID(a.ID))
	if err != nil {
		return fmt.Errorf("the translations of %s: %w", a.ID, err)
	}
	for _, r := range rows {
		if id := unpackID(r.blob(0)); id != a.ID && !slices.Contains(a.Translations, id) {
			a.Translations = append(a.Translations, id)
		}
	}
	return nil
}

// Tombstone is what stays of an article that was taken down; ErrNotFound.
func (tx *Tx) Tombstone(id dateline.ID) (*Tombstone, error) {
	r, err := tx.c.one("SELECT seq, at, body FROM tombstone WHERE id = ?", packID(id))
	if err != nil {
		return nil, fmt.Errorf("tombstone of %.60s: %w", id, err)
	}
	t := &Tombstone{ID: id, Sequence: r.int(0), At: instant(r.int(1)), Kind: dateline.WithdrawnLegal}
	if r.blob(2) == nil {
		return t, nil // the withdrawal itself was redacted: it says no more
	}
	decoded, err := decodeFact(record.KindWithdrawal, r.blob(2))
	if err != nil {
		return nil, err
	}
	b := decoded.(*record.Withdrawal)
	t.Kind, t.Section, t.Language, t.Notice, t.Into, t.Editions = b.Kind, b.Section, b.Language, b.Notice, b.Into, b.Editions
	if t.At, err = record.ParseInstant(b.Public); err != nil {
		return nil, err
	}
	t.First, err = record.ParseInstant(b.First)
	return t, err
}

// Editions are an article's, the greatest number first; none where readers cannot open it.
func (tx *Tx) Editions(id dateline.ID) ([]Edition, error) { return tx.editions(id, "") }

// editions are those of an article that a condition names.
func (tx *Tx) editions(id dateline.ID, and string, more ...any) ([]Edition, error) {
	if _, err := tx.state(id); errors.Is(err, ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	rows, err := tx.c.rows(`SELECT e.seq, e.number, e.change, e.note, e.public, e.at, e.z IS NULL, coalesce(r.replacement, 0), e.corrects
		FROM edition e LEFT JOIN redacted r ON r.seq = e.seq WHERE e.article = ? `+and+` ORDER BY e.number DESC, e.seq DESC`, append([]any{packID(id)}, more...)...)
	if err != nil {
		return nil, err
	}
	out := make([]Edition, len(rows))
	for i, r := range rows {
		out[i] = Edition{Article: id, Sequence: r.int(0), Number: int(r.int(1)), Change: dateline.Change(r.text(2)), Note: r.text(3),
			Recorded: instant(r.int(5)), Redacted: r.int(6) == 1, Replacement: r.int(7), Corrects: int(r.int(8))}
		if out[i].Number > 0 {
			out[i].Public = instant(r.int(4))
		}
	}
	replaces := map[int64]int64{}
	for _, e := range out {
		if e.Replacement != 0 {
			replaces[e.Replacement] = e.Sequence
		}
	}
	for i := range out {
		out[i].Replaces = replaces[out[i].Sequence]
	}
	if tx.then != nil {
		out = slices.DeleteFunc(out, func(e Edition) bool { return e.Public.IsZero() || micros(e.Public) > tx.then.at })
	}
	return out, nil
}

// EditionAt is one edition whole; ErrNotFound where its body is gone or there is none.
func (tx *Tx) EditionAt(id dateline.ID, number int) (*Edition, *record.Edition, error) {
	list, err := tx.editions(id, "AND e.number = ?", number)
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		if list[i].Number != number || list[i].Redacted {
			continue
		}
		e, err := tx.editionEntry(list[i].Sequence)
		if err != nil {
			return nil, nil, err
		}
		body, err := e.Decode()
		if err != nil {
			return nil, nil, err
		}
		return &list[i], body.(*record.Edition), nil
	}
	return nil, nil, fmt.Errorf("edition %d of %.60s: %w", number, id, ErrNotFound)
}

func (tx *Tx) editionEntry(seq int64) (record.Entry, error) {
	r, err := tx.c.one("SELECT l.data, e.z FROM edition e JOIN leaf l ON l.seq = e.seq WHERE e.seq = ? AND e.z IS NOT NULL", seq)
	if err != nil {
		return record.Entry{}, fmt.Errorf("entry %d: %w", seq, err)
	}
	return openEntry(tx.shelf.codec, r.blob(0), r.blob(1))
}

// Proof is the article's editions that readers can open, oldest first, with proofs for the checkpoint's size. Editions that
// came after the checkpoint are left out.
func (tx *Tx) Proof(id dateline.ID) ([]byte, []Proof, error) {
	checkpoint, err := tx.Checkpoint()
	if err != nil {
		return nil, nil, err
	}
	c, err := record.ParseCheckpoint(checkpoint)
	if err != nil {
		return nil, nil, err
	}
	list, err := tx.Editions(id)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 {
		return nil, nil, fmt.Errorf("article %.60s: %w", id, ErrNotFound)
	}
	var out []Proof
	for _, ed := range slices.Backward(list) {
		if ed.Redacted || ed.Sequence > c.Size {
			continue
		}
		e, err := tx.editionEntry(ed.Sequence)
		if err != nil {
			return nil, nil, err
		}
		hashes, err := record.Prove(tiles{tx.c}, c.Size, ed.Sequence)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, Proof{e, hashes})
	}
	return checkpoint, out, nil
}

// Keys are the entries that name the keys of the log, oldest first, with proofs for the checkpoint's size.
func (tx *Tx) Keys() ([]byte, []Proof, error) {
	checkpoint, err := tx.Checkpoint()
	if err != nil {
		return nil, nil, err
	}
	c, err := record.ParseCheckpoint(checkpoint)
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.c.rows("SELECT l.data, s.z FROM signer s JOIN leaf l ON l.seq = s.seq WHERE s.seq <= ? ORDER BY s.seq", c.Size)
	if err != nil {
		return nil, nil, err
	}
	out := make([]Proof, len(rows))
	for i, r := range rows {
		if out[i].Entry, err = openEntry(tx.shelf.codec, r.blob(0), r.blob(1)); err != nil {
			return nil, nil, err
		}
		if out[i].Hash, err = record.Prove(tiles{tx.c}, c.Size, out[i].Entry.Sequence); err != nil {
			return nil, nil, err
		}
	}
	return checkpoint, out, nil
}

// Origin is the name under which the log goes on; "" while the record names none.
func (tx *Tx) Origin() (string, error) {
	rows, err := tx.c.rows("SELECT value FROM meta WHERE name = 'origin'")
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].text(0), nil
}

// Checkpoint is the newest signed one whose size this snapshot has reached; ErrNotFound while there is none.
func (tx *Tx) Checkpoint() ([]byte, error) {
	rows, err := tx.c.rows("SELECT value FROM meta WHERE name IN ('checkpoint', 'checkpoint before') ORDER BY name")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if c, err := record.ParseCheckpoint(r.blob(0)); err != nil {
			return nil, err
		} else if c.Size <= tx.cursor {
			return r.blob(0), nil
		}
	}
	return nil, fmt.Errorf("a signed checkpoint: %w", ErrNotFound)
}

// LastCosigned is the number of the cosigned checkpoint that was taken over last; 0 before the first.
func (tx *Tx) LastCosigned() (int64, error) {
	rows, err := tx.c.rows("SELECT value FROM meta WHERE name = 'cosigned'")
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].int(0), nil
}

// maxWitnesses bounds how many witnesses are looked for.
const maxWitnesses = 64

// Cosigned gives, for each witness, the smallest of the checkpoints that it cosigned in which an entry is: the first time that it
// can be said to have seen the entry. With 0 it gives the largest of each. ErrNotFound where there is none.
func (tx *Tx) Cosigned(sequence int64) (notes [][]byte, err error) {
	witness := ""
	for range maxWitnesses {
		next, err := tx.c.rows("SELECT witness FROM cosigned WHERE witness > ? ORDER BY witness LIMIT 1", witness)
		if err != nil {
			return nil, err
		}
		if len(next) == 0 {
			break
		}
		witness = next[0].text(0)
		order := "size"
		if sequence == 0 {
			order = "size DESC"
		}
		found, err := tx.c.rows("SELECT note FROM cosigned WHERE witness = ? AND size BETWEEN ? AND ? ORDER BY "+order+" LIMIT 1", witness, sequence, tx.cursor)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			notes = append(notes, r.blob(0))
		}
	}
	if len(notes) == 0 {
		return nil, fmt.Errorf("a cosigned checkpoint with entry %d: %w", sequence, ErrNotFound)
	}
	return notes, nil
}

// VerifierKey is the key that the record names last as the one that signs its checkpoints; ErrNotFound while it names none.
func (tx *Tx) VerifierKey() (string, error) {
	rows, err := tx.c.rows("SELECT value FROM meta WHERE name = 'key'")
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "", fmt.Errorf("a key: %w", ErrNotFound)
	}
	return rows[0].text(0), nil
}

// Tile is a tile of the tree, or a bundle of leaves where its level is -1, at the width asked for; ErrNotFound.
func (tx *Tx) Tile(at record.TileAddress) ([]byte, error) {
	missing := fmt.Errorf("%s: %w", at.Path(), ErrNotFound)
	if at.Level < 0 {
		rows, err := tx.c.rows("SELECT data FROM leaf WHERE seq >= ? ORDER BY seq LIMIT ?", at.First(), at.Width)
		if err != nil {
			return nil, err
		}
		if len(rows) < at.Width {
			return nil, missing
		}
		leaves := make([][]byte, len(rows))
		for i, r := range rows {
			leaves[i] = r.blob(0)
		}
		return record.Bundle(leaves)
	}
	data, err := tiles{tx.c}.Tile(at.Level, at.Index)
	if err != nil {
		return nil, err
	}
	if len(data) < at.Width*len(record.Hash{}) {
		return nil, missing
	}
	return data[:at.Width*len(record.Hash{})], nil
}

// HomeChanged is when an entry, imports aside, last put, moved, changed or removed a card on the home page; zero for never.
func (tx *Tx) HomeChanged() (time.Time, error) {
	if tx.then != nil {
		return instant(floorSecond(tx.then.at)), nil
	}
	r, err := tx.c.one("SELECT max(value, coalesce((SELECT max(aired) FROM live), 0)) FROM meta WHERE name = 'home'")
	if err != nil || r.int(0) == 0 {
		return time.Time{}, err
	}
	return instant(r.int(0)), nil
}
