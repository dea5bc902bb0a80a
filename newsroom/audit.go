package newsroom

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// audited are the routes by which a chief reads who did what.
func (s *server) audited(mux *http.ServeMux) {
	register(s, dateline.ActAdminister, "GET", "/audit", "filter-audit", "Who did what, when and from where, newest first", s.filterAudit)
	param := func(name, description string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	s.plain(mux, dateline.ActAdminister, "/audit/export", "export-audit", "The same whole, as CSV or as JSON lines; that it was taken is on the audit", "text/csv", s.exportAudit,
		param("format", "csv or jsonl"), param("person", "By name, whole"), param("act", "The act"), param("subject", "The id of an article or of what a line names"),
		param("since", "From this instant (RFC 3339)"), param("until", "Before this instant (RFC 3339)"))

	register(s, dateline.ActRead, "GET", "/clock", "find-clock", "Whether the clock can be believed; where not, schedules and publishing wait", s.findClock)
	register(s, dateline.ActAdminister, "POST", "/clock/confirm", "confirm-clock", "Take the machine's clock as it is for right, with a reason", s.confirmClock)
}

type filterIn struct {
	Person  string    `query:"person" doc:"By name, whole"`
	Act     string    `query:"act" doc:"The act"`
	Subject string    `query:"subject" doc:"The id of an article, or of what a line names"`
	Since   time.Time `query:"since" doc:"From this instant"`
	Until   time.Time `query:"until" doc:"Before this instant"`
	Before  int64     `query:"before" doc:"Only lines of smaller numbers than this"`
	Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in *filterIn) filter() desk.AuditFilter {
	return desk.AuditFilter{Actor: strings.TrimSpace(in.Person), Act: dateline.Act(in.Act), Subject: dateline.ID(strings.TrimSpace(in.Subject)),
		Since: in.Since, Until: in.Until, Before: in.Before}
}

func (s *server) filterAudit(ctx context.Context, in *filterIn) (*auditOut, error) {
	list, err := s.Desk.Audit(ctx, actor(ctx), in.filter(), in.Limit)
	return auditIn(ctx, list), err
}

// auditIn answers with lines in the language of whoever asks. Lines of older programs are as they were written.
func auditIn(ctx context.Context, list []desk.AuditLine) *auditOut {
	out := &auditOut{}
	out.Body.Audit = append([]desk.AuditLine{}, list...)
	w := wordsOf(ctx)
	for i := range out.Body.Audit {
		if l := &out.Body.Audit[i]; l.Said != nil {
			l.Detail, l.Said = w.say(*l.Said), nil
		}
	}
	return out
}

// exportAudit answers with every line that a filter names, as it is read.
func (s *server) exportAudit(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	f, format, err := exportFilter(r)
	if err != nil {
		return err
	}
	write, flush, media := AuditCSV(w)
	if format == "jsonl" {
		write, flush, media = AuditLines(w)
	}
	begun := false
	begin := func() {
		begun = true
		w.Header().Set("Content-Type", media)
		w.Header().Set("Content-Disposition", `attachment; filename="audit.`+format+`"`)
	}
	err = s.Desk.ExportAudit(r.Context(), who, f, func(l desk.AuditLine) error {
		if !begun {
			begin()
		}
		return write(l)
	})
	if err == nil {
		begin() // also for no lines
		err = flush()
	}
	if err != nil && begun {
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	}
	return err
}

func exportFilter(r *http.Request) (f desk.AuditFilter, format string, err error) {
	in := filterIn{}
	format = "csv"
	for key, values := range r.URL.Query() {
		v := values[0]
		switch key {
		case "format":
			format = v
		case "person":
			in.Person = v
		case "act":
			in.Act = v
		case "subject":
			in.Subject = v
		case "since":
			in.Since, err = time.Parse(time.RFC3339, v)
		case "until":
			in.Until, err = time.Parse(time.RFC3339, v)
		default:
			err = errors.New("is no parameter of this address")
		}
		if err != nil {
			return f, "", dateline.Errorf(dateline.EInvalid, "%.40s: %.60q: %v", key, v, err)
		}
	}
	if format != "csv" && format != "jsonl" {
		return f, "", dateline.Errorf(dateline.EInvalid, "format: %.20q is neither csv nor jsonl", format)
	}
	return in.filter(), format, nil
}

// auditColumns head the CSV.
var auditColumns = []string{"n", "at", "actor", "role", "act", "article", "version", "sequence", "detail", "for", "address", "device", "session"}

// AuditCSV writes lines of the audit as CSV (RFC 4180) with a head. A cell that a spreadsheet would take for a formula begins with
// an apostrophe.
func AuditCSV(w io.Writer) (write func(desk.AuditLine) error, flush func() error, media string) {
	c := csv.NewWriter(w)
	begun := false
	head := func() error {
		if begun {
			return nil
		}
		begun = true
		return c.Write(auditColumns)
	}
	write = func(l desk.AuditLine) error {
		if err := head(); err != nil {
			return err
		}
		cells := []string{strconv.FormatInt(l.Number, 10), l.At.UTC().Format(time.RFC3339Nano), l.Actor, string(l.Role), string(l.Act), string(l.Article),
			strconv.FormatInt(l.Version, 10), strconv.FormatInt(l.Sequence, 10), l.Detail, l.For, l.Address, l.Device, l.Session}
		for i, cell := range cells {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				cells[i] = "'" + cell
			}
		}
		return c.Write(cells)
	}
	flush = func() error {
		err := head()
		c.Flush()
		return errors.Join(err, c.Error())
	}
	return write, flush, "text/csv; charset=utf-8; header=present"
}

