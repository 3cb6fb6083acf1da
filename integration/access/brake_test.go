package access

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWaitGrowsToItsLimitAndIsForgotten(t *testing.T) {
	t.Parallel()
	b, now := newBrakes(), time.Unix(1_000_000, 0)
	a := attempt{address: "192.0.2.1", account: "ana", known: true}
	var waits []time.Duration
	for len(waits) < 14 {
		wait := b.try(a, now)
		if wait > 0 {
			require.Equal(t, wait, b.try(a, now), "knocking makes no wait longer")
			waits = append(waits, wait)
			now = now.Add(wait)
		}
	}
	for i, w := range waits {
		require.Equal(t, min(15*time.Minute, time.Second<<i), w)
	}
	require.Zero(t, b.try(attempt{address: "192.0.2.2", account: "ana", known: true}, now))
	now = now.Add(brakeForgets + time.Second)
	for range 5 {
		require.Zero(t, b.try(a, now))
	}
}

func TestRightAttemptsAreNeverBraked(t *testing.T) {
	t.Parallel()
	b, now := newBrakes(), time.Unix(1_000_000, 0)
	for i := range 1000 {
		a := attempt{address: "192.0.2.1", account: "user" + strconv.Itoa(i%50)}
		require.Zero(t, b.try(a, now))
		b.right(a)
	}
}

func TestOwnAccountDoesNotLooseTheBrakeOfAnAddress(t *testing.T) {
	t.Parallel()
	b, now := newBrakes(), time.Unix(1_000_000, 0)
	guesses := 0
	for range 2000 { // guess, then sign in to one's own account, again and again
		if b.try(attempt{address: "192.0.2.1", account: "victim", known: true}, now) == 0 {
			guesses++
		}
		own := attempt{address: "192.0.2.1", account: "own"}
		if b.try(own, now) == 0 {
			b.right(own)
		}
		now = now.Add(time.Second)
	}
	require.Less(t, guesses, 20)
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	b, now := newBrakes(), time.Unix(1_000_000, 0)
	for i := range 3 * mostBraked {
		b.try(attempt{address: strconv.Itoa(i), account: "user" + strconv.Itoa(i)}, now.Add(time.Duration(i)*time.Millisecond))
	}
	require.LessOrEqual(t, len(b.seen), mostBraked+3)
}

func TestHouseholdIsOneAddress(t *testing.T) {
	t.Parallel()
	require.Equal(t, "192.0.2.1", network("192.0.2.1"))
	require.Equal(t, "2001:db8:1:2::/64", network("2001:db8:1:2:aaaa::1"))
	require.Equal(t, "fe80::/64", network("fe80::1%eth0"))
	require.Equal(t, "pipe", network("pipe"))
}
