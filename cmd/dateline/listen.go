package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"golang.org/x/net/idna"
	"golang.org/x/net/netutil"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site"
)

// secure is how the paper is served over TLS.
type secure struct {
	TLS            string `name:"tls" help:"Where readers and the newsroom are answered over TLS, each under its own name, such as :443." placeholder:"HOST:PORT"`
	HTTP           string `name:"http" help:"With --tls: where http is led to https, and where the authority looks." default:":80" placeholder:"HOST:PORT"`
	HTTP3          bool   `name:"http3" help:"With --tls: readers are answered over HTTP/3 too, on the UDP port of the same number."`
	Certificate    string `help:"With --tls: your own certificate for both names, its chain after it (PEM). It is read again when it changes." placeholder:"FILE"`
	CertificateKey string `help:"The key of --certificate (PEM)." placeholder:"FILE"`
	ACME           string `name:"acme" help:"With --tls: the authority that certificates are fetched from (RFC 8555); to use it is to agree to its terms." default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL"`
}

// check refuses flags that do not go together.
func (c secure) check() error {
	switch {
	case (c.Certificate == "") != (c.CertificateKey == ""):
		return dateline.Errorf(dateline.EInvalid, "--certificate and --certificate-key go together: name the file of each")
	case c.TLS == "" && (c.Certificate != "" || c.HTTP3):
		return dateline.Errorf(dateline.EInvalid, "--certificate and --http3 are for --tls: say where TLS is answered, such as --tls :443")
	}
	return nil
}

// listeners are the addresses that a program answers at.
type listeners struct {
	site, newsroom net.Listener

	// Over TLS; nil where it is not served.
	secure secure
	tls    net.Listener
	http   net.Listener
	udp    net.PacketConn

	names paperNames
	certs certificates
	stop  func() // ends the fetching of certificates: none is written after it
}

// listen takes every address before anything is opened, so that one that cannot be had is told at once.
func listen(siteAddress, newsroomAddress string, c secure) (_ *listeners, err error) {
	l := &listeners{secure: c, stop: func() {}}
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	for _, a := range []struct {
		into                *net.Listener
		who, flag, at, then string
	}{
		{&l.site, "readers", "--site", siteAddress, " (port 0 takes a free one)"},
		{&l.newsroom, "the newsroom", "--newsroom", newsroomAddress, " (port 0 takes a free one)"},
		{&l.tls, "TLS", "--tls", c.TLS, ""},
		{&l.http, "http", "--http", c.HTTP, ", or none with --http= where a proxy answers it"},
	} {
		if a.at == "" || c.TLS == "" && a.into == &l.http {
			continue
		}
		if *a.into, err = net.Listen("tcp", a.at); err != nil {
			return nil, cannotListen(a.who, a.flag, a.at, a.then, err)
		}
	}
	if c.HTTP3 {
		if l.udp, err = net.ListenPacket("udp", l.tls.Addr().String()); err != nil {
			return nil, cannotListen("HTTP/3", "--tls", "the UDP port of "+l.tls.Addr().String(), ", or leave --http3 away", err)
		}
	}
	return l, nil
}

// cannotListen says why an address cannot be had, and what to do.
func cannotListen(who, flag, at, then string, err error) error {
	why := err.Error()
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		why = "another program answers there already; stop it"
	case errors.Is(err, syscall.EACCES):
		why = "ports below 1024 are root's: allow the program with `setcap cap_net_bind_service=+ep` on its file"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		why = "this machine does not have that address"
	}
	return dateline.Errorf(dateline.EUnavailable, "%s cannot be answered at %s: %s, or name another address with %s%s", who, at, why, flag, then)
}

// Close ends all; a server that was started on one has ended it already.
func (l *listeners) Close() {
	l.stop()
	for _, on := range []net.Listener{l.site, l.newsroom, l.tls, l.http} {
		if on != nil {
			on.Close()
		}
	}
	if l.udp != nil {
		l.udp.Close()
	}
}

// siteURL is the readers' address on this machine.
func (l *listeners) siteURL() string { return "http://" + l.site.Addr().String() }

// newsroomURL is the newsroom's, under another host name where the listener is on the loopback.
func (l *listeners) newsroomURL() string {
	a, ok := l.newsroom.Addr().(*net.TCPAddr)
	if !ok || !a.IP.IsLoopback() {
		return "http://" + l.newsroom.Addr().String()
	}
	return fmt.Sprintf("http://localhost:%d", a.Port)
}

// said is what a start says of TLS; "" where it is not served.
func (l *listeners) said() string {
	if l.tls == nil {
		return ""
	}
	also := ""
	if l.udp != nil {
		also = ", HTTP/3 too"
	}
	return fmt.Sprintf("  Over TLS:  %s   (%s and %s%s)\n", l.tls.Addr(), l.names.site, l.names.newsroom, also)
}

