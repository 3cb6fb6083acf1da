package itgluetest

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Fault is one way for a request to go wrong. The zero value is none; members
// combine, so that a write can be carried out and its answer lost.
type Fault struct {
	Name string // for the log of requests

	Before func(*World)  // what happens in the account just before the request
	Delay  time.Duration // before the answer
	Apply  bool          // a failing request is carried out nonetheless
	LateBy time.Duration // it is carried out so much later than it failed

	Status int         // the answer's status; 0 is the service's own answer
	Body   string      // with Status
	Header http.Header // with Status

	Reset     bool                // the connection is cut instead of an answer
	Cut       bool                // the connection is cut within the answer's body
	SlowBody  time.Duration       // between the halves of the answer's body
	Transform func([]byte) []byte // of the answer's body
}

// Match says which requests a fault befalls.
type Match func(*http.Request) bool

// On matches a method ("" for any) and the beginning of a path.
func On(method, prefix string) Match {
	return func(r *http.Request) bool {
		return (method == "" || r.Method == method) && strings.HasPrefix(r.URL.Path, prefix)
	}
}

// armed is a fault that waits for its requests.
type armed struct {
	left   int // how often still; less than 0: always
	decide func(*http.Request) *Fault
}

// Fail makes the next requests that match go wrong: so many times, or always
// with a number less than 0.
func (w *World) Fail(times int, match Match, f Fault) {
	w.FailWith(times, func(r *http.Request) *Fault {
		if !match(r) {
			return nil
		}
		return &f
	})
}

// FailWith asks a function about each request, until it has answered with so
// many faults; less than 0: always. The function must not call the world.
func (w *World) FailWith(times int, decide func(*http.Request) *Fault) {
	defer w.lock()()
	w.faults = append(w.faults, &armed{left: times, decide: decide})
}

// ClearFaults ends all faults.
func (w *World) ClearFaults() {
	defer w.lock()()
	w.faults = nil
}

// fault picks the fault of a request: the first that befalls it.
func (w *World) fault(r *http.Request) Fault {
	defer w.lock()()
	for _, a := range w.faults {
		if a.left == 0 {
			continue
		}
		if f := a.decide(r); f != nil {
			a.left--
			return *f
		}
	}
	return Fault{}
}

// fails reports whether the service's own answer is replaced.
func (f Fault) fails() bool { return f.Status != 0 || f.Reset }

// The faults that the service and the way to it are known for.

// TooManyRequests is 429, with a Retry-After header if after is not empty.
func TooManyRequests(after string) Fault {
	h := http.Header{"Content-Type": {"application/json"}}
	if after != "" {
		h.Set("Retry-After", after)
	}
	return Fault{Name: "429", Status: 429, Body: `{"message":"Too Many Requests"}`, Header: h}
}

// GatewayTimeout is 504, which says nothing about a write.
func GatewayTimeout(applied bool) Fault {
	return Fault{Name: "504", Status: 504, Apply: applied, Body: `{"message":"Endpoint request timed out"}`, Header: http.Header{"Content-Type": {"application/json"}}}
}

// LateApply is 504, and the write is carried out later.
func LateApply(by time.Duration) Fault {
	f := GatewayTimeout(false)
	f.Name, f.LateBy = "late", by
	return f
}

// ServerError is 500.
func ServerError() Fault {
	return Fault{Name: "500", Status: 500, Body: `{"errors":[{"status":500,"title":"Internal Server Error","detail":"Internal Server Error"}]}`, Header: http.Header{"Content-Type": {"application/vnd.api+json"}}}
}

// Reset cuts the connection instead of an answer, after the request was carried
// out or before.
func Reset(applied bool) Fault { return Fault{Name: "reset", Reset: true, Apply: applied} }

// CutBody cuts the connection in the middle of the service's answer.
func CutBody() Fault { return Fault{Name: "cut", Cut: true} }

// SlowBody waits in the middle of the service's answer.
func SlowBody(d time.Duration) Fault { return Fault{Name: "slow", SlowBody: d} }

// Stall keeps the service's answer back.
func Stall(d time.Duration) Fault { return Fault{Name: "stall", Delay: d} }

// RedirectTo sends the caller elsewhere.
func RedirectTo(location string, status int) Fault {
	return Fault{Name: "redirect", Status: status, Header: http.Header{"Location": {location}}}
}

// HTMLPage is a page of a proxy or a login, with a status of success.
func HTMLPage() Fault {
	return Fault{Name: "html", Status: 200, Body: "<!doctype html><title>Sign in</title>", Header: http.Header{"Content-Type": {"text/html"}}}
}

// Answer is any answer in JSON.
func Answer(status int, body string) Fault {
	return Fault{Name: "answer " + strconv.Itoa(status), Status: status, Body: body, Header: http.Header{"Content-Type": {"application/vnd.api+json"}}}
}

// ErrorsDespiteSuccess is a status of success with a body of errors.
func ErrorsDespiteSuccess(status int) Fault {
	return Answer(200, `{"errors":[{"status":`+strconv.Itoa(status)+`,"title":"Unprocessable Entity","detail":"did not work","source":{"pointer":"data"}}]}`)
}

// Meanwhile lets something happen in the account just before a request, such as
// a record that moves to another page.
func Meanwhile(happen func(*World)) Fault { return Fault{Name: "meanwhile", Before: happen} }

// Truncated leaves the end of the service's answer off.
func Truncated() Fault {
	return Fault{Name: "truncated", Transform: func(b []byte) []byte { return b[:len(b)*2/3] }}
}

var (
	idNumber    = regexp.MustCompile(`("(?:[a-z-]*-)?id":)(-?[0-9]+)`)
	idString    = regexp.MustCompile(`("id":)"([0-9]+)"`)
	traitsValue = regexp.MustCompile(`"traits":\{\}`)
)

// StringIDs prints every id as a string.
func StringIDs() Fault {
	return Fault{Name: "string ids", Transform: func(b []byte) []byte { return idNumber.ReplaceAll(b, []byte(`$1"$2"`)) }}
}

// NumberIDs prints every id as a number.
func NumberIDs() Fault {
	return Fault{Name: "number ids", Transform: func(b []byte) []byte { return idString.ReplaceAll(b, []byte(`$1$2`)) }}
}

// TraitsAsList prints empty traits as a list.
func TraitsAsList() Fault {
	return Fault{Name: "traits []", Transform: func(b []byte) []byte { return traitsValue.ReplaceAll(b, []byte(`"traits":[]`)) }}
}

// Replaced replaces a text in the service's answer.
func Replaced(old, new string) Fault {
	return Fault{Name: "replaced", Transform: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(new)) }}
}
