package index

import (
	"database/sql/driver"
	"errors"
)

// job is a merge while it runs: first the documents' keys are merged, which numbers them anew, then the blocks.
type job struct {
	target int64
	inputs []*input
	keys   []int64 // a row of the target's keys that is not full yet
	n      uint32  // documents of the target so far
	merger *merger // nil while the keys are merged
}

// input is a segment that is merged.
type input struct {
	segment
	dead    map[uint32]bool // when the merge began
	numbers []uint32        // what each document becomes, as far as it is known
	row     []byte          // of the table numbers
	at      int             // in row
}

// level is how often a segment's size holds that of the smallest, in powers of fanIn.
func level(n uint32) (l int) {
	for n /= foldAt; n >= fanIn; n /= fanIn {
		l++
	}
	return l
}

// startMerge begins a merge where there are enough segments of one size.
func (w *Writer) startMerge() (bool, error) {
	list, err := w.segments(stateLive)
	if err != nil {
		return false, err
	}
	levels := map[int][]segment{}
	least := -1
	for _, s := range list {
		l := level(s.n)
		levels[l] = append(levels[l], s)
		if len(levels[l]) >= fanIn && (least < 0 || l < least) {
			least = l
		}
	}
	if least < 0 {
		return false, nil
	}
	j := &job{}
	for _, s := range levels[least][:min(mostInputs, len(levels[least]))] {
		dead, err := w.dead(s.id)
		if err != nil {
			return false, err
		}
		j.inputs = append(j.inputs, &input{segment: s, dead: dead})
	}
	if j.target, err = w.newSegment(stateBuilding, 0); err != nil {
		return false, err
	}
	w.job = j
	return true, nil
}

// dead are the numbers of a segment's dead documents.
func (w *Writer) dead(id int64) (map[uint32]bool, error) {
	dead := map[uint32]bool{}
	from, to := within(id)
	return dead, w.db.Each(func(r []driver.Value) error {
		dead[uint32(number(r[0]))] = true
		return nil
	}, "SELECT id FROM dead WHERE id >= ? AND id < ?", from, to)
}

// work does a piece of the running merge.
func (w *Writer) work() error {
	if w.job.merger == nil {
		return w.mergeKeys(stepKeys)
	}
	done, err := w.job.merger.run(stepPostings)
	if err != nil || !done {
		return err
	}
	return w.finish()
}

// peek is the key of the input's next document; false at its end.
func (w *Writer) peek(in *input) (int64, bool, error) {
	if len(in.numbers) == int(in.n) {
		return 0, false, nil
	}
	if in.at == len(in.row)/8 {
		row, err := one(w.db, "SELECT data FROM numbers WHERE id = ?", in.id<<32|int64(len(in.numbers)/chunk))
		if err != nil {
			return 0, false, err
		}
		if in.row, in.at = blob(row[0]), 0; len(in.row) < 8 {
			return 0, false, ErrDamaged
		}
	}
	return keyAt(in.row, in.at), true, nil
}

// mergeKeys merges up to a number of keys, the greatest first.
func (w *Writer) mergeKeys(budget int) error {
	j := w.job
	for range budget {
		var next *input
		var greatest int64
		for _, in := range j.inputs {
			key, ok, err := w.peek(in)
			if err != nil {
				return err
			}
			if ok && (next == nil || key > greatest) {
				next, greatest = in, key
			}
		}
		if next == nil {
			return w.mergePostings()
		}
		now := none
		if !next.dead[uint32(len(next.numbers))] {
			now = j.n
			j.n++
			j.keys = append(j.keys, greatest)
		}
		next.numbers = append(next.numbers, now)
		next.at++
		if len(j.keys) == chunk {
			if err := w.flushKeys(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Writer) flushKeys() error {
	j := w.job
	if len(j.keys) == 0 {
		return nil
	}
	err := w.putKeys(j.target, int(j.n-1)/chunk, j.keys)
	j.keys = j.keys[:0]
	return err
}

// mergePostings begins the merge's second part.
func (w *Writer) mergePostings() (err error) {
	if err := w.flushKeys(); err != nil {
		return err
	}
	list := make([]*stream, len(w.job.inputs))
	for i, in := range w.job.inputs {
		list[i] = &stream{numbers: in.numbers, load: w.blocks(in.id)}
	}
	w.job.merger, err = newMerger(list, w.packer(w.job.target))
	return err
}

// blocks gives a segment's blocks, one after the other.
func (w *Writer) blocks(segment int64) func() ([]byte, error) {
	at, to := within(segment)
	at--
	return func() ([]byte, error) {
		row, err := one(w.db, "SELECT id, data FROM posting WHERE id > ? AND id < ? ORDER BY id LIMIT 1", at, to)
		if errors.Is(err, errNotOne) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		at = number(row[0])
		return blob(row[1]), nil
	}
}

// finish puts the merge's target in the place of its inputs.
func (w *Writer) finish() error {
	j := w.job
	w.job = nil
	for _, in := range j.inputs {
		if err := w.db.Exec("UPDATE segment SET state = ? WHERE id = ?", stateDropping, in.id); err != nil {
			return err
		}
	}
	state := stateLive
	if j.n == 0 {
		state = stateDropping
	}
	return w.db.Exec("UPDATE segment SET state = ?, n = ? WHERE id = ?", state, int64(j.n), j.target)
}

// leave takes note of a document that died while its segment is merged: it is left out, or dies in the target too.
func (j *job) leave(id int64, die func(id int64) error) error {
	for _, in := range j.inputs {
		if in.id != id>>32 {
			continue
		}
		n := uint32(id)
		if int(n) >= len(in.numbers) {
			in.dead[n] = true
			return nil
		}
		return die(j.target<<32 | int64(in.numbers[n]))
	}
	return nil
}
