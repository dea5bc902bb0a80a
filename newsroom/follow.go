package newsroom

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// entriesAtOnce is how many entries one answer to a follower holds.
const entriesAtOnce = 500

// entries answers GET /record/entries?after=N with the entries that follow, as JSON lines with their bodies, to a token
// of role follower. An answer without lines is the end of the record.
func (s *server) entries(w http.ResponseWriter, r *http.Request) {
	list, err := s.follow(w.Header(), r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/jsonl")
	if err := record.WriteLines(w, list); err != nil {
		s.Log.Info("a follower went away", "error", err)
	}
}

func (s *server) follow(h http.Header, r *http.Request) ([]record.Entry, error) {
	actor, _, err := s.asks(h, r)
	if err != nil {
		return nil, err
	}
	if err := dateline.Can(actor, dateline.ActFollow, nil); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	after := int64(0)
	for key := range q {
		if key != "after" {
			return nil, dateline.Errorf(dateline.EInvalid, "%.40q is no parameter of this address; it takes `after`, the number of the entry you have", key)
		}
	}
	if v := q.Get("after"); v != "" {
		if after, err = strconv.ParseInt(v, 10, 64); err != nil || after < 0 {
			return nil, dateline.Errorf(dateline.EInvalid, "after is %.40q and not the number of an entry", v)
		}
	}
	return s.Desk.Entries(r.Context(), after, entriesAtOnce)
}

// documentEntries describes the route in the OpenAPI document; its answer is no JSON object, so the router does not serve it.
func (s *server) documentEntries() {
	least := 0.0
	problems := &huma.Response{Description: "Refused", Content: map[string]*huma.MediaType{"application/problem+json": {
		Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}}}
	s.api.OpenAPI().AddOperation(&huma.Operation{OperationID: "follow-record", Method: http.MethodGet, Path: "/record/entries",
		Summary: "Entries of the record with their bodies, in order; none at its end", Description: forWhom(dateline.ActFollow),
		Parameters: []*huma.Param{{Name: "after", In: "query", Description: "The number of the entry that you have; 0 for the beginning",
			Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &least}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "At most " + strconv.Itoa(entriesAtOnce) + " lines", Content: map[string]*huma.MediaType{"application/jsonl": {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"401": problems, "403": problems, "422": problems}})
}

// refuse answers with a problem document outside the API's own router.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.write(w, s.problem(r.Context(), err))
}

func (s *server) write(w http.ResponseWriter, p *Problem) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever asked may have gone
}
