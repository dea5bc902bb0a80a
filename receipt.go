package dateline

import "time"

// Receipt says, address by address, whether readers have what an act made. It lists a bounded set: the article, the
// first page of every list it enters, leaves or moves in, their feeds, its sitemap file and the news sitemap, its
// history, and search.
type Receipt struct {
	Sequence  int64         `json:"sequence"` // the act's entry in the record
	Act       string        `json:"act"`      // the entry's kind
	Article   ID            `json:"article,omitempty"`
	Edition   int           `json:"edition,omitempty"`
	Address   string        `json:"address,omitempty"`
	At        time.Time     `json:"at"`        // when the record took the act, UTC
	Confirmed bool          `json:"confirmed"` // every address below is, and every cache has purged
	Addresses []ReceiptLine `json:"addresses"`
	Purges    []PurgeLine   `json:"purges,omitempty"` // one for each shared cache before the site
	Millis    float64       `json:"ms"`               // from the act's commit to the last answer
}

// ReceiptLine is one address of a receipt. It is confirmed when the fetched body carries the edition's mark or, after a
// withdrawal, no longer does.
type ReceiptLine struct {
	Address   string  `json:"address"`
	What      string  `json:"what"` // article, home, section, story, topic, person, day, feed, sitemap, history, search, corrections, tombstone, proof, as_of, picture, entry, news, redirect
	Status    int     `json:"status"`
	Confirmed bool    `json:"confirmed"`
	Millis    float64 `json:"ms"`
	Detail    string  `json:"detail,omitempty"` // what was served instead, where it is not confirmed
}

// PurgeLine is what a shared cache answered when it was told what an act changed.
type PurgeLine struct {
	Cache     string  `json:"cache"`            // its form, and its address or id
	Status    int     `json:"status,omitempty"` // with which it refused; 0 where it did not answer, or did as it was told
	Confirmed bool    `json:"confirmed"`
	Millis    float64 `json:"ms"`               // until its answer
	Detail    string  `json:"detail,omitempty"` // for whoever keeps the machine
}
