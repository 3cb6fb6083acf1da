package serve

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

const reportPath = "/v1/csp-report"

// bare is the content security policy of what is no page.
const bare = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// policy is the content security policy of a page: everything from here, styles
// also with the nonce, and shown in frames of these ancestors only.
func policy(nonce, ancestors string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors " + ancestors + "; report-uri " + reportPath
}

// unguessable gives so many random bytes as text.
func unguessable(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// answered notes the status of an answer.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answered) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

type logKey struct{}

// logOf is the logger of a request.
func logOf(r *http.Request) *slog.Logger {
	if log, ok := r.Context().Value(logKey{}).(*slog.Logger); ok {
		return log
	}
	return slog.New(slog.DiscardHandler)
}

// outermost names the request, sets the headers that every answer has, and turns
// a panic into a problem. The log has the path without its query, which may be a
// one-time link's.
func (f *Face) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w, began, id := &answered{ResponseWriter: rw}, time.Now(), unguessable(12)
		h := w.Header()
		h.Set(headerRequestID, id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Content-Security-Policy", bare)
		h.Set("Cache-Control", "no-store")
		if f.o.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r = r.WithContext(context.WithValue(r.Context(), logKey{}, f.log))
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				f.log.Error("a request broke off", "request", id, "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if w.status == 0 {
					problemOf(component.Errorf(component.Internal, "the request broke off through a defect").Then("Please report it with the log of this request.")).write(w)
				}
			}
			f.log.Debug("request", "request", id, "method", r.Method, "path", r.URL.Path, "status", w.status, "took", time.Since(began).Round(time.Millisecond))
		}()
		next.ServeHTTP(w, r)
	})
}

const (
	mostReportBytes  = 64 << 10
	mostReportsTold  = 100 // reports that are logged; the others are counted
	mostReportedText = 200
)

// cspReport counts what browsers stopped. Anybody can send such a report, so few
// are logged, and of what they say only the directive and the blocked origin.
func (f *Face) cspReport(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostReportBytes))
	if err != nil {
		tooLarge(mostReportBytes).write(w)
		return
	}
	if n := f.reports.Add(1); n <= mostReportsTold {
		var body struct {
			Report struct {
				Directive string `json:"effective-directive"`
				Violated  string `json:"violated-directive"`
				Blocked   string `json:"blocked-uri"`
				Source    string `json:"source-file"`
			} `json:"csp-report"`
		}
		_ = json.Unmarshal(raw, &body) // what cannot be read is counted all the same
		f.log.Warn("a browser reported a breach of the content security policy", "count", n, "directive", short(body.Report.Directive+" "+body.Report.Violated), "blocked", short(origin(body.Report.Blocked)), "source", short(origin(body.Report.Source)))
	}
	w.WriteHeader(http.StatusNoContent)
}

// ReportCount is how often browsers stopped something.
type ReportCount struct {
	Reports int64 `json:"reports" jsonschema_description:"Since this process started."`
}

func (f *Face) showReports(w http.ResponseWriter, r *http.Request) {
	if _, _, ok := f.who(w, r); !ok {
		return
	}
	raw, err := json.Marshal(ReportCount{f.CSPReports()})
	f.answer(w, r, answer{status: http.StatusOK, body: raw}, err)
}

// CSPReports is how many breaches of the content security policy browsers have
// reported.
func (f *Face) CSPReports() int64 { return f.reports.Load() }

func short(text string) string {
	text = strings.TrimSpace(text)
	return text[:min(len(text), mostReportedText)]
}

// origin drops the query of an address, which may hold what is secret.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return u.String()
}

func tooLarge(most int) *Problem {
	return problem(http.StatusRequestEntityTooLarge, codeTooLarge, fmt.Sprintf("the body is larger than %d bytes", most), "Send less at once.")
}
