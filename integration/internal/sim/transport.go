package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// wire is the way of one process to the vendors. It makes no connection: it
// calls their handlers.
type wire struct {
	world   *World
	process *process
}

// exchange is one request on its way.
type exchange struct {
	w      *World
	req    *http.Request
	body   []byte
	key    string // names the request, the same in every run of a seed
	vendor string // "itglue" or "revio"
	r      *rand.Rand
	write  bool
	token  bool // the exchange of a token
	copy   bool // a second carrying out that we did not ask for
	late   bool // carried out after it failed
	after  func()
}

// RoundTrip carries a request to a vendor, as far as its fault lets it.
func (t *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w := t.world
	watch := httptrace.ContextClientTrace(req.Context())
	if watch != nil && watch.GetConn != nil {
		watch.GetConn(req.URL.Host)
	}
	if t.process.isDead() {
		return nil, refused()
	}
	if err := w.latency(req); err != nil {
		return nil, err
	}
	x, f, err := w.exchange(t, req)
	if err != nil {
		return nil, err
	}
	if t.process.isDead() {
		return nil, refused()
	}
	w.asksConsent(x)
	if f == nil || !f.before {
		if watch != nil && watch.GotConn != nil {
			watch.GotConn(httptrace.GotConnInfo{})
		}
	}
	if f == nil {
		resp := x.serve()
		return t.answered(x, resp, nil)
	}
	resp, err := f.do(x)
	return t.answered(x, resp, err)
}

// latency is how long a request is on its way. No two take as long, so that
// those that are made side by side come in the same order in every run.
func (w *World) latency(req *http.Request) error {
	r := w.dice.on("latency", req.Method+req.URL.String())
	select {
	case <-time.After(time.Millisecond + time.Duration(r.IntN(20_000_000))):
		return nil
	case <-req.Context().Done():
		return req.Context().Err()
	}
}

// answered gives an answer to the process that asked, if it still is there.
func (t *wire) answered(x *exchange, resp *http.Response, err error) (*http.Response, error) {
	if x.after != nil {
		x.after()
	}
	if t.process.isDead() {
		return nil, refused()
	}
	if err != nil {
		t.world.trace.add("    %s ✗ %v", x.key, err)
		return nil, err
	}
	resp.Request = x.req
	t.world.trace.add("    %s %d", x.key, resp.StatusCode)
	return resp, nil
}

// exchange counts a request and draws what becomes of it.
func (w *World) exchange(t *wire, req *http.Request) (*exchange, *fault, error) {
	x := &exchange{w: w, req: req, vendor: "itglue", write: req.Method != http.MethodGet}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, nil, err
		}
		x.body = body
	}
	if "https://"+req.URL.Host == revioAt {
		x.vendor = "revio"
		x.token = strings.HasSuffix(req.URL.Path, "/token")
		x.write = x.write && !x.token
	}
	name := req.Method + " " + req.URL.Path + "?" + shortQuery(req.URL.Query())
	w.mu.Lock()
	w.asked[name]++
	x.key = fmt.Sprintf("%s #%d", name, w.asked[name])
	quiet, running := w.quiet, w.running
	w.mu.Unlock()
	x.r = w.dice.on("faults", x.key)
	if quiet {
		return x, nil, nil
	}
	if running != "" && !x.token {
		w.meanwhile(x)
		w.crashes(t, x)
	}
	rate := w.Profile.FaultRate
	if x.write { // few requests are writes, and most of what can go wrong goes wrong there
		rate = min(600, 5*rate)
	}
	if !chance(x.r, rate) {
		return x, nil, nil
	}
	f := w.faultFor(x)
	if f != nil && w.Profile.leavesOut(f.name) {
		f = nil
	}
	if f != nil {
		w.mu.Lock()
		w.fired[f.name]++
		w.steps++
		w.misled(x, f)
		w.mu.Unlock()
		w.trace.add("    %s FAULT %s", x.key, f.name)
	}
	return x, f, nil
}

