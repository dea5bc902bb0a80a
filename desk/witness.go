package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/record"
)

// Witness is somebody outside who says, under a key of their own, that they saw the record and when (C2SP tlog-cosignature).
type Witness struct {
	Key     string `json:"key"`               // name+hash+data
	Address string `json:"address,omitempty"` // before /add-checkpoint (C2SP tlog-witness); without one, what they sign is brought by hand
}

// Name is what the key calls the witness.
func (w Witness) Name() string {
	name, _, _ := strings.Cut(w.Key, "+")
	return name
}

// who names the key as record.Cosigners does.
func (w Witness) who() string {
	parts := strings.SplitN(w.Key, "+", 3)
	return strings.Join(parts[:min(2, len(parts))], "+")
}

// WitnessAnswer is what came of asking a witness.
type WitnessAnswer struct {
	Witness string    `json:"witness"`
	Size    int64     `json:"size"`            // entries that it has cosigned; 0 for none yet
	At      time.Time `json:"at,omitzero"`     // by its clock, of the newest of these
	Wrong   string    `json:"wrong,omitempty"` // why it did not sign the newest
}

// witnessesSetting is where the witnesses are kept, and how many there may be: a checkpoint holds a line of each.
const (
	witnessesSetting = "witnesses"
	maxWitnesses     = 16
)

// ListWitnesses lists the witnesses that the newsroom knows.
func (d *Desk) ListWitnesses(ctx context.Context) (list []Witness, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		list, err = listWitnesses(tx)
		return err
	})
	return list, err
}

func listWitnesses(tx Tx) (list []Witness, err error) {
	kept, err := tx.FindSetting(witnessesSetting)
	if absent(err) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(kept), &list)
	}
	return list, err
}

// AddWitness keeps a witness, in place of one with the same key.
func (d *Desk) AddWitness(ctx context.Context, actor dateline.Actor, w Witness) error {
	if _, err := record.CheckWitness(w.Key); err != nil {
		return dateline.Errorf(dateline.EInvalid, "%v", err)
	}
	w.Address = strings.TrimRight(w.Address, "/")
	if u, err := url.Parse(w.Address); w.Address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return dateline.Errorf(dateline.EInvalid, "%.100q is no witness's address, such as https://witness.example/log", w.Address)
	}
	return d.changeWitnesses(ctx, actor, w.Key, func(list []Witness) ([]Witness, dateline.Sentence) {
		return append(list, w), dateline.Say("asks %s to witness the record", w.Name())
	})
}

// RemoveWitness forgets a witness. What it cosigned stays; ENotFound.
func (d *Desk) RemoveWitness(ctx context.Context, actor dateline.Actor, key string) error {
	return d.changeWitnesses(ctx, actor, key, func(list []Witness) ([]Witness, dateline.Sentence) {
		return list, dateline.Say("asks %s no more to witness the record", Witness{Key: key}.Name())
	})
}

// changeWitnesses takes a witness off the list and lets f go on with the rest.
func (d *Desk) changeWitnesses(ctx context.Context, actor dateline.Actor, key string, f func([]Witness) ([]Witness, dateline.Sentence)) error {
	return d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		had, err := listWitnesses(t)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(had), func(w Witness) bool { return w.Key == key })
		list, said := f(rest)
		switch {
		case len(list) == len(rest) && len(rest) == len(had):
			return dateline.Errorf(dateline.ENotFound, "there is no witness with the key %.100q", key)
		case len(list) > maxWitnesses:
			return dateline.Errorf(dateline.EInvalid, "%d witnesses are enough: take one off the list first", maxWitnesses)
		}
		b, err := json.Marshal(list)
		if err != nil {
			return internal("the witnesses could not be kept", err)
		}
		if err := t.SaveSetting(witnessesSetting, string(b)); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "%s", said)
	})
}

