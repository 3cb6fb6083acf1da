package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// RunState is where a run stands.
type RunState string

// The states.
const (
	Waiting   RunState = "waiting" // until the run before it has ended
	Queued    RunState = "queued"
	Running   RunState = "running"
	Succeeded RunState = "succeeded"
	Failed    RunState = "failed"
	Stopped   RunState = "stopped" // until a person decides, or because one asked
)

// Run is one execution of a flow.
type Run struct {
	ID       string         `json:"id"`
	Instance string         `json:"instance"`
	Flow     string         `json:"flow"`
	Input    []byte         `json:"input"` // as JSON
	Cause    string         `json:"cause"` // "schedule", "manual", "decision"
	Actor    string         `json:"actor"`
	State    RunState       `json:"state"`
	Epoch    int64          `json:"epoch"`
	Owner    string         `json:"owner"` // host, pid and process start of who holds the lease
	Until    time.Time      `json:"until"` // when the lease, or the wait for a worker, runs out
	Stage    string         `json:"stage"`
	Counts   map[string]int `json:"counts"`
	Again    bool           `json:"again"`            // asked for once more while it worked
	Output   []byte         `json:"output,omitempty"` // as JSON; never of a sensitive action
	Error    string         `json:"error,omitempty"`
	Code     string         `json:"code,omitempty"`
	Attempts int            `json:"attempts"`
	Fault    []byte         `json:"fault,omitempty"`  // why it failed or was stopped, a component.Fault as JSON
	Sequence int64          `json:"sequence"`         // counts the changes of what is to be seen of it
	StopBy   string         `json:"stopBy,omitempty"` // who asked it to stop
	Created  time.Time      `json:"created"`
	Started  time.Time      `json:"started"`
	Ended    time.Time      `json:"ended"`
}

// Why says why a run failed or was stopped; nil for any other.
func (r Run) Why() *component.Fault {
	if r.State != Failed && r.State != Stopped {
		return nil
	}
	var f component.Fault
	if len(r.Fault) == 0 || json.Unmarshal(r.Fault, &f) != nil {
		f = component.Fault{Code: component.Code(r.Code), Message: r.Error}
	}
	if f.Code == "" {
		f.Code = component.NeedsReview // it was stopped before it began
	}
	return &f
}

// Runs keeps runs. An instance has at most one that is queued or running.
type Runs interface {
	// StartRun queues a run; an empty ID is given one. When the instance has an
	// active one already, it marks that one Again and gives it with joined true.
	StartRun(ctx context.Context, r Run) (run Run, joined bool, err error)
	// WaitRun keeps a run that is to be started when the one before it has ended.
	// When a run of the same flow and input waits already, it gives that one.
	WaitRun(ctx context.Context, r Run) (Run, error)
	// NextRun queues the run of an instance that has waited longest; [ErrNotFound]
	// when none waits. The instance must have no active run.
	NextRun(ctx context.Context, instance string, until time.Time) (Run, error)
	// WaitingInstances gives the instances of which a run waits, by id.
	WaitingInstances(ctx context.Context) ([]string, error)
	// AcquireRun takes the lease of a queued run of this epoch: running, Started,
	// Attempts+1. It fails with [ErrFenced] when the run is not queued at this epoch.
	AcquireRun(ctx context.Context, id string, epoch int64, owner string, until time.Time) (Run, error)
	// RenewRun keeps the lease and says how far the work is ("" and nil: nothing
	// new); [ErrFenced] when lost, [ErrStopped] when a person asked it to stop.
	RenewRun(ctx context.Context, f Fence, until time.Time, stage string, counts map[string]int) error
	// RequeueRun gives a failing run back for a later attempt at the same epoch.
	RequeueRun(ctx context.Context, f Fence, until time.Time, code, message string) error
	// FinishRun ends a run with r's State, Output, Error, Code, Fault, and Stage and
	// Counts where it has them; [ErrFenced] when lost.
	FinishRun(ctx context.Context, f Fence, r Run) error
	// TakeOverRuns queues again, at a new epoch, the active runs whose lease ran
	// out before at, and those whose owner dead says is gone.
	TakeOverRuns(ctx context.Context, at, until time.Time, dead func(owner string) bool) ([]Run, error)
	Run(ctx context.Context, instance, id string) (Run, error)               // instance "": any
	ListRuns(ctx context.Context, instance string, limit int) ([]Run, error) // newest first
	// FindRuns lists the runs that a query finds, newest first, without inputs
	// and with short outputs only.
	FindRuns(ctx context.Context, instance string, q RunQuery) (runs []Run, next string, err error)
	// StopRun asks a run to stop, in someone's name: one that waits ends at once,
	// one that works when it next renews its lease. One that has ended is
	// component.Conflict.
	StopRun(ctx context.Context, instance, id, by string) (Run, error)
	ActiveRun(ctx context.Context, instance string) (Run, error)
}

// RunQuery narrows a list of runs; zero fields do not.
type RunQuery struct {
	Flows  []string
	States []RunState
	After  string
	Limit  int // 0: all
}
