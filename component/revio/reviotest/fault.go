package reviotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults.
const (
	Slow        Kind = "slow"         // answered after Delay
	Stall       Kind = "stall"        // not carried out, and never answered
	Refuse      Kind = "refuse"       // not carried out, and answered with Status
	LostBefore  Kind = "lost before"  // not carried out; the connection is closed
	FailAfter   Kind = "fail after"   // carried out, and answered with Status
	LostAfter   Kind = "lost after"   // carried out; the connection is closed
	StallAfter  Kind = "stall after"  // carried out, and never answered
	Late        Kind = "late"         // the connection is closed; carried out after Delay, or at LandLate without one
	Twice       Kind = "twice"        // carried out two times, answered once
	Truncated   Kind = "truncated"    // carried out; half of the answer's JSON, as if it were whole
	BrokenOff   Kind = "broken off"   // carried out; the connection is closed in the middle of the answer
	LoginPage   Kind = "login page"   // not carried out; 200 with HTML
	EmptyAnswer Kind = "empty answer" // carried out; 200 with nothing
)

// Fault makes requests go wrong.
type Fault struct {
	Kind       Kind
	Method     string             // "": any
	Path       string             // part of the path; "": any but the token's
	Match      func(Request) bool // nil: any; Status and At are not set yet
	Skip       int                // so many that fit go well first
	Times      int                // 0: one; negative: all
	Status     int                // of Refuse and FailAfter; 0: 500
	RetryAfter string             // header of a Refuse
	Body       string             // of Refuse and FailAfter; "": a message
	Delay      time.Duration
	Meanwhile  func() // runs before the request is carried out: a person's edit, for example
}

// Request is one request that came in.
type Request struct {
	Method     string
	Path       string
	Query      url.Values
	Header     http.Header
	Body       string
	CustomerID string // whose it is, as far as the request says
	Status     int    // of the answer; 0: there was none
	At         time.Time
	Write      bool // it could change something
}

// Fail arms a fault. Faults that fit the same request come in the order in
// which they were armed.
func (w *World) Fail(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	w.faults = append(w.faults, &f)
}

// ClearFaults disarms all faults.
func (w *World) ClearFaults() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// LandLate carries out what a Late fault holds back.
func (w *World) LandLate() {
	w.mu.Lock()
	pending := w.late
	w.late = nil
	w.mu.Unlock()
	for _, carryOut := range pending {
		carryOut()
	}
}

// Requests gives what came in since the last ResetRequests, without the
// exchanges of tokens.
func (w *World) Requests() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Request
	for _, r := range w.log {
		if !w.isTokenPath(r.Path) {
			all = append(all, *r)
		}
	}
	return all
}

// Writes gives the requests that could change something.
func (w *World) Writes() []Request {
	var all []Request
	for _, r := range w.Requests() {
		if r.Write {
			all = append(all, r)
		}
	}
	return all
}

// TokenRequests counts the exchanges of tokens since the last ResetRequests.
func (w *World) TokenRequests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.log {
		if w.isTokenPath(r.Path) {
			n++
		}
	}
	return n
}

// ResetRequests forgets what came in.
func (w *World) ResetRequests() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = nil
}

// faultFor takes the fault that a request meets, if any. What a fault's maker
// wrote runs without the lock: it may look at the tenant.
func (w *World) faultFor(r Request) Fault {
	w.mu.Lock()
	armed := slices.Clone(w.faults)
	w.mu.Unlock()
	for _, f := range armed {
		fits := (f.Method == "" || f.Method == r.Method) && strings.Contains(r.Path, f.Path) &&
			(f.Path != "" || !w.isTokenPath(r.Path)) && (f.Match == nil || f.Match(r))
		if !fits {
			continue
		}
		if taken, ok := w.take(f); ok {
			return taken
		}
	}
	return Fault{}
}

// take uses a fault up by one.
func (w *World) take(f *Fault) (Fault, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case f.Times == 0:
		return Fault{}, false
	case f.Skip > 0:
		f.Skip--
		return Fault{}, false
	case f.Times > 0:
		f.Times--
	}
	return *f, true
}
