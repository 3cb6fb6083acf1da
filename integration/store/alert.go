package store

import (
	"context"
	"time"
)

// Alert is something that was wrong and that people are told of once, and once
// more when it is over.
type Alert struct {
	Key   string    `json:"key"` // the same trouble has the same key
	Kind  string    `json:"kind"`
	Title string    `json:"title"`
	Text  string    `json:"text"`
	Do    string    `json:"do,omitempty"`
	Since time.Time `json:"since"`
	Ended time.Time `json:"ended"` // zero: it goes on
	Told  time.Time `json:"told"`  // when people were told of it; zero: not yet
	Over  time.Time `json:"over"`  // when they were told that it is over; zero: not yet
	Tries int       `json:"tries"` // how often telling them failed in a row
	Next  time.Time `json:"next"`  // when to try again
	Fault string    `json:"fault"` // why telling them failed, in words
}

// Alerts keeps alerts by key.
type Alerts interface {
	ListAlerts(ctx context.Context, instance string) ([]Alert, error) // newest first
	SaveAlert(ctx context.Context, instance string, a Alert) error
	ForgetAlert(ctx context.Context, instance, key string) error
}
