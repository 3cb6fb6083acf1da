package itgluerevio

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// RunRow is a run as it is listed.
type RunRow struct {
	ID      string         `json:"id"`
	Flow    string         `json:"flow"`
	Cause   string         `json:"cause" jsonschema_description:"schedule, manual or decision."`
	Actor   string         `json:"actor"`
	State   string         `json:"state" jsonschema:"enum=waiting,enum=queued,enum=running,enum=succeeded,enum=failed,enum=stopped"`
	Words   string         `json:"words" jsonschema_description:"The run in one line."`
	At      time.Time      `json:"at" jsonschema_description:"When it ended, or began, or was asked for."`
	Stage   string         `json:"stage,omitempty"`
	Created time.Time      `json:"created"`
	Started *time.Time     `json:"started,omitempty"`
	Ended   *time.Time     `json:"ended,omitempty"`
	Seconds float64        `json:"seconds,omitempty" jsonschema_description:"How long it worked."`
	Error   string         `json:"error,omitempty"`
	Code    string         `json:"code,omitempty"`
	StopBy  string         `json:"stopBy,omitempty" jsonschema_description:"Who asked it to stop."`
	Counts  map[string]int `json:"counts,omitempty" jsonschema_description:"How far it is: done and total."`
	Result  *RunResult     `json:"result,omitempty"`
}

// RunResult is what a run did, in counts.
type RunResult struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Same      int `json:"same"`
	Conflicts int `json:"conflicts"`
	Held      int `json:"held"`
}

// Run is one run and what it did.
type Run struct {
	RunRow
	Input  json.RawMessage `json:"input,omitempty"`
	Output json.RawMessage `json:"output,omitempty"`
	// Fault is what the run failed with.
	Fault *component.Fault `json:"fault,omitempty" jsonschema_description:"Of a run that failed or was stopped: why, and what to do next."`
}

// ListRunsInput narrows the list of runs.
type ListRunsInput struct {
	Limit  int      `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0 is 50."`
	Cursor string   `json:"cursor,omitempty" jsonschema_description:"The next of an earlier answer."`
	Flow   []string `json:"flow,omitempty" jsonschema_description:"Only of these flows."`
	State  []string `json:"state,omitempty" jsonschema:"enum=waiting,enum=queued,enum=running,enum=succeeded,enum=failed,enum=stopped"`
}

func (k keeper) listRuns() component.Callable {
	type list struct {
		Items []RunRow `json:"items"`
		Next  string   `json:"next,omitempty"`
	}
	return component.Func(component.Spec{Name: "runs.list", Summary: "List the runs of an instance, newest first.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListRunsInput) (list, error) {
			out := list{Items: []RunRow{}}
			q := store.RunQuery{Flows: in.Flow, After: in.Cursor, Limit: in.Limit}
			if q.Limit == 0 {
				q.Limit = 50
			}
			for _, state := range in.State {
				q.States = append(q.States, store.RunState(state))
			}
			err := k.read(ctx, func(tx store.Tx) error {
				runs, next, err := tx.FindRuns(ctx, s.Instance, q)
				out.Next = next
				for _, r := range runs {
					out.Items = append(out.Items, runRow(r))
				}
				return err
			})
			return out, err
		})
}

// OneRun names a run.
type OneRun struct {
	ID string `json:"id" jsonschema:"minLength=1"`
}

func (k keeper) showRun() component.Callable {
	return component.Func(component.Spec{Name: "runs.show", Summary: "Show one run and what it did.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in OneRun) (out Run, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				r, err := tx.Run(ctx, s.Instance, in.ID)
				out = Run{RunRow: runRow(r), Input: r.Input, Output: r.Output, Fault: r.Why()}
				return err
			})
			return out, err
		})
}

func (k keeper) stopRun() component.Callable {
	return component.Func(component.Spec{Name: "runs.stop", Summary: "Ask a run to stop before its next write; what it wrote stays, and the next run goes on.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in OneRun) (out RunRow, err error) {
			err = k.decide(ctx, s, "runs.stop", "run "+in.ID, nil, func(tx store.Tx) error {
				r, err := tx.StopRun(ctx, s.Instance, in.ID, s.Actor)
				out = runRow(r)
				return err
			})
			return out, err
		})
}

// CompareRunsInput names two runs.
type CompareRunsInput struct {
	A string `json:"a" jsonschema:"minLength=1" jsonschema_description:"The earlier run."`
	B string `json:"b" jsonschema:"minLength=1" jsonschema_description:"The later run."`
}

// ComparedCount is one count of two runs.
type ComparedCount struct {
	Name   string `json:"name"`
	A      int    `json:"a"`
	B      int    `json:"b"`
	Change int    `json:"change"`
}

// ComparedRuns are two runs side by side.
type ComparedRuns struct {
	A       RunRow          `json:"a"`
	B       RunRow          `json:"b"`
	Counts  []ComparedCount `json:"counts"`
	OnlyInA []string        `json:"onlyInA" jsonschema_description:"What only the first one said, in words."`
	OnlyInB []string        `json:"onlyInB"`
}

