package itglue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

	"golang.org/x/time/rate"

	"github.com/itglue-revio/itglue-revio/component"
)

// credential is what all clients of one API key share in this process: its
// budget, and what was learned about the account's answers.
type credential struct {
	bulk   *rate.Limiter // everything but reveals
	reveal *rate.Limiter // a share of its own, so that a reveal never waits behind a sync
	slots  chan struct{} // requests in flight, reveals not counted

	mu       sync.Mutex
	sizes    map[string]int  // page size by resource, once it was halved
	listsOff bool            // a filter takes one organization only
	proven   map[string]bool // resources whose filter was seen to take several
	samples  map[string]int  // by resource, how many were asked for by themselves
}

// credentialOf gives the credential of a key at a base URL. The key of the map
// holds a hash, never the API key.
func credentialOf(host *component.Host, p Profile, base, key string) *credential {
	sum := sha256.Sum256([]byte(base + "\x00" + key))
	return component.Shared(host, "itglue/"+hex.EncodeToString(sum[:16]), func() *credential {
		kept := p.RatePerSecond * p.RevealShare
		return &credential{
			bulk:     rate.NewLimiter(rate.Limit(p.RatePerSecond-kept), p.Burst),
			reveal:   rate.NewLimiter(rate.Limit(kept), max(1, p.Burst/4)),
			slots:    make(chan struct{}, p.InFlight),
			sizes:    map[string]int{},
			listsOff: !p.Assumed.OrganizationLists,
			proven:   map[string]bool{},
			samples:  map[string]int{},
		}
	})
}

// wait takes one request out of the budget, waiting as long as that needs.
func (c *credential) wait(ctx context.Context, reveal bool) error {
	limiter := c.bulk
	if reveal {
		limiter = c.reveal
	}
	err := limiter.Wait(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &component.Error{Code: component.Unavailable, Message: "the call to IT Glue was interrupted before it was sent", Err: ctx.Err()}
	}
	return &component.Error{Code: component.RateLimited, Message: "the request budget of this IT Glue API key is used up for longer than this call may wait", Do: "Try again in a minute.", Err: errors.Unwrap(err)}
}

// enter waits for a place among the requests in flight. Leave gives it back.
func (c *credential) enter(ctx context.Context, reveal bool) (leave func(), err error) {
	if reveal {
		return func() {}, nil
	}
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, &component.Error{Code: component.Unavailable, Message: "the call to IT Glue was interrupted before it was sent", Err: ctx.Err()}
	}
}

// pageSize is the size of a page of a resource: the largest that worked.
func (c *credential) pageSize(resource string, most int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size, ok := c.sizes[resource]; ok {
		return min(size, most)
	}
	return most
}

// smallestPage is where halving ends; it is IT Glue's own default.
const smallestPage = 50

// shrink halves the page size of a resource after a page of size timed out. It
// reports false when the size is the smallest already.
func (c *credential) shrink(resource string, size int) bool {
	if size <= smallestPage {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, ok := c.sizes[resource]; !ok || now >= size {
		c.sizes[resource] = max(smallestPage, size/2)
	}
	return true
}

func (c *credential) lists() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.listsOff
}

func (c *credential) turnListsOff() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listsOff = true
}

func (c *credential) isProven(resource string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.proven[resource]
}

func (c *credential) prove(resource string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proven[resource] = true
}

// sampled counts n samples more of a resource, and says how many there were.
func (c *credential) sampled(resource string, n int) (before int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before = c.samples[resource]
	c.samples[resource] += n
	return before
}
