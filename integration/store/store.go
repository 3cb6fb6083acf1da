// Package store says what is remembered, and what a transaction may do with
// it. It holds the types and the interface; store/sqlstore keeps them in SQLite
// or Postgres, and store/storetest is the suite that both must pass.
//
// Every row belongs to an instance, and every method names it: two instances
// never see each other. Nothing here calls another system, and no transaction
// stays open while something else does.
//
// A password's value is stored nowhere. Literal secrets of a connection are
// sealed (see [Tx.Seal]).
package store

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Store is what is remembered. Write and Read run f in one transaction, which
// is rolled back when f fails; f may run again after a busy database, so it
// changes nothing outside the transaction.
type Store interface {
	// Write runs f in a writing transaction. With a fence, the transaction fails
	// with [ErrFenced] when the run was taken over or has ended.
	Write(ctx context.Context, fence Fence, f func(Tx) error) error
	// Read runs f in a reading transaction.
	Read(ctx context.Context, f func(Tx) error) error
	Close() error
}

// Fence names the run that a write belongs to. The zero Fence is no run: a
// person's decision, or the scheduler's own work.
type Fence struct {
	Run   string
	Epoch int64
}

// Tx is one transaction. A method that finds nothing answers with [ErrNotFound]
// (a component.Error with component.NotFound that says what is missing);
// forgetting what is not there is no error. Lists come sorted; where one is
// narrowed by a list, nil is any and an empty list is none. All times are kept to
// the millisecond in UTC.
//
// Rows belong to an instance that is there: saving one for an id that is none
// (such as an instance's name) fails with component.NotFound.
type Tx interface {
	Instances
	Links
	Records
	Pairs
	Intents
	Reports
	Passwords
	Runs
	Audit
}

// Status is where an instance stands.
type Status string

// The statuses.
const (
	Draft   Status = "draft"   // its pages are not complete
	Active  Status = "active"  // its flows run
	Paused  Status = "paused"  // a person stopped it
	Removed Status = "removed" // no longer shown; nothing of it is deleted
)

// Instance is one installation of the integration for one MSP.
type Instance struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Status   Status            `json:"status"`
	RunAs    string            `json:"runAs"`    // the service account that unattended runs act as
	Document []byte            `json:"document"` // the answers of its pages, as JSON; secrets as references or ${sealed}
	Version  int64             `json:"version"`  // counts the changes of the document
	Bound    map[string]string `json:"bound"`    // by connection: the account that it was first matched with
	Notes    map[string]string `json:"notes"`    // what flows remember between runs, by key
	NextDue  time.Time         `json:"nextDue"`  // when its next scheduled run is due
	Created  time.Time         `json:"created"`
	Updated  time.Time         `json:"updated"`
}

// Instances keeps instances and their sealed secrets.
type Instances interface {
	// Instance finds an instance by id or name; removed ones by id only.
	Instance(ctx context.Context, idOrName string) (Instance, error)
	ListInstances(ctx context.Context) ([]Instance, error) // without removed ones, by name
	// SaveInstance makes or replaces an instance, with its Notes, Bound and
	// NextDue: read it in the same transaction. An empty ID is given one. It
	// fails with component.Conflict when Version is not the stored one (0 for a
	// new instance) or the name is taken, and counts the version up.
	SaveInstance(ctx context.Context, in Instance) (Instance, error)
	// NoteInstance sets Notes, Bound and NextDue alone, without a new version.
	NoteInstance(ctx context.Context, in Instance) error
	// DueInstances gives the active instances whose NextDue has come (the zero
	// time has) and that have no active run.
	DueInstances(ctx context.Context, at time.Time, limit int) ([]Instance, error)

	// Seal keeps a literal secret of an instance, encrypted, under a name such as
	// "connections.revio.clientSecret". Sealing "" forgets it.
	Seal(ctx context.Context, instance, name, secret string) error
	Unseal(ctx context.Context, instance, name string) (string, error)
}

// LinkState is what a person decided of a link.
type LinkState string

// The states.
const (
	Pending  LinkState = "pending"
	Accepted LinkState = "accepted"
	Rejected LinkState = "rejected"
)

// Party is an organization or a customer, as a link shows it.
type Party struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"` // organizations only
	Status string `json:"status,omitempty"`
}

