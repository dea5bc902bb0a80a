package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/datelinehq/dateline/site/shelf"
)

// pagesName is the file in which a run keeps what the next one goes by: of every address what its answer depends on and what it names.
const pagesName = MarkName + "-pages"

// pagesForm is the first line of that file: the form of what follows, and how long its checksum is.
const pagesForm = "dateline export pages 1\n"

// errKnown says that the file of pages is not one that this program wrote whole.
var errKnown = errors.New("the file of pages is damaged")

// flags say what became of an address.
type flags uint8

const (
	isFile    flags = 1 << iota // a file stands for it
	isPage                      // an index.html
	isArticle                   // an article's own page
	isLeft                      // no file can stand for it
	isAsked                     // what it answers may change at any time
)

// known is an address as a run keeps it. Numbers stand for addresses: each address that a run meets has one, and keeps it.
type known struct {
	flags flags
	path  string
	size  int64
	on    []uint32 // hashes of the keys that the answer depends on
	names []uint32 // the addresses that the answer names, ascending
}

// encode writes it as it is kept, in memory and in the file.
func (k *known) encode() []byte {
	b := make([]byte, 0, 16+len(k.path)+4*len(k.on)+3*len(k.names))
	b = append(b, byte(k.flags))
	b = binary.AppendUvarint(b, uint64(len(k.path)))
	b = append(b, k.path...)
	b = binary.AppendUvarint(b, uint64(k.size))
	b = binary.AppendUvarint(b, uint64(len(k.on)))
	for _, h := range k.on {
		b = binary.LittleEndian.AppendUint32(b, h)
	}
	last := uint32(0)
	for _, n := range k.names {
		b = binary.AppendUvarint(b, uint64(n-last))
		last = n
	}
	return b
}

// decode reads what encode wrote into k, whose slices are used again; the path is the bytes'.
func (k *known) decode(b []byte) (path []byte, err error) {
	*k = known{on: k.on[:0], names: k.names[:0]}
	if len(b) == 0 {
		return nil, errKnown
	}
	k.flags, b = flags(b[0]), b[1:]
	number := func() int {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > 1<<40 {
			err = errKnown
			return 0
		}
		b = b[size:]
		return int(n)
	}
	length := number()
	if err != nil || length > len(b) {
		return nil, errKnown
	}
	path, b = b[:length], b[length:]
	k.size = int64(number())
	on := number()
	if err != nil || on > len(b)/4 {
		return nil, errKnown
	}
	for range on {
		k.on, b = append(k.on, binary.LittleEndian.Uint32(b)), b[4:]
	}
	for last := uint32(0); len(b) > 0; {
		last += uint32(number())
		if err != nil {
			return nil, err
		}
		k.names = append(k.names, last)
	}
	return path, nil
}

// hashesOf are what is kept of keys: their hashes, each once.
func hashesOf(keys []string) []uint32 {
	out := make([]uint32, len(keys))
	for i, k := range keys {
		out[i] = shelf.Key(k).Hash()
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// remember keeps the pages of a run under the mark that they are of. They are the folder's before its mark says that the run is done.
func (f *folder) remember(of Mark, pages [][]byte) error {
	return f.replaceBy(f.path(pagesName), true, func(file io.Writer) error {
		sum := sha256.New()
		w := bufio.NewWriterSize(io.MultiWriter(file, sum), 1<<18)
		head, err := json.Marshal(of)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s\n%d\n", pagesForm, head, len(pages))
		var length [binary.MaxVarintLen64]byte
		for i := 0; i < len(pages) && err == nil; i++ {
			if _, err = w.Write(length[:binary.PutUvarint(length[:], uint64(len(pages[i])))]); err == nil {
				_, err = w.Write(pages[i])
			}
		}
		if err = errors.Join(err, w.Flush()); err != nil {
			return err
		}
		_, err = file.Write(sum.Sum(nil))
		return err
	})
}

// remembered are the pages that a run kept; errKnown or fs.ErrNotExist where there are none to go by.
func (f *folder) remembered() (of Mark, pages [][]byte, err error) {
	b, err := os.ReadFile(f.path(pagesName))
	if err != nil {
		return of, nil, err
	}
	end := len(b) - sha256.Size
	if end < 0 {
		return of, nil, errKnown
	}
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return of, nil, errKnown
	}
	b, ours := bytes.CutPrefix(b[:end], []byte(pagesForm))
	head, b, _ := bytes.Cut(b, []byte("\n"))
	count, b, found := bytes.Cut(b, []byte("\n"))
	n := 0
	if _, err := fmt.Sscan(string(count), &n); !ours || !found || err != nil || n > len(b) || json.Unmarshal(head, &of) != nil {
		return of, nil, errKnown
	}
	pages = make([][]byte, n, n+n/16)
	for i := range pages {
		length, size := binary.Uvarint(b)
		if size <= 0 || length > uint64(len(b)-size) {
			return of, nil, errKnown
		}
		b = b[size:]
		pages[i], b = b[:length:length], b[length:]
	}
	return of, pages, nil
}

// forget takes the file of pages away: what lies in the folder is not what it says.
func (f *folder) forget() error {
	if err := os.Remove(f.path(pagesName)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
