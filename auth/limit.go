package auth

import (
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// Limits bound how often somebody may try to sign in.
type Limits struct {
	Account    int           // tries on one e-mail address from one network in a Window
	Everywhere int           // tries on one e-mail address in a Window from networks that its owner has not come in from
	Address    int           // tries from one network in a Window: an IPv4 address, or an IPv6 network of 64 bits
	Window     time.Duration // after which the tries are counted anew
}

// DefaultLimits leave room for mistaken fingers and for an office behind one address.
var defaultLimits = Limits{Account: 10, Everywhere: 100, Address: 60, Window: 15 * time.Minute}

// usual is how long a network counts as one that an account's owner comes in from: as long as a session may last.
const usual = sessionAbsolute

// most is how many counts are kept; the oldest go when there are more.
const most = 100_000

// limiter counts tries in memory. A try is counted before its work is done, so that many at once count too, and taken
// back when it went well.
type limiter struct {
	Limits
	mu     sync.Mutex
	counts map[[32]byte]count
}

type count struct {
	n     int
	until time.Time
}

func newLimiter(l Limits) *limiter {
	if l == (Limits{}) {
		l = defaultLimits
	}
	return &limiter{Limits: l, counts: map[[32]byte]count{}}
}

// spend counts a try from an address, on an account where one is named. The answer is ETooMany with how long to wait; it
// is the same whether the account exists. A try that is refused is not counted further. What others spend on an account does
// not keep its owner out of networks that the owner has come in from before. cameIn is to be called when it went well, with the
// account's address: it gives the try back.
func (l *limiter) spend(now time.Time, address, email string) (cameIn func(email string), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, account := network(address), dateline.FoldEmail(email)
	keys := map[[32]byte]int{limitKey("address", from): l.Address}
	if account != "" {
		keys[limitKey("account", from+"\x00"+account)] = l.Account
		if !now.Before(l.counts[usualKey(from, account)].until) {
			keys[limitKey("everywhere", account)] = l.Everywhere
		}
	}
	var wait time.Duration
	for key, limit := range keys {
		c := l.counts[key]
		if now.Before(c.until) && c.n >= limit {
			wait = max(wait, c.until.Sub(now))
		}
	}
	if wait > 0 {
		return nil, tooMany(wait)
	}
	for key := range keys {
		c := l.counts[key]
		if !now.Before(c.until) {
			l.makeRoom(now)
			c = count{until: now.Add(l.Window)}
		}
		c.n++
		l.counts[key] = c
	}
	return func(email string) {
		l.giveBack(keys, usualKey(from, dateline.FoldEmail(email)), now)
	}, nil
}

func usualKey(from, account string) [32]byte { return limitKey("usual", from+"\x00"+account) }

// giveBack takes a try back from its counts, and keeps that somebody came in from a network.
func (l *limiter) giveBack(keys map[[32]byte]int, known [32]byte, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, there := l.counts[known]; !there {
		l.makeRoom(now)
	}
	l.counts[known] = count{until: now.Add(usual)}
	for key := range keys {
		if c, ok := l.counts[key]; ok && c.n > 0 {
			c.n--
			l.counts[key] = c
		}
	}
}

// makeRoom drops what has run out when there is much, and the soonest to run out when that is not enough.
func (l *limiter) makeRoom(now time.Time) {
	if len(l.counts) < most {
		return
	}
	var soonest [32]byte
	var first time.Time
	for key, c := range l.counts {
		if !now.Before(c.until) {
			delete(l.counts, key)
		} else if first.IsZero() || c.until.Before(first) {
			soonest, first = key, c.until
		}
	}
	if len(l.counts) >= most {
		delete(l.counts, soonest)
	}
}

func tooMany(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	e := dateline.Errorf(dateline.ETooMany, "too many tries: wait %d minutes, then try again; a passkey that you have works at once", minutes)
	if minutes == 1 {
		e.Message = "too many tries: wait a minute, then try again; a passkey that you have works at once"
	}
	e.Wait = wait
	return e
}

func limitKey(kind, what string) [32]byte { return sha256.Sum256([]byte(kind + "\x00" + what)) }

// network is what of an address is counted as one: an IPv4 address, or the 64 bits of an IPv6 network, all of which one
// line may use.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return strings.TrimSpace(address)
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return p.String()
}
