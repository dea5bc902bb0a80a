package desk

import (
	"encoding/json"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Removals take words away for good. Nothing else in a store removes what was kept.
type Removals interface {
	// RemoveBody takes away an entry's body and salt; ENotFound.
	RemoveBody(sequence int64) error
	// ListEntriesAbout lists the redirects and withdrawals of an article, the entries of a person, topic or picture, or the
	// publication's keys, in order.
	ListEntriesAbout(subject dateline.ID) ([]record.Entry, error)
	// ReplaceEdition puts an edition in place of the one with its number; ENotFound.
	ReplaceEdition(e dateline.Edition) error
	// EmptyVersion takes away what a saved content said; its number, instant and author stay. ENotFound.
	EmptyVersion(article dateline.ID, number int64) error
	// HideAddress keeps an address as nothing but its hash. It is still found, and still given to nobody else.
	HideAddress(address string) error
	// RemoveAnswers drops the receipts and the answers of idempotency keys that name an article, where one is named, or hold words.
	RemoveAnswers(article dateline.ID, holds Words) error
	// RemoveFrontVersion drops a saved arrangement of a front.
	RemoveFrontVersion(front dateline.ID, number int64) error
	// EmptyAudit takes away the details of audit lines that hold words, and says of how many.
	EmptyAudit(holds Words) (int, error)
	// RemoveRemarks drops an article's notes and suggestions that hold words; all of them where no words are named.
	RemoveRemarks(article dateline.ID, holds Words) error
	// HideImport keeps what an article was called where it came from as nothing but a hash.
	HideImport(article dateline.ID, holds Words) error
	// ListNaming lists the articles of which any saved content names a picture, person or topic.
	ListNaming(id dateline.ID) ([]dateline.ID, error)
	// RemovePicture drops a picture that nothing names.
	RemovePicture(id dateline.ID) error
	// Holding names everything that still holds words, by table and key.
	Holding(holds Words) ([]Holder, error)
}

// Holder is a place in the desk's database.
type Holder struct {
	What string      `json:"what"` // the trade's word for it: version, topic, audit line
	ID   string      `json:"id"`
	Kind record.Kind `json:"-"` // of the passage that it belongs to; none where it belongs to nothing
}

// Cleaner is a store that can make sure that nothing it removed is left in its files.
type Cleaner interface {
	// Clean rewrites what keeps removed words for a while: the word index, the log and free pages.
	Clean() error
}

// Words are words that are to go. They are found whatever their case and composition.
type Words []string

// NewWords makes words of what was named, without those that are blank.
func NewWords(named ...string) (list Words) {
	for _, w := range named {
		if w = fold(strings.TrimSpace(w)); w != "" {
			list = append(list, w)
		}
	}
	return list
}

func fold(s string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(s))) }

// unescaped undoes what JSON does to words, which many texts are kept as.
var unescaped = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u0026`, "&", `\u003c`, "<", `\u003e`, ">")

// In says whether a text, or what a text of JSON says, holds any of the words.
func (w Words) In(text string) bool {
	if len(w) == 0 || text == "" {
		return false
	}
	text = fold(text)
	plain := unescaped.Replace(text)
	for _, word := range w {
		if strings.Contains(text, word) || strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// InKept says whether something that is kept as JSON holds any of the words, its bodies also where a part of one is in italics.
func (w Words) InKept(v any) bool {
	b, err := json.Marshal(v)
	return err != nil || w.InText(string(b))
}

// InText is In for a text that may be JSON with a document in it: a word is found there too where a part of it is in italics.
func (w Words) InText(text string) bool {
	if w.In(text) {
		return true
	}
	if len(w) == 0 || !strings.Contains(text, `"marks"`) {
		return false
	}
	var b strings.Builder
	end := 0
	for _, at := range textNodes.FindAllStringSubmatchIndex(text, -1) {
		if between := text[end:at[0]]; strings.Contains(between, `"content"`) || !inBlock.MatchString(between) {
			b.WriteByte('\n')
		}
		b.WriteString(text[at[2]:at[3]])
		end = at[1]
	}
	return w.In(b.String())
}

// textNodes are the texts of a document, wherever it stands.
var textNodes = regexp.MustCompile(`"text":\s*"((?:[^"\\]|\\.)*)"`)

// inBlock is found between two of them that stand in one block, where none begins.
var inBlock = regexp.MustCompile(`"type":\s*"text"`)

// hiddenPrefix begins what is kept of an address whose words were removed.
const hiddenPrefix = "sha256:"

// HiddenAddress is what is kept of an address whose words were removed.
func HiddenAddress(address string) string { return hiddenPrefix + record.AddressHash(address) }

// openSlug is a slug where its words were not removed; empty where they were.
func openSlug(slug string) string {
	if strings.HasPrefix(slug, hiddenPrefix) {
		return ""
	}
	return slug
}
