package access

import (
	"net/netip"
	"strings"
	"sync"
	"time"
)

// brake slows guessing down: a few attempts are free, and each further one must
// wait twice as long as the one before, up to a limit. It never closes.
type brake struct {
	free int           // attempts without a wait
	most time.Duration // the longest wait
}

// The brakes of one attempt. An account's own is gentle, as anybody can pull it
// from anywhere, and spares the addresses that its person is known to use.
var (
	ofAddress = brake{free: 10, most: 15 * time.Minute} // one address, whatever account
	ofPair    = brake{free: 5, most: 15 * time.Minute}  // one account from one address
	ofAccount = brake{free: 20, most: 30 * time.Second} // one account from unknown addresses
)

const (
	brakeForgets = time.Hour // after which an attempt is forgotten
	mostBraked   = 20_000    // how many are remembered
)

// brakes remembers attempts, in this process.
type brakes struct {
	mu   sync.Mutex
	seen map[string]attempts
}

type attempts struct {
	n    int
	last time.Time
	next time.Time // when the next one is let through
}

func newBrakes() *brakes { return &brakes{seen: map[string]attempts{}} }

// attempt is one try to sign in or to prove who one is.
type attempt struct {
	address string
	account string // what was typed; it may be nobody's
	known   bool   // the account has signed in from the address
}

func (a attempt) keys() map[string]brake {
	account := strings.ToLower(a.account)
	keys := map[string]brake{"address " + a.address: ofAddress}
	if account != "" {
		keys["pair "+a.address+" "+account] = ofPair
	}
	if account != "" && !a.known {
		keys["account "+account] = ofAccount
	}
	return keys
}

// try counts an attempt and lets it through (0), or says how long to wait. One
// that has to wait is not counted: knocking makes no wait longer.
func (b *brakes) try(a attempt, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var wait time.Duration
	for key := range a.keys() {
		wait = max(wait, b.seen[key].next.Sub(now))
	}
	if wait > 0 {
		return wait
	}
	b.forget(now)
	for key, k := range a.keys() {
		s := b.seen[key]
		if now.Sub(s.last) > brakeForgets {
			s = attempts{}
		}
		s.n, s.last = s.n+1, now
		if over := s.n - k.free; over >= 0 {
			s.next = now.Add(min(k.most, time.Second<<min(over, 20)))
		}
		b.seen[key] = s
	}
	return 0
}

// right takes an attempt back that turned out right, and forgets the wrong ones
// of the same person from the same address.
func (b *brakes) right(a attempt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key := range a.keys() {
		s := b.seen[key]
		s.n, s.next = max(0, s.n-1), time.Time{}
		b.seen[key] = s
		if strings.HasPrefix(key, "pair ") {
			delete(b.seen, key)
		}
	}
}

// forget drops what is too old, and what is oldest when there is too much.
func (b *brakes) forget(now time.Time) {
	if len(b.seen) < mostBraked {
		return
	}
	for age := brakeForgets; len(b.seen) >= mostBraked*9/10; age /= 2 {
		for key, s := range b.seen {
			if now.Sub(s.last) >= age && now.After(s.next) || age == 0 {
				delete(b.seen, key)
			}
		}
	}
}

// network is the part of an address that one person holds: all of IPv4, the
// first half of IPv6.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	p, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
