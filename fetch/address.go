package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// maxURL is the longest address, in bytes, that is asked for or followed.
const maxURL = 8 << 10

// guard decides which network addresses may be dialled.
type guard struct {
	allow    []netip.Prefix
	hosts    []string // with ports
	guardian *ssrf.Guardian
}

func newGuard(allow []netip.Prefix, hosts []string) *guard {
	return &guard{allow: slices.Clone(allow), hosts: slices.Clone(hosts), guardian: ssrf.New()}
}

// typed says whether a host with its port is one that is reached wherever its name leads.
func (g *guard) typed(host string) bool {
	return slices.ContainsFunc(g.hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// control is the net.Dialer.Control of the client: it sees the address that is really being dialled, after the name
// was resolved, so that an answer which changes between a check and the connection gains nothing.
func (g *guard) control(network, address string, raw syscall.RawConn) error {
	if ap, err := netip.ParseAddrPort(address); err == nil && g.allowed(ap.Addr()) {
		return nil
	}
	if err := g.guardian.Safe(network, address, raw); err != nil {
		return fmt.Errorf("%w: %s: %v", ErrAddress, address, err)
	}
	return nil
}

func (g *guard) allowed(addr netip.Addr) bool {
	addr = addr.Unmap()
	return slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// checkURL refuses what must not even be resolved. It runs for the first address and again for every redirect.
func (g *guard) checkURL(u *url.URL) error {
	if len(u.String()) > maxURL {
		return fmt.Errorf("%w: it is longer than %d bytes", ErrURL, maxURL)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%w: the scheme is %q; only http and https are fetched", ErrURL, u.Scheme)
	}
	if u.User != nil {
		return fmt.Errorf("%w: it carries a user name or password; remove what stands before the @", ErrURL)
	}
	host := u.Hostname()
	if host == "" {
		return fmt.Errorf("%w: it has no host", ErrURL)
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return checkName(host)
	}
	return g.checkLiteral(addr, u)
}

// checkLiteral refuses a forbidden address that is written out in the URL before anything is dialled.
func (g *guard) checkLiteral(addr netip.Addr, u *url.URL) error {
	network := "tcp6"
	if addr = addr.Unmap(); addr.Is4() {
		network = "tcp4"
	}
	port := u.Port()
	if port == "" {
		port = portOf(u)
	}
	if g.typed(net.JoinHostPort(u.Hostname(), port)) {
		return nil
	}
	ap, err := netip.ParseAddrPort("[" + addr.String() + "]:" + port)
	if addr.Is4() {
		ap, err = netip.ParseAddrPort(addr.String() + ":" + port)
	}
	if err != nil {
		return fmt.Errorf("%w: port %q is not a number from 1 to 65535", ErrURL, port)
	}
	return g.control(network, ap.String(), nil)
}

// portOf is the port of a scheme.
func portOf(u *url.URL) string { return map[string]string{"http": "80", "https": "443"}[u.Scheme] }

// HostOf is the host of an address with its port, as Config.Hosts takes it; "" where it is no address.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = portOf(u)
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// checkName refuses host names that some resolvers read as an IPv4 address in decimal, octal or hexadecimal
// (WHATWG URL, "ends in a number"), because such a name is never a public host.
func checkName(host string) error {
	labels := strings.Split(strings.TrimSuffix(strings.ToLower(host), "."), ".")
	last := labels[len(labels)-1]
	if last != "" && (strings.Trim(last, "0123456789") == "" || isHexNumber(last)) {
		return fmt.Errorf("%w: %q is an address in an unusual notation; write it as four decimal numbers", ErrAddress, host)
	}
	return nil
}

func isHexNumber(s string) bool {
	digits, found := strings.CutPrefix(s, "0x")
	return found && strings.Trim(digits, "0123456789abcdef") == ""
}

// Errors that Client.Do returns, to be asked for with errors.Is.
var (
	// ErrURL says that the address is malformed, too long, not http or https, or carries credentials.
	ErrURL = errors.New("this address cannot be fetched")
	// ErrAddress says that the host, or what its name resolves to, is not a public one, or that the port is neither 80 nor 443.
	ErrAddress = errors.New("this destination is not on the public internet")
	// ErrRedirects says that there were more redirects than the limit.
	ErrRedirects = errors.New("there were too many redirects")
	// ErrTooBig says that the body, after decompression, is longer than the limit.
	ErrTooBig = errors.New("the answer is too big")
	// ErrTimeout says that the whole exchange took longer than the limit.
	ErrTimeout = errors.New("the answer took too long")
	// ErrEncoding says that the body came in a content encoding that was not asked for.
	ErrEncoding = errors.New("the answer is in an encoding that was not asked for")
)
