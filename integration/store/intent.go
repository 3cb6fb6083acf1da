package store

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Intent is a create written down before it is carried out. One that the other
// system refused is kept, too, without Sent: nothing of it is under way.
type Intent struct {
	ID       string       `json:"id"`
	Run      string       `json:"run"`
	Op       reconcile.Op `json:"op"`
	Created  time.Time    `json:"created"`
	Sent     time.Time    `json:"sent"`               // when the request was last about to leave; zero: not yet
	Made     string       `json:"made,omitempty"`     // the record's id, where the other system said it and then did not show the record
	Customer string       `json:"customer,omitempty"` // of the link, with an asset that is made in IT Glue
	Unclear  string       `json:"unclear"`            // why its outcome is not known, in words
	Parked   string       `json:"parked"`             // why a person must decide, in words
	Refused  int          `json:"refused"`            // how often in a row the other system did not take it
	Why      string       `json:"why"`                // why it did not, the last time, in words
}

// UnderWay reports whether its request may have left, so that its outcome is owed.
func (in Intent) UnderWay() bool { return !in.Sent.IsZero() }

// Intents keeps creates until they are settled.
type Intents interface {
	ListIntents(ctx context.Context, instance string) ([]Intent, error) // oldest first
	SaveIntent(ctx context.Context, instance string, in Intent) error   // one for each Op.ID: a second one for it is component.Conflict
	SettleIntent(ctx context.Context, instance, id string) error        // forgets it
}
