package store

import "errors"

// ErrNotFound says that there is no such row. It comes wrapped in a
// component.Error that says which.
var ErrNotFound = errors.New("not found")

// ErrFenced says that the run has ended or was taken over by another process:
// what it wanted to settle is not stored.
var ErrFenced = errors.New("the run was taken over or has ended")

// ErrStopped says that a person asked the run to stop.
var ErrStopped = errors.New("a person asked the run to stop")

// IsFenced reports whether err says that the run was taken over or has ended.
func IsFenced(err error) bool { return errors.Is(err, ErrFenced) }
