package revio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/itglue-revio/itglue-revio/component"
)

// credential is what all clients of one credential share in a process: the way
// out with its rate, the token, and what was learned about the tenant.
type credential struct {
	http    *http.Client
	tokens  tokens
	pace    *pace
	putOnly atomic.Bool // PATCH was answered with 405
}

// credentialKey names a credential without giving it away.
func credentialKey(p *Profile, s Settings) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{p.BaseURL, p.SandboxBaseURL, p.Token.URL, p.Token.Preset,
		s.Tenant, s.ClientID, s.ClientSecret.Reveal(), map[bool]string{true: "production"}[s.Production]}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

func newCredential(l Limits, next http.RoundTripper, log *slog.Logger) *credential {
	p := &pace{
		next: next, log: log, full: rate.Limit(l.RatePerSecond), perDay: l.PerDay, timeout: seconds(l.TimeoutSeconds),
		limiter: rate.NewLimiter(rate.Limit(l.RatePerSecond), l.Burst), slots: make(chan struct{}, l.InFlight),
	}
	return &credential{pace: p, http: &http.Client{Transport: p, CheckRedirect: stayOnHost}}
}

// stayOnHost follows a read's redirects within the host, and none of a write's.
func stayOnHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case first.Method != http.MethodGet:
		return http.ErrUseLastResponse
	case req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme:
		return component.Errorf(component.Forbidden, "Rev.io answered with a redirect to another host, %s, which is refused", req.URL.Hostname()).
			Then("Check the profile line baseURL.")
	case len(via) >= 5:
		return component.Errorf(component.Forbidden, "Rev.io answered with too many redirects").Then("Check the profile line baseURL.")
	}
	return nil
}

// learn sets the rate by an answer: half after a refusal for being too fast,
// and slowly back to the profile's.
func (c *credential) learn(resp *http.Response) {
	p := c.pace
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.limiter.Limit()
	quota := resp.StatusCode == http.StatusForbidden && resp.Header.Get("Retry-After") != ""
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || quota:
		p.limiter.SetLimit(max(p.full/16, now/2))
	case resp.StatusCode < 400 && now < p.full:
		p.limiter.SetLimit(min(p.full, now+p.full/100))
	}
}

// pace is the transport of a credential: it keeps to the rate, the calls in
// flight and the day's budget, bounds each try's time, and logs it without
// headers, bodies and query.
type pace struct {
	next    http.RoundTripper
	log     *slog.Logger
	full    rate.Limit
	limiter *rate.Limiter
	slots   chan struct{}
	timeout time.Duration
	perDay  int

	mu   sync.Mutex
	day  string
	used int
}

// RoundTrip carries out one try. What it holds back itself is a
// [component.Error], which says that nothing was sent.
func (p *pace) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := p.enter(req.Context()); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper must
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), p.timeout)
	leave := sync.OnceFunc(func() { cancel(); <-p.slots })
	started := time.Now()
	resp, err := p.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		leave()
		p.log.DebugContext(ctx, "Rev.io call failed", "method", req.Method, "path", req.URL.Path, "took", time.Since(started))
		return nil, err
	}
	p.log.DebugContext(ctx, "Rev.io call", "method", req.Method, "path", req.URL.Path, "status", resp.StatusCode, "took", time.Since(started))
	resp.Body = &leavingBody{resp.Body, leave}
	return resp, nil
}

// enter waits for the try's turn.
func (p *pace) enter(ctx context.Context) error {
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	if err := p.spend(time.Now().UTC()); err != nil {
		return err
	}
	if p.limiter.Wait(ctx) != nil {
		return interrupted(ctx)
	}
	select {
	case <-ctx.Done():
		return interrupted(ctx)
	case p.slots <- struct{}{}:
		return nil
	}
}

// interrupted is the error of a call that was given up before it was sent.
func interrupted(ctx context.Context) error {
	return &component.Error{Code: component.Unavailable, Message: "the call to Rev.io was interrupted before it was sent",
		Do: "Call again; nothing was changed.", Err: ctx.Err()}
}

// spend takes one call from the day's budget.
func (p *pace) spend(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if day := now.Format(time.DateOnly); day != p.day {
		p.day, p.used = day, 0
	}
	if p.perDay > 0 && p.used >= p.perDay {
		e := component.Errorf(component.RateLimited, "this credential's %d calls to Rev.io of today are used up", p.perDay).
			Then("It goes on after midnight UTC; the profile line is limits.perDay.")
		e.RetryAfter = now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
		return e
	}
	p.used++
	return nil
}

// leavingBody gives the try's place free when its body is closed.
type leavingBody struct {
	io.ReadCloser
	leave func()
}

func (b *leavingBody) Close() error {
	defer b.leave()
	return b.ReadCloser.Close()
}
