package store

import (
	"context"
	"time"
)

// User is a person or a service account. Users belong to no instance: their
// grants say what they may do in which.
type User struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"` // what they sign in as; unique in any case, also after a removal
	Display      string    `json:"display"`
	Service      bool      `json:"service"`      // a service account: nobody signs in as it
	Issuer       string    `json:"issuer"`       // of the identity provider; "" for a local account
	Sub          string    `json:"sub"`          // the person's id there
	Password     string    `json:"password"`     // argon2id, with its parameters and salt; "" for none
	SecondFactor bool      `json:"secondFactor"` // its secret is sealed under the host
	CodeStep     int64     `json:"codeStep"`     // the last time step whose code was used
	Recovery     []string  `json:"recovery"`     // digests of the recovery codes that are left
	Grants       []Grant   `json:"grants"`
	Addresses    []string  `json:"addresses"` // where they last signed in from, the newest first
	Removed      time.Time `json:"removed"`   // zero: an account that can be used
	Created      time.Time `json:"created"`
	SignedIn     time.Time `json:"signedIn"`
	Version      int64     `json:"version"` // counts the changes
}

// Grant gives roles on an instance, by its id, or on all ("*").
type Grant struct {
	Instance string   `json:"instance"`
	Roles    []string `json:"roles"`
}

// Users keeps users. Their secrets are sealed under the host: see
// [Instances.Seal].
type Users interface {
	User(ctx context.Context, idOrName string) (User, error)
	UserOf(ctx context.Context, issuer, sub string) (User, error)
	// ListUsers lists users by name, without removed ones.
	ListUsers(ctx context.Context, after string, limit int) (users []User, next string, err error)
	// SaveUser makes or replaces a user and counts its version up; an empty ID is
	// given one. It fails with component.Conflict when Version is not the stored
	// one (0 for a new user), when the name is taken, or when another user has
	// the same Issuer and Sub.
	SaveUser(ctx context.Context, u User) (User, error)
}
