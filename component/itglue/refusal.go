package itglue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/itglue-revio/itglue-revio/component"
)

// Causes that a caller can tell apart with errors.Is, beside the codes.
var (
	// ErrThisRecordOnly: the key works, and IT Glue refuses this record or an
	// id in the request. The connection need not stop.
	ErrThisRecordOnly = errors.New("only this record is refused")
	// ErrKeyRefused: IT Glue refuses whatever is asked with this key from this
	// address.
	ErrKeyRefused = errors.New("the key is refused")
	// ErrNoData: an answer of success that holds no JSON:API document, such as
	// a proxy's page.
	ErrNoData = errors.New("the answer holds no data")
	// ErrForeignRecord: a list held a record that was not asked for.
	ErrForeignRecord = errors.New("a record that was not asked for")
	// errShrink: the page may come through when it is smaller.
	errShrink = errors.New("the page is too large to come through")
)

// refusal gives the error that an answer is, or nil.
func (c *Client) refusal(ctx context.Context, k *call, a answer) error {
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status == http.StatusTooManyRequests:
		wait := retryAfter(a.header, time.Now())
		if wait == 0 {
			wait = time.Minute
		}
		return &component.Error{Code: component.RateLimited, Message: "IT Glue allows no more requests for now, and did nothing about " + k.about, RetryAfter: wait,
			Do: fmt.Sprintf("Try again in %s. IT Glue allows 3000 requests in 5 minutes, whoever sends them.", wait)}
	case a.status >= 300 && a.status < 400:
		return c.outcome(k, nil, "IT Glue's address answered with a redirect that is not followed, because the API key would go along").Then("Check the region and any proxy on the way.")
	case a.status >= 500:
		return c.serverFailed(k, a)
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return c.unauthorized(ctx, k, a)
	case a.status == http.StatusNotFound:
		return component.Errorf(component.NotFound, "IT Glue does not have %s (any more)", k.about)
	}
	return c.invalid(k, a)
}

func (c *Client) serverFailed(k *call, a answer) error {
	if k.shrinkable && a.status == http.StatusGatewayTimeout {
		return &component.Error{Code: component.Unavailable, Message: "IT Glue took too long over " + k.about, Err: errShrink}
	}
	e := c.outcome(k, nil, fmt.Sprintf("IT Glue failed (%d) over %s", a.status, k.about))
	e.RetryAfter = retryAfter(a.header, time.Now())
	return e
}

// outcome makes the error of a call that got no proper answer: a write may have
// been carried out, a read certainly changed nothing.
func (c *Client) outcome(k *call, cause error, message string) *component.Error {
	if k.writes() {
		return &component.Error{Code: component.Unsettled, Message: message + "; whether it was carried out is not known", Do: "Look before sending it again.", Err: cause}
	}
	return &component.Error{Code: component.Unavailable, Message: message, Do: "Try again later.", Err: cause}
}

// failed gives the error of a call that no answer came to.
func (c *Client) failed(k *call, err error) error {
	var typed *component.Error
	if errors.As(err, &typed) && !k.unclear {
		return typed
	}
	words := transportWords(err)
	if k.writes() && k.unclear {
		return c.outcome(k, plainCause(err), fmt.Sprintf("no answer came about %s (%s)", k.about, words))
	}
	if k.shrinkable && (timedOut(err) || errors.Is(err, errTooLarge)) {
		return &component.Error{Code: component.Unavailable, Message: fmt.Sprintf("IT Glue took too long over %s (%s)", k.about, words), Err: errShrink}
	}
	e := &component.Error{Code: component.Unavailable, Message: fmt.Sprintf("IT Glue could not be reached for %s (%s)", k.about, words), Do: "Try again later.", Err: plainCause(err)}
	if refusedCertificate(err) {
		e.Do = "Check the address, and any proxy that answers in its place."
	}
	return e
}

// unauthorized finds out what 401 and 403 mean: a key that is refused
// altogether, one that lacks a permission, or a record that is out of its reach.
// IT Glue answers 401 to a write with an id that the key does not reach
// (CONFIRMED by reports), and perhaps to a reveal without Password Access
// (ASSUMED). The cheapest call tells them apart.
func (c *Client) unauthorized(ctx context.Context, k *call, a answer) error {
	if !k.probe {
		_, err := c.probe(ctx, call{reveal: k.reveal})
		code := component.CodeOf(err)
		switch {
		case err == nil && k.reveal:
			return passwordAccess(k)
		case err == nil && a.status == http.StatusUnauthorized:
			e := component.Errorf(component.Forbidden, "the IT Glue API key works, but does not reach %s, or an id in the request", k.about)
			e.Err = ErrThisRecordOnly
			return e.Then("Check that the record still exists in this account.")
		case err == nil:
			return notPermitted(k)
		case a.status == http.StatusUnauthorized && (code == component.Unauthorized || code == component.Forbidden):
			return err
		}
	}
	if a.status == http.StatusUnauthorized {
		e := component.Errorf(component.Unauthorized, "IT Glue refused the API key over %s", k.about).Then("Check the key under Account > Settings > API Keys.")
		e.Err = ErrKeyRefused
		return e
	}
	return c.forbidden(k)
}

// notPermitted is a 403 with a key that works for something else.
func notPermitted(k *call) error {
	e := component.Errorf(component.Forbidden, "the IT Glue API key works, but IT Glue does not permit %s (403)", k.about)
	if k.id != "" {
		e.Err = ErrThisRecordOnly
		return e.Then("Look in IT Glue who may see and change it.")
	}
	return e.Then("Give the key back what it may do under Account > Settings > API Keys: for passwords, Password Access.")
}

// forbidden words a 403, which has three causes that IT Glue does not tell
// apart.
func (c *Client) forbidden(k *call) error {
	e := component.Errorf(component.Forbidden,
		"IT Glue refused %s (403): the key is wrong, paused or revoked; or it belongs to another region than %s; or this address is not on the account's allow-list", k.about, regionNames[c.region]).
		Then("Run the connection check, which tells them apart as far as possible. %s", c.addressToAllow())
	e.Err = ErrKeyRefused
	return e
}

// addressToAllow says which address belongs on IT Glue's allow-list.
func (c *Client) addressToAllow() string {
	const hosted = "(3.132.205.204 and 3.139.185.169 belong to the connector hosted by Prismatic, not to this one.)"
	if len(c.host.EgressAddresses) == 0 {
		return "If the account has an allow-list, add the address that this program's calls come from. " + hosted
	}
	return "If the account has an allow-list, add " + strings.Join(c.host.EgressAddresses, " and ") + ". " + hosted
}

// invalid gives the error of a request that IT Glue calls wrong.
func (c *Client) invalid(k *call, a answer) error {
	e := &component.Error{Code: component.InvalidInput, Message: fmt.Sprintf("IT Glue refused the request about %s (%d)", k.about, a.status)}
	const most = 20
	items := errorItems(a.body)
	for _, item := range items[:min(len(items), most)] {
		e.Problems = append(e.Problems, component.Problem{Pointer: c.foreignLine(item.pointer(k.member)), Message: cmp.Or(c.foreignLine(item.words()), "was refused without a reason")})
	}
	if len(e.Problems) > 0 {
		e.Message += ":"
	}
	return e
}

// foreignLine makes a text of IT Glue fit for an error: short, printable, and
// without the key, should it be echoed.
func (c *Client) foreignLine(s string) string {
	s = strings.ReplaceAll(s, c.key.Reveal(), "[secret]")
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	words := []rune(strings.Join(strings.Fields(s), " "))
	if len(words) > 160 {
		words = append(words[:160], '…')
	}
	return string(words)
}
