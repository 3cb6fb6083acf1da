package store

import (
	"context"
	"time"
)

// Reply is what a request was answered with, kept under the key that its sender
// gave it, so that the same request sent again is not carried out again.
type Reply struct {
	Subject     string            `json:"subject"`     // who sent it
	Key         string            `json:"key"`         // as they named it
	Fingerprint string            `json:"fingerprint"` // of the request
	Status      int               `json:"status"`      // of HTTP; 0: it is still being worked on
	Header      map[string]string `json:"header"`
	Body        []byte            `json:"body"` // as JSON
	Created     time.Time         `json:"created"`
}

// Replies keeps replies by subject and key.
type Replies interface {
	// ClaimReply keeps a reply of a request that is about to be carried out. When
	// there is one of this subject and key already, that was made after since, it
	// gives that one, and claimed false. All older ones are forgotten.
	ClaimReply(ctx context.Context, r Reply, since time.Time) (kept Reply, claimed bool, err error)
	// SaveReply sets Status, Header and Body of a reply that was claimed.
	SaveReply(ctx context.Context, r Reply) error
	// ForgetReply gives the key free again.
	ForgetReply(ctx context.Context, subject, key string) error
}
