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
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// tell reports how far long work is; total is 0 where it is not known.
type tell func(what string, done, total int64)

// operation is work that changes a newsroom, asked for by a command. The running server carries it out, or the command
// itself under the folder's lock where no server runs.
type operation func(ctx context.Context, r *room, args json.RawMessage, tell tell) (any, error)

// operations are all of them, by name. Whoever may write into the newsroom's folder may ask for each: they act as chief.
func operations() map[string]operation {
	return map[string]operation{
		"import-wxr":       operate(importWXR),
		"import-page":      operate(importPages),
		"story-from-topic": operate(storyFromTopic),
		"token-create":     operate(createToken),
		"token-list":       operate(listTokens),
		"token-revoke":     operate(revokeToken),
		"account-list":     operate(listAccounts),
		"account-invite":   operate(inviteAccount),
		"account-end":      operate(endAccount),
		"account-recover":  operate(recoverAccount),
		"article-list":     operate(listArticles),
		"article-show":     operate(showArticle),
		"article-create":   operate(createArticle),
		"article-publish":  operate(publishArticle),
		"article-withdraw": operate(withdrawArticle),
		"article-restore":  operate(restoreArticle),
		"record-redact":    operate(redactRecord),
		"record-erase":     operate(erasePerson),
		"key-rotate":       operate(rotateKey),
		"witness-add":      operate(addWitness),
		"witness-remove":   operate(removeWitness),
		"witness-list":     operate(listWitnesses),
		"witness-ask":      operate(askWitnesses),
		"record-cosign":    operate(cosignRecord),
		"cache-add":        operate(addCache),
		"cache-remove":     operate(removeCache),
		"cache-list":       operate(namesOfCaches),
		"cache-purge":      operate(purgeCaches),
	}
}

// operate makes an operation of a function with typed arguments.
func operate[Args, Result any](f func(context.Context, *room, Args, tell) (Result, error)) operation {
	return func(ctx context.Context, r *room, raw json.RawMessage, tell tell) (any, error) {
		var args Args
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "the operation's arguments cannot be read: %v", err)
		}
		return f(ctx, r, args, tell)
	}
}

// reply is one line of an operation's answer over the socket.
type reply struct {
	Progress *struct {
		What  string `json:"what"`
		Done  int64  `json:"done"`
		Total int64  `json:"total"`
	} `json:"progress,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *failure        `json:"error,omitempty"`
}

// failure is an error on its way over the socket or onto the screen.
type failure struct {
	Code    dateline.Code    `json:"code"`
	Message string           `json:"message"`
	Fields  []dateline.Field `json:"fields,omitempty"`
}

func (f *failure) err() error {
	return &dateline.Error{Code: f.Code, Message: f.Message, Fields: f.Fields}
}

func failed(err error) *failure {
	var e *dateline.Error
	if errors.As(err, &e) {
		return &failure{e.Code, e.Message, e.Fields}
	}
	return &failure{Code: dateline.EInternal, Message: err.Error()}
}

// perform has an operation carried out and reads its result into result.
func perform(ctx context.Context, f folder, name string, args, result any, tell tell) error {
	if err := f.mustExist(); err != nil {
		return err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("write the arguments of %s: %w", name, err)
	}
	out, err := askServer(ctx, f, name, raw, tell)
	if errors.Is(err, errNoServer) {
		out, err = performHere(ctx, f, name, raw, tell)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(out, result)
}

func performHere(ctx context.Context, f folder, name string, raw json.RawMessage, tell tell) (json.RawMessage, error) {
	r, err := openRoom(ctx, f, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return nil, err
	}
	result, err := operations()[name](typed(ctx), r, raw, tell)
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// typed says on the audit that what is done was asked for on the newsroom's own machine.
func typed(ctx context.Context) context.Context {
	return desk.From(ctx, &desk.Place{Device: "command line"})
}

var errNoServer = errors.New("no server runs in the folder")

// askServer asks the server that runs in the folder, over its socket.
func askServer(ctx context.Context, f folder, name string, raw json.RawMessage, tell tell) (json.RawMessage, error) {
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", f.socket())
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://newsroom/"+name, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, errNoServer
	}
	if err != nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "the running server did not answer on %s: %v", f.socket(), err)
	}
	defer resp.Body.Close()
	return readReplies(resp.Body, tell)
}

func readReplies(r io.Reader, tell tell) (json.RawMessage, error) {
	for lines := bufio.NewReader(r); ; {
		b, err := lines.ReadBytes('\n')
		if len(b) == 0 && err != nil {
			return nil, dateline.Errorf(dateline.EUnavailable, "the server stopped before the work was done: %v; run the command again", err)
		}
		var line reply
		if err := json.Unmarshal(b, &line); err != nil {
			return nil, fmt.Errorf("read the server's answer: %w", err)
		}
		switch {
		case line.Progress != nil:
			tell(line.Progress.What, line.Progress.Done, line.Progress.Total)
		case line.Error != nil:
			return nil, line.Error.err()
		default:
			return line.Result, nil
		}
	}
}

// serveOperations answers the socket. Only who may write in the folder can connect.
func serveOperations(r *room) http.Handler {
	mux := http.NewServeMux()
	for name, op := range operations() {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, req *http.Request) {
			raw, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 64<<20))
			out := json.NewEncoder(w)
			if err != nil {
				_ = out.Encode(reply{Error: failed(err)})
				return
			}
			flush := http.NewResponseController(w)
			result, err := op(typed(req.Context()), r, raw, func(what string, done, total int64) {
				var line reply
				line.Progress = &struct {
					What  string `json:"what"`
					Done  int64  `json:"done"`
					Total int64  `json:"total"`
				}{what, done, total}
				_ = out.Encode(line)
				_ = flush.Flush()
			})
			if err != nil {
				_ = out.Encode(reply{Error: failed(err)})
				return
			}
			b, err := json.Marshal(result)
			if err != nil {
				_ = out.Encode(reply{Error: failed(err)})
				return
			}
			_ = out.Encode(reply{Result: b})
		})
	}
	return mux
}