// paperNames are the two host names that are served over TLS, as they stand in requests, with the whole addresses.
type paperNames struct{ site, newsroom, siteURL, newsroomURL string }

// namesOf finds the host names in the paper's addresses.
func namesOf(siteURL, newsroomURL string) (n paperNames, err error) {
	n = paperNames{siteURL: strings.TrimSuffix(siteURL, "/"), newsroomURL: strings.TrimSuffix(newsroomURL, "/")}
	for _, a := range []struct {
		into      *string
		who, from string
	}{{&n.site, "readers", n.siteURL}, {&n.newsroom, "editors", n.newsroomURL}} {
		u, err := url.Parse(a.from)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return n, dateline.Errorf(dateline.EInvalid, "--tls: %s know the paper at %s; give it an address that begins with https first, in the newsroom under Publication", a.who, a.from)
		}
		*a.into = hostName(u.Host)
	}
	return n, twoHosts(n.siteURL, n.newsroomURL)
}

// hostName is the host of a Host field or address, without its port and in the letters of the domain name system.
func hostName(host string) string {
	u := url.URL{Host: host}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

// certifyPaper certifies the names that the paper has at the desk, and remembers them for a start in which the desk cannot be
// opened.
func (l *listeners) certifyPaper(ctx context.Context, r *room, log *slog.Logger) error {
	if l.tls == nil {
		return nil
	}
	p, err := r.desk.FindPublication(ctx)
	if err != nil {
		return err
	}
	n, err := namesOf(p.Site, p.Newsroom)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.folder.certificates(), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(r.folder.names(), []byte(n.siteURL+"\n"+n.newsroomURL+"\n"), 0o600); err != nil {
		return err
	}
	return l.certify(r.folder, n, log)
}

// certifyLast certifies the names that the paper had when it was served last.
func (l *listeners) certifyLast(f folder, log *slog.Logger) error {
	if l.tls == nil {
		return nil
	}
	b, err := os.ReadFile(f.names())
	if err != nil {
		return err
	}
	site, newsroom, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	n, err := namesOf(site, newsroom)
	if err != nil {
		return err
	}
	return l.certify(f, n, log)
}

// certify reads or begins to fetch the certificates of the paper's names.
func (l *listeners) certify(f folder, n paperNames, log *slog.Logger) (err error) {
	l.names = n
	if c := l.secure; c.Certificate != "" {
		l.certs, err = readCertificate(c.Certificate, c.CertificateKey, []string{n.site, n.newsroom}, log)
		return err
	}
	fetched, err := fetchCertificates(fetching{directory: l.secure.ACME, cache: f.certificates(), names: []string{n.site, n.newsroom}, log: log})
	if err != nil {
		return err
	}
	l.certs = fetched
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = func() {
		cancel()
		fetched.cache.close()
	}
	go fetched.run(ctx)
	return nil
}

// server is what answers on a listener.
type server interface {
	Serve(on net.Listener) error // until Shutdown; http.ErrServerClosed then
	Shutdown(ctx context.Context) error
	Close() error
}

// listening is a server and where it answers.
type listening struct {
	server
	at    net.Addr
	serve func() error
}

// over is a server on a listener.
func over(s server, on net.Listener) listening {
	return listening{s, on.Addr(), func() error { return s.Serve(on) }}
}

// answering are the servers of every address but the folder's socket.
func (l *listeners) answering(readers *site.Site, editors http.Handler) []listening {
	list := []listening{over(site.NewFast(readers), l.site), over(editorsServer(editors), l.newsroom)}
	if l.tls == nil {
		return list
	}
	return append(list, l.answeringTLS(readers, editors)...)
}

func (l *listeners) answeringTLS(readers, editors http.Handler) (list []listening) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: l.certs.get, NextProtos: l.certs.protocols()}
	shares := &shared{Listener: netutil.LimitListener(l.tls, mostOverTLS+ofEditors), most: mostOverTLS, own: l.names.newsroom}
	// One server answers both names: its bounds are the readers', and editors' requests get theirs when they are known to be such.
	both := readersServer(l.underName(readers, editors))
	both.TLSConfig = conf.Clone() // the server writes into it
	both.TLSConfig.GetConfigForClient = shares.admit
	list = append(list, listening{both, l.tls.Addr(), func() error { return both.ServeTLS(shares, "", "") }})
	if l.http != nil {
		list = append(list, over(readersServer(l.certs.challenges(l.toTLS(readers))), netutil.LimitListener(l.http, mostOverHTTP)))
	}
	if l.udp != nil {
		three := newQUICServer(l.udp, mostOverHTTP3, &http3.Server{Handler: l.underName(timely(readers, site.WriteTimeout), http.HandlerFunc(misdirected)), TLSConfig: conf, MaxHeaderBytes: site.MaxHeader, IdleTimeout: site.IdleTimeout})
		list = append(list, listening{three, l.udp.LocalAddr(), three.serve})
	}
	return list
}

