package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/serve"
)

// asked asks for a run and gives it.
func (o *office) asked(input string, headers ...string) (run serve.RunRef, location string) {
	o.t.Helper()
	got := o.post("operator", "toy.work", input, headers...)
	require.Equal(o.t, http.StatusAccepted, got.status, got.body)
	var body serve.RunAccepted
	require.NoError(o.t, json.Unmarshal([]byte(got.body), &body))
	require.Equal(o.t, "/v1/instances/"+o.acme+"/runs/"+body.Run.ID, got.header.Get("Location"))
	return body.Run, got.header.Get("Location")
}

func (o *office) shown(location string) (run serve.RunShown) {
	o.t.Helper()
	got := o.ask("viewer", http.MethodGet, location, "")
	require.Equal(o.t, http.StatusOK, got.status, got.body)
	require.NoError(o.t, json.Unmarshal([]byte(got.body), &run))
	return run
}

func TestFlowIsAnsweredWithItsRunWhichKeepsWhatItCameTo(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	run, location := o.asked(`{"wait":true}`)
	require.Equal(t, "toy.work", run.Flow)
	<-o.toy.began
	require.Eventually(t, func() bool { return o.shown(location).Stage == "working" }, patience, pace)
	during := o.shown(location)
	require.Equal(t, "running", during.State)
	require.Equal(t, []int{1, 10}, []int{during.Done, during.Total})
	require.Equal(t, "user:operator", during.Actor)

	after, next := o.asked(`{"fail":"forbidden"}`)
	require.Equal(t, "waiting", after.State, "one run at a time")
	close(o.toy.open)
	require.Eventually(t, func() bool { return o.shown(next).State == "failed" }, patience, pace)
	ended := o.shown(location)
	require.Equal(t, "succeeded", ended.State)
	require.Equal(t, map[string]any{"calls": 1.0}, ended.Output)
	require.NotNil(t, ended.Ended)
	failed := o.shown(next)
	require.Equal(t, "customer 7 was refused", failed.Problem.Message)
	require.Equal(t, "Look at it.", failed.Problem.Do)
	require.EqualValues(t, "forbidden", failed.Problem.Code)
}

func TestWhoeverPrefersToWaitIsAnsweredWithWhatTheRunCameTo(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	got := o.post("operator", "toy.work", `{}`, "Prefer: respond-async, wait=10")
	require.Equal(t, http.StatusOK, got.status, got.body)
	require.Equal(t, "wait", got.header.Get("Preference-Applied"))
	require.JSONEq(t, `{"calls":1}`, got.body)
	refused := o.post("operator", "toy.work", `{"fail":"forbidden"}`, "Prefer: wait=10").problem(t)
	require.Equal(t, http.StatusBadGateway, refused.Status)
	require.Equal(t, "customer 7 was refused", refused.Detail)
	slow := o.post("operator", "toy.work", `{"wait":true}`, "Prefer: wait=1")
	require.Equal(t, http.StatusAccepted, slow.status, "it is not over")
	close(o.toy.open)
}

func TestRunAskedForAgainUnderItsKeyIsTheSameRun(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	first, _ := o.asked(`{"wait":true}`, "Idempotency-Key: k1")
	<-o.toy.began
	again, _ := o.asked(`{"wait":true}`, "Idempotency-Key: k1")
	require.Equal(t, first.ID, again.ID)
	close(o.toy.open)
}

func TestFaultyInputMakesNoRun(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	p := o.post("operator", "toy.work", `{"wiat":true}`).problem(t)
	require.Equal(t, http.StatusUnprocessableEntity, p.Status)
	require.Equal(t, "/wiat", p.Problems[0].Pointer)
	require.Equal(t, "no-right", o.post("viewer", "toy.work", `{}`).problem(t).Code)
	require.Zero(t, o.toy.calls.Load())
}

// event is one of a stream.
type event struct {
	id, name string
	run      serve.RunShown
}

// watch opens the stream of a run after the event of an id, and gives its events
// one by one, and how to go.
func (o *office) watch(location, after string) (next func() (event, bool), leave func()) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url+location+"/events", nil)
	require.NoError(o.t, err)
	r.Header.Set("Who", "viewer")
	r.Header.Set("Last-Event-ID", after)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(o.t, err)
	require.Equal(o.t, http.StatusOK, answer.StatusCode)
	require.Equal(o.t, "text/event-stream", answer.Header.Get("Content-Type"))
	lines := bufio.NewScanner(answer.Body)
	next = func() (e event, ok bool) {
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "":
				if lines.Text() == "" && e.id != "" {
					return e, true
				}
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				require.NoError(o.t, json.Unmarshal([]byte(value), &e.run))
			}
		}
		return e, false
	}
	o.t.Cleanup(cancel)
	return next, func() { cancel(); _ = answer.Body.Close() }
}

func TestRunIsWatchedToItsEndAndGoneOnWithWhereTheReaderLeft(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	_, location := o.asked(`{"wait":true}`)
	<-o.toy.began
	next, leave := o.watch(location, "")
	var last event
	for last.run.Stage != "working" {
		e, ok := next()
		require.True(t, ok)
		require.Equal(t, "progress", e.name)
		require.NotEqual(t, last.id, e.id)
		last = e
	}
	leave()
	next, _ = o.watch(location, last.id)
	close(o.toy.open)
	e, ok := next()
	require.True(t, ok)
	require.Equal(t, "ended", e.name, "what was seen is not sent again, and nothing is missed")
	require.Equal(t, "succeeded", e.run.State)
	require.Equal(t, map[string]any{"calls": 1.0}, e.run.Output)
	_, ok = next()
	require.False(t, ok, "the stream ends with the run")

	got := o.ask("viewer", http.MethodGet, location+"/events", "", "Last-Event-ID: "+e.id)
	require.Equal(t, http.StatusNoContent, got.status, "there is nothing to come again for")
	whole := o.ask("viewer", http.MethodGet, location+"/events", "")
	require.Contains(t, whole.body, "event: ended\ndata: {")
}

func TestSilentStreamSaysThatItIsThereAndEndsWithTheServer(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	_, location := o.asked(`{"wait":true}`)
	<-o.toy.began
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+location+"/events", nil)
	require.NoError(t, err)
	r.Header.Set("Who", "viewer")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	for beats := 0; beats < 2; {
		require.True(t, lines.Scan(), "it goes on while the run does")
		if lines.Text() == ": still here" {
			beats++
		}
	}
	o.face.Quit()
	for lines.Scan() { // to its end
	}
	require.NoError(t, lines.Err())
	close(o.toy.open)
}
