package reviotest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// reply is an answer before it is sent.
type reply struct {
	status int
	header map[string]string
	body   []byte
}

func refusal(status int, message string) reply {
	return reply{status: status, body: mustJSON(map[string]any{"message": message})}
}

// ServeHTTP answers a request, or has it go wrong.
func (w *World) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	body, err := io.ReadAll(io.LimitReader(in.Body, 1<<20))
	if err != nil {
		return // the client left
	}
	req := Request{Method: in.Method, Path: in.URL.Path, Query: in.URL.Query(), Header: in.Header.Clone(), Body: string(body), At: w.Now()}
	req.Write = in.Method != http.MethodGet && !w.isTokenPath(req.Path)
	req.CustomerID = w.customerOf(req)
	entry := req
	w.mu.Lock()
	w.log = append(w.log, &entry)
	w.mu.Unlock()
	fault := w.faultFor(req)
	if fault.Meanwhile != nil {
		fault.Meanwhile()
	}
	answer, answered := w.meet(fault, req, in)
	if answered {
		w.mu.Lock()
		entry.Status = answer.status
		w.mu.Unlock()
	} else {
		panic(http.ErrAbortHandler)
	}
	w.send(out, answer, fault.Kind)
}

// meet carries a request out, as far as its fault lets it.
func (w *World) meet(f Fault, req Request, in *http.Request) (answer reply, answered bool) {
	switch f.Kind {
	case Slow:
		if !sleep(in, f.Delay) {
			return reply{}, false
		}
	case Stall:
		<-in.Context().Done()
		return reply{}, false
	case LostBefore:
		return reply{}, false
	case Refuse:
		return f.refusal(), true
	case LoginPage:
		return reply{status: 200, header: map[string]string{"Content-Type": "text/html"}, body: []byte("<!doctype html><title>Sign in</title>")}, true
	case Late:
		w.hold(f.Delay, func() { w.handle(req) })
		return reply{}, false
	case Twice:
		w.handle(req)
	}
	answer = w.handle(req)
	switch f.Kind {
	case LostAfter:
		return reply{}, false
	case StallAfter:
		<-in.Context().Done()
		return reply{}, false
	case FailAfter:
		return f.refusal(), true
	case EmptyAnswer:
		answer = reply{status: 200}
	case Truncated:
		answer.body = answer.body[:len(answer.body)/2]
	}
	return answer, true
}

func (f Fault) refusal() reply {
	status := f.Status
	if status == 0 {
		status = http.StatusInternalServerError
	}
	r := refusal(status, http.StatusText(status))
	if f.Body != "" {
		r.body = []byte(f.Body)
	}
	if f.RetryAfter != "" {
		r.header = map[string]string{"Retry-After": f.RetryAfter}
	}
	return r
}

// hold carries something out later.
func (w *World) hold(delay time.Duration, carryOut func()) {
	if delay > 0 {
		time.AfterFunc(delay, carryOut)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late = append(w.late, carryOut)
}

func sleep(in *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-in.Context().Done():
		return false
	case <-timer.C:
		return true
	}
}

func (w *World) send(out http.ResponseWriter, r reply, k Kind) {
	if len(r.body) > 0 {
		out.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	out.Header().Set("X-Request-Id", "req-of-the-tenant")
	for name, value := range r.header {
		out.Header().Set(name, value)
	}
	out.WriteHeader(r.status)
	if k == BrokenOff {
		_, _ = out.Write(r.body[:len(r.body)/2])
		if flusher, ok := out.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	}
	_, _ = out.Write(r.body) // a client that left does not matter
}

// handle carries a request out.
func (w *World) handle(req Request) reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	if got := req.Header.Get(w.profile.Headers.Tenant); got != w.tenant {
		return refusal(http.StatusNotFound, "tenant not found")
	}
	if w.isTokenPath(req.Path) {
		return w.giveToken(req)
	}
	resource := w.route(req)
	if resource == nil {
		return refusal(http.StatusNotFound, "no such resource")
	}
	token, bearer := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	if until, ok := w.tokens[token]; !bearer || !ok || !w.Now().Before(until) {
		return refusal(http.StatusUnauthorized, "the token is not valid")
	}
	return resource(req)
}

// route finds what answers a path; nil where the tenant has nothing there.
func (w *World) route(req Request) func(Request) reply {
	paths, id := w.profile.Paths, ""
	switch {
	case req.Path == paths.Customers && !w.switches.NoCustomerList:
		return only(http.MethodGet, w.listCustomers)
	case req.Path == paths.AssetTypes && !w.switches.NoAssetTypes:
		return only(http.MethodGet, w.listTypes)
	case req.Path == paths.Assets && req.Method == http.MethodPost:
		return w.createAsset
	case req.Path == paths.Assets:
		return only(http.MethodGet, w.listAssets)
	case match(paths.Customer, req.Path, &id):
		return func(req Request) reply { return w.customerRequest(req, id) }
	case match(paths.Asset, req.Path, &id):
		return func(req Request) reply { return w.assetRequest(req, id) }
	}
	return nil
}

// only answers one verb.
func only(method string, then func(Request) reply) func(Request) reply {
	return func(req Request) reply {
		if req.Method != method {
			return refusal(http.StatusMethodNotAllowed, "the verb is not offered")
		}
		return then(req)
	}
}

// match finds the id that a path of the profile holds.
func match(pattern, path string, id *string) bool {
	before, after, _ := strings.Cut(pattern, "{id}")
	rest, fits := strings.CutPrefix(path, before)
	if !fits || !strings.HasSuffix(rest, after) {
		return false
	}
	*id = strings.TrimSuffix(rest, after)
	return *id != "" && !strings.Contains(*id, "/")
}

// customerOf says whose a request is.
func (w *World) customerOf(req Request) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := ""
	switch {
	case match(w.profile.Paths.Customer, req.Path, &id) && req.Path != w.profile.Paths.Assets:
		return id
	case match(w.profile.Paths.Asset, req.Path, &id):
		if a := w.asset(id); a != nil {
			return a.CustomerID
		}
		return ""
	case req.Method == http.MethodPost:
		var body map[string]any
		if json.Unmarshal([]byte(req.Body), &body) == nil {
			return textOf(field(body, w.profile.Fields.Asset.CustomerID))
		}
	}
	return req.Query.Get(w.profile.Query.CustomerID)
}
