package record

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/datelinehq/dateline"
)

// line is an entry on its way to another machine: one line of JSON. Body, salt and commitment are in base64, so that
// not a byte of what was committed to can change.
type line struct {
	At         string        `json:"at"`
	Body       []byte        `json:"body,omitempty"`
	Commitment []byte        `json:"commitment"`
	Kind       Kind          `json:"kind"`
	Role       dateline.Role `json:"role"`
	Salt       []byte        `json:"salt,omitempty"`
	Schema     int           `json:"schema"`
	Sequence   int64         `json:"seq"`
	Subject    dateline.ID   `json:"subject"`
}

// MaxLine is the longest line of an entry in bytes: a body of the largest article in base64, and room for the rest.
const MaxLine = dateline.MaxBody*2 + 1<<20

// WriteLines writes entries as they are shipped to followers, a line each.
func WriteLines(w io.Writer, entries []Entry) error {
	enc := json.NewEncoder(w)
	for _, e := range entries {
		l := line{FormatInstant(e.At), e.Body, e.Commitment[:], e.Kind, e.Role, e.Salt, e.Schema, e.Sequence, e.Subject}
		if err := enc.Encode(l); err != nil {
			return fmt.Errorf("write entry %d: %w", e.Sequence, err)
		}
	}
	return nil
}

// ReadLines reads entries to the end and checks each against its commitment.
func ReadLines(r io.Reader, each func(Entry) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), MaxLine)
	for n := 1; lines.Scan(); n++ {
		e, err := parseLine(lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := each(e); err != nil {
			return err
		}
	}
	return lines.Err()
}

func parseLine(b []byte) (e Entry, err error) {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return e, fmt.Errorf("it is no entry: %w", err)
	}
	at, err := ParseInstant(l.At)
	if err != nil {
		return e, err
	}
	if len(l.Commitment) != len(e.Commitment) {
		return e, fmt.Errorf("entry %d: its commitment has %d bytes", l.Sequence, len(l.Commitment))
	}
	e = Entry{Header: Header{Sequence: l.Sequence, At: at, Kind: l.Kind, Schema: l.Schema, Subject: l.Subject, Role: l.Role},
		Body: l.Body, Salt: l.Salt, Commitment: [32]byte(l.Commitment)}
	return e, e.Check()
}
