package serve_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/serve"
)

func TestWriteSentAgainUnderItsKeyIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	first := o.post("operator", "notes.put", `{"id":"7","text":"a"}`, "Idempotency-Key: k1")
	again := o.post("operator", "notes.put", `{"id":"7","text":"a"}`, "Idempotency-Key: k1")
	require.Equal(t, first.status, again.status)
	require.Equal(t, first.body, again.body)
	require.Equal(t, first.header.Get("ETag"), again.header.Get("ETag"))
	require.Empty(t, first.header.Get("Idempotency-Replayed"))
	require.Equal(t, "true", again.header.Get("Idempotency-Replayed"))
	require.EqualValues(t, 1, o.toy.calls.Load())

	other := o.post("operator", "notes.put", `{"id":"7","text":"b"}`, "Idempotency-Key: k1").problem(t)
	require.Equal(t, http.StatusUnprocessableEntity, other.Status)
	elsewhere := o.ask("admin", http.MethodPost, "/v1/instances/rival/actions/notes.put", `{"id":"7","text":"a"}`, "Idempotency-Key: k1")
	require.Equal(t, http.StatusOK, elsewhere.status, "keys are each subject's own")
	require.EqualValues(t, 2, o.toy.calls.Load())
	require.Equal(t, http.StatusUnprocessableEntity, o.post("operator", "notes.put", `{"id":"7"}`, "Idempotency-Key: "+strings.Repeat("k", 201)).status)
	require.Equal(t, http.StatusNotFound, o.post("viewer", "notes.get", `{"id":"9"}`, "Idempotency-Key: k1").status, "what reads needs no key")
}

func TestOfManyRequestsUnderOneKeyOneIsCarriedOut(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	const many = 8
	answers := make(chan said, many)
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			answers <- o.post("operator", "notes.put", `{"id":"7","text":"wait"}`, "Idempotency-Key: k1")
		})
	}
	<-o.toy.began
	for range many - 1 {
		p := (<-answers).problem(t)
		require.Equal(t, http.StatusConflict, p.Status)
		require.Equal(t, "in-progress", p.Code)
		require.Positive(t, p.RetryAfter)
	}
	close(o.toy.open)
	all.Wait()
	first := <-answers
	require.Equal(t, http.StatusOK, first.status)
	require.Equal(t, first.body, o.post("operator", "notes.put", `{"id":"7","text":"wait"}`, "Idempotency-Key: k1").body)
	require.EqualValues(t, 1, o.toy.calls.Load())
}

func TestKeyIsFreeAgainWhereNothingWasCarriedOut(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, code := range []string{"unavailable", "rate-limited", "needs-review", "conflict", "invalid-input"} {
		before := o.toy.calls.Load()
		for range 2 {
			require.Equal(t, code, o.post("operator", "notes.put", `{"id":"7","text":"fail `+code+`"}`, "Idempotency-Key: "+code).problem(t).Code)
		}
		require.Equal(t, before+2, o.toy.calls.Load(), code)
		require.Equal(t, http.StatusOK, o.post("operator", "notes.put", `{"id":"7","text":"now another"}`, "Idempotency-Key: "+code).status)
	}
	for _, code := range []string{"unsettled", "internal"} {
		before := o.toy.calls.Load()
		for range 2 {
			require.Equal(t, code, o.post("operator", "notes.put", `{"id":"7","text":"fail `+code+`"}`, "Idempotency-Key: "+code).problem(t).Code)
		}
		require.Equal(t, before+1, o.toy.calls.Load(), "%s may have been carried out", code)
	}
}

func TestSensitiveAnswerIsKeptNowhereAndNotGivenTwice(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	require.Contains(t, o.post("admin", "tokens.make", `{}`, "Idempotency-Key: k1").body, "hunter2")
	again := o.post("admin", "tokens.make", `{}`, "Idempotency-Key: k1")
	require.NotContains(t, again.body, "hunter2")
	require.Equal(t, "conflict", again.problem(t).Code)
	require.EqualValues(t, 1, o.toy.calls.Load())
}

func TestRequestThatWentDownWithItsProcessIsUnsettled(t *testing.T) {
	t.Parallel()
	clock := struct {
		sync.Mutex
		now time.Time
	}{now: time.Now()}
	o := open(t, func(f *serve.FaceOptions) {
		f.Now = func() time.Time { clock.Lock(); defer clock.Unlock(); return clock.now }
	})
	done := make(chan said, 1)
	go func() { done <- o.post("operator", "notes.put", `{"id":"7","text":"wait"}`, "Idempotency-Key: k1") }()
	<-o.toy.began
	later := func(by time.Duration) {
		clock.Lock()
		defer clock.Unlock()
		clock.now = clock.now.Add(by)
	}
	later(time.Hour)
	require.Equal(t, "unsettled", o.post("operator", "notes.put", `{"id":"7","text":"wait"}`, "Idempotency-Key: k1").problem(t).Code)
	close(o.toy.open)
	require.Equal(t, http.StatusOK, (<-done).status)
	later(25 * time.Hour)
	require.Equal(t, http.StatusOK, o.post("operator", "notes.put", `{"id":"7","text":"new"}`, "Idempotency-Key: k1").status, "a day later the key is new")
}
