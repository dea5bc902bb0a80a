package shelf

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/datelinehq/dateline"
)

var errDamaged = errors.New("a row of the shelf is damaged")

// packID gives the 16 bytes of an id. What is no UUID stays as it is.
func packID(id dateline.ID) []byte {
	var b [16]byte
	if len(id) == 36 && id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-' {
		src := make([]byte, 0, 32)
		for _, part := range []dateline.ID{id[:8], id[9:13], id[14:18], id[19:23], id[24:]} {
			src = append(src, part...)
		}
		if _, err := hex.Decode(b[:], src); err == nil {
			return b[:]
		}
	}
	return []byte(id)
}

// unpackID is the inverse of packID.
func unpackID(b []byte) dateline.ID {
	if len(b) != 16 {
		return dateline.ID(b)
	}
	var out [36]byte
	hex.Encode(out[:], b[:4])
	hex.Encode(out[9:], b[4:6])
	hex.Encode(out[14:], b[6:8])
	hex.Encode(out[19:], b[8:10])
	hex.Encode(out[24:], b[10:])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return dateline.ID(out[:])
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func instant(n int64) time.Time { return time.UnixMicro(n).UTC() }

// packer writes fields one after the other.
type packer struct{ b []byte }

func (p *packer) int(n int64) { p.b = binary.AppendVarint(p.b, n) }

func (p *packer) text(s string) {
	p.int(int64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) id(id dateline.ID) { p.text(string(packID(id))) }

func (p *packer) ids(list []dateline.ID) {
	p.int(int64(len(list)))
	for _, id := range list {
		p.id(id)
	}
}

// unpacker reads what a packer wrote; bad says that the bytes ended early.
type unpacker struct {
	b   []byte
	bad bool
}

func (u *unpacker) int() int64 {
	n, size := binary.Varint(u.b)
	if size <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[size:]
	return n
}

func (u *unpacker) text() string { return string(u.bytes()) }

func (u *unpacker) bytes() []byte {
	n := u.int()
	if n < 0 || n > int64(len(u.b)) {
		u.bad, u.b = true, nil
		return nil
	}
	b := u.b[:n:n]
	u.b = u.b[n:]
	return b
}

func (u *unpacker) id() dateline.ID { return unpackID(u.bytes()) }

func (u *unpacker) ids() []dateline.ID {
	n := u.int()
	if n < 0 || n > int64(len(u.b)) {
		u.bad = true
		return nil
	}
	var list []dateline.ID
	for range n {
		list = append(list, u.id())
	}
	return list
}

// state is a card with what the writer must know to change it.
type state struct {
	Card
	speakers    []dateline.ID
	translates  []dateline.ID // the articles it says in another language
	addressSeq  int64         // the entry that gave the address
	key         int64
	numberedSeq int64 // the entry of the latest edition
}

func (s *state) pack() []byte {
	p := packer{make([]byte, 0, 512)}
	p.id(s.ID)
	p.text(string(s.Kind))
	p.int(int64(s.Edition))
	p.text(s.Address)
	p.id(s.Section)
	p.text(string(s.Label))
	p.text(s.Headline)
	p.text(s.Standfirst)
	p.text(s.Language)
	p.int(micros(s.First))
	p.int(micros(s.Updated))
	p.text(string(s.Change))
	p.text(s.Note)
	imported := int64(0)
	if s.Imported {
		imported = 1
	}
	p.int(imported)
	p.int(int64(len(s.Byline)))
	for _, c := range s.Byline {
		p.id(c.Person)
		p.text(c.Agency)
		p.text(c.As)
	}
	p.ids(s.Topics)
	packLead(&p, s.Lead)
	p.int(micros(s.Modified))
	p.ids(s.speakers)
	p.ids(s.translates)
	p.int(s.addressSeq)
	p.int(s.numberedSeq)
	p.ids(s.Stories)
	return p.b
}

func packLead(p *packer, l *dateline.Lead) {
	if l == nil {
		p.int(0)
		return
	}
	p.int(1)
	p.id(l.Picture)
	p.text(l.Alt)
	p.text(l.Caption)
	p.text(l.Credit)
}

func unpackLead(u *unpacker) *dateline.Lead {
	if u.int() == 0 {
		return nil
	}
	return &dateline.Lead{Picture: u.id(), Alt: u.text(), Caption: u.text(), Credit: u.text()}
}

func packOrigin(p *packer, o *dateline.Origin) {
	if o == nil {
		p.int(0)
		return
	}
	p.int(int64(o.Entry))
	p.id(o.Article)
}

func unpackOrigin(u *unpacker) *dateline.Origin {
	n := u.int()
	if n == 0 {
		return nil
	}
	return &dateline.Origin{Entry: int(n), Article: u.id()}
}

func unpackState(key int64, b []byte) (*state, error) {
	u := unpacker{b: b}
	s := &state{key: key}
	s.ID = u.id()
	s.Kind = dateline.Kind(u.text())
	s.Edition = int(u.int())
	s.Address = u.text()
	s.Section = u.id()
	s.Label = dateline.Label(u.text())
	s.Headline = u.text()
	s.Standfirst = u.text()
	s.Language = u.text()
	s.First = instant(u.int())
	s.Updated = instant(u.int())
	s.Change = dateline.Change(u.text())
	s.Note = u.text()
	s.Imported = u.int() == 1
	for range u.int() {
		if u.bad {
			break
		}
		s.Byline = append(s.Byline, dateline.Credit{Person: u.id(), Agency: u.text(), As: u.text()})
	}
	s.Topics = u.ids()
	s.Lead = unpackLead(&u)
	s.Modified = instant(u.int())
	s.speakers = u.ids()
	s.translates = u.ids()
	s.addressSeq = u.int()
	s.numberedSeq = u.int()
	s.Stories = u.ids()
	s.Entry = s.numberedSeq
	if u.bad {
		return nil, fmt.Errorf("card %d: %w", key, errDamaged)
	}
	return s, nil
}

// unpackListed reads of a packed state only what a sitemap says. A file of a sitemap has hundreds of rows and is made anew with every act.
func unpackListed(key int64, b []byte) (l Listed, err error) {
	u := unpacker{b: b}
	skip := func(fields int64) {
		for ; fields > 0 && !u.bad; fields-- {
			u.bytes()
		}
	}
	l.ID = u.id()
	l.Kind = dateline.Kind(u.text())
	l.Edition = int(u.int())
	l.Address = u.text()
	skip(5) // from section to language
	l.First = instant(u.int())
	u.int()           // updated
	skip(2)           // change and note
	u.int()           // imported
	skip(3 * u.int()) // the byline's person, agency and name
	skip(u.int())     // topics
	skip(4 * u.int()) // the lead
	l.Modified = instant(u.int())
	if u.bad {
		return l, fmt.Errorf("card %d: %w", key, errDamaged)
	}
	return l, nil
}

// dictionary holds the words that every body and edition repeats, so that short ones compress. It is part of the file's
// form: a change of it is a new schemaVersion.
const dictionary = `{"address":"/","agency":"","body":{"content":[{"content":[{"text":"The ","type":"text"}],"type":"paragraph"},` +
	`{"attrs":{"level":2},"content":[{"marks":[{"attrs":{"href":"https://www."},"type":"link"},{"type":"strong"},{"type":"em"}],` +
	`"text":"","type":"text"}],"type":"heading"},{"attrs":{"alt":"","credit":"","picture":"0190"},"type":"figure"},` +
	`{"type":"list_item"},{"type":"bullet_list"},{"attrs":{"speaker":""},"type":"quote"}],"type":"doc"},"byline":[{"person":"0190"}],` +
	`"change":"correction","change":"imported","change":"update","change":"first","first":"2026-06-30T06:38:00.000000Z","headline":"",` +
	`"kind":"article","label":"analysis","language":"en","lead":{"alt":"","caption":"","credit":"","picture":"0190"},"note":"",` +
	`"number":1,"pictures":["0190"],"place":"","public":"2026-06-30T06:38:00.000000Z","related":["0190"],"section":"0190",` +
	`"source":{"agency":"","item":""},"standfirst":"","topics":["0190","0190"],"updated":"2026-06-30T06:38:00.000000Z"}` +
	`<h2></h2><ul><li></li></ul><blockquote><p></p></blockquote><figure><img alt="" width="" height=""><figcaption></figcaption></figure>` +
	`<a href="https://www."></a><strong></strong><em></em><p>The </p><p>`

const dictionaryID = 1

// codec compresses and inflates rows; it is safe for use by many.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec(workers int) (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(workers),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<18), zstd.WithEncoderDictRaw(dictionaryID, []byte(dictionary)))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(workers), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderDictRaw(dictionaryID, []byte(dictionary)))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	return &codec{enc, dec}, nil
}

func (c *codec) deflate(b []byte) []byte {
	return c.enc.EncodeAll(b, make([]byte, 0, len(b)/2+64))
}

func (c *codec) inflate(z []byte) ([]byte, error) {
	b, err := c.dec.DecodeAll(z, nil)
	if err != nil {
		return nil, fmt.Errorf("inflate a row: %w", err)
	}
	return b, nil
}
