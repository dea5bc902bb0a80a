package site

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// TestNoAnswerIsOlderThanWhatWasAcknowledged: readers ask for an article and for the lists and feeds it stands in, without a pause and
// over both servers, while it is updated; whoever asks after an act gets what it made.
func TestNoAnswerIsOlderThanWhatWasAcknowledged(t *testing.T) {
	const updates = 60
	d := newPaper(t)
	id, _ := d.publish("count", "Counting goes on", nil)
	at := d.editions[id].Address
	on := adapters(t, d.site)
	var acked atomic.Int64
	acked.Store(1)
	var quit atomic.Bool
	var reading sync.WaitGroup
	var answers [10]atomic.Int64
	for i, page := range []string{at, at, "/", "/coast/", "/rss.xml"} {
		for k, server := range on {
			mark := fmt.Sprintf(`data-edition="%s/`, id)
			if strings.HasSuffix(page, ".xml") {
				mark = fmt.Sprintf("<!-- %s/", id)
			}
			count := &answers[2*i+k]
			reading.Go(func() {
				if err := readOn(server, page, mark, &acked, &quit, count); err != nil {
					t.Errorf("%s: %v", page, err)
				}
			})
		}
	}
	for n := int64(2); n <= updates && !t.Failed(); n++ {
		before := answers[0].Load()
		d.change(id, dateline.ChangeUpdate, fmt.Sprintf("%d stations are counted.", n), func(e *record.Edition) { e.Headline = fmt.Sprintf("%d stations are counted", n) })
		acked.Store(n)
		for answers[0].Load() < before+2 && !t.Failed() { // every edition is read
			runtime.Gosched()
		}
	}
	quit.Store(true)
	reading.Wait()
}

// readOn asks on one connection until it is told to stop, and fails at the first answer that is older than what was acknowledged
// when it was asked for.
func readOn(server, page, mark string, acked *atomic.Int64, quit *atomic.Bool, answers *atomic.Int64) error {
	conn, err := net.Dial("tcp", server)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for !quit.Load() {
		least := acked.Load()
		if _, err := io.WriteString(conn, get1("GET", page)); err != nil {
			return err
		}
		resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		_, rest, found := strings.Cut(string(body), mark)
		digits := rest[:max(0, strings.IndexAny(rest, `" `))]
		n, err := strconv.ParseInt(digits, 10, 64)
		if !found || err != nil {
			return fmt.Errorf("answer %d shows no edition: %q", resp.StatusCode, digits)
		}
		if n < least {
			return fmt.Errorf("edition %d is shown to somebody who asked when %d was acknowledged", n, least)
		}
		answers.Add(1)
	}
	return nil
}
