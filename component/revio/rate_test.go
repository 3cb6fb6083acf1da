package revio

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"
)

func answered(status int, retryAfter string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}
	if retryAfter != "" {
		r.Header.Set("Retry-After", retryAfter)
	}
	return r
}

func TestRateIsHalvedWhenRefusedAndComesBackSlowly(t *testing.T) {
	t.Parallel()
	c := newCredential(Limits{RatePerSecond: 4, Burst: 8, InFlight: 4, TimeoutSeconds: 30}, nil, nil)
	c.learn(answered(429, ""))
	require.Equal(t, rate.Limit(2), c.pace.limiter.Limit())
	c.learn(answered(403, "10"))
	require.Equal(t, rate.Limit(1), c.pace.limiter.Limit())
	c.learn(answered(403, ""))
	c.learn(answered(500, ""))
	require.Equal(t, rate.Limit(1), c.pace.limiter.Limit())
	for range 50 {
		c.learn(answered(200, ""))
	}
	require.InDelta(t, 3, float64(c.pace.limiter.Limit()), 0.001)
	for range 50 {
		c.learn(answered(200, ""))
	}
	require.Equal(t, rate.Limit(4), c.pace.limiter.Limit(), "never faster than the profile says")
	for range 99 {
		c.learn(answered(429, ""))
	}
	require.Equal(t, rate.Limit(0.25), c.pace.limiter.Limit(), "never to a standstill")
}

func TestRetryAfterIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	for value, row := range map[string]struct {
		seconds float64
		ok      bool
	}{
		"": {0, false}, "0": {0, true}, "1.5": {1.5, true}, "-5": {0, false}, "soon": {0, false}, "NaN": {0, false}, "1e300": {7 * 86400, true},
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): {0, true},
	} {
		got, ok := retryAfter(answered(429, value).Header)
		require.Equal(t, row.ok, ok, value)
		require.Equal(t, row.seconds, got.Seconds(), value)
	}
}