// How many connections there are. Over TLS streams of live coverage are among them; what is above belongs to those that come for the
// newsroom, so that readers, however many, keep no editor out. Over HTTP/3 more are refused, and browsers come over TLS then.
const (
	mostOverTLS   = 20_000
	ofEditors     = 1_000
	mostOverHTTP  = 10_000
	mostOverHTTP3 = 5_000
)

// shared is a listener of which all but a share is for those who come for the newsroom's name. Whose a connection is, its first message
// says; one that says nothing is ended by the server's bound on that.
type shared struct {
	net.Listener
	most int64  // connections for other names
	own  string // the newsroom's name
	open atomic.Int64
}

// sharing is a connection of such a listener.
type sharing struct {
	net.Conn
	of    *shared
	place atomic.Int32
}

// A connection's place among those for other names: a server that stops may close a connection in the midst of its handshake.
const (
	placeNone = iota
	placeTaken
	placeLeft
)

// Accept waits for the next connection.
func (s *shared) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &sharing{Conn: c, of: s}, nil
}

// Close gives a connection's place to another.
func (c *sharing) Close() error {
	if c.place.Swap(placeLeft) == placeTaken {
		c.of.open.Add(-1)
	}
	return c.Conn.Close()
}

// admit refuses a connection for which there is no room, once it is known whom it comes for.
func (s *shared) admit(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	c, ok := hello.Conn.(*sharing)
	if !ok || s.own != "" && hostName(hello.ServerName) == s.own {
		return nil, nil
	}
	if s.open.Add(1) > s.most {
		s.open.Add(-1)
		return nil, errors.New("there are as many connections as there may be")
	}
	if !c.place.CompareAndSwap(placeNone, placeTaken) {
		s.open.Add(-1)
		return nil, net.ErrClosed
	}
	return nil, nil
}

// timely lets an answer take so long at most, for a server that does not see to that. Streams set a time of their own for each event.
func timely(h http.Handler, most time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(most)); err != nil {
			plainly(w, http.StatusServiceUnavailable, "The answer cannot be bounded.")
			return
		}
		h.ServeHTTP(w, r)
	})
}

// quicServer is an HTTP/3 server as the others are: it answers packets, and so on no listener.
type quicServer struct {
	*http3.Server
	packets *quic.Transport
}

// visit is a connection over HTTP/3: how many of its requests are being answered, and when it was last of use.
type visit struct {
	mu    sync.Mutex
	asks  int
	since time.Time
	timer *time.Timer
}

type visitKey struct{}

// attended ends connections on which nothing is answered for so long, whatever is open on them: quic-go gives the head of a request no time
// by which it must have come, and would let whoever keeps a connection alive begin a hundred heads and end none.
func attended(s *http3.Server) {
	s.ConnContext = func(ctx context.Context, c *quic.Conn) context.Context {
		v := &visit{since: time.Now()}
		v.mu.Lock()
		defer v.mu.Unlock()
		v.timer = time.AfterFunc(s.IdleTimeout, func() {
			v.mu.Lock()
			defer v.mu.Unlock()
			rest := s.IdleTimeout - time.Since(v.since)
			if v.asks > 0 {
				rest = s.IdleTimeout
			} else if rest <= 0 {
				_ = c.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "nothing was asked") // it may be closed already
				return
			}
			v.timer.Reset(rest)
		})
		context.AfterFunc(c.Context(), func() { v.timer.Stop() })
		return context.WithValue(ctx, visitKey{}, v)
	}
	h := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v, ok := r.Context().Value(visitKey{}).(*visit); ok {
			v.count(1)
			defer v.count(-1)
		}
		h.ServeHTTP(w, r)
	})
}

func (v *visit) count(by int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asks += by
	v.since = time.Now()
}

// newQUICServer bounds how many connections there are, from the first packet of each, what one may open, and how long it may ask for nothing.
func newQUICServer(on net.PacketConn, most int64, s *http3.Server) *quicServer {
	if s.IdleTimeout > 0 {
		attended(s)
	}
	s.QUICConfig = &quic.Config{MaxIncomingStreams: 100, MaxIncomingUniStreams: 10, MaxIdleTimeout: site.IdleTimeout}
	var open atomic.Int64
	return &quicServer{s, &quic.Transport{Conn: on, ConnContext: func(ctx context.Context, _ *quic.ClientInfo) (context.Context, error) {
		if open.Add(1) > most {
			open.Add(-1)
			return nil, errors.New("there are as many connections as there may be")
		}
		context.AfterFunc(ctx, func() { open.Add(-1) })
		return ctx, nil
	}}}
}

