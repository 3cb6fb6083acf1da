package revio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/itglue-revio/itglue-revio/component"
)

// TokenExchange is how a client id and secret become an access token. A preset
// fills in every line that is left empty. The exchange by API key is CONFIRMED
// (developer-portal.reviopsa.com); that by client credentials is ASSUMED.
type TokenExchange struct {
	Preset              string            `json:"preset" jsonschema:"enum=oauth2-client-credentials,enum=json-client-secret,enum=api-key" jsonschema_description:"What fills in the lines that are empty. With api-key, the key is given as the Client Secret."`
	URL                 string            `json:"url" jsonschema_description:"Where tokens are given. A path counts from the base URL; empty: the preset's."`
	Scope               string            `json:"scope" jsonschema_description:"Sent as {{.Scope}}; a field that would be empty is not sent."`
	RefreshEarlySeconds float64           `json:"refreshEarlySeconds" jsonschema:"minimum=0" jsonschema_description:"How long before its end a token is renewed."`
	Encoding            string            `json:"encoding" jsonschema:"enum=,enum=form,enum=json"`
	Auth                string            `json:"auth" jsonschema:"enum=,enum=body,enum=basic" jsonschema_description:"basic: client id and secret go into the Authorization header."`
	Fields              map[string]string `json:"fields" jsonschema_description:"The request's fields; {{.ClientID}}, {{.ClientSecret}}, {{.APIKey}} and {{.Scope}} are filled in. None: the preset's."`
	Token               string            `json:"token" jsonschema_description:"JSON pointer to the token in the answer."`
	ExpiresIn           string            `json:"expiresIn" jsonschema_description:"JSON pointer to its lifetime in seconds. Without one, the token's own exp counts, else 10 minutes."`
}

// presets are the exchanges that are known or thought likely.
var presets = map[string]TokenExchange{
	"oauth2-client-credentials": { // ASSUMED: RFC 6749 section 4.4
		URL: "/api/v1/auth/oauth/token", Encoding: "form", Auth: "body",
		Fields: map[string]string{"grant_type": "client_credentials", "client_id": "{{.ClientID}}", "client_secret": "{{.ClientSecret}}", "scope": "{{.Scope}}"},
		Token:  "/access_token", ExpiresIn: "/expires_in",
	},
	"json-client-secret": { // ASSUMED
		URL: "/api/v1/auth/token", Encoding: "json", Auth: "body",
		Fields: map[string]string{"clientId": "{{.ClientID}}", "clientSecret": "{{.ClientSecret}}"},
		Token:  "/data/token",
	},
	"api-key": { // CONFIRMED
		URL: "/api/v1/auth/api-key/exchange", Encoding: "json", Auth: "body",
		Fields: map[string]string{"apiKey": "{{.APIKey}}"},
		Token:  "/data/token",
	},
}

// fill takes the preset's line for each that is empty.
func (t *TokenExchange) fill() {
	preset := presets[t.Preset]
	for _, line := range []struct{ own, preset *string }{
		{&t.URL, &preset.URL}, {&t.Encoding, &preset.Encoding}, {&t.Auth, &preset.Auth},
		{&t.Token, &preset.Token}, {&t.ExpiresIn, &preset.ExpiresIn},
	} {
		if *line.own == "" {
			*line.own = *line.preset
		}
	}
	if len(t.Fields) == 0 {
		t.Fields = maps.Clone(preset.Fields)
		if t.Auth == "basic" {
			delete(t.Fields, "client_id")
			delete(t.Fields, "client_secret")
		}
	}
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

func (t *TokenExchange) problems() []component.Problem {
	var ps []component.Problem
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		for _, found := range placeholder.FindAllString(t.Fields[name], -1) {
			if !slices.Contains([]string{"{{.ClientID}}", "{{.ClientSecret}}", "{{.APIKey}}", "{{.Scope}}"}, found) {
				ps = append(ps, component.Problem{Pointer: "/token/fields/" + name,
					Message: "holds a placeholder that is not known; those are {{.ClientID}}, {{.ClientSecret}}, {{.APIKey}} and {{.Scope}}"})
			}
		}
	}
	for pointer, value := range map[string]string{"/token/token": t.Token, "/token/expiresIn": t.ExpiresIn} {
		if value != "" && !strings.HasPrefix(value, "/") {
			ps = append(ps, component.Problem{Pointer: pointer, Message: "is not a JSON pointer: it must start with /"})
		}
	}
	return ps
}

