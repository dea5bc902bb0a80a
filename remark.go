package dateline

import (
	"strings"
	"time"
	"unicode/utf8"
)

// MaxRemark is the length of a note or an answer, in Unicode code points.
const MaxRemark = 2000

// Note is what one colleague tells the others about some words of a draft. It is of the desk alone: nothing of it is ever
// published. The words that it is about carry its id in the body; where they are gone, the note stands by itself.
type Note struct {
	ID      ID        `json:"id"`
	Article ID        `json:"article"`
	By      string    `json:"by"`
	At      time.Time `json:"at"` // UTC
	Words   string    `json:"words"`
	Answers []Answer  `json:"answers,omitempty"` // the first given first
	Done    *Decision `json:"done,omitempty"`    // by whom and when it was marked as done
}

// Answer is what somebody said to a note.
type Answer struct {
	By    string    `json:"by"`
	At    time.Time `json:"at"` // UTC
	Words string    `json:"words"`
}

// Decision says who decided something, and when.
type Decision struct {
	By string    `json:"by"`
	At time.Time `json:"at"` // UTC
}

// Suggestion is a change of words that somebody suggests. Its words stand in the draft's body, under its id, and go out only
// once it is taken.
type Suggestion struct {
	ID      string    `json:"id"` // given by the editor in which it was written
	Article ID        `json:"article"`
	By      string    `json:"by"`
	At      time.Time `json:"at"` // UTC
	Taken   *Decision `json:"taken,omitempty"`
	Left    *Decision `json:"left,omitempty"`
}

// CheckRemark refuses what is no note and no answer: nothing, too much, and characters that no line of print can hold.
func CheckRemark(words string) error {
	var f fields
	if strings.TrimSpace(words) == "" {
		f.add("words", "there are none: write what you want to say")
	}
	if n := utf8.RuneCountInString(words); n > MaxRemark {
		f.add("words", "it has %d characters; %d at most", n, MaxRemark)
	}
	if err := PlainText(words); err != nil {
		f.add("words", "%v", err)
	}
	return f.err("the note")
}
