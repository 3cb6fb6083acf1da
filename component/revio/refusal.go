package revio

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/itglue-revio/itglue-revio/component"
)

// refusal is the error of a call that was answered with a status beside 2xx.
func (c *Client) refusal(k call, a *answer) *component.Error {
	e := c.refusalOf(k, a)
	e.RetryAfter, _ = retryAfter(a.header)
	if id := c.mask(requestID(a)); id != "" {
		e.Message += " (request " + id + ")"
	}
	return e
}

func (c *Client) refusalOf(k call, a *answer) *component.Error {
	said := c.said(a)
	switch a.status {
	case http.StatusTooManyRequests:
		return component.Errorf(component.RateLimited, "Rev.io is asked too fast: %s of %s was refused%s", k.method, k.about, said).
			Then("It goes on later by itself; to ask slower, lower the profile line limits.ratePerSecond.")
	case http.StatusForbidden:
		if a.header.Get("Retry-After") != "" {
			return component.Errorf(component.RateLimited, "the quota of the Rev.io gateway is used up: %s of %s was refused%s", k.method, k.about, said).
				Then("It goes on later by itself.")
		}
	case http.StatusRequestTimeout:
		return c.unclear(k, a, said)
	}
	switch {
	case a.status >= 500 || a.status < 400:
		return c.unclear(k, a, said)
	case k.isToken:
		return c.tokenRefusal(k, a, said)
	}
	return c.lastingRefusal(k, a, said)
}

// unclear is the error of a call that failed there: a write may have been
// carried out.
func (c *Client) unclear(k call, a *answer, said string) *component.Error {
	if k.writes() {
		return component.Errorf(component.Unsettled, "it is not known whether Rev.io carried out the %s of %s: it answered %d%s", k.method, k.about, a.status, said).
			Then("Look at the record in Rev.io before it is sent again.")
	}
	return component.Errorf(component.Unavailable, "Rev.io failed at %s of %s with status %d%s", k.method, k.about, a.status, said).Then("Try again later.")
}

func (c *Client) tokenRefusal(k call, a *answer, said string) *component.Error {
	switch a.status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity:
		return component.Errorf(component.Unauthorized, "Rev.io refused the Client ID or the Client Secret with status %d%s", a.status, said).
			Then("Check both, and the tenant; if they are right, the profile's token lines may not fit this tenant: token.preset, token.url.")
	}
	return component.Errorf(component.Forbidden, "Rev.io gives no token at %s: it answered %d%s", c.address(k.path), a.status, said).
		Then("Set the profile line token.url to where tokens are given, or token.preset to another exchange.")
}

func (c *Client) lastingRefusal(k call, a *answer, said string) *component.Error {
	switch a.status {
	case http.StatusUnauthorized:
		return component.Errorf(component.Unauthorized, "Rev.io refused %s of %s, with a fresh token too%s", k.method, k.about, said).
			Then("Check the Client ID, the Client Secret and the tenant of the Rev.io connection.")
	case http.StatusForbidden:
		return component.Errorf(component.Forbidden, "Rev.io does not permit %s of %s%s", k.method, k.about, said).
			Then("Give the role of the Rev.io credentials the permission for it.")
	case http.StatusNotFound, http.StatusGone:
		if k.record {
			return component.Errorf(component.NotFound, "Rev.io has no %s%s", k.about, said).
				Then("It was removed, or is another tenant's; if no record is ever found, check the profile line %s.", k.line)
		}
		return c.noEndpoint(k, a, said)
	case http.StatusMethodNotAllowed:
		return c.noEndpoint(k, a, said)
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusLocked:
		return component.Errorf(component.Conflict, "Rev.io refused %s of %s because it changed, or is in use, with status %d%s", k.method, k.about, a.status, said).
			Then("Read it again and decide again.")
	}
	return component.Errorf(component.InvalidInput, "Rev.io did not accept %s of %s with status %d%s", k.method, k.about, a.status, said).
		Then("Correct the values; the same ones will be refused again.")
}

// noEndpoint is the error of a path that the tenant does not offer.
func (c *Client) noEndpoint(k call, a *answer, said string) *component.Error {
	e := component.Errorf(component.Forbidden, "this tenant does not offer %s of %s at %s: it answered %d%s", k.method, k.about, k.path, a.status, said).
		Then("Set the profile line %s to the tenant's path%s.", k.line, alternatives[k.line])
	if a.status == http.StatusMethodNotAllowed {
		e.Err = errVerb
	}
	return e
}

// errVerb is the cause of the error of a verb that the tenant does not have.
var errVerb = errors.New("the verb is not offered")

// alternatives says what else to do about a path that is not offered.
var alternatives = map[string]string{
	"paths.customers":  ", or capabilities.customerList to false",
	"paths.assetTypes": ", or list the types in assetTypesFixed",
	"paths.customer":   ", or capabilities.updateCustomer to false",
	"paths.asset":      ", or updateVerb to PUT",
}

// refusedInside is the error of an answer that was accepted by its status and
// says inside that it was not ({"ok": false}, as Rev.io Billing does).
func (c *Client) refusedInside(k call, a *answer) error {
	object, _ := a.body.(map[string]any)
	if ok, isBool := object["ok"].(bool); !isBool || ok {
		return nil
	}
	return component.Errorf(component.InvalidInput, "Rev.io did not accept %s of %s%s", k.method, k.about, c.said(a)).
		Then("Correct the values; the same ones will be refused again.")
}

// said gives the words of a refusal, as ": words", or nothing. The shape of an
// error is not documented; these are the ones that the vendor's and its
// gateway's APIs are known to use. A body that has none of them is not shown.
func (c *Client) said(a *answer) string {
	words := plainLine(c.mask(errorWords(a.body, 0)))
	if words == "" {
		return ""
	}
	return ": " + words
}

func errorWords(v any, depth int) string {
	if depth > 4 {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var all []string
		for _, one := range v[:min(len(v), 3)] {
			if w := errorWords(one, depth+1); w != "" {
				all = append(all, w)
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		for _, name := range []string{"message", "error_description", "detail", "title", "error", "errors", "data"} {
			if name == "data" && depth > 0 {
				continue
			}
			if w := errorWords(v[name], depth+1); w != "" {
				return w
			}
		}
	}
	return ""
}

// plainLine makes foreign text one short line.
func plainLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(s); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return s
}

// mask takes our secrets out of foreign text.
func (c *Client) mask(s string) string {
	token, _ := c.credential.tokens.current()
	secrets := []string{c.settings.ClientSecret.Reveal(), token}
	for _, extra := range c.profile.Headers.Extra {
		secrets = append(secrets, extra.Reveal())
	}
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "[secret]")
		}
	}
	return tokenForm.ReplaceAllString(s, "[token]")
}

// tokenForm is the form of an access token.
var tokenForm = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)

// requestID is what Rev.io's support can find the call by.
func requestID(a *answer) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "Request-Id"} {
		if id := plainLine(a.header.Get(name)); id != "" {
			return id
		}
	}
	if object, ok := a.body.(map[string]any); ok {
		if id, ok := object["traceId"].(string); ok {
			return plainLine(fmt.Sprintf("%.80s", id))
		}
	}
	return ""
}