// Reason is one piece of evidence for or against a suggestion.
type Reason struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Candidate is a customer that an organization may be.
type Candidate struct {
	Customer Party    `json:"customer"`
	Band     string   `json:"band"`
	Score    float64  `json:"score"`
	Reasons  []Reason `json:"reasons"`
}

// Link says which customer an organization is, and what a person decided of it.
// There is one for each active organization, with or without a customer.
type Link struct {
	ID           string      `json:"id"` // the organization's id
	Organization Party       `json:"organization"`
	Customer     *Party      `json:"customer"`
	State        LinkState   `json:"state"`
	Band         string      `json:"band,omitempty"`
	Score        float64     `json:"score"`
	Reasons      []Reason    `json:"reasons"`
	Others       []Candidate `json:"others"`
	Never        []string    `json:"never"`     // customers that a person rejected for it
	Attention    string      `json:"attention"` // why it is paused by itself, in words; "" when it is not
	Decided      time.Time   `json:"decided"`
	DecidedBy    string      `json:"decidedBy"`
	Discovered   time.Time   `json:"discovered"` // when its assets were first matched; zero: marked for it once accepted
	Locked       bool        `json:"locked"`     // a PSA owns the organization's name
	Seen         time.Time   `json:"seen"`       // when the organization was last listed
	Version      int64       `json:"version"`    // counts the changes
}

// Links keeps links.
type Links interface {
	Link(ctx context.Context, instance, id string) (Link, error)
	// LinkOf finds the accepted link of a customer.
	LinkOf(ctx context.Context, instance, customer string) (Link, error)
	ListLinks(ctx context.Context, instance string, q LinkQuery) (links []Link, next string, err error)
	// SaveLink makes or replaces a link and counts its version up. It fails with
	// component.Conflict when Version is not the stored one, or when another
	// organization is accepted for its customer.
	SaveLink(ctx context.Context, instance string, l Link) (Link, error)
}

// LinkQuery narrows a list of links; zero fields do not.
type LinkQuery struct {
	States []LinkState
	IDs    []string
	Search string // part of a name of either side, any case
	After  string // the next of an earlier answer
	Limit  int    // 0: all
}

// Stored is a record as the store keeps it: what one side showed, mapped.
type Stored struct {
	reconcile.Record
	Side reconcile.Side `json:"side"`
	Run  string         `json:"run"` // the run that saw it last
	Note string         `json:"note,omitempty"`
}

// RecordQuery narrows a list of records; zero fields do not.
type RecordQuery struct {
	Side   reconcile.Side
	Owners []string
	Types  []string
	IDs    []string
	Search string // part of the name, any case
	NotRun string // not seen by this run
	After  string
	Limit  int
}

// Records keeps what each side last showed of the assets of accepted links.
type Records interface {
	// SaveRecords makes or replaces records; it writes no row that is equal but
	// for its run, beyond that run.
	SaveRecords(ctx context.Context, instance string, records []Stored) error
	ListRecords(ctx context.Context, instance string, q RecordQuery) (records []Stored, next string, err error)
	// DeleteRecords forgets records (their pairs and history stay). It takes no
	// After and no Limit.
	DeleteRecords(ctx context.Context, instance string, q RecordQuery) error
}

// Decision is what a person said of an asset that was held.
type Decision struct {
	Side   reconcile.Side `json:"side"`
	Record string         `json:"record"`
	Verb   string         `json:"verb"` // "create" or "ignore"
	By     string         `json:"by"`
	At     time.Time      `json:"at"`
}

// Overwrite is a value that a write replaced: what restore puts back.
type Overwrite struct {
	ID     string         `json:"id"`
	Run    string         `json:"run"`
	At     time.Time      `json:"at"`
	Side   reconcile.Side `json:"side"` // the side that was written
	Kind   reconcile.Kind `json:"kind"`
	Record string         `json:"record"`
	Field  string         `json:"field"`
	Was    string         `json:"was"`
	Set    string         `json:"set"`
	Why    string         `json:"why,omitempty"`
}

// PairQuery narrows a list of pairs; zero fields do not. Left and Right are ids.
type PairQuery struct {
	Kind   reconcile.Kind
	Owners []string // organizations
	Left   []string
	Right  []string
}

