package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/newsroom/ui"
)

// autosaves is how often one editor who is alone saves, and autosaveEvery how often each of a crowd does.
const (
	autosaves     = 200
	autosaveEvery = 2 * time.Second
)

// serveMost is how long a server is measured at most.
const serveMost = 10 * time.Minute

// deskFigures are what editors meet. Times are milliseconds.
type deskFigures struct {
	Autosave spread  `json:"autosave"`       // of one editor who is alone
	Crowd    spread  `json:"autosave_crowd"` // of many who each save every two seconds, from the moment it was due
	Editors  int     `json:"editors"`
	Words    int     `json:"autosave_words"`     // of each text
	Cost     float64 `json:"autosave_processor"` // of the server's processor time, for each of the crowd's saves
	Asking   float64 `json:"asking_processor"`   // the share of all processors that the asking itself took, in hundredths
	Bundle   float64 `json:"bundle"`             // kilobytes of script and style, compressed
}

type benchDeskCommand struct {
	inFolder
	Editors int           `default:"500"`
	For     time.Duration `default:"12s"`
}

// Run measures and prints what it found as JSON.
func (c benchDeskCommand) Run(ctx context.Context, s streams) error {
	found := deskFigures{Editors: c.Editors, Bundle: float64(ui.New().Weight()) / 1024}
	crowd, err := c.hire(ctx)
	if err != nil {
		return err
	}
	found.Words = crowd[0].words
	if err := benchServe(ctx, c.Dir, "127.0.0.1:0", func(address string, server int) error {
		if err := gather(crowd, address); err != nil {
			return err
		}
		defer disperse(crowd)
		var alone []float64
		for range autosaves {
			ms, err := crowd[0].save(time.Now())
			if err != nil {
				return err
			}
			alone = append(alone, ms)
		}
		found.Autosave = spreadOf(alone)
		began, serving, asking := time.Now(), processorTime(server), processorTime(os.Getpid())
		all, err := c.work(crowd)
		if len(all) > 0 {
			found.Cost = milliseconds(processorTime(server)-serving) / float64(len(all))
		}
		found.Asking = 100 * float64(processorTime(os.Getpid())-asking) / float64(time.Since(began)) / float64(runtime.NumCPU())
		found.Crowd = spreadOf(all)
		return err
	}); err != nil {
		return err
	}
	return printJSON(s.out, found)
}

// writer is an editor at work on an article of their own.
type writer struct {
	token, article string
	head, tail     []byte // of what is saved: a word that is another each time stands between
	words, saves   int
	version        string
	host           string
	conn           net.Conn
	in             *bufio.Reader
	lines          []byte // of the request
}

// hire gives every editor a token and an article of some 600 words.
func (c benchDeskCommand) hire(ctx context.Context) (crowd []*writer, err error) {
	r, err := openRoom(ctx, c.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	text := strings.TrimSpace(strings.Repeat("The harbour authority counted its boats again on Tuesday. ", 68))
	paragraphs := strings.ReplaceAll(text, "again on Tuesday. The", "again on Tuesday.\n\nThe")
	doc := markup.FromText(paragraphs)
	body, err := doc.JSON()
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(body, []byte("Tuesday"))
	for i := range c.Editors {
		content := dateline.Content{Headline: fmt.Sprintf("A draft of editor %d", i), Language: "en", Body: body}
		a, err := r.desk.Create(ctx, local, dateline.KindArticle, content)
		if err != nil {
			return nil, err
		}
		_, secret, err := r.desk.CreateToken(ctx, local, fmt.Sprintf("bench editor %d", i), dateline.RoleEditor, time.Time{})
		if err != nil {
			return nil, err
		}
		frame, err := json.Marshal(map[string]any{"headline": content.Headline, "language": "en", "body": json.RawMessage(string(body[:at]) + `word ` + string(body[at:]))})
		if err != nil {
			return nil, err
		}
		head, tail, _ := bytes.Cut(frame, []byte("word "))
		crowd = append(crowd, &writer{token: secret, article: string(a.ID), head: head, tail: tail, words: markup.Words(doc), version: `"1"`})
	}
	return crowd, nil
}

// editorsAt finds the newsroom's address in what serve prints.
var editorsAt = regexp.MustCompile(`Newsroom:\s+http://(\S+)`)

// benchServe runs a server as an operator does while f works; f is told the newsroom's address and the server's process.
func benchServe(ctx context.Context, dir folder, newsroom string, f func(address string, process int) error) (err error) {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, serveMost)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve", "--dir", string(dir), "--site", "127.0.0.1:0", "--newsroom", newsroom)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait()) }()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := editorsAt.FindStringSubmatch(lines.Text()); m != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }() // what it still says is read, so that it is not held up
			return f(m[1], cmd.Process.Pid)
		}
	}
	return fmt.Errorf("the server in %s ended before it could be asked", dir)
}

// gather connects everybody.
func gather(crowd []*writer, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	for _, w := range crowd {
		if w.conn, err = net.Dial("tcp", net.JoinHostPort(host, port)); err != nil {
			return err
		}
		w.host, w.in = address, bufio.NewReaderSize(w.conn, 16<<10)
	}
	return nil
}

func disperse(crowd []*writer) {
	for _, w := range crowd {
		if w.conn != nil {
			_ = w.conn.Close()
		}
	}
}

// save saves a text that differs from the one before and gives the milliseconds since it was due. It writes the
// request's lines itself: an ordinary client would take as much of the processors as the server that is measured.
func (w *writer) save(due time.Time) (float64, error) {
	w.saves++
	word := fmt.Appendf(nil, "on the %dth ", w.saves)
	w.lines = fmt.Appendf(w.lines[:0], "PUT /api/v1/articles/%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nIf-Match: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		w.article, w.host, w.token, w.version, len(w.head)+len(word)+len(w.tail))
	request := net.Buffers{w.lines, w.head, word, w.tail}
	if _, err := request.WriteTo(w.conn); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(resp.Body)
		return 0, errors.Join(fmt.Errorf("a save was answered %s: %.300s", resp.Status, answer), err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, err
	}
	w.version = resp.Header.Get("ETag")
	return milliseconds(time.Since(due)), nil
}

// work has everybody save every two seconds, each in their own moment of it.
func (c benchDeskCommand) work(crowd []*writer) ([]float64, error) {
	var (
		mu  sync.Mutex
		all []float64
		bad error
		wg  sync.WaitGroup
	)
	begin := time.Now()
	random := rand.New(rand.NewPCG(5, 5))
	for _, w := range crowd {
		due := begin.Add(time.Duration(random.Int64N(int64(autosaveEvery))))
		wg.Go(func() {
			for ; due.Sub(begin) < c.For; due = due.Add(autosaveEvery) {
				time.Sleep(time.Until(due))
				ms, err := w.save(due)
				mu.Lock()
				all, bad = append(all, ms), errors.Join(bad, err)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return all, bad
}
