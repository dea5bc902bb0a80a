// Testcount reads what `go test -json` prints, passes on what a person wants to see of it, and ends with one line that
// says how many tests ran. Its exit code is 1 when one failed or none ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// tally is what has been seen so far.
type tally struct {
	passed, failed, skipped int
	output                  map[string][]string // of tests that still run or have failed, by package and name
}

func main() {
	t := tally{output: map[string][]string{}}
	if err := t.read(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "testcount:", err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	if t.failed > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

func (t *tally) read(r io.Reader, w io.Writer) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			t.take(strings.TrimSuffix(line, "\n"), w)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the tests' output: %w", err)
		}
	}
}

func (t *tally) take(line string, w io.Writer) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		fmt.Fprintln(w, line) // the go command's own words, such as a package that does not compile
		return
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if e.Test == "" || shown(e.Output) {
			if !quiet(e.Output) {
				fmt.Fprint(w, e.Output)
			}
			return
		}
		t.output[key] = append(t.output[key], e.Output)
	case "pass", "skip", "fail":
		if e.Test == "" {
			if e.Action == "fail" && len(t.output[key]) == 0 {
				fmt.Fprintf(w, "FAIL\t%s\n", e.Package)
				t.failed++ // a package that did not build or crashed counts, so that it cannot be overlooked
			}
			return
		}
		t.count(e, w, key)
	}
}

func (t *tally) count(e event, w io.Writer, key string) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped++
		fmt.Fprintf(w, "skipped: %s %s: %s", e.Package, e.Test, reason(t.output[key]))
	case "fail":
		t.failed++
		fmt.Fprint(w, strings.Join(t.output[key], ""))
	}
	delete(t.output, key)
}

// shown says whether a passing test's line is of interest: how many files of a corpus it has read.
func shown(line string) bool { return strings.Contains(line, ": corpus ") }

func quiet(line string) bool {
	return line == "PASS\n" || strings.Contains(line, "[no test files]") || strings.HasPrefix(line, "coverage:")
}

func reason(lines []string) string {
	for _, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), "---") && !strings.HasPrefix(l, "===") {
			return strings.TrimSpace(l) + "\n"
		}
	}
	return "no reason given\n"
}
