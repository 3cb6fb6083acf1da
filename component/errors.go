package component

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Code says what kind of failure an [Error] is, which is to say what the
// caller can do about it. The set is closed. A Code is itself an error, so
// errors.Is(err, component.RateLimited) works.
type Code string

// The codes. See [Code.ExitStatus] and [Code.HTTPStatus] for how each face
// shows them.
const (
	InvalidInput Code = "invalid-input" // the caller must change the request
	Unauthorized Code = "unauthorized"  // the other system refused its credentials
	Forbidden    Code = "forbidden"     // a permission, address or Password Access is missing there
	NotFound     Code = "not-found"     // the thing addressed does not exist
	Conflict     Code = "conflict"      // the thing changed since it was read
	NeedsReview  Code = "needs-review"  // held until a person decides
	Unsettled    Code = "unsettled"     // a write that may have been carried out: look before sending again
	RateLimited  Code = "rate-limited"  // certainly not carried out; try again after RetryAfter
	Unavailable  Code = "unavailable"   // certainly not carried out; the other system failed, try later
	Internal     Code = "internal"      // a defect in this program
)

var codeFaces = map[Code]struct{ exit, http int }{
	InvalidInput: {2, http.StatusUnprocessableEntity},
	Unauthorized: {5, http.StatusBadGateway},
	Forbidden:    {5, http.StatusBadGateway},
	NotFound:     {1, http.StatusNotFound},
	Conflict:     {1, http.StatusConflict},
	NeedsReview:  {4, http.StatusConflict},
	Unsettled:    {1, http.StatusBadGateway},
	RateLimited:  {6, http.StatusServiceUnavailable},
	Unavailable:  {6, http.StatusServiceUnavailable},
	Internal:     {1, http.StatusInternalServerError},
}

// Codes lists the closed set, in the order of the documentation.
func Codes() []Code {
	return []Code{InvalidInput, Unauthorized, Forbidden, NotFound, Conflict, NeedsReview, Unsettled, RateLimited, Unavailable, Internal}
}

// Error makes a Code usable as the target of errors.Is.
func (c Code) Error() string { return string(c) }

// ExitStatus is the process exit status of a command that ends with this code.
func (c Code) ExitStatus() int {
	if f, ok := codeFaces[c]; ok {
		return f.exit
	}
	return 1
}

// HTTPStatus is the status of an HTTP answer that carries this code.
func (c Code) HTTPStatus() int {
	if f, ok := codeFaces[c]; ok {
		return f.http
	}
	return http.StatusInternalServerError
}

// Problem is one fault of a document, at a JSON pointer into it.
type Problem struct {
	Pointer string `json:"pointer"`
	Message string `json:"message"`
}

// Error is what an action fails with: what happened, to which record, and what
// to do next. It never holds a secret or a foreign answer's body.
type Error struct {
	Code       Code
	Message    string        // what happened, and to which record
	Do         string        // what to do next, as a sentence; may be empty
	RetryAfter time.Duration // with RateLimited and Unavailable, when known
	Problems   []Problem     // with InvalidInput: where
	Err        error         // the cause, for errors.Is and logs
}

// Errorf makes an Error with a formatted message. A %w in the format becomes
// the cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// Then adds what to do next.
func (e *Error) Then(format string, args ...any) *Error {
	e.Do = fmt.Sprintf(format, args...)
	return e
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, p := range e.Problems {
		pointer := p.Pointer
		if pointer == "" {
			pointer = "(the whole document)"
		}
		fmt.Fprintf(&b, "\n  %s: %s", pointer, p.Message)
	}
	if e.Do != "" {
		if len(e.Problems) > 0 {
			b.WriteString("\n")
		} else if !strings.HasSuffix(strings.TrimSuffix(e.Message, ")"), ".") {
			b.WriteString(". ")
		} else {
			b.WriteString(" ")
		}
		b.WriteString(e.Do)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is this error's Code.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// CodeOf gives the code of err: the code of the first [Error] in its chain,
// Unavailable for a context that ended, and Internal for anything else.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	var c Code
	if errors.As(err, &c) {
		return c
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}
