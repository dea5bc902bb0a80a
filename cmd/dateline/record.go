package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/record"
)

type recordCommand struct {
	Verify verifyCommand `cmd:"" help:"Check a newsroom's own record, or a site's by its address."`
	Redact redactCommand `cmd:"" help:"Remove the text of editions for good."`
	Erase  eraseCommand  `cmd:"" help:"Take a person out of the paper for good."`

	Witness witnessCommand `cmd:"" help:"Name those outside who say that they saw the record, and have them sign it."`
	Cosign  cosignCommand  `cmd:"" help:"Take in a checkpoint that a witness has cosigned, from a file."`
}

type verifyCommand struct {
	inFolder
	Address string `arg:"" optional:"" help:"A site's address; the newsroom in --dir where there is none."`
	Key     string `help:"The verifier key that must have signed; the site's own where it is not named." placeholder:"KEY"`
}

// Help gives the example.
func (verifyCommand) Help() string {
	return `Offline, every entry with its words is checked against its commitment, the tree and the signed checkpoint. Of a site,
headers and commitments are checked: its words are given with each article's own proof.

Examples:
  dateline record verify --dir paper
  dateline record verify https://estuary.example --key "estuary.example/record+1a2b3c4d+AQ…"`
}

// verdict is what record verify prints with --json.
type verdict struct {
	OK      bool           `json:"ok"`
	Entries int64          `json:"entries"`
	Bodies  int64          `json:"bodies"`
	Origin  string         `json:"origin"`
	Size    int64          `json:"size"`
	Faults  []verdictFault `json:"faults"`
}

type verdictFault struct {
	Sequence int64  `json:"sequence,omitempty"`
	What     string `json:"what"`
}

// Run verifies and says in one line what was proved, or which entries fail.
func (c verifyCommand) Run(ctx context.Context, s streams) error {
	if c.Key != "" {
		if err := record.CheckVerifier(c.Key); err != nil {
			return dateline.Errorf(dateline.EInvalid, "--key: %v", err)
		}
	}
	p := newProgress(s.err)
	var proved record.Proved
	var err error
	if c.Address != "" {
		proved, err = verifySite(ctx, c.Address, c.Key, p.tell)
	} else {
		proved, err = verifyFolder(ctx, c.Dir, c.Key, p.tell)
	}
	p.finish()
	if err != nil {
		return err
	}
	if c.JSON {
		v := verdict{OK: len(proved.Faults) == 0, Entries: proved.Entries, Bodies: proved.Bodies, Origin: proved.Origin, Size: proved.Size, Faults: []verdictFault{}}
		for _, f := range proved.Faults {
			v.Faults = append(v.Faults, verdictFault{f.Sequence, f.What})
		}
		if err := printJSON(s.out, v); err != nil {
			return err
		}
	}
	if len(proved.Faults) > 0 {
		lines := make([]string, len(proved.Faults))
		for i, f := range proved.Faults {
			lines[i] = f.String()
		}
		return dateline.Errorf(dateline.EInvalid, "the record does not verify: %s", strings.Join(lines, "; "))
	}
	if c.JSON {
		return nil
	}
	_, err = fmt.Fprintln(s.out, c.sentence(proved))
	return err
}

func (c verifyCommand) sentence(p record.Proved) string {
	if c.Address == "" {
		signed := "in the tree that its checkpoint signs"
		if p.Size < p.Entries {
			signed = fmt.Sprintf("in the tree of which its checkpoint signs the first %d; the newest %d are signed with the next act or start", p.Size, p.Entries-p.Size)
		}
		return fmt.Sprintf("All %d entries of %s are there without a gap, each as committed to (%d with their words), %s.", p.Entries, p.Origin, p.Bodies, signed)
	}
	by := "the key that the site itself names"
	if c.Key != "" {
		by = "the key you named"
	}
	return fmt.Sprintf("All %d entries of %s are there without a gap, in the tree that its checkpoint signs with %s; headers and commitments were checked, not words.", p.Entries, p.Origin, by)
}

// verifyFolder checks a newsroom's own record; a server may be running.
func verifyFolder(ctx context.Context, f folder, key string, tell tell) (p record.Proved, err error) {
	if err := f.mustExist(); err != nil {
		return p, err
	}
	db, err := openToRead(ctx, f)
	if err != nil {
		return p, err
	}
	defer db.Close()
	var keys []string
	if key != "" {
		keys = append(keys, key)
	} else if verifier, err := f.verifier(); err == nil {
		keys = append(keys, verifier)
	}
	return db.Verify(ctx, keys, func(done, total int64) { tell("entries checked", done, total) })
}

