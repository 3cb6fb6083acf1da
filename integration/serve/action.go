package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	mostBody   = 1 << 20
	bodyWithin = 30 * time.Second // to arrive
	callWithin = 2 * time.Minute  // for an action to answer; what takes longer is led by a run
	mostWait   = 10 * time.Second // of Prefer: wait
)

// served says whether an action is served over HTTP: all are, but a connection's
// own calls whose output is sensitive. Whoever may reveal goes by the action of
// the integration that asks for a reason, limits and records it.
func served(d component.Description) bool {
	return d.Scope != component.OnConnection || !d.Sensitive
}

// call is one call of an action.
type call struct {
	subject  access.Subject
	instance string
	action   component.Callable
	d        component.Description
	input    json.RawMessage
	matches  bool          // If-Match was given
	wait     time.Duration // Prefer: wait
}

// answer is what a call is answered with.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

func (f *Face) callAction(w http.ResponseWriter, r *http.Request) {
	c, err := f.newCall(w, r)
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	key := r.Header.Get(headerKey)
	if key == "" || c.d.Effect != component.Writes {
		a, err := f.carryOut(r.Context(), c)
		f.answer(w, r, a, err)
		return
	}
	f.once(w, r, c, key)
}

// answer writes what a call came to.
func (f *Face) answer(w http.ResponseWriter, r *http.Request, a answer, err error) {
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", mediaJSON)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// refuse answers with an error, which may be a problem already.
func (f *Face) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if errors.As(err, &p) {
		p.write(w)
		return
	}
	Fail(w, r, err)
}

// Error makes a problem an error of this package's own.
func (p *Problem) Error() string { return p.Detail }

// newCall reads a request: who asks, of which instance, what, with what, and
// whether they may.
func (f *Face) newCall(w http.ResponseWriter, r *http.Request) (c call, err error) {
	if c.subject, err = f.o.Subject(r); err != nil {
		return c, err
	}
	host := r.PathValue("instance") == ""
	if !host {
		if c.instance, err = f.o.Gate.Instance(r.Context(), c.subject, r.PathValue("instance")); err != nil {
			return c, err
		}
	}
	if c.action, err = f.o.Catalog.Find(r.PathValue("name")); err != nil {
		return c, component.Errorf(component.NotFound, "there is no action %s", r.PathValue("name")).Then("GET /v1/openapi.json lists them all.")
	}
	c.d = c.action.Describe()
	if !served(c.d) || host != (c.d.Scope == component.OnHost) {
		return c, component.Errorf(component.NotFound, "the action %s is not called here", c.d.Name).Then("GET /v1/openapi.json lists where each is.")
	}
	if c.input, err = body(w, r); err != nil {
		return c, err
	}
	if err = f.o.Gate.Allow(c.subject, c.d, c.instance, c.input); err != nil {
		return c, err
	}
	c.wait = waitOf(r.Header.Get("Prefer"))
	return c, c.match(r.Header.Get("If-Match"))
}

// match puts the version of an If-Match into the input.
func (c *call) match(ifMatch string) (err error) {
	if ifMatch == "" || ifMatch == "*" {
		return nil
	}
	if !hasProperty(c.d.Input, versionProperty) {
		return component.Errorf(component.InvalidInput, "%s takes no If-Match: what it is about has no version", c.d.Name)
	}
	version, ok := versionOf(ifMatch)
	if !ok {
		return preconditionFailed(component.Fault{Message: "it is at another version than " + ifMatch, Do: "Read it again."})
	}
	c.matches = true
	c.input, err = withVersion(c.input, version)
	return err
}

func preconditionFailed(f component.Fault) *Problem {
	f.Code = component.Conflict
	p := problemOfFault(f)
	p.Status = http.StatusPreconditionFailed
	return p
}

// body reads a JSON body; none is an empty object.
func body(w http.ResponseWriter, r *http.Request) (json.RawMessage, error) {
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Now().Add(bodyWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, tooLarge(mostBody)
		}
		return nil, component.Errorf(component.InvalidInput, "the body did not arrive whole").Then("Send it again.")
	}
	if err := control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return json.RawMessage("{}"), nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return nil, problem(http.StatusUnsupportedMediaType, codeNotJSON, "the body must be JSON, and the header Content-Type must say so", "Send Content-Type: application/json.")
	}
	return raw, nil
}

// waitOf reads wait=N (seconds) of a header Prefer (RFC 7240).
func waitOf(prefer string) time.Duration {
	for _, p := range strings.Split(prefer, ",") {
		if n, is := strings.CutPrefix(strings.TrimSpace(p), "wait="); is {
			if s, err := strconv.Atoi(n); err == nil && s > 0 {
				return min(time.Duration(s)*time.Second, mostWait)
			}
		}
	}
	return 0
}

// carryOut calls the action, or asks for the run that leads it. A write is
// carried out to its end, even when whoever asked has gone.
func (f *Face) carryOut(ctx context.Context, c call) (answer, error) {
	if c.d.Effect == component.Writes {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(access.With(ctx, c.subject), callWithin)
	defer cancel()
	s, err := f.o.Session(ctx, c.instance, c.subject.Actor)
	if err != nil {
		return answer{}, err
	}
	s.Sees = c.subject.Sees
	if f.led[c.d.Name] {
		run, err := f.o.Ask(ctx, s, c.d.Name, c.input)
		if err != nil {
			return answer{}, err
		}
		return f.accepted(ctx, run, c.wait)
	}
	out, err := c.action.Invoke(ctx, s, c.input)
	if c.matches && errors.Is(err, component.Conflict) {
		return answer{}, preconditionFailed(component.FaultOf(err))
	}
	if err != nil {
		return answer{}, err
	}
	a := answer{status: http.StatusOK, header: map[string]string{}, body: out}
	if tag := etagOf(out); tag != "" {
		a.header["ETag"] = tag
	}
	return a, nil
}

// accepted answers with a run: with what it came to when it ends in time, and
// else with where it is to be seen.
func (f *Face) accepted(ctx context.Context, run store.Run, wait time.Duration) (answer, error) {
	run, err := f.settled(ctx, run, wait)
	if err != nil {
		return answer{}, err
	}
	if wait > 0 && isOver(run.State) {
		if run.State != store.Succeeded {
			return answer{}, problemOfFault(*run.Why())
		}
		if len(run.Output) > 0 {
			return answer{status: http.StatusOK, header: map[string]string{"Preference-Applied": "wait"}, body: run.Output}, nil
		}
	}
	raw, err := json.Marshal(RunAccepted{Run: refOf(run)})
	return answer{status: http.StatusAccepted, header: map[string]string{"Location": fmt.Sprintf("/v1/instances/%s/runs/%s", run.Instance, run.ID)}, body: raw}, err
}

// settled waits until a run has ended, so long at most.
func (f *Face) settled(ctx context.Context, run store.Run, wait time.Duration) (store.Run, error) {
	until := time.Now().Add(wait)
	for !isOver(run.State) && time.Now().Before(until) {
		select {
		case <-ctx.Done():
			return run, nil
		case <-f.quit:
			return run, nil
		case <-time.After(min(f.o.Poll, time.Until(until))):
		}
		err := f.o.Store.Read(ctx, func(tx store.Tx) (err error) {
			run, err = tx.Run(ctx, run.Instance, run.ID)
			return err
		})
		if err != nil {
			return run, err
		}
	}
	return run, nil
}
