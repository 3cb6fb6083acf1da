package serve

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
)

// Problem is what a request that fails is answered with (RFC 9457,
// application/problem+json).
type Problem struct {
	Type       string              `json:"type" jsonschema_description:"urn:itglue-revio:problem: and the code."`
	Title      string              `json:"title" jsonschema_description:"What kind of problem it is, the same for every one of its code."`
	Status     int                 `json:"status"`
	Detail     string              `json:"detail" jsonschema_description:"What happened, and to which record."`
	Code       string              `json:"code" jsonschema_description:"One of the codes of component/README.md; or of who asks: sign-in, credentials, code, no-right, step-up, second-factor, slow-down; or of the request: cross-site, too-large, not-json, in-progress."`
	Do         string              `json:"do,omitempty" jsonschema_description:"What to do next."`
	RetryAfter int                 `json:"retryAfter,omitempty" jsonschema_description:"When to try again, in seconds from now."`
	Problems   []component.Problem `json:"problems,omitempty" jsonschema_description:"What is wrong with the body, at JSON pointers into it."`
	RequestID  string              `json:"requestId" jsonschema_description:"Names this request in the log."`
	SignIn     *access.SignIn      `json:"signIn,omitempty" jsonschema_description:"With sign-in: the ways in that there are."`
}

// The codes of problems that no action has: they are of the request itself.
const (
	codeCrossSite  = "cross-site"  // 403: another site's page asks in a person's name
	codeTooLarge   = "too-large"   // 413
	codeNotJSON    = "not-json"    // 415
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
	access.CodeSignIn:              "Not signed in",
	access.CodeCredentials:         "Not let in",
	access.CodeNeeded:              "A code is needed",
	access.CodeNoRight:             "A right is missing",
	access.CodeStepUp:              "Sign in again to go on",
	access.CodeSecondFactor:        "A second factor is missing",
	access.CodeSlowDown:            "Too many tries",
	codeNotJSON:                    "The body is not JSON",
	codeCrossSite:                  "Asked for by another site",
	codeTooLarge:                   "The body is too large",
	codeInProgress:                 "The first request is still being worked on",
}

// problem makes a problem of a code that belongs to the request itself.
func problem(status int, code, detail, do string) *Problem {
	return &Problem{Status: status, Code: code, Detail: detail, Do: do}
}

// problemOf makes a problem of a refusal, or of an action's error.
func problemOf(err error) *Problem {
	var no *access.Refusal
	if errors.As(err, &no) {
		return &Problem{Status: no.Status, Code: no.Code, Detail: no.Message, Do: no.Do, RetryAfter: seconds(no.RetryAfter), SignIn: no.SignIn}
	}
	return problemOfFault(component.FaultOf(err))
}

func problemOfFault(f component.Fault) *Problem {
	return &Problem{Status: f.Code.HTTPStatus(), Code: string(f.Code), Detail: strings.TrimSuffix(f.Message, ":"), Do: f.Do, RetryAfter: f.RetryAfter, Problems: f.Problems}
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// Fail answers a request with what went wrong: an access.Refusal or a
// component.Error. Of anything else the words go to the log only.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		logOf(r).Error("a request failed", "request", w.Header().Get(headerRequestID), "error", err)
	}
	p.write(w)
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
