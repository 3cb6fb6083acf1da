package itglue

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/google/jsonapi"
	"github.com/hashicorp/go-retryablehttp"

	"github.com/itglue-revio/itglue-revio/component"
)

// Client calls the API of one IT Glue account with one key. It is made by
// [Connection] and safe for use by several goroutines. Its methods are the
// functions of the actions.
type Client struct {
	http           *retryablehttp.Client
	host           *component.Host
	log            *slog.Logger
	profile        Profile
	region         string
	base           string // of every call, without a slash at its end
	endpoint       bool   // base is not the region's
	key            component.Secret
	testPasswordID string
	credential     *credential

	clock component.Clock // IT Glue's

	mu     sync.Mutex
	fields map[string][]FlexibleAssetField // by type, as last read
}

// ClockAhead gives how far IT Glue's clock is ahead of this computer's, by the
// last answer that was dated.
func (c *Client) ClockAhead() (ahead time.Duration, known bool) { return c.clock.Ahead() }

// QuietWindow is how long after a create with an unclear outcome the record may
// still appear. No second create is sent before.
func (c *Client) QuietWindow() time.Duration { return c.profile.quietWindow() }

func newClient(host *component.Host, p Profile, s Settings, base, key string) *Client {
	base = normalURL(base)
	c := &Client{
		host: host, log: host.Logger().With("component", "itglue"), profile: p,
		region: s.Region, base: base, endpoint: s.Endpoint != "", key: component.Secret(key), testPasswordID: s.TestPasswordID,
		credential: credentialOf(host, p, base, key),
		fields:     map[string][]FlexibleAssetField{},
	}
	c.http = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: transport(host), Timeout: p.timeout(), CheckRedirect: sameHost},
		Logger:       wireLog{c.log},
		RetryMax:     p.Retries,
		RetryWaitMin: seconds(p.RetryWaitSeconds),
		RetryWaitMax: p.longestWait(),
		CheckRetry:   c.checkRetry,
		Backoff: func(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
			return min(retryablehttp.DefaultBackoff(least, most, attempt, resp), most)
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		PrepareRetry: func(req *http.Request) error {
			return c.credential.wait(req.Context(), callOf(req.Context()).reveal)
		},
	}
	return c
}

// call is one request, and what has to be known of it to judge the outcome.
type call struct {
	method string
	base   string // "" for the client's own
	path   string
	query  url.Values
	model  any    // what google/jsonapi writes as the body
	id     string // of the record asked for, which the answer must be
	about  string // the record, for messages: "the flexible asset 4901"
	member string // the member of the action's input that holds the traits

	shrinkable bool // a page that can be asked for in smaller ones
	reveal     bool // asks for the value of a password, out of the budget kept for that
	probe      bool // finds out what a refusal means, so its own is not probed

	unclear bool // a write went out, and whether it was carried out is not known
}

func (k *call) writes() bool { return k.method != http.MethodGet }

type callKey struct{}

func callOf(ctx context.Context) *call {
	k, _ := ctx.Value(callKey{}).(*call)
	return k
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send carries out a call and gives the answer, whose status is one of
// success. Every other outcome is an error with a code.
func (c *Client) send(ctx context.Context, k *call) (answer, error) {
	leave, err := c.credential.enter(ctx, k.reveal)
	if err != nil {
		return answer{}, err
	}
	got, err := c.attempt(ctx, k)
	leave()
	if err != nil {
		return got, c.failed(k, err)
	}
	return got, c.refusal(ctx, k, got)
}

// attempt sends a request, again where that is safe, and reads the answer.
func (c *Client) attempt(ctx context.Context, k *call) (answer, error) {
	if err := c.credential.wait(ctx, k.reveal); err != nil {
		return answer{}, err
	}
	req, err := c.request(context.WithValue(ctx, callKey{}, k), k)
	if err != nil {
		return answer{}, err
	}
	var got answer
	req.SetResponseHandler(func(resp *http.Response) (err error) {
		defer func() { _ = resp.Body.Close() }()
		got = answer{status: resp.StatusCode, header: resp.Header}
		c.clock.Read(resp.Header, time.Now())
		got.body, err = readBody(resp.Body)
		return err
	})
	resp, err := c.http.Do(req)
	if err != nil {
		if resp != nil {
			_ = resp.Body.Close()
		}
		return got, err
	}
	if got.status != resp.StatusCode { // the last of several attempts, all in vain: its body was left unread
		_ = resp.Body.Close()
		got = answer{status: resp.StatusCode, header: resp.Header}
	}
	return got, nil
}

// request makes the HTTP request of a call.
func (c *Client) request(ctx context.Context, k *call) (*retryablehttp.Request, error) {
	base := k.base
	if base == "" {
		base = c.base
	}
	target := base + k.path
	if len(k.query) > 0 {
		target += "?" + k.query.Encode()
	}
	var body any
	if k.model != nil {
		var b bytes.Buffer
		if err := jsonapi.MarshalPayload(&b, k.model); err != nil {
			return nil, component.Errorf(component.Internal, "the request about %s cannot be written", k.about)
		}
		body = b.Bytes()
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, k.method, target, body)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "the address of %s cannot be called", k.about)
	}
	if k.model != nil {
		req.Header.Set("Content-Type", jsonapi.MediaType)
		req.GetBody = nil // with it, Go's transport sends a body twice by itself
	}
	req.Header.Set("Accept", jsonapi.MediaType+", application/json")
	req.Header.Set("User-Agent", "itglue-revio")
	req.Header.Set("x-api-key", c.key.Reveal())
	return req, nil
}

// checkRetry says whether a request is sent again. A write is, after 429 or
// where no connection was made; a read also after most failures, unless it is
// a page that smaller pages can replace.
func (c *Client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	k := callOf(ctx)
	if err != nil && k.writes() && !neverSent(err) {
		k.unclear = true
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		switch {
		case refusedCertificate(err) || errors.Is(err, errTooLarge):
			return false, nil
		case neverSent(err):
			return true, nil
		}
		return !k.writes() && !(k.shrinkable && timedOut(err)), nil
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return retryAfter(resp.Header, time.Now()) <= c.profile.longestWait(), nil
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented:
		return !k.writes() && !(k.shrinkable && resp.StatusCode == http.StatusGatewayTimeout), nil
	}
	return false, nil
}

// bodyLimit is the most that is read of an answer.
const bodyLimit = 32 << 20

var errTooLarge = errors.New("the answer is larger than 32 MiB")

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, bodyLimit+1))
	if err == nil && len(body) > bodyLimit {
		return nil, errTooLarge
	}
	return body, err
}
