package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoServerIsStartedWhenItIsInstalled: packages are installed while starts are forbidden; after that all is as it was.
func TestNoServerIsStartedWhenItIsInstalled(t *testing.T) {
	for _, c := range []struct {
		name, before string // what the machine's own policy is
		apt          string // what apt-get does when it installs
		fails        bool
	}{
		{name: "installed", apt: "exit 0"},
		{name: "not installed", apt: "exit 1", fails: true},
		{name: "ended on the way", apt: "kill -TERM $PPID", fails: true},
		{name: "a policy of the machine's", before: "#!/bin/sh\nexit 101 # ours\n", apt: "exit 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			policy, asked := filepath.Join(dir, "policy-rc.d"), filepath.Join(dir, "asked")
			apt := "#!/bin/sh\n[ $1 = install ] || exit 0\necho \"$@\" >" + asked + "\n" + policy + "\necho $? >>" + asked + "\n" + c.apt + "\n"
			if err := os.WriteFile(filepath.Join(dir, "apt-get"), []byte(apt), 0o755); err != nil {
				t.Fatal(err)
			}
			if c.before != "" {
				if err := os.WriteFile(policy, []byte(c.before), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command("../../install.sh", "nginx", "varnish")
			cmd.Env = append(os.Environ(), "POLICY_RC_D="+policy, "PATH="+dir+":"+os.Getenv("PATH"))
			out, err := cmd.CombinedOutput()
			if (err != nil) != c.fails {
				t.Errorf("%v: %s", err, out)
			}
			b, err := os.ReadFile(asked)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(b); !strings.Contains(got, "nginx varnish\n101\n") {
				t.Errorf("asked, with what the policy says: %q", got)
			}
			after, err := os.ReadFile(policy)
			if c.before == "" && !os.IsNotExist(err) || string(after) != c.before {
				t.Errorf("the policy is %q, %v after it", after, err)
			}
		})
	}
}

const wrkSays = `Running 4s test @ http://127.0.0.1:1/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   312.18us  101.02us   5.31ms   91.20%
    Req/Sec    25.31k     1.02k   27.00k    70.00%
  Latency Distribution
     50%  290.00us
     75%  331.00us
     90%    0.40ms
     99%    1.02s
  100842 requests in 4.00s, 1.21GB read
`

// TestWhatWrkSaysIsRead: its requests and latencies, and nothing where an answer was another than was asked for.
func TestWhatWrkSaysIsRead(t *testing.T) {
	for _, c := range []struct {
		name, out, page string
		want            loaded
		err             string
	}{
		{"all well", wrkSays, "home", loaded{100842, 0.29, 1020}, ""},
		{"some refused", wrkSays + "  Non-2xx or 3xx responses: 12\n", "home", loaded{}, "12 of 100842"},
		{"missing, as it is asked for", wrkSays + "  Non-2xx or 3xx responses: 100842\n", "missing", loaded{100842, 0.29, 1020}, ""},
		{"missing, and some were there", wrkSays + "  Non-2xx or 3xx responses: 100000\n", "missing", loaded{}, "100000 of 100842"},
		{"missing, and all were there", wrkSays, "missing", loaded{}, "0 of 100842"},
		{"no errors", wrkSays + "  Socket errors: connect 0, read 0, write 0, timeout 0\n", "home", loaded{100842, 0.29, 1020}, ""},
		{"errors", wrkSays + "  Socket errors: connect 0, read 10, write 0, timeout 3\n", "home", loaded{}, "read 10"},
		{"nothing", "unable to connect to 127.0.0.1:1\n", "home", loaded{}, "unable to connect"},
		{"no latencies", "100 requests in 4.00s, 1MB read\n", "home", loaded{}, "no 50%"},
		{"no number", strings.Replace(wrkSays, "1.02s", "none", 1), "home", loaded{}, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readWrk(c.out, row{page: c.page})
			check(t, got, err, c.want, c.err)
		})
	}
}

// TestWhatH2loadLogsIsRead: each line is a request, in whatever order.
func TestWhatH2loadLogsIsRead(t *testing.T) {
	for _, c := range []struct {
		name, log string
		want      loaded
		err       string
	}{
		{"all well", "1700000000000001\t200\t3000\n1700000000000002\t200\t1000\n1700000000000003\t200\t2500\n", loaded{3, 2.5, 3}, ""},
		{"one refused", "1700000000000001\t200\t3000\n1700000000000002\t503\t1000\n", loaded{}, "answered 503"},
		{"one failed", "1700000000000001\t-1\t3000\n", loaded{}, "answered -1"},
		{"a line cut short", "1700000000000001\t200\n", loaded{}, "a line of the log"},
		{"no number", "1700000000000001\t200\tsoon\n", loaded{}, "soon"},
		{"nothing", "", loaded{}, "no request was answered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readH2load(strings.NewReader(c.log))
			check(t, got, err, c.want, c.err)
		})
	}
}

// check compares what was read, or looks for words in the error that there must be.
func check(t *testing.T, got loaded, err error, want loaded, says string) {
	t.Helper()
	switch {
	case says != "":
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v, %v; want an error that says %q", got, err, says)
		}
	case err != nil || got != want:
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// TestAServerIsWaitedFor: until it answers, and no longer than whoever asks.
func TestAServerIsWaitedFor(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := answers(t.Context(), on.Addr().String()); err != nil {
		t.Errorf("a server that is there: %v", err)
	}
	on.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if answers(ctx, on.Addr().String()) == nil {
		t.Error("nobody is there, and answers")
	}
}
