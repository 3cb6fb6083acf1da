package runner

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the driver named "sqlite"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// RunArgs is all that a job says, as River keeps arguments in its tables: which
// run to work on, at which epoch. A job of an epoch that has passed does nothing.
type RunArgs struct {
	Run   string `json:"run" river:"unique"`
	Epoch int64  `json:"epoch" river:"unique"`
}

// Kind names the job in River's tables.
func (RunArgs) Kind() string { return "run" }

// InsertOpts makes a job the only one of its run and epoch while it is not over.
// River's own list of states includes completed, which would refuse the retry
// of a run at the same epoch.
func (RunArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 5, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateScheduled, rivertype.JobStateRetryable,
	}}}
}

// queue hands runs to the workers of this process, or of another one on the same
// database.
type queue struct {
	r      *Runner
	db     *sql.DB
	client *river.Client[*sql.Tx]
}

// openQueue opens River's tables, with a handle of its own so that its polling
// never waits behind the store's one writer.
func (r *Runner) openQueue(ctx context.Context) (*queue, error) {
	path, err := filepath.Abs(r.o.DatabasePath)
	if err != nil {
		return nil, fmt.Errorf("the queue cannot be opened: %w", err)
	}
	source := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	source.RawQuery = "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("the queue cannot be opened: %w", err)
	}
	db.SetMaxOpenConns(1) // as riversqlite asks for
	q := &queue{r: r, db: db}
	if err := q.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return q, nil
}

func (q *queue) prepare(ctx context.Context) error {
	driver := riversqlite.New(q.db)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet(q.r.log)})
	if err != nil {
		return fmt.Errorf("the queue cannot be prepared: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("the queue cannot be prepared: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{r: q.r})
	q.client, err = river.NewClient(driver, &river.Config{
		Logger: quiet(q.r.log), Workers: workers,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.r.o.Workers}},
		JobTimeout:           -1, // a first pass may take hours
		RescueStuckJobsAfter: rescue,
	})
	if err != nil {
		return fmt.Errorf("the queue cannot be prepared: %w", err)
	}
	return nil
}

// put hands a run to a worker. What people wait for goes before the schedule.
func (q *queue) put(ctx context.Context, run store.Run) error {
	q.r.o.Hook("queued")
	priority := 2
	if run.Cause != "schedule" {
		priority = 1
	}
	_, err := q.client.Insert(ctx, RunArgs{Run: run.ID, Epoch: run.Epoch}, &river.InsertOpts{Priority: priority})
	if err != nil {
		return fmt.Errorf("the run %s could not be queued (the next sweep tries again): %w", run.ID, err)
	}
	return nil
}

// worker works on the runs that River hands out.
type worker struct {
	river.WorkerDefaults[RunArgs]
	r *Runner
}

// Work carries out one attempt. What came of it is in the run, so that River
// keeps no error text; only a fault of the database makes River try again.
func (w *worker) Work(ctx context.Context, job *river.Job[RunArgs]) error {
	run, err := w.r.acquire(ctx, job.Args.Run, job.Args.Epoch)
	if errors.Is(err, store.ErrFenced) {
		return nil // superseded
	}
	if err != nil {
		return err
	}
	if o := w.r.perform(ctx, run, false, nil); o.again > 0 {
		return river.JobSnooze(o.again)
	}
	if q := w.r.queue.Load(); q != nil && ctx.Err() == nil {
		return q.begin(ctx, run.Instance, q.next) // what waited for this one
	}
	return nil
}
