// Dateline is a self-hosted news publishing system: this is its one binary.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/datelinehq/dateline"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // bad input, a refusal, or a fault: the message says which
	exitUsage  = 2 // the command line itself is wrong
)

// commandLine is every command with its flags.
type commandLine struct {
	Demo    demoCommand    `cmd:"" help:"Make and serve a small invented newspaper, to look around in."`
	Init    initCommand    `cmd:"" help:"Make a newsroom in a folder."`
	Serve   serveCommand   `cmd:"" help:"Serve a newsroom and its site."`
	Import  importCommand  `cmd:"" help:"Bring in articles from another system."`
	Export  exportCommand  `cmd:"" help:"Write the site as files."`
	Article articleCommand `cmd:"" help:"List, show, write, publish and withdraw articles."`
	Story   storyCommand   `cmd:"" help:"Propose running stories."`
	Account accountCommand `cmd:"" help:"List, invite and end the people of the newsroom, and let them in again."`
	Token   tokenCommand   `cmd:"" help:"Make, list and revoke tokens for the newsroom's API."`
	Audit   auditCommand   `cmd:"" help:"Print who did what in the newsroom, when and from where."`
	Record  recordCommand  `cmd:"" help:"Check the record, and remove text from it for good."`
	Verify  outsideCommand `cmd:"" help:"Check, from outside and with no account, that an article is in the log that its paper signs."`
	Cache   cacheCommand   `cmd:"" help:"Name the shared caches before the site, such as a CDN, that are told what each act changes."`
	Key     keyCommand     `cmd:"" help:"Rotate the key that signs the record."`
	Doctor  doctorCommand  `cmd:"" help:"Look a newsroom over and say what is wrong."`
	Bench   benchCommand   `cmd:"" help:"Measure this machine: the figures of docs/performance.md."`
	Version versionCommand `cmd:"" help:"Print the program's version."`
}

// inFolder is what commands that work in a newsroom's folder have in common.
type inFolder struct {
	Dir  folder `help:"The newsroom's folder." default:"." placeholder:"DIR"`
	JSON bool   `help:"Print JSON, one object or array."`
}

// streams are where a command reads and writes.
type streams struct {
	in  *os.File
	out io.Writer
	err *os.File
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run carries out one command line and gives the exit code.
func run(ctx context.Context, args []string, s streams) int {
	var cli commandLine
	exited := -1
	parser, err := kong.New(&cli, kong.Name("dateline"),
		kong.Description("A self-hosted news publishing system: one binary in which a newsroom writes, publishes, corrects and keeps its journalism, and from which readers read it."),
		kong.UsageOnError(), kong.Writers(s.out, s.err), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s))
	if err != nil {
		fmt.Fprintln(s.err, "dateline:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(s.err, "dateline: %v\nTry `dateline --help`, or --help after a command: each has an example.\n", err)
		return exitUsage
	}
	if err := k.Run(); err != nil {
		complain(s.err, err)
		return exitFailed
	}
	return exitOK
}

// complain prints an error for a person: what is wrong, where, and what to do.
func complain(w io.Writer, err error) {
	var e *dateline.Error
	if !errors.As(err, &e) {
		fmt.Fprintf(w, "dateline: %v\n", err)
		return
	}
	fmt.Fprintf(w, "dateline: %s\n", e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(w, "  %s: %s\n", f.Path, f.Message)
	}
	if e.Cause != nil {
		fmt.Fprintf(w, "  (%v)\n", e.Cause)
	}
}

// printJSON writes one value as indented JSON.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