// AuditLines writes lines of the audit as JSON, one a line.
func AuditLines(w io.Writer) (write func(desk.AuditLine) error, flush func() error, media string) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(l desk.AuditLine) error { return enc.Encode(l) }, func() error { return nil }, "application/jsonl"
}

// placed says from where each request comes, for the audit.
func (s *server) placed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &desk.Place{Address: s.client(r), Device: r.UserAgent()}
		next.ServeHTTP(w, r.WithContext(desk.From(r.Context(), p)))
	})
}

// ensure leaves a line on the audit for an act that was done and left none of its own.
func (s *server) ensure(ctx context.Context, who dateline.Actor, act dateline.Act, route string) error {
	method, _, _ := strings.Cut(route, " ")
	p := desk.PlaceOf(ctx)
	if method == http.MethodPatch { // a part of an upload, of which the picture has its line
		return nil
	}
	if method == http.MethodGet || method == http.MethodHead || act == "" || act == dateline.ActRead || p == nil || p.Lines() > 0 {
		return nil
	}
	return s.Desk.NoteDone(ctx, who, act, route)
}

// Clock is whether the machine's clock can be believed.
type Clock struct {
	Now    time.Time `json:"now" doc:"The machine's clock"`
	Jump   int64     `json:"jump,omitempty" doc:"By how many seconds it jumped"`
	Behind int64     `json:"behind,omitempty" doc:"How many seconds it is behind the newest act"`
	Wrong  string    `json:"wrong,omitempty" doc:"Why schedules and publishing wait; absent where they do not"`
}

type clockOut struct {
	Body Clock
}

func (s *server) findClock(ctx context.Context, _ *none) (*clockOut, error) {
	now, fault, err := s.Desk.CheckClock(ctx)
	if err != nil {
		return nil, err
	}
	out := &clockOut{Clock{Now: now}}
	if fault != nil {
		out.Body.Jump, out.Body.Behind, out.Body.Wrong = int64(fault.Jump/time.Second), int64(fault.Behind/time.Second), fault.Advice()
	}
	return out, nil
}

type confirmClockIn struct {
	Body struct {
		Reason string `json:"reason" doc:"Needed, and kept in the audit" maxLength:"1000"`
	}
}

func (s *server) confirmClock(ctx context.Context, in *confirmClockIn) (*clockOut, error) {
	if err := s.Desk.ConfirmClock(ctx, actor(ctx), in.Body.Reason); err != nil {
		return nil, err
	}
	return s.findClock(ctx, nil)
}