func (k keeper) compareRuns() component.Callable {
	return component.Func(component.Spec{Name: "runs.compare", Summary: "Compare what two runs counted and said.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in CompareRunsInput) (out ComparedRuns, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				a, err := tx.Run(ctx, s.Instance, in.A)
				if err != nil {
					return err
				}
				b, err := tx.Run(ctx, s.Instance, in.B)
				if err == nil {
					out, err = compared(a, b)
				}
				return err
			})
			return out, err
		})
}

func compared(a, b store.Run) (ComparedRuns, error) {
	out := ComparedRuns{A: runRow(a), B: runRow(b), Counts: []ComparedCount{}, OnlyInA: []string{}, OnlyInB: []string{}}
	left, notesA, err := counts(a)
	if err != nil {
		return out, err
	}
	right, notesB, err := counts(b)
	if err != nil {
		return out, err
	}
	names := map[string]bool{}
	for name := range left {
		names[name] = true
	}
	for name := range right {
		names[name] = true
	}
	for name := range names {
		out.Counts = append(out.Counts, ComparedCount{Name: name, A: left[name], B: right[name], Change: right[name] - left[name]})
	}
	slices.SortFunc(out.Counts, func(a, b ComparedCount) int { return strings.Compare(a.Name, b.Name) })
	without := func(of, other []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(n string) bool { return slices.Contains(other, n) })
	}
	out.OnlyInA, out.OnlyInB = append(out.OnlyInA, without(notesA, notesB)...), append(out.OnlyInB, without(notesB, notesA)...)
	return out, nil
}

// counts gives the numbers of a run's output, those within others with a dot,
// and what it said in words.
func counts(r store.Run) (map[string]int, []string, error) {
	numbers, notes := map[string]int{}, []string{}
	if len(r.Output) == 0 {
		return numbers, notes, nil
	}
	var output map[string]any
	if err := json.Unmarshal(r.Output, &output); err != nil {
		return nil, nil, component.Errorf(component.Internal, "what the run %s did cannot be read: %w", r.ID, err)
	}
	var walk func(prefix string, v map[string]any)
	walk = func(prefix string, v map[string]any) {
		for name, value := range v {
			switch value := value.(type) {
			case float64:
				numbers[prefix+name] = int(value)
			case map[string]any:
				walk(prefix+name+".", value)
			case []any:
				for _, one := range value {
					if text, ok := one.(string); ok && prefix == "" && (name == "notes" || name == "stopped") {
						notes = append(notes, text)
					}
				}
			}
		}
	}
	walk("", output)
	return numbers, notes, nil
}

func runRow(r store.Run) RunRow {
	row := RunRow{ID: r.ID, Flow: r.Flow, Cause: r.Cause, Actor: r.Actor, State: string(r.State), Stage: r.Stage, Created: r.Created, At: r.Created,
		Started: component.Instant(r.Started), Ended: component.Instant(r.Ended), Error: r.Error, Code: r.Code, StopBy: r.StopBy, Counts: r.Counts}
	if !r.Started.IsZero() {
		row.At = r.Started
	}
	if !r.Ended.IsZero() {
		row.At = r.Ended
		if !r.Started.IsZero() {
			row.Seconds = float64(r.Ended.Sub(r.Started).Milliseconds()) / 1000
		}
	}
	row.Words, row.Result = runWords(r), runResult(r)
	return row
}

// flowTitles are the flows as people know them.
var flowTitles = map[string]string{
	"sync.match-organizations": "Organization matching", "sync.discover-assets": "Asset discovery", "sync.cycle": "Sync cycle", "sync.customer": "Sync of one customer",
	"plan.create": "Plan", "plan.apply": "Applied plan", "assets.restore": "Restored value",
}

// runWords is a run in one line.
func runWords(r store.Run) string {
	title := flowTitles[r.Flow]
	if title == "" {
		title = r.Flow
	}
	switch r.State {
	case store.Queued, store.Waiting:
		return title + " waits for its turn"
	case store.Running:
		if r.Stage != "" {
			return title + ": " + r.Stage
		}
		return title + " is running"
	case store.Failed:
		return title + " failed"
	case store.Stopped:
		return title + " was stopped"
	}
	if result := runResult(r); result != nil && result.Created+result.Updated > 0 {
		return fmt.Sprintf("%s: %d created, %d updated", title, result.Created, result.Updated)
	}
	return title + " succeeded"
}

// runResult counts what a run of a cycle did; nil for any other.
func runResult(r store.Run) *RunResult {
	var report cycle.Report
	if r.State != store.Succeeded || !hasPrefix(r.Flow, "sync.", "plan.apply") || len(r.Output) == 0 || json.Unmarshal(r.Output, &report) != nil {
		return nil
	}
	return &RunResult{Created: report.Created, Updated: report.ToRevio + report.ToITGlue, Same: report.Steady, Conflicts: report.Conflicts, Held: report.Held}
}