// Pairs keeps which records are the same thing, and what both held.
type Pairs interface {
	ListPairs(ctx context.Context, instance string, q PairQuery) ([]reconcile.Pair, error)
	// SavePair makes or replaces a pair. It fails with component.Conflict when
	// the right record is another left record's.
	SavePair(ctx context.Context, instance string, p reconcile.Pair) error
	// ForgetPair forgets a pair and its base (used by reassign and by assets link).
	ForgetPair(ctx context.Context, instance string, kind reconcile.Kind, left string) error
	ListDecisions(ctx context.Context, instance string, side reconcile.Side, records []string) ([]Decision, error) // nil: any
	SaveDecision(ctx context.Context, instance string, d Decision) error
	ForgetDecision(ctx context.Context, instance string, side reconcile.Side, record string) error
	SaveOverwrite(ctx context.Context, instance string, o Overwrite) error
	ListOverwrites(ctx context.Context, instance string, side reconcile.Side, record string) ([]Overwrite, error) // newest first
}

// Intent is a create written down before it is carried out.
type Intent struct {
	ID      string       `json:"id"`
	Run     string       `json:"run"`
	Op      reconcile.Op `json:"op"`
	Created time.Time    `json:"created"`
	Sent    time.Time    `json:"sent"`    // when the request was last about to leave; zero: not yet
	Unclear string       `json:"unclear"` // why its outcome is not known, in words
	Parked  string       `json:"parked"`  // why a person must decide, in words
}

// Intents keeps creates until they are settled.
type Intents interface {
	ListIntents(ctx context.Context, instance string) ([]Intent, error) // oldest first
	SaveIntent(ctx context.Context, instance string, in Intent) error   // one for each Op.ID: a second one for it is component.Conflict
	SettleIntent(ctx context.Context, instance, id string) error        // forgets it
}

// OpenConflict is a conflict until it is settled.
type OpenConflict struct {
	ID string `json:"id"` // made of the pair and the field
	reconcile.Conflict
	Record  string    `json:"record"` // the IT Glue record's name
	Owner   string    `json:"owner"`  // the organization's id
	Since   time.Time `json:"since"`
	Settled time.Time `json:"settled"` // zero: open
	By      string    `json:"by,omitempty"`
	Choice  string    `json:"choice,omitempty"`
}

// Report is what the last cycle said of one organization.
type Report struct {
	Owner string           `json:"owner"` // the organization's id
	Run   string           `json:"run"`
	At    time.Time        `json:"at"`
	Held  []reconcile.Held `json:"held"`
	Guard []string         `json:"guard"`
	Plan  []byte           `json:"plan,omitempty"` // the plan that waits for review, as JSON
}

// SavedPlan is a plan that a person asked for or that waits for review.
type SavedPlan struct {
	ID          string    `json:"id"`
	Created     time.Time `json:"created"`
	By          string    `json:"by"`
	Fingerprint string    `json:"fingerprint"` // of what it was made from
	Document    []byte    `json:"document"`    // as JSON
	Applied     time.Time `json:"applied"`
}

// Reports keeps conflicts, plans and the reasons of what did not move.
type Reports interface {
	SaveReport(ctx context.Context, instance string, r Report) error // replaces the organization's last one
	ListReports(ctx context.Context, instance string, owners []string) ([]Report, error)
	Conflict(ctx context.Context, instance, id string) (OpenConflict, error)
	ListConflicts(ctx context.Context, instance string, q ConflictQuery) (conflicts []OpenConflict, next string, err error)
	SaveConflict(ctx context.Context, instance string, c OpenConflict) error // by ID: made or replaced
	SavePlan(ctx context.Context, instance string, p SavedPlan) error
	Plan(ctx context.Context, instance, id string) (SavedPlan, error)
	ListPlans(ctx context.Context, instance string) ([]SavedPlan, error) // newest first, without documents
}

// ConflictQuery narrows a list of conflicts; zero fields do not.
type ConflictQuery struct {
	Open   bool // only what is not settled
	Owners []string
	Field  string
	After  string
	Limit  int
}

// Linkage says how a password belongs to an asset.
type Linkage string

// The linkages.
const (
	Attached   Linkage = "attached"   // embedded in, or a Password-kind field of, an asset of a selected type
	Mentioned  Linkage = "mentioned"  // tagged on or related to one
	Standalone Linkage = "standalone" // in the vault only
)

