package newsroom

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// entriesAtOnce is how many entries one answer to a follower holds.
const entriesAtOnce = 500

// entries answers GET /record/entries?after=N with the entries that follow, as JSON lines with their bodies, to a token
// of role follower. An answer without lines is the end of the record.
func (s *server) entries(w http.ResponseWriter, r *http.Request) {
	list, err := s.follow(r)
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/jsonl")
	if err := record.WriteLines(w, list); err != nil {
		s.Log.Info("a follower went away", "error", err)
	}
}

func (s *server) follow(r *http.Request) ([]record.Entry, error) {
	actor, err := s.authenticate(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	if err := dateline.Can(actor, dateline.ActFollow, nil); err != nil {
		return nil, err
	}
	after := int64(0)
	if v := r.URL.Query().Get("after"); v != "" {
		if after, err = strconv.ParseInt(v, 10, 64); err != nil || after < 0 {
			return nil, dateline.Errorf(dateline.EInvalid, "after is %.40q and not the number of an entry", v)
		}
	}
	return s.Desk.Entries(r.Context(), after, entriesAtOnce)
}

// refuse answers with a problem document outside the API's own router.
func (s *server) refuse(w http.ResponseWriter, err error) {
	p := problem(s.Log, err).(*Problem)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever asked may have gone
}
