package reads

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/datelinehq/dateline"
)

// kept is the form of the file: of readers only registers. Of the few hashes that a small sketch has not even those are
// written but what a register would keep of them.
type kept struct {
	Form  int
	Hours []keptHour
}

type keptHour struct {
	Number   int64
	Articles map[dateline.ID][]byte
}

// form is the file's; one of another form is as good as none.
const form = 1

// Save writes the counts to a file, so that a restart does not begin at nothing. No reader can be told from it.
func (c *Counter) Save(path string) (err error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c.keep()); err != nil {
		return fmt.Errorf("write what was read: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".reads-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

func (c *Counter) keep() kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := kept{Form: form}
	for i := range c.hours {
		h := &c.hours[i]
		if len(h.articles) == 0 {
			continue
		}
		out := keptHour{h.number, map[dateline.ID][]byte{}}
		for id, s := range h.articles {
			whole := *s
			whole.dense()
			out.Articles[id] = bytes.Clone(whole.registers[:])
		}
		k.Hours = append(k.Hours, out)
	}
	return k
}

// Load reads what Save wrote. A file that is not there or of another form leaves the counts at nothing.
func (c *Counter) Load(path string) error {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&k); err != nil {
		return fmt.Errorf("%s cannot be read; most read begins anew: %w", path, err)
	}
	if k.Form != form {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range k.Hours {
		if h.Number < 0 {
			continue
		}
		for id, registers := range h.Articles {
			if s := c.sketch(id, h.Number); s != nil && len(registers) == 1<<precision {
				s.dense()
				copy(s.registers[:], registers)
			}
		}
	}
	return nil
}
