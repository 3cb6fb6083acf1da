package itgluerevio

import (
	"context"
	"maps"
	"slices"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// AssetCount says how the assets of accepted links are.
type AssetCount struct {
	ITGlue      int `json:"itglue" jsonschema_description:"Assets seen in IT Glue."`
	Revio       int `json:"revio" jsonschema_description:"Assets seen in Rev.io."`
	Linked      int `json:"linked" jsonschema_description:"Pairs that are kept in step."`
	Held        int `json:"held" jsonschema_description:"Records that wait for a person or for the other system."`
	OnlyInRevio int `json:"onlyInRevio"`
	Conflicts   int `json:"conflicts" jsonschema_description:"Open conflicts of their fields."`
}

// countAssets counts the assets of one accepted link.
func countAssets(ctx context.Context, tx store.Tx, instance string, l store.Link) (n AssetCount, err error) {
	owners := map[reconcile.Side]string{reconcile.Left: l.ID, reconcile.Right: customerID(l.Customer)}
	for side, owner := range owners {
		records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side, Owners: []string{owner}})
		if err != nil {
			return n, err
		}
		if side == reconcile.Left {
			n.ITGlue = len(records)
		} else {
			n.Revio = len(records)
		}
	}
	pairs, err := tx.ListPairs(ctx, instance, store.PairQuery{Kind: reconcile.Asset, Owners: []string{l.ID}})
	if err != nil {
		return n, err
	}
	for _, p := range pairs {
		if len(p.Gone) == 0 {
			n.Linked++
		}
	}
	reports, err := tx.ListReports(ctx, instance, []string{l.ID})
	if err != nil {
		return n, err
	}
	for _, r := range reports {
		for _, h := range r.Held {
			switch {
			case h.Code == reconcile.OnlyRight:
				n.OnlyInRevio++
			case h.Field == "":
				n.Held++
			}
		}
	}
	conflicts, _, err := tx.ListConflicts(ctx, instance, store.ConflictQuery{Open: true, Owners: []string{l.ID}})
	n.Conflicts = len(conflicts)
	return n, err
}

// AssetCountsInput narrows what is counted.
type AssetCountsInput struct {
	Organization string `json:"organization,omitempty" jsonschema_description:"Only of this organization, by id."`
}

// AssetCounts counts assets by state and by type.
type AssetCounts struct {
	States []NamedCount `json:"states" jsonschema_description:"linked, held, only-in-revio and waiting; a linked pair counts once."`
	Types  []NamedCount `json:"types" jsonschema_description:"IT Glue's flexible asset types, by id."`
}

// NamedCount is a count of one thing.
type NamedCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

func (k keeper) countAssetStates() component.Callable {
	return component.Func(component.Spec{Name: "assets.counts", Summary: "Count the assets of accepted links by state and by type, a linked pair once.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in AssetCountsInput) (out AssetCounts, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				out, err = assetCounts(ctx, tx, s.Instance, in.Organization)
				return err
			})
			return out, err
		})
}

// assetCounts counts the assets of accepted links.
func assetCounts(ctx context.Context, tx store.Tx, instance, organization string) (AssetCounts, error) {
	out := AssetCounts{States: []NamedCount{}, Types: []NamedCount{}}
	q, err := assetQuery(ctx, tx, instance, organization)
	if err != nil {
		return out, err
	}
	for _, state := range []store.AssetState{store.LinkedAsset, store.HeldAsset, store.OnlyRightAsset, store.WaitingAsset} {
		q.State = state
		n, err := tx.CountRecords(ctx, instance, q)
		if err != nil {
			return out, err
		}
		total := 0
		for _, one := range n {
			total += one
		}
		out.States = append(out.States, NamedCount{Name: string(state), Count: total})
	}
	q.State, q.Side = "", reconcile.Left
	types, err := tx.CountRecords(ctx, instance, q)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		out.Types = append(out.Types, NamedCount{Name: name, Count: types[name]})
	}
	return out, err
}

// assetQuery asks for the assets of accepted links, each pair once: all, or one
// organization's on both sides.
func assetQuery(ctx context.Context, tx store.Tx, instance, organization string) (store.RecordQuery, error) {
	q := store.RecordQuery{Accepted: true, Once: true}
	if organization == "" {
		return q, nil
	}
	l, err := tx.Link(ctx, instance, organization)
	if err == nil {
		q.Owners = []string{l.ID, customerID(l.Customer)}
	}
	return q, err
}
