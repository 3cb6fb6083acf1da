package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// SignatureHeader carries the signature of a webhook's body: t=SECONDS,v1=HEX,
// where HEX is the HMAC-SHA-256 of SECONDS, a dot and the body under the
// webhook's secret. A receiver compares it, and refuses a time long past.
const SignatureHeader = "X-Itglue-Revio-Signature"

// Sign gives the value of [SignatureHeader].
func Sign(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// post sends a message to a webhook. The text is what Slack and Teams show; the
// rest is for programs.
func post(ctx context.Context, host *component.Host, w Webhook, m Message) error {
	to, err := url.Parse(w.URL)
	if err != nil || to.Host == "" || to.Scheme != "https" && to.Scheme != "http" {
		return component.Errorf(component.InvalidInput, "the webhook's address is not a URL").Then("Give it as https://…")
	}
	base := to.Scheme + "://" + to.Host
	if to.Scheme == "http" && !allowed(host, base) {
		return component.Errorf(component.InvalidInput, "the webhook's address is not encrypted").Then("Give it as https://…, or let the operator allow %s with --allow-endpoint.", base)
	}
	body, err := json.Marshal(struct {
		Text string `json:"text"`
		Message
	}{m.Words(), m})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return component.Errorf(component.InvalidInput, "the webhook's address cannot be called").Then("Give it as https://…")
	}
	req.GetBody = nil
	req.Header.Set("Content-Type", "application/json")
	if secret := w.Secret.Reveal(); secret != "" {
		req.Header.Set(SignatureHeader, Sign(secret, m.At, body))
	}
	client := &http.Client{
		Transport:     &http.Transport{DialContext: dialer(host, base).DialContext, DisableKeepAlives: true, TLSHandshakeTimeout: timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(req)
	if err != nil {
		return unreachable("the webhook at "+to.Host, base, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return component.Errorf(component.Unavailable, "the webhook at %s answered %d", to.Host, answer.StatusCode).Then("Check its address, and whether it still exists.")
	}
	return nil
}

func allowed(host *component.Host, base string) bool {
	return dialer(host, base).ControlContext == nil
}

// unreachable says why something was not reached, without what is in the
// address: a webhook's path is a secret.
func unreachable(what, base string, err error) error {
	switch {
	case errors.Is(err, errInside):
		return component.Errorf(component.Forbidden, "%s is inside this host's own network", what).Then("Give an address outside of it, or let the operator allow it with --allow-endpoint %s.", base)
	case errors.Is(err, context.DeadlineExceeded):
		return component.Errorf(component.Unavailable, "%s did not answer in %s", what, timeout).Then("Check its address; it is tried again.")
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return component.Errorf(component.Unavailable, "%s cannot be reached: %s", what, fmt.Sprint(err)).Then("Check its address; it is tried again.")
}
