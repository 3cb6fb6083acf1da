package store

import (
	"context"
	"time"
)

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
	// FindAudit lists the entries that a query finds, newest first.
	FindAudit(ctx context.Context, instance string, q AuditQuery) (entries []Entry, next string, err error)
	// VerifyAudit walks the whole chain and says where it breaks: Seq of the
	// first bad entry, or 0, and how many were read.
	VerifyAudit(ctx context.Context) (bad int64, count int, err error)
}

// AuditQuery narrows a list of audit entries; zero fields do not.
type AuditQuery struct {
	Actor    string
	Action   string // the action, or what its name begins with, such as "passwords."
	Subjects []string
	Search   string    // part of actor, action, subject or detail, any case
	Since    time.Time // not before
	Until    time.Time // before
	After    string
	Limit    int // 0: all
}