// Password is an entry of the password list: never a value, never notes.
type Password struct {
	ID           string    `json:"id"`
	Organization string    `json:"organization"`
	Asset        string    `json:"asset"` // the flexible asset; "" for standalone ones
	Linkage      Linkage   `json:"linkage"`
	Name         string    `json:"name"`
	Username     string    `json:"username"`
	Category     string    `json:"category"`
	URL          string    `json:"url"`
	Changed      time.Time `json:"changed"` // when its value last changed
	Updated      time.Time `json:"updated"`
	Run          string    `json:"run"`
}

// Passwords keeps the password list.
type Passwords interface {
	// SavePasswords makes or replaces entries, and forgets the organizations'
	// other entries when the listing was complete.
	SavePasswords(ctx context.Context, instance string, organizations []string, passwords []Password, complete bool) (added, removed int, err error)
	ListPasswords(ctx context.Context, instance string, q PasswordQuery) (passwords []Password, next string, err error)
	Password(ctx context.Context, instance, id string) (Password, error)
}

// PasswordQuery narrows the password list; zero fields do not.
type PasswordQuery struct {
	Organizations []string
	Assets        []string
	Linkage       Linkage
	Search        string
	After         string
	Limit         int
}

// RunState is where a run stands.
type RunState string

// The states.
const (
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
	Created  time.Time      `json:"created"`
	Started  time.Time      `json:"started"`
	Ended    time.Time      `json:"ended"`
}

// Runs keeps runs. An instance has at most one that is queued or running.
type Runs interface {
	// StartRun queues a run; an empty ID is given one. When the instance has an
	// active one already, it marks that one Again and gives it with joined true.
	StartRun(ctx context.Context, r Run) (run Run, joined bool, err error)
	// AcquireRun takes the lease of a queued run of this epoch: running, Started,
	// Attempts+1. It fails with [ErrFenced] when the run is not queued at this epoch.
	AcquireRun(ctx context.Context, id string, epoch int64, owner string, until time.Time) (Run, error)
	// RenewRun keeps the lease and says how far the work is ("" and nil: nothing
	// new); [ErrFenced] when lost.
	RenewRun(ctx context.Context, f Fence, until time.Time, stage string, counts map[string]int) error
	// RequeueRun gives a failing run back for a later attempt at the same epoch.
	RequeueRun(ctx context.Context, f Fence, until time.Time, code, message string) error
	// FinishRun ends a run with r's State, Output, Error, Code, and Stage and
	// Counts where it has them; [ErrFenced] when lost.
	FinishRun(ctx context.Context, f Fence, r Run) error
	// TakeOverRuns queues again, at a new epoch, the active runs whose lease ran
	// out before at, and those whose owner dead says is gone.
	TakeOverRuns(ctx context.Context, at, until time.Time, dead func(owner string) bool) ([]Run, error)
	Run(ctx context.Context, instance, id string) (Run, error)               // instance "": any
	ListRuns(ctx context.Context, instance string, limit int) ([]Run, error) // newest first
	ActiveRun(ctx context.Context, instance string) (Run, error)
}

// Entry is one line of the audit log: who did what to what, and when. It never
// holds a value of a password or a secret.
type Entry struct {
	Seq      int64             `json:"seq"`
	At       time.Time         `json:"at"`
	Instance string            `json:"instance"`
	Actor    string            `json:"actor"`
	Action   string            `json:"action"`
	Subject  string            `json:"subject"`
	Detail   map[string]string `json:"detail"`
	Prev     string            `json:"prev"`
	Hash     string            `json:"hash"` // SHA-256 of Prev and the entry as canonical JSON, in hex
}

// Audit keeps the audit log, a hash chain from its first row.
type Audit interface {
	Record(ctx context.Context, e Entry) (Entry, error)                                      // sets Seq, Prev and Hash
	ListAudit(ctx context.Context, instance string, after int64, limit int) ([]Entry, error) // instance "": all; oldest first
	// VerifyAudit walks the whole chain and says where it breaks: Seq of the
	// first bad entry, or 0, and how many were read.
	VerifyAudit(ctx context.Context) (bad int64, count int, err error)
}
