package alert

import (
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	// Quiet is how long after a message the next one waits, so that what comes
	// together is told together.
	Quiet = 15 * time.Minute
	// Kept is how long what is over is remembered.
	Kept = 30 * 24 * time.Hour

	claim   = 2 * time.Minute // how long a delivery is one process's own
	longest = 6 * time.Hour   // between two tries of a delivery that fails
)

// Step brings what is remembered up to what is wrong now. It gives the alerts
// that changed, and the keys of those that may be forgotten. Trouble that comes
// back before people were told that it is over goes on.
func Step(known []store.Alert, now []Trouble, at time.Time) (changed []store.Alert, forget []string) {
	before := map[string]store.Alert{}
	for _, a := range known {
		before[a.Key] = a
	}
	wrong := map[string]bool{}
	for _, t := range now {
		wrong[t.Key] = true
		a, was := before[t.Key]
		if was && !a.Ended.IsZero() && (!a.Over.IsZero() || a.Told.IsZero()) {
			was = false
		}
		next := a
		if !was {
			next = store.Alert{Key: t.Key, Since: at}
		}
		next.Kind, next.Title, next.Text, next.Do, next.Ended = t.Kind, t.Title, t.Text, t.Do, time.Time{}
		if next != a {
			changed = append(changed, next)
		}
	}
	for _, a := range known {
		switch {
		case wrong[a.Key]:
		case a.Ended.IsZero():
			a.Ended, a.Tries, a.Next, a.Fault = at, 0, time.Time{}, ""
			changed = append(changed, a)
		case at.Sub(a.Ended) > Kept:
			forget = append(forget, a.Key)
		}
	}
	return changed, forget
}

// Due gives what is to be told now, of the kinds that are wanted (none: all).
// Nothing is due within Quiet of the last message, nor while another process
// delivers.
func Due(known []store.Alert, kinds []string, at time.Time) (due []store.Alert) {
	for _, a := range known {
		if last := latest(a.Told, a.Over); at.Sub(last) < Quiet && !last.IsZero() && !last.After(at) {
			return nil
		}
		if a.Next.After(at) {
			continue
		}
		wanted := len(kinds) == 0 || slices.Contains(kinds, a.Kind)
		starts := a.Told.IsZero() && a.Ended.IsZero()
		ends := !a.Told.IsZero() && !a.Ended.IsZero() && a.Over.IsZero()
		if wanted && (starts || ends) {
			due = append(due, a)
		}
	}
	return due
}

// Claimed marks what this process is about to tell: another one leaves it alone
// for a while.
func Claimed(a store.Alert, at time.Time) store.Alert {
	a.Next = at.Add(claim)
	return a
}

// Delivered marks what people were told.
func Delivered(a store.Alert, at time.Time) store.Alert {
	if a.Told.IsZero() {
		a.Told = at
	} else {
		a.Over = at
	}
	a.Tries, a.Next, a.Fault = 0, time.Time{}, ""
	return a
}

// Undelivered marks what could not be told, and when to try again.
func Undelivered(a store.Alert, why string, at time.Time) store.Alert {
	a.Fault = why
	a.Next = at.Add(min(time.Minute<<min(a.Tries, 10), longest))
	a.Tries++
	return a
}

// ItemOf gives an alert as a message shows it.
func ItemOf(a store.Alert) Item {
	since := a.Since
	i := Item{Event: Started, Kind: a.Kind, Title: a.Title, Text: a.Text, Do: a.Do, Since: &since}
	if !a.Ended.IsZero() {
		ended := a.Ended
		i.Event, i.Ended = Over, &ended
	}
	return i
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
