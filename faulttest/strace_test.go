package faulttest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// writesEnv asks for a kill at every write instead of a sample of them.
const writesEnv = "DATELINE_KILL_EVERY_WRITE"

// strace finds the program that makes system calls fail. Where it is missing, the test is skipped with a line that says so; in
// CI it fails.
func strace(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		const why = "strace is missing (apt-get install strace): system calls that fail cannot be tried on this machine"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	return path
}

// TestKilledAtAWrite: the program is killed at the first write to a file, at the second, and so on: those of its start, of saves,
// pictures, publications and withdrawals. What was acknowledged before is there after each, and the record verifies.
func TestKilledAtAWrite(t *testing.T) {
	tracer := strace(t)
	every := os.Getenv(writesEnv) != ""
	p := newPaper(t, binary, filepath.Join(t.TempDir(), "paper"))
	at := p.serve()
	at.open()
	at.stop()
	l := &ledger{pictures: map[string][]byte{}}
	killed, k := 0, 1
	for {
		at := p.begin(tracer, "-f", "-qq", "-o", filepath.Join(t.TempDir(), "strace"), "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:signal=KILL:when=%d", k))
		done := at.site != "" && l.work(at, 3)
		at.kill()
		p.do("record", "verify")
		again := p.serve()
		if lost := l.missing(again); len(lost) > 0 {
			t.Fatalf("killed at write %d of a thread; lost:\n%s", k, strings.Join(lost, "\n"))
		}
		again.kill()
		if done {
			break // before any thread had written so often
		}
		killed++
		if every {
			k++
		} else {
			k += 1 + rand.IntN(1+k)
		}
	}
	t.Logf("%d kills, the last at write %d of a thread; %d saves and %d acts acknowledged, none lost", killed, k, l.saves, l.acts)
	if killed < 5 || l.saves == 0 {
		t.Errorf("%d kills and %d saves are too few to show anything", killed, l.saves)
	}
	p.do("doctor")
}

// TestACallFails: the disk answers a sync or a write with an error, once or from then on. What is acknowledged is there after a
// restart, and what is not is refused with words for a person.
func TestACallFails(t *testing.T) {
	tracer := strace(t)
	for _, inject := range []string{"fsync,fdatasync:error=EIO:when=%d", "fsync,fdatasync:error=EIO:when=%d+", "pwrite64:error=ENOSPC:when=%d", "pwrite64:error=ENOSPC:when=%d+"} {
		t.Run(strings.ReplaceAll(inject, "%d", "k"), func(t *testing.T) {
			t.Parallel()
			p := newPaper(t, binary, filepath.Join(t.TempDir(), "paper"))
			at := p.serve()
			at.open()
			at.stop()
			l := &ledger{pictures: map[string][]byte{}}
			calls, _, _ := strings.Cut(inject, ":")
			for k := 1; k < 200; k += 1 + rand.IntN(2*k) {
				at := p.begin(tracer, "-f", "-qq", "-o", filepath.Join(t.TempDir(), "strace"), "-e", "trace="+calls, "-e", "inject="+fmt.Sprintf(inject, k))
				switch {
				case at.site != "":
					l.work(at, 3)
				case !strings.Contains(at.log.String(), "dateline: "):
					t.Errorf("with call %d failing it ends and says: %s", k, at.log)
				}
				at.kill()
				again := p.serve()
				if lost := l.missing(again); len(lost) > 0 {
					t.Fatalf("with call %d of a thread failing; lost:\n%s", k, strings.Join(lost, "\n"))
				}
				again.kill()
			}
			p.do("record", "verify")
			t.Log(strconv.Itoa(l.saves) + " saves acknowledged, none lost")
		})
	}
}