// Cosign takes in a checkpoint that witnesses have cosigned, brought by hand, and says who they are. EInvalid where it is not of
// this record, or holds nothing new of a witness that the newsroom knows.
func (d *Desk) Cosign(ctx context.Context, actor dateline.Actor, note []byte) (added []string, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	c, err := record.ParseCheckpoint(note)
	if err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%v", err)
	}
	if added, err = d.takeCosignatures(ctx, c, note); err != nil {
		return nil, err
	}
	if len(added) == 0 {
		return nil, dateline.Errorf(dateline.EInvalid, "it holds no new cosignature of a witness that this newsroom knows; name the witness first (dateline record witness add)")
	}
	return added, d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		return t.note(dateline.ActAdminister, nil, 0, "took in a checkpoint of %d entries, cosigned by %s", c.Size, strings.Join(added, ", "))
	})
}

// takeCosignatures keeps those of a checkpoint's cosignatures that are good and new.
func (d *Desk) takeCosignatures(ctx context.Context, c record.Checkpoint, lines []byte) (added []string, err error) {
	d.signing.Lock()
	defer d.signing.Unlock()
	if d.signer == nil || c.Origin != d.signer.Origin() {
		return nil, dateline.Errorf(dateline.EInvalid, "it is a checkpoint of %s, and not of this record", c.Origin)
	}
	err = d.store.Update(ctx, func(tx Tx) error {
		added, err = d.cosign(tx, c, lines)
		return err
	})
	if err == nil && len(added) > 0 {
		d.wakeAll()
	}
	return added, err
}

func (d *Desk) cosign(tx Tx, c record.Checkpoint, lines []byte) (added []string, err error) {
	base, newest, err := d.checkpointOf(tx, c)
	if err != nil {
		return nil, err
	}
	list, err := listWitnesses(tx)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(list))
	for i, w := range list {
		keys[i] = w.Key
	}
	note, added, err := record.Cosign(base, lines, keys)
	if err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%v", err)
	}
	if newest && len(added) > 0 {
		if err := tx.SaveCheckpoint(c.Size, note); err != nil {
			return nil, err
		}
	}
	for _, who := range added {
		if err := tx.SaveCosigned(record.Cosigned{Witness: who, Size: c.Size, Note: note}); err != nil {
			return nil, err
		}
	}
	return added, nil
}

// checkpointOf gives the record's own signed checkpoint of a size, and whether it is the newest. An older one is signed again.
func (d *Desk) checkpointOf(tx Tx, c record.Checkpoint) (note []byte, newest bool, err error) {
	size, note, err := tx.FindCheckpoint()
	if err != nil {
		return nil, false, err
	}
	if c.Size < 1 || c.Size > size {
		return nil, false, dateline.Errorf(dateline.EInvalid, "it is of %d entries, and this record has %d", c.Size, size)
	}
	root, err := tx.Root(c.Size)
	if err != nil {
		return nil, false, err
	}
	if root != c.Root {
		return nil, false, dateline.Errorf(dateline.EInvalid, "it is of a log of %d entries that are not this record's: two logs go about under one name", c.Size)
	}
	if c.Size == size {
		return note, true, nil
	}
	now, err := tx.Now()
	if err != nil {
		return nil, false, err
	}
	note, err = d.signer.Sign(c, now)
	return note, false, err
}