// request encodes the exchange for the settings.
func (t *TokenExchange) request(s Settings) (body []byte, header http.Header) {
	secret := s.ClientSecret.Reveal()
	fillIn := strings.NewReplacer("{{.ClientID}}", s.ClientID, "{{.ClientSecret}}", secret, "{{.APIKey}}", secret, "{{.Scope}}", t.Scope)
	fields := map[string]string{}
	for name, template := range t.Fields {
		if v := fillIn.Replace(template); v != "" {
			fields[name] = v
		}
	}
	header = http.Header{}
	if t.Auth == "basic" { // RFC 6749 section 2.3.1: both are form-encoded first
		pair := url.QueryEscape(s.ClientID) + ":" + url.QueryEscape(secret)
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	if t.Encoding == "json" {
		header.Set("Content-Type", "application/json")
		body, _ = json.Marshal(fields) // a map of strings always encodes
		return body, header
	}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	form := url.Values{}
	for name, v := range fields {
		form.Set(name, v)
	}
	return []byte(form.Encode()), header
}

// tokens holds the access token of one credential, for the whole process.
type tokens struct {
	flight singleflight.Group
	mu     sync.Mutex
	value  string
	until  time.Time // when to renew
}

// current gives the token while it is good.
func (t *tokens) current() (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value, t.value != "" && time.Now().Before(t.until)
}

// drop forgets a token that was refused, unless another took its place.
func (t *tokens) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

// keep remembers a token. A short-lived one is renewed at half its life.
func (t *tokens) keep(value string, life, early time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.until = value, time.Now().Add(life-min(early, life/2))
}

// token gives a good access token; callers at the same time share one exchange.
func (c *Client) token(ctx context.Context) (string, error) {
	if value, ok := c.credential.tokens.current(); ok {
		return value, nil
	}
	if ctx.Err() != nil {
		return "", interrupted(ctx)
	}
	// The exchange serves every waiter, so it must outlive the first one's call.
	shared := context.WithoutCancel(ctx)
	done := c.credential.tokens.flight.DoChan("token", func() (any, error) {
		if value, ok := c.credential.tokens.current(); ok {
			return value, nil
		}
		return c.exchange(shared)
	})
	select {
	case <-ctx.Done():
		return "", interrupted(ctx)
	case got := <-done:
		if got.Err != nil {
			return "", got.Err
		}
		return got.Val.(string), nil
	}
}

// bearerForm is what a header can carry as a token: nothing that ends it.
var bearerForm = regexp.MustCompile(`^[\x21-\x7e]+$`)

// exchange fetches a token and keeps it.
func (c *Client) exchange(ctx context.Context) (string, error) {
	t := c.profile.Token
	body, header := t.request(c.settings)
	got, err := c.send(ctx, call{method: http.MethodPost, path: t.URL, payload: body, header: header,
		line: "token.url", about: "the access token", isToken: true})
	if err != nil {
		return "", err
	}
	value, _ := at(got.body, t.Token).(string)
	if !bearerForm.MatchString(value) {
		return "", component.Errorf(component.Forbidden, "the answer of %s has no token at %s", c.address(t.URL), t.Token).
			Then("Set the profile line token.token to the place of the token, or token.preset to another exchange.")
	}
	c.credential.tokens.keep(value, lifetime(got.body, t.ExpiresIn, value), seconds(t.RefreshEarlySeconds))
	return value, nil
}

// lifetime is how long a token lasts: what the answer says, else the token's
// own exp (read, not verified: it only times a renewal), else ten minutes.
func lifetime(answer any, pointer, token string) time.Duration {
	if pointer != "" {
		if n, err := json.Number(fmt.Sprint(at(answer, pointer))).Float64(); err == nil && n > 0 {
			return seconds(min(n, 86400))
		}
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		var claims struct {
			Exp json.Number `json:"exp"`
		}
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
		if err == nil && json.Unmarshal(raw, &claims) == nil {
			if exp, err := claims.Exp.Float64(); err == nil && exp > 0 {
				return max(0, seconds(min(exp-float64(time.Now().Unix()), 86400)))
			}
		}
	}
	return 10 * time.Minute
}
