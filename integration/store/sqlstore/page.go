package sqlstore

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
)

// Pages go by key: an answer's next is the sort key of its last row, so that
// rows that come and go elsewhere neither hide a row nor show one twice.

// paged orders q by columns and, with a cursor, begins after it. It asks for one
// row more than limit, to know whether there is a next page; 0 is no limit.
func paged(q *bun.SelectQuery, cursor string, limit int, columns ...string) (*bun.SelectQuery, error) {
	list := strings.Join(columns, ", ")
	q = q.OrderExpr(list)
	if limit > 0 {
		q = q.Limit(int64(limit) + 1)
	}
	if cursor == "" {
		return q, nil
	}
	key, err := position(cursor, len(columns))
	if err != nil {
		return nil, err
	}
	return q.Where("("+list+") > (?)", bun.List(key)), nil
}

// before is paged for a list that is sorted newest first: by a number and by
// an id. Number may be the only column.
func before(q *bun.SelectQuery, cursor string, limit int, number string, id ...string) (*bun.SelectQuery, error) {
	if limit > 0 {
		q = q.Limit(int64(limit) + 1)
	}
	if cursor == "" {
		return q, nil
	}
	key, err := position(cursor, 1+len(id))
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(key[0], 10, 64)
	if err != nil {
		return nil, noPosition(cursor)
	}
	if len(id) == 0 {
		return q.Where("? < ?", bun.Ident(number), n), nil
	}
	return q.Where("(?, ?) < (?, ?)", bun.Ident(number), bun.Ident(id[0]), n, key[1]), nil
}

// position reads a cursor of so many columns.
func position(cursor string, columns int) (key []string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &key)
	}
	if err != nil || len(key) != columns {
		return nil, noPosition(cursor)
	}
	return key, nil
}

func noPosition(cursor string) error {
	return component.Errorf(component.InvalidInput, "the list cannot go on after %q: that is not the next of an answer to it", cursor).
		Then("Leave it out to begin at the start of the list.")
}

// cut takes off the row that paged asked for beyond the limit, and gives the
// cursor for what follows.
func cut[Row any](rows []Row, limit int, key func(Row) []string) ([]Row, string) {
	if limit <= 0 || len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	text, _ := json.Marshal(key(rows[limit-1])) // strings always marshal
	return rows, base64.RawURLEncoding.EncodeToString(text)
}

// among narrows q to rows whose column is one of values; nil is any, and an
// empty list is none.
func among[T ~string](q bun.QueryBuilder, column string, values []T) bun.QueryBuilder {
	if values == nil {
		return q
	}
	return q.Where("? IN (?)", bun.Ident(column), bun.List(values))
}

// is narrows q to rows whose column is value; "" is any.
func is[T ~string](q bun.QueryBuilder, column string, value T) bun.QueryBuilder {
	if value == "" {
		return q
	}
	return q.Where("? = ?", bun.Ident(column), value)
}

// like narrows q to rows whose column, which fold made, has part in it.
func like(q bun.QueryBuilder, column, part string) bun.QueryBuilder {
	if part == "" {
		return q
	}
	literal := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(fold(part))
	return q.Where("? LIKE ? ESCAPE '!'", bun.Ident(column), "%"+literal+"%")
}

// batch is how many rows one statement writes.
const batch = 500

// last drops the rows that a later one of the same key replaces: one statement
// must not write a row twice.
func last[Row any](rows []Row, key func(Row) string) []Row {
	at := make(map[string]int, len(rows))
	var out []Row
	for _, r := range rows {
		if i, ok := at[key(r)]; ok {
			out[i] = r
			continue
		}
		at[key(r)] = len(out)
		out = append(out, r)
	}
	return out
}
