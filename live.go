package dateline

import (
	"encoding/json"
	"strings"
	"time"
)

// Limits of live coverage.
const (
	MaxEntryBody = 256 << 10 // bytes of an entry's JSON, and of a summary's
	MaxPlace     = 100
	MaxReason    = MaxNote // of a removal, in characters
)

// LiveState is how far a live coverage is.
type LiveState string

// The states of a live coverage.
const (
	LivePlanned LiveState = "planned"
	LiveOn      LiveState = "live"
	LivePaused  LiveState = "paused"
	LiveEnded   LiveState = "ended"
)

// May says whether a coverage goes from one state to another. One that has ended may be taken up again.
func (s LiveState) May(to LiveState) bool {
	switch to {
	case LiveOn:
		return s == LivePlanned || s == LivePaused || s == LiveEnded
	case LivePaused:
		return s == LiveOn
	case LiveEnded:
		return s == LiveOn || s == LivePaused
	}
	return false
}

// Live is what a live coverage is beside its article: its state and the editor's summary at its head.
type Live struct {
	Article ID              `json:"article"`
	State   LiveState       `json:"state"`
	Summary json.RawMessage `json:"summary,omitempty"` // a document of package markup
	Entries int             `json:"entries"`           // how many numbers were given
	Changed time.Time       `json:"changed,omitzero"`  // when the state or the summary was changed last, UTC
	Version int64           `json:"version"`           // of state and summary, 1 while nothing was said of them; entries have their own
}

// LiveEntry is one timed entry of a live coverage. Its number is its permanent address within it.
type LiveEntry struct {
	Article    ID              `json:"article"`
	Number     int             `json:"number"`  // from 1, in the order in which they were posted
	Version    int64           `json:"version"` // moved by every change of this entry
	Headline   string          `json:"headline,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"` // a document of package markup
	Byline     []Credit        `json:"byline,omitempty"`
	Place      string          `json:"place,omitempty"` // where it was written: "Pier 4"
	Key        bool            `json:"key,omitempty"`
	Pinned     bool            `json:"pinned,omitempty"`
	Correction string          `json:"correction,omitempty"` // the public sentence, where something had been wrong
	At         time.Time       `json:"at"`                   // the instant readers are shown, UTC
	Posted     time.Time       `json:"posted"`
	Changed    time.Time       `json:"changed"`
	Corrected  time.Time       `json:"corrected,omitzero"` // when Correction was given
	Deleted    bool            `json:"deleted,omitempty"`
	Reason     string          `json:"reason,omitempty"`    // what readers are told of the removal
	Sequence   int64           `json:"sequence"`            // its latest entry in the record
	By         string          `json:"by"`                  // who changed it last
	Out        ID              `json:"broken_out,omitzero"` // the article that was made of it
}

// Origin says which entry of which live coverage an article was made of.
type Origin struct {
	Article ID  `json:"article"`
	Entry   int `json:"entry"`
}

// Validate reports everything that keeps an entry from its readers, but for its body, which is markup's work.
func (e *LiveEntry) Validate() error {
	var f fields
	f.text("headline", e.Headline, MaxHeadline)
	f.text("place", e.Place, MaxPlace)
	f.text("correction", e.Correction, MaxNote)
	f.text("reason", e.Reason, MaxReason)
	if strings.TrimSpace(e.Headline) == "" && len(e.Body) == 0 {
		f.add("body", "an entry needs a headline or a text")
	}
	if len(e.Body) > MaxEntryBody {
		f.add("body", "the entry has %d bytes; %d at most: make an article of it", len(e.Body), MaxEntryBody)
	}
	if len(e.Byline) > MaxBylines {
		f.add("byline", "%d names are too many; %d at most", len(e.Byline), MaxBylines)
	}
	for i, b := range e.Byline {
		path := "byline[" + itoa(i) + "]"
		if (b.Person == "") == (b.Agency == "") {
			f.add(path, "name either a person or an agency")
		}
		f.text(path+".agency", b.Agency, MaxName)
		f.text(path+".as", b.As, MaxName)
	}
	return f.err("the entry")
}
