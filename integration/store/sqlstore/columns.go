package sqlstore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// moment is a time as a column keeps it: epoch milliseconds, 0 for the zero
// time.
type moment time.Time

// Value gives the milliseconds.
func (m moment) Value() (driver.Value, error) {
	return m.millis(), nil
}

func (m moment) millis() int64 {
	if time.Time(m).IsZero() {
		return 0
	}
	return time.Time(m).UnixMilli()
}

// Scan reads the milliseconds.
func (m *moment) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is kept as %T", src)
	}
	*m = moment{}
	if n != 0 {
		*m = moment(time.UnixMilli(n).UTC())
	}
	return nil
}

// kept is t as it comes back from the database: to the millisecond, in UTC.
func kept(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// document is a value as a column keeps it: as JSON text.
type document[T any] struct{ V T }

// Value gives the JSON text.
func (d document[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.V)
	return string(b), err
}

// Scan reads the JSON text.
func (d *document[T]) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return json.Unmarshal([]byte(src), &d.V)
	case []byte:
		return json.Unmarshal(src, &d.V)
	}
	return fmt.Errorf("JSON is kept as %T", src)
}

// raw gives JSON as a column keeps it, and back: nil is "".
func raw(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// plain is s as every database can keep it: valid UTF-8 without NUL bytes.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// fold makes texts comparable in any case. It is done here and not in SQL, as
// SQLite folds ASCII only.
func fold(texts ...string) string {
	return strings.ToLower(strings.Join(texts, "\n"))
}

// newID gives an id that sorts by when it was made.
func newID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}

// made is when something was made: as said, or now.
func (t *tx) made(at time.Time) time.Time {
	if at.IsZero() {
		at = t.store.now()
	}
	return kept(at)
}