var plainer = strings.NewReplacer("%5B", "[", "%5D", "]", "%2C", ",")

// shortQuery leaves out what every request has.
func shortQuery(q url.Values) string { return plainer.Replace(q.Encode()) }

// crashes ends the process around a request: before it leaves, or while its
// answer is on the way.
func (w *World) crashes(t *wire, x *exchange) {
	r := w.dice.on("crashes", x.key)
	rate := w.Profile.CrashRate
	if x.write {
		rate *= 10
	}
	ends := r.IntN(10000) < rate
	point := pick(r, []string{"request leaves", "answer comes"})
	if x.write {
		point += " (write)"
	}
	if !ends || w.Profile.leavesOut(point) {
		return
	}
	w.mu.Lock()
	w.points[point]++
	w.fired["crash"]++
	w.mu.Unlock()
	w.trace.add("    %s CRASH as its %s", x.key, point)
	if strings.HasPrefix(point, "request") {
		t.process.die()
		late := time.Duration(r.IntN(600))*time.Second + time.Duration(1+r.IntN(999))*time.Microsecond
		if chance(r, 500) {
			x.later(late) // it had left already
		}
		return
	}
	x.after = t.process.die
}

// serve has the vendor carry the request out.
func (x *exchange) serve() *http.Response {
	w := x.w
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.serveLocked(x)
}

func (w *World) serveLocked(x *exchange) (resp *http.Response) {
	if resp, blind := w.blinded(x); blind {
		return resp
	}
	rec := httptest.NewRecorder()
	req := x.req.Clone(context.WithoutCancel(x.req.Context()))
	req.Body = io.NopCloser(bytes.NewReader(x.body))
	before := w.before(x)
	w.steps, w.requests = w.steps+1, w.requests+1
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
		}
		resp = rec.Result()
		w.date(x, resp)
		w.carriedOut(x, before, resp)
	}()
	if x.vendor == "revio" {
		w.revio.ServeHTTP(rec, req)
		return resp
	}
	for name, at := range itglueAt {
		if at == "https://"+x.req.URL.Host {
			w.itglue.Handler(name).ServeHTTP(rec, req)
		}
	}
	return resp
}

// date says in an answer what time it is there, if the service says so.
func (w *World) date(x *exchange, resp *http.Response) {
	by := w.Profile.ITGlueSkew
	if x.vendor == "revio" {
		by = w.Profile.RevioSkew
	}
	if !w.Profile.Undated {
		resp.Header.Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
	}
}

// later has the vendor carry the request out later, whoever asked for it.
func (x *exchange) later(by time.Duration) {
	time.AfterFunc(by, func() {
		x.late = true
		resp := x.serve()
		x.w.trace.add("    %s carried out late: %d", x.key, resp.StatusCode)
	})
}

// The errors of the way.

func refused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}

func reset() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

// stalled waits until the caller gives up.
func (x *exchange) stalled() error {
	<-x.req.Context().Done()
	return x.req.Context().Err()
}

// wait waits, unless the caller gives up first.
func (x *exchange) wait(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-x.req.Context().Done():
		return x.req.Context().Err()
	}
}

// answer makes an answer that the vendor did not give.
func (x *exchange) answer(status int, kind, body string, header ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: x.req}
	for i := 0; i+1 < len(header); i += 2 {
		resp.Header.Set(header[i], header[i+1])
	}
	return resp
}

// changed serves the request and changes the answer's body.
func (x *exchange) changed(change func([]byte) []byte) *http.Response {
	resp := x.serve()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(err) // a recorder's body
	}
	b = change(b)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	resp.Header.Del("Content-Length")
	return resp
}

// broken is a body that ends with an error.
type broken struct {
	r   io.Reader
	err error
	own func() error // waits first; nil: not
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if errors.Is(err, io.EOF) {
		if b.own != nil {
			if err := b.own(); err != nil {
				return n, err
			}
			b.own = nil
		}
		err = b.err
	}
	return n, err
}

func (b *broken) Close() error { return nil }
