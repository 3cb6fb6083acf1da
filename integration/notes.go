package integration

import "time"

// The notes of an instance that say which flow is wanted, and when. An operation
// sets them with [Want] (a person accepted a link: discover its assets); a
// running serve starts the flow when its time has come and clears both.
const (
	NoteWants   = "wants"   // the flow's name
	NoteWantsAt = "wantsAt" // not before this time, in RFC 3339
)

// Want notes that a flow is to start at a time. A later call moves the time, so
// that a person who goes on deciding is not overtaken. It gives the notes, made
// when they were nil.
func Want(notes map[string]string, flow string, at time.Time) map[string]string {
	if notes == nil {
		notes = map[string]string{}
	}
	notes[NoteWants] = flow
	notes[NoteWantsAt] = at.UTC().Format(time.RFC3339)
	return notes
}

// Wanted gives the flow that an instance's notes want by now; "" when none is,
// or its time has not come. A time that cannot be read has come.
func Wanted(notes map[string]string, now time.Time) string {
	flow := notes[NoteWants]
	at, err := time.Parse(time.RFC3339, notes[NoteWantsAt])
	if flow == "" || (err == nil && at.After(now)) {
		return ""
	}
	return flow
}
