package access

import (
	"errors"
	"net/http"
	"time"
)

// The codes of a [Refusal].
const (
	CodeSignIn       = "sign-in"       // 401: nobody is signed in; SignIn says how to
	CodeCredentials  = "credentials"   // 401: name, password, code or token are not right; which one is not said
	CodeNeeded       = "code"          // 401: the password is right, and the second factor's code is needed
	CodeNoRight      = "no-right"      // 403: the right is missing; Message names it
	CodeStepUp       = "step-up"       // 403: prove who you are again
	CodeSecondFactor = "second-factor" // 403: set up a second factor first
	CodeSlowDown     = "slow-down"     // 429: wait RetryAfter
)

// ErrSignIn is in the chain of a refusal of somebody who has not signed in.
var ErrSignIn = errors.New("not signed in")

// Refusal is the answer to a caller who is not signed in or lacks a right. It is
// apart from component.Error, whose unauthorized and forbidden are about the
// other systems.
type Refusal struct {
	Status     int    // of HTTP: 401, 403 or 429
	Code       string // one of this package's codes
	Message    string // what is missing
	Do         string // what to do next
	RetryAfter time.Duration
	SignIn     *SignIn // with CodeSignIn, when the caller asked how
}

// SignIn says which ways to sign in there are.
type SignIn struct {
	Local bool        `json:"local"`                      // with a name and a password
	OIDC  *SignInOIDC `json:"oidc" jsonschema:"nullable"` // with the identity provider
	Setup bool        `json:"setup"`                      // there is no user yet: the first one needs the one-time token
}

// SignInOIDC names the identity provider.
type SignInOIDC struct {
	Title string `json:"title"`
}

func (r *Refusal) Error() string {
	if r.Do == "" {
		return r.Message
	}
	return r.Message + ". " + r.Do
}

// Is makes errors.Is(err, ErrSignIn) work.
func (r *Refusal) Is(target error) bool { return target == ErrSignIn && r.Code == CodeSignIn }

func notSignedIn(how *SignIn) *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: CodeSignIn, Message: "you are not signed in", Do: "Sign in.", SignIn: how}
}
