package alert

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// dialer connects to where a setting says. Who fills in the settings of an
// instance is not who runs the host, so that the host's own network is out of
// reach: loopback, private and link-local addresses are refused unless the
// operator allows the address.
func dialer(host *component.Host, address string) *net.Dialer {
	d := &net.Dialer{Timeout: timeout}
	if slices.ContainsFunc(host.AllowedEndpoints, func(e string) bool { return strings.TrimRight(e, "/") == strings.TrimRight(address, "/") }) {
		return d
	}
	d.ControlContext = func(_ context.Context, _, to string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(to)
		if err != nil || !public(at.Addr().Unmap()) {
			return errInside
		}
		return nil
	}
	return d
}

// errInside is why an address is not connected to.
var errInside = &net.AddrError{Err: "is inside this host's own network"}

// shared are ranges that the library does not call private and that lead inside
// all the same: carriers', this network's and those for tests of benchmarks.
var shared = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("64:ff9b::/96")}

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	return !slices.ContainsFunc(shared, func(p netip.Prefix) bool { return p.Contains(a) })
}

// deadline is when a delivery must have ended.
func deadline(ctx context.Context) time.Time {
	at, _ := ctx.Deadline()
	return at
}
