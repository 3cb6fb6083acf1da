package itglue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// document is an answer in JSON:API form. google/jsonapi writes what we send;
// we read ourselves, because it loses meta, rounds ids to 53 bits, fails a page
// for one odd record and takes an error document for an empty list (measured;
// the tests hold its reader against ours).
type document struct {
	Data     json.RawMessage   `json:"data"`
	Included []json.RawMessage `json:"included"`
	Meta     json.RawMessage   `json:"meta"`
	Errors   json.RawMessage   `json:"errors"`
}

// record is one member of a document's data.
type record struct {
	ID            id              `json:"id"`
	Type          string          `json:"type"`
	Attributes    json.RawMessage `json:"attributes"`
	Relationships json.RawMessage `json:"relationships"`
}

// meta is what a list says about itself. A nil member was not said.
type meta struct {
	NextPage   *int `json:"next-page"`
	TotalPages *int `json:"total-pages"`
	TotalCount *int `json:"total-count"`
}

// open reads the envelope of an answer of success.
func (c *Client) open(ctx context.Context, k *call, a answer) (document, error) {
	var d document
	if err := json.Unmarshal(a.body, &d); err != nil {
		return d, c.noData(k)
	}
	if present(d.Errors) && !bytes.Equal(bytes.TrimSpace(d.Errors), []byte("[]")) {
		return d, c.errorsDespiteSuccess(ctx, k, a)
	}
	if !present(d.Data) {
		return d, c.noData(k)
	}
	return d, nil
}

func (c *Client) noData(k *call) error {
	e := c.outcome(k, ErrNoData, fmt.Sprintf("the answer about %s is not one of IT Glue's API, although its status is one of success", k.about))
	if !k.writes() {
		e.Do = "Check the region, and any proxy that answers in IT Glue's place."
	}
	return e
}

// errorsDespiteSuccess judges an answer of success that lists errors. That IT
// Glue gives such answers is ASSUMED possible.
func (c *Client) errorsDespiteSuccess(ctx context.Context, k *call, a answer) error {
	items := errorItems(a.body)
	if !k.writes() && len(items) > 0 && items[0].status() >= 400 {
		return c.refusal(ctx, k, answer{status: items[0].status(), header: http.Header{}, body: a.body})
	}
	return c.outcome(k, nil, "IT Glue answered with errors about "+k.about)
}

func present(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

// many splits the data of a list.
func (d document) many() ([]json.RawMessage, bool) {
	var all []json.RawMessage
	err := json.Unmarshal(d.Data, &all)
	return all, err == nil
}

func (d document) counts() (m meta) {
	if json.Unmarshal(d.Meta, &m) != nil {
		return meta{}
	}
	return m
}

// related gives the records that a document includes; an odd one is left out.
func (d document) related() []record {
	var all []record
	for _, raw := range d.Included {
		var r record
		if json.Unmarshal(raw, &r) == nil {
			all = append(all, r)
		}
	}
	return all
}

// linked gives the ids that a relationship of a record names; found tells an
// empty relationship from one that is not shown.
func (r record) linked(name string) (ids []string, found bool) {
	var all map[string]struct {
		Data []struct {
			ID id `json:"id"`
		} `json:"data"`
	}
	if json.Unmarshal(r.Relationships, &all) != nil {
		return nil, false
	}
	rel, found := all[name]
	for _, d := range rel.Data {
		ids = append(ids, string(d.ID))
	}
	return ids, found
}

// attributes decodes the attributes of a record of a type.
func attributes[W any](r record, kind string) (W, error) {
	var w W
	switch {
	case r.ID == "":
		return w, errors.New("it has no id")
	case strings.ReplaceAll(r.Type, "_", "-") != kind:
		return w, fmt.Errorf("it is not one of %s", kind)
	case !isObject(r.Attributes):
		return w, errors.New("it has no attributes")
	}
	if err := json.Unmarshal(r.Attributes, &w); err != nil {
		return w, errors.New(oddWords(err))
	}
	return w, nil
}

// oddWords says which attribute could not be read, without its value.
func oddWords(err error) string {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) && te.Field != "" {
		return fmt.Sprintf("its attribute %s has an unexpected form", te.Field)
	}
	return "an attribute of it has an unexpected form"
}

// show sends a call that is answered with one record, and reads it.
func show[T any](ctx context.Context, c *Client, k *call, read func(record) (T, error)) (T, error) {
	var none T
	a, err := c.send(ctx, k)
	if err != nil {
		return none, err
	}
	d, err := c.open(ctx, k, a)
	if err != nil {
		return none, err
	}
	var r record
	if !isObject(d.Data) || json.Unmarshal(d.Data, &r) != nil {
		return none, c.outcome(k, nil, "IT Glue's answer about "+k.about+" could not be read")
	}
	if k.id != "" && string(r.ID) != k.id {
		return none, foreign("IT Glue answered with another record than " + k.about)
	}
	v, err := read(r)
	if err != nil {
		return none, c.outcome(k, nil, fmt.Sprintf("IT Glue's answer about %s could not be read: %v", k.about, err))
	}
	return v, nil
}

// id is an id as IT Glue prints it, in either form: a number or a string
// (CONFIRMED: its reference has both). It is kept digit by digit.
type id string

func (i *id) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" || s == "" {
		*i = ""
		return nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err != nil || strconv.FormatInt(n, 10) != s || n < 0 { // "+5" and "007" are no numbers in JSON, and would not be sent back
		return errors.New("an id is not a whole number")
	}
	*i = id(s)
	return nil
}

// number is the id for a request, where IT Glue's reference has numbers.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // schemas let only digits through
	return n
}

// moment is a time as IT Glue prints it, or nothing.
type moment time.Time

func (m *moment) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New("a time is not a string")
	}
	if s == "" {
		*m = moment{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return errors.New("a time is not in the form of RFC 3339")
	}
	*m = moment(t.UTC())
	return nil
}

func (m moment) time() time.Time { return time.Time(m) }

// loose is a text whose JSON form is not documented: whatever scalar it is.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		s = string(b)
	}
	*l = loose(s)
	return nil
}

// shown is a text that may be missing from a record. IT Glue prints null for an
// empty one (CONFIRMED), so that missing means not shown.
type shown struct{ text *string }

func (s *shown) UnmarshalJSON(b []byte) error {
	var v string
	if err := json.Unmarshal(b, &v); err != nil {
		return errors.New("a text is not a string")
	}
	s.text = &v
	return nil
}

// cleared is a text for a request: "" is sent as null, which clears
// (CONFIRMED), and nil is not sent at all.
func cleared(s *string) json.RawMessage {
	switch {
	case s == nil:
		return nil
	case *s == "":
		return json.RawMessage("null")
	}
	raw, err := json.Marshal(*s)
	if err != nil {
		return nil // a string always has a JSON form
	}
	return raw
}

// given is a text for a request that is not sent when it is empty.
func given(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return cleared(&s)
}

// sameTime reports whether two times are the same to IT Glue's millisecond.
func sameTime(a, b time.Time) bool {
	return a.Truncate(time.Millisecond).Equal(b.Truncate(time.Millisecond))
}
