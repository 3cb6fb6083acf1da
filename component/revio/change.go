package revio

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// place says where one record is, and how to recognise it.
type place struct {
	path  string
	line  string
	about string
	id    string
	ids   Names
}

// readRecord reads one record, and its version where the answer has one. An
// answer with another record's id is refused.
func (c *Client) readRecord(ctx context.Context, p place) (r record, etag string, err error) {
	got, err := c.get(ctx, call{path: p.path, line: p.line, about: p.about, record: true})
	if err != nil {
		return record{}, "", err
	}
	r, ok := c.profile.single(got.body, p.ids)
	if !ok {
		return record{}, "", component.Errorf(component.Unavailable, "the answer for %s has no record where the profile looks for one", p.about).
			Then("Set the profile lines listPointers and fields to what the tenant answers with.")
	}
	if id := r.id(p.ids); id != p.id {
		return record{}, "", component.Errorf(component.Unavailable, "Rev.io answered with record %s when asked for %s", id, p.about).
			Then("Check the profile lines %s and fields.", p.line)
	}
	return r, got.header.Get("ETag"), nil
}

// change is what to change of a record.
type change struct {
	set, was map[string]string
	names    map[string]Names // of the fields that may be changed
	read     func(r record, field string, names Names) (value string, shown bool, err error)
}

// plainField reads a field as it is.
func plainField(r record, _ string, names Names) (string, bool, error) {
	value, shown, _ := r.text(names)
	return value, shown, nil
}

// change reads a record, checks that it still holds what the change was decided
// on, sends what differs, and reads it back. When nothing differs, nothing is
// sent.
func (c *Client) change(ctx context.Context, p place, ch change) (record, error) {
	if err := c.mayWrite("the change of " + p.about); err != nil {
		return record{}, err
	}
	if err := ch.check(p); err != nil {
		return record{}, err
	}
	now, etag, err := c.readRecord(ctx, p)
	if err != nil {
		return record{}, err
	}
	send, err := ch.against(p, now)
	if err != nil || len(send) == 0 {
		return now, err
	}
	if err := c.sendChange(ctx, p, now, send, etag); err != nil {
		return record{}, err
	}
	after, _, err := c.readRecord(ctx, p)
	if err != nil {
		return record{}, unconfirmed(err, p.about+" was changed")
	}
	return after, nil
}

// unconfirmed is the error of a write that was accepted and could not be read
// back.
func unconfirmed(err error, done string) error {
	return (&component.Error{Code: component.Unsettled, Message: done + ", and could not be read back: " + err.Error(), Err: errors.Unwrap(err)}).
		Then("Look at it in Rev.io before it is sent again.")
}

// check refuses a change that no record could take.
func (ch change) check(p place) error {
	var ps []component.Problem
	for _, field := range slices.Sorted(maps.Keys(ch.set)) {
		switch names, known := ch.names[field]; {
		case !known:
			ps = append(ps, component.Problem{Pointer: "/set/" + field, Message: "is not a field that can be changed"})
		case len(names) == 0:
			ps = append(ps, component.Problem{Pointer: "/set/" + field, Message: "has no name in the Rev.io profile"})
		case field == "name" && strings.TrimSpace(ch.set[field]) == "":
			ps = append(ps, component.Problem{Pointer: "/set/name", Message: "must not be empty"})
		}
	}
	if ps == nil {
		return nil
	}
	return &component.Error{Code: component.InvalidInput, Message: "the change of " + p.about + " is not valid:", Problems: ps}
}

// against compares the change with the record as it is now, and gives what to
// send, by wire name. Nil clears.
func (ch change) against(p place, now record) (map[string]any, error) {
	for _, field := range slices.Sorted(maps.Keys(ch.was)) {
		value, shown, err := ch.read(now, field, ch.names[field])
		if err != nil {
			return nil, err
		}
		if shown && strings.TrimSpace(value) != strings.TrimSpace(ch.was[field]) {
			return nil, component.Errorf(component.Conflict, "%s changed since it was read: its %s holds something else now", p.about, lineTitle(field)).
				Then("Read it again and decide again.")
		}
	}
	send := map[string]any{}
	for field, want := range ch.set {
		value, shown, err := ch.read(now, field, ch.names[field])
		if err != nil {
			return nil, err
		}
		if !shown || value != want && valueOrNull(value) != valueOrNull(want) {
			send[now.wireName(ch.names[field])] = valueOrNull(want)
		}
	}
	return send, nil
}

// valueOrNull is how a field's text is written: null clears.
func valueOrNull(text string) any {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return text
}

// sendChange sends a change with the profile's verb. A tenant that has no PATCH
// says so with 405; then, and from then on, the whole record is put, as it was
// read, with the change.
func (c *Client) sendChange(ctx context.Context, p place, now record, send map[string]any, etag string) error {
	k := call{path: p.path, line: p.line, about: p.about, record: true, header: http.Header{}}
	if etag != "" {
		k.header.Set("If-Match", etag)
	}
	if c.profile.UpdateVerb == http.MethodPatch && !c.credential.putOnly.Load() {
		k.method = http.MethodPatch
		_, err := c.write(ctx, k, send)
		if !errors.Is(err, errVerb) {
			return err
		}
		c.credential.putOnly.Store(true)
	}
	whole := maps.Clone(now.raw)
	maps.Copy(whole, send)
	k.method = http.MethodPut
	_, err := c.write(ctx, k, whole)
	return err
}
