package store

import (
	"cmp"
	"database/sql"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// ClaimAddress gives an address to an owner for good.
func (t *tx) ClaimAddress(address string, owner desk.Owner) error {
	has, err := t.FindOwner(address)
	switch {
	case dateline.ErrorCode(err) == dateline.ENotFound:
		_, err = t.exec("INSERT INTO addresses (address, kind, owner) VALUES ($1, $2, $3)", address, string(owner.Kind), string(owner.ID))
		return err
	case err != nil:
		return err
	case has != owner:
		return dateline.Errorf(dateline.EConflict, "the address %s belongs to another %s; an address is never used again", address, has.Kind)
	}
	return nil
}

// FindOwner returns whose an address is.
func (t *tx) FindOwner(address string) (o desk.Owner, err error) {
	err = t.one("SELECT kind, owner FROM addresses WHERE address IN ($1, $2) LIMIT 1", []any{address, desk.HiddenAddress(address)}, &o.Kind, &o.ID)
	return o, err
}

// InsertAudit adds a line to the audit.
func (t *tx) InsertAudit(l desk.AuditLine) error {
	t.place.Note(&l)
	more := ""
	if l.LineMore != (desk.LineMore{}) {
		var err error
		if more, err = encode(l.LineMore); err != nil {
			return err
		}
	}
	_, err := t.exec(`INSERT INTO audit (at, actor, role, act, article, version, seq, detail, tell, more, address, device, session)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, micros(l.At), l.Actor, string(l.Role), string(l.Act), string(l.Article), l.Version,
		l.Sequence, l.Detail, l.For, more, l.Address, l.Device, l.Session)
	return err
}

// ListAudit lists lines, newest first.
func (t *tx) ListAudit(article dateline.ID, before int64, limit int) ([]desk.AuditLine, error) {
	where, args := "n < $1", []any{cmp.Or(before, math.MaxInt64), limit}
	if article != "" {
		where += " AND article = $3 AND article <> ''"
		args = append(args, string(article))
	}
	list, err := t.lines(where+" ORDER BY n DESC LIMIT $2", args...)
	for i := range list { // whoever reads an article is not told from where colleagues work
		list[i].Address, list[i].Device, list[i].Session = "", "", ""
	}
	return list, err
}

// FilterAudit lists lines that a filter names, newest first. What names nothing is left out of the question, so that each is
// answered from an index.
func (t *tx) FilterAudit(f desk.AuditFilter, limit int) ([]desk.AuditLine, error) {
	where, args := "n < $1", []any{cmp.Or(f.Before, math.MaxInt64), limit}
	add := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args)))
	}
	if f.Actor != "" {
		add("actor = ?", f.Actor)
	}
	if f.Act != "" {
		add("act = ?", string(f.Act))
	}
	if f.Subject != "" {
		add("(article = ? OR instr(detail, ?) > 0)", string(f.Subject))
	}
	if !f.Since.IsZero() {
		add("at >= ?", micros(f.Since))
	}
	if !f.Until.IsZero() {
		add("at < ?", micros(f.Until))
	}
	return t.lines(where+" ORDER BY n DESC LIMIT $2", args...)
}

func (t *tx) lines(where string, args ...any) (list []desk.AuditLine, err error) {
	err = t.each("SELECT n, at, actor, role, act, article, version, seq, detail, tell, more, address, device, session FROM audit WHERE "+where, args, func(rows *sql.Rows) error {
		var l desk.AuditLine
		var at int64
		var more string
		if err := rows.Scan(&l.Number, &at, &l.Actor, &l.Role, &l.Act, &l.Article, &l.Version, &l.Sequence, &l.Detail, &l.For, &more, &l.Address, &l.Device, &l.Session); err != nil {
			return translate(err)
		}
		l.At = instant(at)
		if more != "" {
			if err := decode(more, &l.LineMore); err != nil {
				return err
			}
		}
		if l.Detail == removed {
			l.Say(dateline.Say("removed")) // its words went, and with them what else it said
		}
		list = append(list, l)
		return nil
	})
	return list, err
}

// FindLine returns one line of an article's audit.
func (t *tx) FindLine(article dateline.ID, number int64) (desk.AuditLine, error) {
	list, err := t.lines("n = $1 AND article = $2", number, string(article))
	if err == nil && len(list) == 0 {
		err = dateline.Errorf(dateline.ENotFound, "article %.60s has no line %d in its history", article, number)
	}
	if err != nil {
		return desk.AuditLine{}, err
	}
	list[0].Address, list[0].Device, list[0].Session = "", "", ""
	return list[0], nil
}

// FindState returns what an article was at an instant.
func (t *tx) FindState(article dateline.ID, at time.Time, line int64) (desk.ArticleState, error) {
	if line == 0 {
		line = 1<<63 - 1
	}
	list, err := t.lines(`article = $1 AND article <> '' AND n <= $2 AND at <= $3 AND more LIKE '{"state":%' ORDER BY n DESC LIMIT 1`, string(article), line, micros(at))
	if err == nil && len(list) == 0 {
		err = dateline.Errorf(dateline.ENotFound, "what article %.60s was then is not kept", article)
	}
	if err != nil {
		return desk.ArticleState{}, err
	}
	return *list[0].State, nil
}

// withPlace is true of lines that say from where they were done.
const withPlace = "(address <> '' OR device <> '' OR session <> '')"

// CountPlaces asks whether any line before an instant says from where it was done.
func (t *tx) CountPlaces(before time.Time) (n int, err error) {
	err = t.one("SELECT count(*) FROM (SELECT 1 FROM audit WHERE at < $1 AND "+withPlace+" LIMIT 1)", []any{micros(before)}, &n)
	return n, err
}

// ForgetPlaces takes out from where lines were done.
func (t *tx) ForgetPlaces(before time.Time) (int, error) {
	n, err := t.exec("UPDATE audit SET address = '', device = '', session = '' WHERE at < $1 AND "+withPlace, micros(before))
	return int(n), err
}

// SaveReceipt keeps an act's receipt.
func (t *tx) SaveReceipt(r *dateline.Receipt) error {
	data, err := encode(r)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO receipts (seq, data) VALUES ($1, $2) ON CONFLICT (seq) DO UPDATE SET data = excluded.data", r.Sequence, data)
	return err
}

// FindReceipt returns an act's receipt.
func (t *tx) FindReceipt(sequence int64) (*dateline.Receipt, error) {
	var data string
	err := t.one("SELECT data FROM receipts WHERE seq = $1", []any{sequence}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no receipt of entry %d", sequence)
	}
	if err != nil {
		return nil, err
	}
	r := new(dateline.Receipt)
	return r, decode(data, r)
}

// InsertKey keeps an idempotency key.
func (t *tx) InsertKey(k desk.Key) error {
	_, err := t.exec("INSERT INTO request_keys (actor, key, request, result, at) VALUES ($1, $2, $3, $4, $5)",
		k.Actor, k.Key, k.Request, string(k.Result), micros(k.At))
	return err
}

// FindKey returns what a key's request answered.
func (t *tx) FindKey(actor, key string) (desk.Key, error) {
	k := desk.Key{Actor: actor, Key: key}
	var at int64
	var result string
	err := t.one("SELECT request, result, at FROM request_keys WHERE actor = $1 AND key = $2", []any{actor, key}, &k.Request, &result, &at)
	k.Result, k.At = []byte(result), instant(at)
	return k, err
}

// SaveSetting keeps a value under a name.
func (t *tx) SaveSetting(name, value string) error {
	_, err := t.exec("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

// FindSetting returns the value under a name.
func (t *tx) FindSetting(name string) (value string, err error) {
	err = t.one("SELECT value FROM settings WHERE name = $1", []any{name}, &value)
	return value, err
}

// InsertImport keeps what became of an item from elsewhere.
func (t *tx) InsertImport(i desk.Import) error {
	_, err := t.exec("INSERT INTO imported (source, external, article, digest) VALUES ($1, $2, $3, $4)",
		i.Source, i.External, string(i.Article), i.Digest)
	return err
}

// FindImport returns what became of an item from elsewhere.
func (t *tx) FindImport(source, external string) (desk.Import, error) {
	i := desk.Import{Source: source, External: external}
	err := t.one("SELECT article, digest FROM imported WHERE source = $1 AND external IN ($2, $3) LIMIT 1",
		[]any{source, external, desk.HiddenAddress(external)}, &i.Article, &i.Digest)
	return i, err
}

// InsertToken keeps a token under the hash of its secret.
func (t *tx) InsertToken(k desk.Token, hash []byte) error {
	_, err := t.exec("INSERT INTO tokens (id, name, role, hash, created, expires, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		string(k.ID), k.Name, string(k.Role), hash, micros(k.Created), micros(k.Expires), micros(k.Revoked))
	return err
}

const tokenColumns = "SELECT id, name, role, created, expires, revoked FROM tokens"

// FindToken returns a token by the hash of its secret.
func (t *tx) FindToken(hash []byte) (desk.Token, error) {
	st, err := t.stmt(tokenColumns + " WHERE hash = $1")
	if err != nil {
		return desk.Token{}, err
	}
	return scanToken(st.QueryRow(hash).Scan)
}

func scanToken(scan func(...any) error) (k desk.Token, err error) {
	var created, expires, revoked int64
	err = translate(scan(&k.ID, &k.Name, &k.Role, &created, &expires, &revoked))
	k.Created, k.Expires, k.Revoked = instant(created), instant(expires), instant(revoked)
	return k, err
}

// ListTokens lists every token, oldest first.
func (t *tx) ListTokens() ([]desk.Token, error) {
	var list []desk.Token
	err := t.each(tokenColumns+" ORDER BY created, id", nil, func(rows *sql.Rows) error {
		k, err := scanToken(rows.Scan)
		list = append(list, k)
		return err
	})
	return list, err
}

// RevokeToken ends a token.
func (t *tx) RevokeToken(id dateline.ID, at time.Time) error {
	n, err := t.exec("UPDATE tokens SET revoked = $2 WHERE id = $1", string(id), micros(at))
	if err == nil && n == 0 {
		return dateline.Errorf(dateline.ENotFound, "there is no token %.60s", id)
	}
	return err
}