// verifier is the key that the newsroom's own signing key goes with. A record whose folder has none is checked against the
// keys that it names itself.
func (f folder) verifier() (string, error) {
	secret, err := f.readKey()
	if err != nil {
		return "", err
	}
	signer, err := record.NewSigner(secret)
	if err != nil {
		return "", dateline.Errorf(dateline.EInternal, "%s holds no signing key (%v); without it nothing can be published, so put it back from a backup", f.key(), err)
	}
	return signer.Verifier(), nil
}

// openToRead opens a newsroom's database beside whatever may be running; nothing is written to it.
func openToRead(ctx context.Context, f folder) (*store.Store, error) {
	return store.Open(ctx, f.database(), desk.SystemClock{})
}

func findPublication(ctx context.Context, db *store.Store) (p *dateline.Publication, err error) {
	err = db.View(ctx, func(tx desk.Tx) error {
		p, err = tx.FindPublication()
		return err
	})
	return p, err
}

// siteTiles reads a site's tree by its tiles.
type siteTiles struct {
	ctx    context.Context
	client *fetch.Client
	base   string
	size   int64
	kept   map[[2]int64][]byte
}

const tileWidth = 1 << record.TileHeight

// Tile fetches one tile, whole or as far as the tree goes.
func (t *siteTiles) Tile(level int, index int64) ([]byte, error) {
	if b, ok := t.kept[[2]int64{int64(level), index}]; ok {
		return b, nil
	}
	width := t.size >> (record.TileHeight * max(level, 0))
	a := record.TileAddress{Level: level, Index: index, Width: int(min(tileWidth, width-index*tileWidth))}
	if a.Width <= 0 {
		return nil, nil
	}
	b, err := t.get("/record/" + a.Path())
	if err != nil {
		return nil, err
	}
	if len(t.kept) > 64 {
		clear(t.kept)
	}
	t.kept[[2]int64{int64(level), index}] = b
	return b, nil
}

// PutTile refuses: the tree is the site's.
func (t *siteTiles) PutTile(int, int64, []byte) error { return os.ErrPermission }

func (t *siteTiles) get(path string) ([]byte, error) {
	resp, err := t.client.Get(t.ctx, t.base+path, fetch.Limits{Bytes: 32 << 20})
	if err != nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "%v", err)
	}
	if resp.Status != 200 {
		return nil, dateline.Errorf(dateline.EUnavailable, "%s%s answers %d", t.base, path, resp.Status)
	}
	return resp.Body, nil
}

// verifySite checks a site's record: its checkpoint's signature, and that its entries' leaves make the tree that it signs.
func verifySite(ctx context.Context, address, key string, tell tell) (p record.Proved, err error) {
	base, err := publicAddress("the address", address)
	if err != nil {
		return p, err
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Allow: own(base)})
	if err != nil {
		return p, err
	}
	defer client.Close()
	t := &siteTiles{ctx: ctx, client: client, base: base, kept: map[[2]int64][]byte{}}
	checkpoint, err := t.get("/record/checkpoint")
	if err != nil {
		return p, err
	}
	if key == "" {
		named, err := t.get("/record/key")
		if err != nil {
			return p, err
		}
		key = strings.TrimSpace(string(named))
	}
	c, err := record.ParseCheckpoint(checkpoint)
	if err != nil {
		return p, dateline.Errorf(dateline.EInvalid, "%s/record/checkpoint: %v", base, err)
	}
	t.size = c.Size
	v := record.NewHeaderVerifier(t)
	for done := int64(0); done < c.Size; {
		bundle, err := t.Tile(-1, done/tileWidth)
		if err != nil {
			return p, err
		}
		leaves, err := record.ParseBundle(bundle)
		if err != nil {
			return p, dateline.Errorf(dateline.EInvalid, "%s, entries after %d: %v", base, done, err)
		}
		if want := min(tileWidth, c.Size-done); int64(len(leaves)) != want {
			return p, dateline.Errorf(dateline.EInvalid, "%s gives %d entries after %d where %d are signed", base, len(leaves), done, want)
		}
		for i, leaf := range leaves {
			e, err := record.ParseLeaf(leaf)
			if err != nil {
				return p, dateline.Errorf(dateline.EInvalid, "entry %d: %v", done+int64(i)+1, err)
			}
			if err := v.Add(e); err != nil {
				return p, err
			}
		}
		done += int64(len(leaves))
		tell("entries checked", done, c.Size)
	}
	return v.Finish(checkpoint, key)
}

// own allows the loopback addresses where the address that a person typed is itself one: the guard is against addresses
// that come from elsewhere.
func own(base string) []netip.Prefix {
	for _, local := range []string{"//localhost", "//127.", "//[::1]"} {
		if strings.Contains(base, local) {
			return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
		}
	}
	return nil
}
