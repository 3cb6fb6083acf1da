package itgluerevio

import (
	"context"
	"encoding/json"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Run is a run as it is listed.
type Run struct {
	ID      string          `json:"id"`
	Flow    string          `json:"flow"`
	Cause   string          `json:"cause"`
	Actor   string          `json:"actor"`
	State   string          `json:"state"`
	Stage   string          `json:"stage,omitempty"`
	Created time.Time       `json:"created"`
	Started *time.Time      `json:"started,omitempty"`
	Ended   *time.Time      `json:"ended,omitempty"`
	Error   string          `json:"error,omitempty"`
	Counts  map[string]int  `json:"counts,omitempty"`
	Output  json.RawMessage `json:"output,omitempty"`
}

func (k keeper) listRuns() component.Callable {
	type list struct {
		Items []Run `json:"items"`
	}
	return component.Func(component.Spec{Name: "runs.list", Summary: "List the runs of an instance, newest first.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			Limit int `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0 is 50."`
		}) (list, error) {
			out := list{Items: []Run{}}
			limit := in.Limit
			if limit == 0 {
				limit = 50
			}
			err := k.read(ctx, func(tx store.Tx) error {
				runs, err := tx.ListRuns(ctx, s.Instance, limit)
				for _, r := range runs {
					shown := shownRun(r)
					shown.Output, shown.Counts = nil, nil
					out.Items = append(out.Items, shown)
				}
				return err
			})
			return out, err
		})
}

func (k keeper) showRun() component.Callable {
	return component.Func(component.Spec{Name: "runs.show", Summary: "Show one run and what it did.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			ID string `json:"id" jsonschema:"minLength=1"`
		}) (out Run, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				r, err := tx.Run(ctx, s.Instance, in.ID)
				out = shownRun(r)
				return err
			})
			return out, err
		})
}

func shownRun(r store.Run) Run {
	return Run{ID: r.ID, Flow: r.Flow, Cause: r.Cause, Actor: r.Actor, State: string(r.State), Stage: r.Stage, Created: r.Created, Started: component.Instant(r.Started), Ended: component.Instant(r.Ended), Error: r.Error, Counts: r.Counts, Output: r.Output}
}
