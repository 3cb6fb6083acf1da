package itgluetest

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is one request that came in, and what came of it.
type Request struct {
	Region          string
	Method          string
	Path            string
	Query           url.Values
	Status          int // of the answer; 0 where the connection was cut instead
	At              time.Time
	Write           bool     // it is not a GET
	Applied         bool     // it is a write, and was carried out
	PasswordShown   bool     // the answer held the value of a password
	OrganizationIDs []string // of the records that the answer held or the write changed
	Records         []string // the ids of those records
	Fault           string   // what was made to go wrong
}

// Requests gives every request since the start, or the last reset.
func (w *World) Requests() []Request {
	defer w.lock()()
	return slices.Clone(w.requests)
}

// ResetRequests forgets the requests so far.
func (w *World) ResetRequests() {
	defer w.lock()()
	w.requests = nil
}

// Writes gives the requests that were writes.
func (w *World) Writes() []Request {
	return slices.DeleteFunc(w.Requests(), func(r Request) bool { return !r.Write })
}

// Count counts the requests of a method whose path begins with a prefix.
func (w *World) Count(method, prefix string) int {
	n := 0
	matches := On(method, prefix)
	for _, r := range w.Requests() {
		if matches(&http.Request{Method: r.Method, URL: &url.URL{Path: r.Path}}) {
			n++
		}
	}
	return n
}

func (w *World) note(r Request) {
	defer w.lock()()
	w.requests = append(w.requests, r)
}
