package newsroom

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/datelinehq/dateline"
)

// plainHandler answers a request that the API's own router does not serve, because its answer is no JSON object.
type plainHandler func(w http.ResponseWriter, r *http.Request, who dateline.Actor) error

// plain adds a route outside the router: the act is asked for first, as everywhere, and an error is a problem document.
func (s *server) plain(mux *http.ServeMux, act dateline.Act, path, id, summary, media string, h plainHandler, params ...*huma.Param) {
	mux.HandleFunc("GET /api/v1"+path, func(w http.ResponseWriter, r *http.Request) {
		who, _, err := s.asks(w.Header(), r)
		if err == nil {
			err = dateline.Can(who, act, nil)
		}
		if err == nil {
			err = h(w, r, who)
		}
		if err != nil {
			s.refuse(w, r, err)
		}
	})
	s.api.OpenAPI().AddOperation(&huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary,
		Description: forWhom(act), Parameters: params, Metadata: map[string]any{actOf: act}, Responses: plainResponses(media)})
}

// plainResponses describes what a plain route answers: one medium, or a problem document.
func plainResponses(media string) map[string]*huma.Response {
	problem := func(description string) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}}
	}
	return map[string]*huma.Response{
		"200": {Description: "OK", Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: huma.TypeString}}}},
		"401": problem("Unauthorized"), "403": problem("Forbidden"), "404": problem("Not Found"),
	}
}

// picture answers with a picture's bytes as they came in.
func (s *server) picture(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	id, err := One{r.PathValue("id")}.id()
	if err != nil {
		return err
	}
	p, bytes, err := s.Desk.OpenPicture(r.Context(), who, id)
	if err != nil {
		return err
	}
	defer bytes.Close()
	h := w.Header()
	h.Set("Content-Type", "image/"+p.Format)
	h.Set("Content-Length", strconv.FormatInt(p.Bytes, 10))
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = io.Copy(w, bytes) // whoever asked may have gone
	return nil
}

// smallPicture answers with a small copy of a picture.
func (s *server) smallPicture(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	id, err := One{r.PathValue("id")}.id()
	if err != nil {
		return err
	}
	width, _ := strconv.Atoi(r.PathValue("width")) // what is no number is no width that there is
	body, format, err := s.Desk.SmallPicture(r.Context(), who, id, width)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", format.MIME())
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(body) // whoever asked may have gone
	return nil
}

// lines answers with a receipt as it is made: `line` events, each with its number, first those that are waited for, then
// each as its address answers; and `receipt`, the whole, at the end.
func (s *server) lines(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	sequence, err := strconv.ParseInt(r.PathValue("sequence"), 10, 64)
	if err != nil || sequence < 1 {
		return dateline.Errorf(dateline.ENotFound, "%.20q is not the number of an act", r.PathValue("sequence"))
	}
	if err := s.inRecord(r.Context(), sequence); err != nil {
		return err
	}
	out, err := s.openStream(w)
	if err != nil {
		return err
	}
	if kept, err := s.Desk.FindReceipt(r.Context(), who, sequence); err == nil {
		_ = out.send("receipt", kept) // whoever asked may have gone
		return nil
	}
	receipt, err := s.confirmEach(r.Context(), sequence, func(n int, l dateline.ReceiptLine) {
		_ = out.send("line", numbered{n, l})
	})
	if err != nil {
		_ = out.send("problem", s.problem(r.Context(), err))
		return nil
	}
	_ = out.send("receipt", receipt)
	return nil
}

// numbered is a line of a receipt with its place in it.
type numbered struct {
	Number int                  `json:"number"`
	Line   dateline.ReceiptLine `json:"line"`
}

// inRecord answers ENotFound where the record has no entry of a number.
func (s *server) inRecord(ctx context.Context, sequence int64) error {
	head, err := s.Desk.Head(ctx)
	if err == nil && sequence > head {
		err = dateline.Errorf(dateline.ENotFound, "the record has %d entries and none of number %d", head, sequence)
	}
	return err
}

// roomy are the things that a newsroom's interface asks for at every step.
func (s *server) roomy(mux *http.ServeMux) {
	register(s, dateline.ActRead, "GET", "/room", "find-room", "Who asks, and what the paper is", s.room)
	register(s, dateline.ActRead, "GET", "/desk", "find-day", "What concerns the desk now, grouped by what is to be done", s.today)
	register(s, dateline.ActRead, "GET", "/desk/{list}", "list-desk", "A page of one of the desk's lists", s.rows)
	register(s, dateline.ActRead, "GET", "/articles/{id}/compare", "compare-article", "What differs between two editions or saved versions", s.compare)
	register(s, dateline.ActRead, "GET", "/articles/{id}/versions/{number}", "find-version", "One saved content", s.findVersion)
	register(s, dateline.ActRead, "GET", "/articles/{id}/address", "propose-address", "The address that it has, or would have", s.proposeAddress)
	register(s, dateline.ActRead, "GET", "/names/topics", "find-topics", "Topics, while their name is typed", typed(s.Desk.FindTopics))
	register(s, dateline.ActRead, "GET", "/names/persons", "find-persons", "Persons, while their name is typed", typed(s.Desk.FindPersons))
	register(s, dateline.ActRead, "POST", "/presence", "enter-article", "Say in which article one is", s.enter, answers(http.StatusNoContent))

	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	sequence := &huma.Param{Name: "sequence", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger}}
	s.plain(mux, dateline.ActRead, "/events", "listen", "What happens in the newsroom, as it happens", "text/event-stream", s.events)
	s.plain(mux, dateline.ActRead, "/pictures/{id}/bytes", "find-picture-bytes", "A picture as it came in", "image/*", s.picture, id)
	width := &huma.Param{Name: "width", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger, Enum: []any{320, 1040}}}
	s.plain(mux, dateline.ActRead, "/pictures/{id}/small/{width}", "find-small-picture", "A small copy of a picture, upright", "image/*", s.smallPicture, id, width)
	s.plain(mux, dateline.ActRead, "/receipts/{sequence}/lines", "follow-receipt", "A receipt as it fills, address by address", "text/event-stream", s.lines, sequence)
}
