package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// peer is one server, in a process of its own on one processor.
type peer struct {
	name          string
	plain, secure string // host and port
	cmd           *exec.Cmd
	in            io.WriteCloser // its end ends Dateline
	tag           string         // the entity tag it gives the page that is measured
}

// start runs a server on its processor, whose first line of output is given back.
func start(ctx context.Context, name string, args ...string) (p *peer, out *bufio.Reader, err error) {
	p = &peer{name: name, cmd: exec.CommandContext(ctx, "taskset", append([]string{"-c", serverCore}, args...)...)}
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	p.cmd.WaitDelay = 5 * time.Second
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, bufio.NewReader(pipe), nil
}

// Close ends the server and waits for it.
func (p *peer) Close() error {
	closing := p.in.Close()
	if p.name != dateline {
		closing = errors.Join(closing, p.cmd.Process.Signal(os.Interrupt))
	}
	_ = p.cmd.Wait() // that it was interrupted is no news
	return closing
}

// family is a process and those it started, and theirs.
func family(pid int) ([]int, error) {
	list := []int{pid}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil, err
	}
	for _, f := range strings.Fields(string(children)) {
		child, err := strconv.Atoi(f)
		if err != nil {
			return nil, err
		}
		below, err := family(child)
		if err != nil {
			return nil, err
		}
		list = append(list, below...)
	}
	return list, nil
}

// ticks is in how many parts of a second the kernel counts (proc(5): USER_HZ, which is 100 wherever Linux runs Go).
const ticks = 100

// used is the processor time that a server has had, and the memory that it has resident, in megabytes.
func (p *peer) used() (seconds, memory float64, err error) {
	pids, err := family(p.cmd.Process.Pid)
	if err != nil {
		return 0, 0, err
	}
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, 0, err
		}
		_, rest, _ := strings.Cut(string(stat), ") ") // the program's name may hold blanks
		fields := strings.Fields(rest)
		if len(fields) < 22 {
			return 0, 0, fmt.Errorf("/proc/%d/stat says %q", pid, stat)
		}
		user, err1 := strconv.ParseFloat(fields[11], 64)
		system, err2 := strconv.ParseFloat(fields[12], 64)
		pages, err3 := strconv.ParseFloat(fields[21], 64)
		if err := cmp.Or(err1, err2, err3); err != nil {
			return 0, 0, err
		}
		seconds += (user + system) / ticks
		memory += pages * float64(os.Getpagesize()) / (1 << 20)
	}
	return seconds, memory, nil
}

// nginxConfig is nginx at its best for a static file: one worker, files opened once, sent by the kernel, compressed beforehand.
const nginxConfig = `worker_processes 1;
daemon off;
pid %[1]s/nginx.pid;
error_log %[1]s/nginx.log crit;
%[2]s
events { worker_connections 4096; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	tcp_nodelay on;
	keepalive_requests 1000000000;
	keepalive_timeout 300s;
	open_file_cache max=1000 inactive=300s;
	open_file_cache_valid 300s;
	gzip_static on;
	gzip_vary on;
	%[3]s
	client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
	default_type "text/html; charset=utf-8";
	root %[1]s;
	server {
		listen 127.0.0.1:%[4]d backlog=4096;
		listen 127.0.0.1:%[5]d ssl http2 backlog=4096;
		ssl_certificate %[1]s/cert.pem;
		ssl_certificate_key %[1]s/key.pem;
		ssl_protocols TLSv1.2 TLSv1.3;
		error_page 404 /missing;
	}
}
`

// nginx starts it on the pages of a folder.
func (b *bench) nginx(ctx context.Context) (*peer, error) {
	plain, err := freePort()
	if err != nil {
		return nil, err
	}
	secure, err := freePort()
	if err != nil {
		return nil, err
	}
	module, brotli := "", ""
	for _, m := range []string{"/usr/lib/nginx/modules/ngx_http_brotli_static_module.so", "/usr/share/nginx/modules/ngx_http_brotli_static_module.so"} {
		if _, err := os.Stat(m); err == nil {
			module, brotli = "load_module "+m+";", "brotli_static on;"
			break
		}
	}
	if module == "" {
		return nil, errors.New("nginx's brotli_static module is not where it is looked for: install libnginx-mod-http-brotli-static")
	}
	config := filepath.Join(b.dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, b.dir, module, brotli, plain, secure), 0o644); err != nil {
		return nil, err
	}
	program, err := find("nginx")
	if err != nil {
		return nil, err
	}
	p, _, err := start(ctx, nginx, program, "-p", b.dir, "-c", config)
	if err != nil {
		return nil, err
	}
	p.plain, p.secure = fmt.Sprintf("127.0.0.1:%d", plain), fmt.Sprintf("127.0.0.1:%d", secure)
	if err := errors.Join(answers(ctx, p.plain), answers(ctx, p.secure)); err != nil {
		return nil, errors.Join(fmt.Errorf("nginx does not answer: %w", err), p.Close())
	}
	return p, nil
}

// answers waits until somebody answers at an address, for ten seconds at most.
func answers(ctx context.Context, at string) error {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", at)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}
