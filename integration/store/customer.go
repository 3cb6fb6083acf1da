package store

import (
	"context"
	"time"
)

// Customer is a Rev.io customer as it was last listed: what a person chooses
// from. Nothing of its assets is here.
type Customer struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Status string    `json:"status,omitempty"`
	City   string    `json:"city,omitempty"`
	Domain string    `json:"domain,omitempty"`
	Phone  string    `json:"phone,omitempty"`
	Seen   time.Time `json:"seen"` // when it was last listed
}

// Customers keeps the customers of the last listing.
type Customers interface {
	// SaveCustomers makes or replaces customers, and forgets the others when the
	// listing was complete.
	SaveCustomers(ctx context.Context, instance string, customers []Customer, complete bool) error
	ListCustomers(ctx context.Context, instance string, q CustomerQuery) (customers []Customer, next string, err error)
}

// CustomerQuery narrows a list of customers; zero fields do not.
type CustomerQuery struct {
	IDs    []string
	Link   LinkState // only those that a link of this state names
	Free   bool      // only those that no accepted link names
	Search string    // part of the name, any case
	After  string
	Limit  int // 0: all
}
