package store

import (
	"context"
	"time"
)

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
	Accepted      bool // only of organizations whose link is accepted
	Assets        []string
	Linkage       Linkage
	Search        string
	After         string
	Limit         int
}
