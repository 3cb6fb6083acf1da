package revio

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/itglue-revio/itglue-revio/component"
)

// Client calls one Rev.io PSA tenant with one credential. It is safe for use by
// many goroutines; clients of the same credential share a token and a rate.
type Client struct {
	profile    *Profile
	settings   Settings
	credential *credential
	log        *slog.Logger
	clock      component.Clock // Rev.io's
}

func newClient(host *component.Host, p *Profile, s Settings) *Client {
	c := &Client{profile: p, settings: s, log: host.Logger()}
	way := transport(host)
	c.credential = component.Shared(host, "revio/"+credentialKey(p, s), func() *credential {
		return newCredential(p.Limits, way, c.log)
	})
	return c
}

// transport is the way out of the process, one for all clients of a host.
func transport(host *component.Host) http.RoundTripper {
	if host.Transport != nil {
		return host.Transport
	}
	return component.Shared(host, "revio/transport", func() http.RoundTripper {
		t, ok := http.DefaultTransport.(*http.Transport)
		if !ok {
			return http.DefaultTransport
		}
		return t.Clone()
	})
}

// Profile is what the client assumes about the tenant's API. Do not change it.
func (c *Client) Profile() *Profile { return c.profile }

// ClockAhead gives how far Rev.io's clock is ahead of this computer's, by the
// last answer that was dated.
func (c *Client) ClockAhead() (ahead time.Duration, known bool) { return c.clock.Ahead() }

// QuietWindow is how long after an unclear create it may still appear.
func (c *Client) QuietWindow() time.Duration { return c.profile.QuietWindow() }

// CanWrite reports whether writes are sent: Production Mode is on, or the
// profile names a sandbox.
func (c *Client) CanWrite() bool { return c.settings.Production || c.sandbox() }

// mayWrite is the error of a write that Production Mode holds back.
func (c *Client) mayWrite(what string) error {
	if c.CanWrite() {
		return nil
	}
	return component.Errorf(component.NeedsReview, "%s was not sent: Production Mode is off, and the profile names no sandbox", what).
		Then("Turn Production Mode on in the Rev.io connection, or set the profile line sandboxBaseURL.")
}

// call is one request, as the nouns say it.
type call struct {
	method  string
	path    string // a path, or an absolute address
	query   url.Values
	payload []byte      // nil: none
	header  http.Header // beside what every call has
	line    string      // the profile line that the path is from: "paths.assets"
	about   string      // what it is about, for people: "asset 77"
	record  bool        // the path names one record, which may be absent
	isToken bool        // the exchange of a token: no token is sent, and it may be sent again
}

// writes reports whether the call changes anything there.
func (k call) writes() bool { return k.method != http.MethodGet && !k.isToken }

// answer is what came back from a call that was accepted.
type answer struct {
	status int
	header http.Header
	body   any // decoded, with numbers as json.Number; nil when there was none
}

// get reads a list or a record.
func (c *Client) get(ctx context.Context, k call) (*answer, error) {
	k.method = http.MethodGet
	return c.send(ctx, k)
}

// write sends an object.
func (c *Client) write(ctx context.Context, k call, object map[string]any) (*answer, error) {
	if err := c.mayWrite("the change of " + k.about); err != nil {
		return nil, err
	}
	payload, err := json.Marshal(object)
	if err != nil {
		return nil, component.Errorf(component.Internal, "the change of %s cannot be encoded: %w", k.about, err)
	}
	k.payload = payload
	if k.header == nil {
		k.header = http.Header{}
	}
	k.header.Set("Content-Type", "application/json")
	if name := c.profile.Headers.Idempotency; name != "" && k.method == http.MethodPost {
		k.header.Set(name, rand.Text())
	}
	return c.send(ctx, k)
}

// maxBody is the most that is read of one answer.
const maxBody = 32 << 20

// send carries a call out, with its further tries.
func (c *Client) send(ctx context.Context, k call) (*answer, error) {
	t := &tries{client: c, call: k}
	req, err := c.request(t.trace(ctx), k)
	if err != nil {
		return nil, err
	}
	if !k.isToken {
		if t.token, err = c.token(ctx); err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+t.token)
	}
	req.SetResponseHandler(t.read)
	_, err = (&retryablehttp.Client{
		HTTPClient:   c.credential.http,
		RetryMax:     c.profile.Limits.Retries + 1, // tries counts; one more for a renewed token
		CheckRetry:   t.again,
		Backoff:      t.wait,
		PrepareRetry: t.prepare,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}).Do(req)
	return t.outcome(err)
}

// request makes the HTTP request of a call. A write's has no GetBody, so that
// the transport never sends it again by itself.
func (c *Client) request(ctx context.Context, k call) (*retryablehttp.Request, error) {
	target := c.address(k.path)
	if len(k.query) > 0 {
		target += "?" + k.query.Encode()
	}
	var body any
	if k.payload != nil {
		body = k.payload
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, k.method, target, body)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "the profile line %s does not give an address", k.line)
	}
	if k.payload != nil {
		req.GetBody = nil
	}
	for name, value := range c.profile.Headers.Extra {
		req.Header.Set(name, value.Reveal())
	}
	for name, values := range k.header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set(c.profile.Headers.Tenant, c.settings.Tenant)
	return req, nil
}

// read takes in an answer: the status first, the body of an accepted one as
// JSON, that of a refusal as far as it goes.
func (t *tries) read(resp *http.Response) error {
	defer resp.Body.Close()
	t.got = &answer{status: resp.StatusCode, header: resp.Header}
	t.client.clock.Read(resp.Header, time.Now())
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		t.got.body, _ = decode(raw)
		return nil
	}
	switch {
	case err != nil:
		return &unreadable{why: "broke off", again: true}
	case len(raw) > maxBody:
		return &unreadable{why: "is longer than 32 MiB"}
	case len(raw) == 0:
		return nil
	}
	if t.got.body, err = decode(raw); err != nil {
		return &unreadable{why: "is not JSON", again: raw[0] == '{' || raw[0] == '['}
	}
	return nil
}

// unreadable is an accepted call's answer that says nothing.
type unreadable struct {
	why   string
	again bool // it may be whole the next time
}

func (u *unreadable) Error() string { return "the answer " + u.why }

// decode reads one JSON value, with numbers as they were written.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more after the end")
	}
	return v, nil
}

// recordPath puts an id in its place in a path of the profile.
func recordPath(path, id string) string {
	return strings.ReplaceAll(path, "{id}", url.PathEscape(id))
}

// MappableFields lists the asset fields that can be mapped beside the name:
// those that the profile has a name for, in the order to show them in.
func (c *Client) MappableFields() []string {
	return slices.DeleteFunc(slices.Clone(assetFields[1:]), func(field string) bool {
		return len(c.profile.Fields.Asset.of(field)) == 0
	})
}
