package serve

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/itglue-revio/itglue-revio/component"
)

// Problem is what a request that fails is answered with (RFC 9457,
// application/problem+json).
type Problem struct {
	Type       string              `json:"type" jsonschema_description:"urn:itglue-revio:problem: and the code."`
	Title      string              `json:"title" jsonschema_description:"What kind of problem it is, the same for every one of its code."`
	Status     int                 `json:"status"`
	Detail     string              `json:"detail" jsonschema_description:"What happened, and to which record."`
	Code       string              `json:"code" jsonschema_description:"One of the codes of component/README.md, or sign-in, right, step-up, cross-site, too-large, in-progress."`
	Do         string              `json:"do,omitempty" jsonschema_description:"What to do next."`
	RetryAfter int                 `json:"retryAfter,omitempty" jsonschema_description:"When to try again, in seconds from now."`
	Problems   []component.Problem `json:"problems,omitempty" jsonschema_description:"What is wrong with the body, at JSON pointers into it."`
	RequestID  string              `json:"requestId" jsonschema_description:"Names this request in the log."`
	SignIn     *SignIn             `json:"signIn,omitempty" jsonschema_description:"With sign-in: the ways in that there are."`
}

// SignIn says how a person can sign in.
type SignIn struct {
	Local bool        `json:"local" jsonschema_description:"With a name and a password."`
	OIDC  *OIDCChoice `json:"oidc" jsonschema:"nullable" jsonschema_description:"By way of GET /v1/oidc/start; null without."`
	Setup bool        `json:"setup" jsonschema_description:"There is no administrator yet: POST /v1/setup with the one-time token that serve printed."`
}

// OIDCChoice is the identity provider to sign in with.
type OIDCChoice struct {
	Title string `json:"title"`
}

// The codes of problems that no action has: they are of the request itself.
const (
	codeSignIn     = "sign-in"     // 401: who asks is not known
	codeRight      = "right"       // 403: they may not
	codeStepUp     = "step-up"     // 403: they may, once they have signed in again
	codeCrossSite  = "cross-site"  // 403: another site's page asks in a person's name
	codeTooLarge   = "too-large"   // 413
	codeInProgress = "in-progress" // 409: the first request of this Idempotency-Key is still being worked on
)

var titles = map[string]string{
	string(component.InvalidInput): "The request is not valid",
	string(component.Unauthorized): "The other system refused its credentials",
	string(component.Forbidden):    "The other system does not permit it",
	string(component.NotFound):     "There is no such thing",
	string(component.Conflict):     "It was changed in the meantime",
	string(component.NeedsReview):  "A person has to decide first",
	string(component.Unsettled):    "It may have been carried out",
	string(component.RateLimited):  "Too many requests",
	string(component.Unavailable):  "The other system does not answer",
	string(component.Internal):     "A defect of this program",
	codeSignIn:                     "Not signed in",
	codeRight:                      "A right is missing",
	codeStepUp:                     "Sign in again to go on",
	codeCrossSite:                  "Asked for by another site",
	codeTooLarge:                   "The body is too large",
	codeInProgress:                 "The first request is still being worked on",
}

// problem makes a problem of a code that belongs to the request itself.
func problem(status int, code, detail, do string) *Problem {
	return &Problem{Status: status, Code: code, Detail: detail, Do: do}
}

// problemOf makes a problem of an action's error.
func problemOf(err error) *Problem {
	f := component.FaultOf(err)
	return &Problem{Status: f.Code.HTTPStatus(), Code: string(f.Code), Detail: f.Message, Do: f.Do, RetryAfter: f.RetryAfter, Problems: f.Problems}
}

// write answers with the problem.
func (p *Problem) write(w http.ResponseWriter) {
	p.Type, p.Title = "urn:itglue-revio:problem:"+p.Code, titles[p.Code]
	p.RequestID = w.Header().Get(headerRequestID)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="itglue-revio"`)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(raw, '\n'))
}

const headerRequestID = "X-Request-Id"
