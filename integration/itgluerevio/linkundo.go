package itgluerevio

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// UndoLinksInput names links.
type UndoLinksInput struct {
	ID []string `json:"id" jsonschema:"minItems=1" jsonschema_description:"Organizations whose link is meant."`
}

// undoLinks takes the last decision of links back. Nothing is deleted: what was
// synced meanwhile stays on both sides.
func (k keeper) undoLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.undo", Summary: "Take the last decision of links back; what was synced meanwhile stays.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in UndoLinksInput) (Decided, error) {
			return k.decideLinks(ctx, s, linkDecision{ids: in.ID, action: "links.undo"})
		})
}

// undo puts a link back to how it was. Where that is another customer, what is
// remembered of the assets is forgotten, as with reassign. There is no undo of
// an undo: deciding anew is one.
func undo(ctx context.Context, tx store.Tx, s *component.Session, l *store.Link) error {
	b := l.Before
	if b == nil {
		return component.Errorf(component.Conflict, "there is no decision of the link of %s to take back", l.Organization.Name).Then("Accept, reject or reassign it instead.")
	}
	if customerID(l.Customer) != customerID(b.Customer) {
		if _, err := forgetPairs(ctx, tx, s, l.ID, false); err != nil {
			return err
		}
		b.Discovered = time.Time{}
	}
	l.Customer, l.State, l.Band, l.Score, l.Reasons, l.Never = b.Customer, b.State, b.Band, b.Score, b.Reasons, b.Never
	l.Decided, l.DecidedBy, l.Discovered, l.Before = b.Decided, b.DecidedBy, b.Discovered, nil
	return nil
}

func customerID(p *store.Party) string {
	if p == nil {
		return ""
	}
	return p.ID
}