func (s *quicServer) serve() error {
	on, err := s.packets.ListenEarly(http3.ConfigureTLSConfig(s.TLSConfig), s.QUICConfig)
	if errors.Is(err, quic.ErrTransportClosed) {
		return http.ErrServerClosed
	}
	if err != nil {
		return err
	}
	defer on.Close() // connections stay until Shutdown or Close
	return s.ServeListener(on)
}

// Shutdown lets requests that have begun be answered until ctx ends.
func (s *quicServer) Shutdown(ctx context.Context) error {
	return errors.Join(s.Server.Shutdown(ctx), s.packets.Close())
}

// Close ends every connection.
func (s *quicServer) Close() error {
	return errors.Join(s.Server.Close(), s.packets.Close())
}

// Serve is not called.
func (*quicServer) Serve(net.Listener) error { return errors.ErrUnsupported }

// strict tells browsers to come over TLS alone for a year. Subdomains are their owners' business.
const strict = "max-age=31536000"

// editorsPatience is how long a request of an editor may take: the upload of a large picture over a slow line.
const editorsPatience = 5 * time.Minute

// underName answers each of the paper's names with its own room. A name is that of the request and not of the handshake: browsers
// send requests for another name of the same certificate on a connection that they have.
func (l *listeners) underName(readers, editors http.Handler) http.Handler {
	other := ""
	if l.udp != nil {
		other = fmt.Sprintf("h3=\":%d\"; ma=86400", l.udp.LocalAddr().(*net.UDPAddr).Port)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch hostName(r.Host) {
		case l.names.site:
			w.Header().Set("Strict-Transport-Security", strict)
			if other != "" {
				w.Header().Set("Alt-Svc", other)
			}
			readers.ServeHTTP(w, r)
		case l.names.newsroom:
			w.Header().Set("Strict-Transport-Security", strict)
			longer := http.NewResponseController(w)
			until := time.Now().Add(editorsPatience)
			_ = errors.Join(longer.SetReadDeadline(until), longer.SetWriteDeadline(until)) // the readers' hold where it cannot be set
			editors.ServeHTTP(w, r)
		default:
			misdirected(w, r)
		}
	})
}

// misdirected answers for a name that is none of the paper's (RFC 9110, section 15.5.20).
func misdirected(w http.ResponseWriter, _ *http.Request) {
	plainly(w, http.StatusMisdirectedRequest, "Nothing is served here under this name.")
}

func plainly(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // whoever asked may have gone
}

// toTLS leads requests to the same address over TLS. While there is no certificate for the readers' name they are answered as they
// came, rather than led where nothing answers; the newsroom, where passwords are typed, waits.
func (l *listeners) toTLS(readers http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, to := hostName(r.Host), l.names.siteURL
		switch name {
		case l.names.site:
			if !l.certs.ready(name) {
				readers.ServeHTTP(w, r)
				return
			}
		case l.names.newsroom:
			if !l.certs.ready(name) {
				w.Header().Set("Retry-After", "60")
				plainly(w, http.StatusServiceUnavailable, "The newsroom has no certificate yet; the program's log says why.")
				return
			}
			to = l.names.newsroomURL
		default:
			misdirected(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			plainly(w, http.StatusMethodNotAllowed, "Ask for "+to+" instead: this address only leads there.")
			return
		}
		w.Header().Set("Location", to+r.URL.RequestURI())
		w.Header().Set("Cache-Control", "no-cache")
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

// answer lets servers answer until ctx ends or something fails; endStreams lets go of readers who wait for news.
func answer(ctx context.Context, failed chan error, endStreams func(), list []listening) (err error) {
	for _, l := range list {
		go func() {
			if err := l.serve(); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("answering at %s: %w", l.at, err)
			}
		}()
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	endStreams()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	var ended sync.WaitGroup
	for _, l := range list {
		ended.Go(func() {
			if l.Shutdown(patience) != nil {
				l.Close()
			}
		})
	}
	ended.Wait()
	return err
}

// readersServer bounds what a reader's connection may cost.
func readersServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: site.ReadTimeout, WriteTimeout: site.WriteTimeout,
		IdleTimeout: site.IdleTimeout, MaxHeaderBytes: site.MaxHeader, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
}

// editorsServer leaves time for the upload of a large picture.
func editorsServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: editorsPatience, WriteTimeout: editorsPatience,
		IdleTimeout: 120 * time.Second, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
}