// AskWitnesses asks every witness that has an address and has not cosigned the newest checkpoint to do so, and says what came of
// it, for every witness.
func (d *Desk) AskWitnesses(ctx context.Context) (answers []WitnessAnswer, err error) {
	list, err := d.ListWitnesses(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		wrong := d.askWitness(ctx, w)
		a := WitnessAnswer{Witness: w.Name()}
		if wrong != nil {
			a.Wrong = wrong.Error()
		}
		err := d.store.View(ctx, func(tx Tx) error {
			c, err := tx.FindCosigned(w.who())
			if err != nil {
				return err
			}
			a.Size = c.Size
			_, _, a.At, err = record.OpenCosigned(c.Note, w.Key)
			return err
		})
		if err != nil && !absent(err) {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// Errors of asking a witness.
var (
	errNoWitnessAddress = errors.New("it has no address: bring what it signs by hand")
	errNobodyAsks       = errors.New("this program asks nobody")
)

// askWitness asks one witness. One that saw another size last than is kept here says which, and is asked again.
func (d *Desk) askWitness(ctx context.Context, w Witness) error {
	note, err := d.Checkpoint(ctx)
	if err != nil || record.HasCosigned(note, w.Key) {
		return err
	}
	if w.Address == "" {
		return errNoWitnessAddress
	}
	if d.witnesses == nil {
		return errNobodyAsks
	}
	c, err := record.ParseCheckpoint(note)
	if err != nil {
		return err
	}
	old := int64(0)
	err = d.store.View(ctx, func(tx Tx) error {
		last, err := tx.FindCosigned(w.who())
		old = last.Size
		return err
	})
	if err != nil && !absent(err) {
		return err
	}
	for range 2 {
		answer, err := d.addCheckpoint(ctx, w, c, note, old)
		if err != nil {
			return err
		}
		if answer.Status == http.StatusConflict {
			if old, err = seenBefore(answer, c.Size); err != nil {
				return err
			}
			continue
		}
		if answer.Status != http.StatusOK {
			return fmt.Errorf("it answers %d: %.200s", answer.Status, cmp.Or(refusals[answer.Status], strings.TrimSpace(string(answer.Body))))
		}
		added, err := d.takeCosignatures(ctx, c, answer.Body)
		if err == nil && len(added) == 0 {
			err = errors.New("it answers without a cosignature of its key")
		}
		return err
	}
	return errors.New("it answers each time that it saw another size than it said before")
}

// refusals are what the statuses of C2SP tlog-witness, add-checkpoint, mean.
var refusals = map[int]string{
	http.StatusForbidden:           "it does not know the key that signs this record; give it the one at /record/key",
	http.StatusNotFound:            "it does not know this record; ask who keeps it to take it in",
	http.StatusUnprocessableEntity: "this record does not go on from the one that it saw: it was rewritten, or restored from an older copy",
}

// seenBefore reads the size of the log that a witness cosigned last.
func seenBefore(answer fetch.Response, size int64) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(string(answer.Body)), 10, 64)
	if err != nil || n < 0 {
		return 0, errors.New("it answers that it saw another log, and not of what size")
	}
	if n >= size {
		return 0, fmt.Errorf("it saw %d entries under this name, and this record has %d that are not the same: it was rewritten, or restored from an older copy", n, size)
	}
	return n, nil
}

func (d *Desk) addCheckpoint(ctx context.Context, w Witness, c record.Checkpoint, note []byte, old int64) (answer fetch.Response, err error) {
	var proof []record.Hash
	err = d.store.View(ctx, func(tx Tx) error {
		proof, err = tx.ProveExtends(c.Size, old)
		return err
	})
	if err != nil {
		return answer, err
	}
	return d.witnesses.Do(ctx, fetch.Question{URL: w.Address + "/add-checkpoint", Post: record.AskWitness(old, proof, note), Limits: fetch.Limits{Bytes: 64 << 10}})
}

// WitnessRest is how long witnesses are left alone after they were asked.
const WitnessRest = time.Minute

// RunHourly does what is done at every tick, which is every hour: the record is signed again, and the audit forgets from where
// things were done long ago. Witnesses are asked to cosign what is new, then and after acts, with a rest between. It goes on until
// the context ends, and returns the context's error.
func (d *Desk) RunHourly(ctx context.Context, ticks <-chan time.Time, rest time.Duration) error {
	said := map[string]string{}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks:
			if err := d.sign(ctx, signAgain); err != nil {
				d.log.ErrorContext(ctx, "the checkpoint could not be signed again; the next act or hour tries it", "error", err)
			}
			if err := d.forgetPlaces(ctx); err != nil {
				d.log.ErrorContext(ctx, "old addresses could not be taken out of the audit; the next hour tries it", "error", err)
			}
		case <-d.signed:
		}
		answers, err := d.AskWitnesses(ctx)
		if err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "witnesses could not be asked; the next act or hour tries it", "error", err)
		}
		for _, a := range answers {
			if a.Wrong != said[a.Witness] && a.Wrong != errNoWitnessAddress.Error() {
				said[a.Witness] = a.Wrong
				d.log.WarnContext(ctx, "a witness", "name", a.Witness, "cosigned", a.Size, "wrong", a.Wrong)
			}
		}
		if len(answers) == 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
	return ctx.Err()
}
