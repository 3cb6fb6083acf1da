package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	headerKey    = "Idempotency-Key"
	mostKey      = 200
	keptFor      = 24 * time.Hour
	workedOnFor  = callWithin + time.Minute // after this a request without an answer went down with its process
	headerReplay = "Idempotency-Replayed"
)

// once carries out a write at most once for a key of its subject: the same
// request sent again is given the first answer.
func (f *Face) once(w http.ResponseWriter, r *http.Request, c call, key string) {
	if len(key) > mostKey {
		Fail(w, r, component.Errorf(component.InvalidInput, "the %s is longer than %d characters", headerKey, mostKey))
		return
	}
	now := f.o.Now()
	asked := store.Reply{Subject: c.subject.Actor, Key: key, Fingerprint: c.fingerprint(), Created: now}
	ctx := context.WithoutCancel(r.Context()) // a claim that is made must be settled
	var kept store.Reply
	claimed := false
	err := f.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		kept, claimed, err = tx.ClaimReply(ctx, asked, now.Add(-keptFor))
		return err
	})
	if err != nil {
		Fail(w, r, err)
		return
	}
	if !claimed {
		a, err := again(kept, asked, now)
		f.answer(w, r, a, err)
		return
	}
	a, failed := f.carryOut(ctx, c)
	err = f.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		if reply, keep := replyOf(asked, a, failed, c.d.Sensitive); keep {
			return tx.SaveReply(ctx, reply)
		}
		return tx.ForgetReply(ctx, asked.Subject, asked.Key)
	})
	if err != nil {
		f.log.Error("an answer could not be kept under its key", "error", err)
	}
	f.answer(w, r, a, failed)
}

// fingerprint tells requests of one key apart.
func (c call) fingerprint() string {
	h := sha256.New()
	for _, part := range []string{c.d.Name, c.instance, string(c.input)} {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// replyOf gives what is to be kept of an answer. What failed and certainly was
// not carried out is not kept: its key may be used again.
func replyOf(asked store.Reply, a answer, failed error, sensitive bool) (store.Reply, bool) {
	if failed == nil {
		asked.Status, asked.Header, asked.Body = a.status, a.header, a.body
		if sensitive {
			asked.Body = nil
		}
		return asked, true
	}
	p := problemFor(failed)
	if p.Code != string(component.Unsettled) && p.Code != string(component.Internal) {
		return asked, false
	}
	raw, err := json.Marshal(p)
	asked.Status, asked.Body = p.Status, raw
	return asked, err == nil
}

func problemFor(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return problemOf(err)
}

// again gives the first answer to a request that is sent again.
func again(kept, asked store.Reply, now time.Time) (answer, error) {
	switch {
	case kept.Fingerprint != asked.Fingerprint:
		return answer{}, component.Errorf(component.InvalidInput, "the %s was used for another request", headerKey).Then("Make a new key for each request.")
	case kept.Status == 0 && now.Sub(kept.Created) < workedOnFor:
		p := problem(http.StatusConflict, codeInProgress, "the first request of this key is still being worked on", "Wait, and send it again for its answer.")
		p.RetryAfter = 1
		return answer{}, p
	case kept.Status == 0:
		return answer{}, component.Errorf(component.Unsettled, "the first request of this key was cut off, so whether it was carried out is not known").
			Then("Look, and send it under a new key where it was not.")
	case kept.Status >= http.StatusBadRequest:
		var p Problem
		if err := json.Unmarshal(kept.Body, &p); err != nil {
			return answer{}, err
		}
		return answer{}, &p
	case len(kept.Body) == 0:
		return answer{}, component.Errorf(component.Conflict, "the request was carried out, and its answer is kept nowhere").Then("Undo it, and ask again under a new key.")
	}
	header := map[string]string{headerReplay: "true"}
	for name, value := range kept.Header {
		if !strings.EqualFold(name, headerReplay) {
			header[name] = value
		}
	}
	return answer{status: kept.Status, header: header, body: kept.Body}, nil
}
