package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/datelinehq/dateline/fetch"
)

// readersAt finds the readers' address in what serve prints.
var readersAt = regexp.MustCompile(`Readers:\s+(http://\S+)`)

// idleAfter is how long a server that was just asked is left alone before its memory is looked at.
const idleAfter = 3 * time.Second

// benchStart starts a server as an operator does and measures the milliseconds to its first answer, and the megabytes that
// it holds once it is left alone.
func benchStart(ctx context.Context, dir string) (ms, idle float64, err error) {
	program, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve", "--dir", dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		err = errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := readersAt.FindStringSubmatch(lines.Text()); m != nil {
			if err := firstAnswer(ctx, m[1]); err != nil {
				return 0, 0, err
			}
			ms = milliseconds(time.Since(begin))
			go func() { // what it still says is read, so that it is not held up
				for lines.Scan() {
				}
			}()
			select {
			case <-time.After(idleAfter):
			case <-ctx.Done():
			}
			return ms, memoryLine(strconv.Itoa(cmd.Process.Pid), "VmRSS"), nil
		}
	}
	return 0, 0, fmt.Errorf("the server in %s ended before it answered", dir)
}

// firstAnswer asks for the front page until it is there.
func firstAnswer(ctx context.Context, address string) error {
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Allow: own(address)})
	if err != nil {
		return err
	}
	defer client.Close()
	for {
		if resp, err := client.Get(ctx, address+"/", fetch.Limits{}); err == nil && resp.Status == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}
