package revio

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// tries is one call's attempts: it decides whether there is another, and what
// the last one means. A write is sent again only after a 429, after one 401
// with a fresh token, or when no connection was made.
type tries struct {
	client  *Client
	call    call
	token   string
	renewed bool
	count   int  // further tries so far
	held    bool // between two tries: what was sent so far was certainly not carried out
	asked   atomic.Bool
	reached atomic.Bool
	got     *answer
}

// trace watches whether a connection was asked for, and made.
func (t *tries) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.reached.Store(true) },
	})
}

// neverSent reports that the last try certainly did not leave: a connection was
// asked for and never made, or the try was held back on our side.
func (t *tries) neverSent(err error) bool {
	var ours *component.Error
	return errors.As(err, &ours) || t.asked.Load() && !t.reached.Load()
}

// again is the CheckRetry of the call.
func (t *tries) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	switch {
	case ctx.Err() != nil: // the error, if any, says so by itself
	case err != nil:
		t.held = t.mayGoOn(t.repeatable(err))
	default:
		t.client.credential.learn(resp)
		t.held = t.refusedForNow(resp)
	}
	return t.held, nil
}

// refusedForNow reports whether an answer lets the call be sent again.
func (t *tries) refusedForNow(resp *http.Response) bool {
	reads := !t.call.writes()
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized && !t.call.isToken && !t.renewed:
		t.renewed = true
		t.client.credential.tokens.drop(t.token)
		return true
	case status == http.StatusTooManyRequests:
		return t.mayGoOn(t.bearable(resp))
	case status == http.StatusForbidden && resp.Header.Get("Retry-After") != "",
		status == http.StatusRequestTimeout, status >= 500:
		return t.mayGoOn(reads && t.bearable(resp))
	}
	return false
}

// repeatable reports whether a try that failed without a whole answer may be
// followed by another.
func (t *tries) repeatable(err error) bool {
	var ours *component.Error
	var odd *unreadable
	switch {
	case errors.As(err, &ours):
		return false
	case errors.As(err, &odd):
		return odd.again && !t.call.writes()
	}
	return !t.call.writes() || t.neverSent(err)
}

// mayGoOn counts the further tries that the profile allows.
func (t *tries) mayGoOn(wanted bool) bool {
	if !wanted || t.count >= t.client.profile.Limits.Retries {
		return false
	}
	t.count++
	return true
}

// bearable reports whether the wait that an answer asks for is short enough.
func (t *tries) bearable(resp *http.Response) bool {
	after, _ := retryAfter(resp.Header)
	return after <= seconds(t.client.profile.Limits.RetryMaxSeconds)
}

// wait is the Backoff of the call: what the answer asks for, else a random part
// of a wait that doubles.
func (t *tries) wait(_, _ time.Duration, n int, resp *http.Response) time.Duration {
	if resp != nil {
		if resp.StatusCode == http.StatusUnauthorized {
			return 0
		}
		if after, ok := retryAfter(resp.Header); ok {
			return after
		}
	}
	l := t.client.profile.Limits
	most := min(l.RetryMaxSeconds, l.RetryBaseSeconds*math.Pow(2, float64(n)))
	return seconds(rand.Float64() * most)
}

// prepare makes the next try ready: a good token, and nothing seen yet.
func (t *tries) prepare(req *http.Request) error {
	if !t.call.isToken {
		token, err := t.client.token(req.Context())
		if err != nil {
			return err
		}
		t.token = token
		req.Header = req.Header.Clone() // the last try's transport may still read it
		req.Header.Set("Authorization", "Bearer "+token)
	}
	t.asked.Store(false)
	t.reached.Store(false)
	t.held, t.got = false, nil
	return nil
}

// outcome says what the last try means.
func (t *tries) outcome(err error) (*answer, error) {
	var ours *component.Error
	switch {
	case errors.As(err, &ours):
		return nil, ours
	case err != nil:
		return nil, t.failure(err)
	case t.got.status >= 200 && t.got.status <= 299:
		return t.got, t.client.refusedInside(t.call, t.got)
	}
	return nil, t.client.refusal(t.call, t.got)
}

// failure is the error of a call that got no whole answer.
func (t *tries) failure(err error) *component.Error {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // without the address, which holds what was asked for
	}
	what := t.call.method + " of " + t.call.about
	answered := t.got != nil
	if t.call.writes() && !t.held && (answered || !t.neverSent(err)) {
		return (&component.Error{Code: component.Unsettled, Message: "it is not known whether Rev.io carried out the " + what + ": " + plainCause(err), Err: err}).
			Then("Look at the record in Rev.io before it is sent again.")
	}
	e := &component.Error{Code: component.Unavailable, Message: "Rev.io did not answer the " + what + ": " + plainCause(err), Err: err}
	if answered {
		return e.Then("If it stays so, check the profile line %s: something else than the API seems to answer there.", t.call.line)
	}
	return e.Then("Try again later; if it never worked, check the profile line baseURL and the network.")
}

// plainCause words a transport's error without addresses of ours.
func plainCause(err error) string {
	var odd *unreadable
	switch {
	case errors.As(err, &odd):
		return odd.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "it took too long"
	case errors.Is(err, context.Canceled):
		return "it was interrupted"
	}
	return err.Error()
}

// retryAfter reads how long an answer asks to wait, in seconds or as a date. A
// negative or unreadable one counts as none.
func retryAfter(h http.Header) (time.Duration, bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		if n < 0 || math.IsNaN(n) {
			return 0, false
		}
		return seconds(min(n, 7*86400)), true
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at)), true
	}
	return 0, false
}
