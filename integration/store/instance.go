package store

import (
	"context"
	"time"
)

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
	// "connections.revio.clientSecret". Sealing "" forgets it. The instance "" is
	// the host itself.
	Seal(ctx context.Context, instance, name, secret string) error
	Unseal(ctx context.Context, instance, name string) (string, error)
}
