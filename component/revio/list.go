package revio

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// list is a list that can be walked.
type list struct {
	path  string
	line  string // the profile line that the path is from
	about string // "the assets of customer 1015"
	query url.Values
	ids   Names
}

// maxPages ends a walk that never would.
const maxPages = 10000

// walk is one reading of a list, page by page: where it ends is not known
// before.
type walk struct {
	client *Client
	list   list
	limit  int // records at most; 0: all
	page   int // the next one
	size   int
	last   string // the first id of the page before

	seen    map[string]bool
	rows    int // with and without an id
	total   int // as declared; -1: never
	moved   bool
	empties int // pages in a row without a new id
	fresh   int // pages with a new id
	ended   bool
	listing component.Listing
}

// readList walks a list from a page on. Take makes an item of a record; it may
// leave one out, or find it odd. Without a limit, the listing is complete when
// the closing page came and what was declared agrees. One page is asked for
// after another: no page says how many there are.
func readList[T any](ctx context.Context, c *Client, l list, from component.Page, take func(record) (item T, keep bool, err error)) ([]T, component.Listing, error) {
	items := []T{}
	w, err := newWalk(c, l, from)
	if err != nil {
		return nil, component.Listing{}, err
	}
	dropped := false
	for !w.ended && (w.limit == 0 || len(items) == 0 || len(items)+w.size <= w.limit) {
		records, err := w.next(ctx)
		if err != nil {
			return nil, component.Listing{}, err
		}
		for _, r := range records {
			item, keep, err := take(r)
			switch {
			case err != nil:
				w.odd(r.id(l.ids), err.Error())
			case keep:
				items = append(items, item)
			default:
				dropped = true
			}
		}
	}
	return items, w.close(from.Cursor == "", dropped), nil
}

func newWalk(c *Client, l list, from component.Page) (*walk, error) {
	w := &walk{client: c, list: l, limit: from.Limit, page: 1, size: c.profile.PerPage, seen: map[string]bool{}, total: -1}
	if from.Limit > 0 {
		w.size = min(w.size, from.Limit)
	}
	if from.Cursor == "" {
		return w, nil
	}
	part := strings.SplitN(from.Cursor, ".", 3)
	if len(part) == 3 {
		page, err := strconv.Atoi(part[0])
		size, err2 := strconv.Atoi(part[1])
		if err == nil && err2 == nil && page > 1 && size > 0 && size <= 500 && (from.Limit == 0 || size <= from.Limit) {
			w.page, w.size, w.last = page, size, part[2]
			return w, nil
		}
	}
	return nil, component.Errorf(component.InvalidInput, "the cursor is not one of %s", l.about).Then("Use the next of an earlier answer, with its limit, or none.")
}

// next reads a page, and gives the records on it that were not seen before.
func (w *walk) next(ctx context.Context) ([]record, error) {
	rows, total, err := w.fetch(ctx)
	if err != nil {
		return nil, err
	}
	var fresh []record
	first := ""
	for _, row := range rows {
		object, _ := row.(map[string]any)
		r := newRecord(object)
		id := r.id(w.list.ids)
		if first == "" {
			first = id
		}
		switch {
		case id == "":
			w.rows++
			w.odd("", "the record shows no id")
		case !w.seen[id]:
			w.seen[id] = true
			w.rows++
			fresh = append(fresh, r)
		}
	}
	w.moved = w.moved || w.total >= 0 && total >= 0 && total != w.total
	if total >= 0 {
		w.total = total
	}
	if w.last != "" && first == w.last && w.page > 1 && w.fresh == 0 { // a cursor's page that repeats the one before
		fresh, rows = nil, nil
	}
	w.page, w.last = w.page+1, first
	w.judge(len(rows), len(fresh))
	return fresh, nil
}

// judge says whether the walk has ended: with an empty page, with two pages in
// a row that bring nothing new (one may be a page that was repeated), or with a
// short page that reaches the declared total. A short page alone ends nothing:
// a server that caps the size of its pages would cut the list.
func (w *walk) judge(rows, fresh int) {
	if fresh > 0 {
		w.fresh++
		w.empties = 0
	} else {
		w.empties++
	}
	reached := w.total >= 0 && w.rows == w.total && rows < w.size
	w.ended = rows == 0 || w.empties >= 2 || reached || w.client.profile.Query.Page == "" || w.page > maxPages
}

func (w *walk) fetch(ctx context.Context) (rows []any, total int, err error) {
	q, names := maps.Clone(w.list.query), w.client.profile.Query
	if q == nil {
		q = url.Values{}
	}
	if names.Page != "" {
		q.Set(names.Page, strconv.Itoa(w.page))
	}
	if names.PerPage != "" {
		q.Set(names.PerPage, strconv.Itoa(w.size))
	}
	got, err := w.client.get(ctx, call{path: w.list.path, line: w.list.line, about: w.list.about, query: q})
	if err != nil {
		return nil, 0, err
	}
	if got.status == http.StatusNoContent {
		return nil, -1, nil
	}
	rows, total, ok := w.client.profile.rows(got.body)
	if !ok {
		return nil, 0, component.Errorf(component.Unavailable, "the answer for %s has no list where the profile looks for one", w.list.about).
			Then("Set the profile line listPointers to where it is, or %s to the right path.", w.list.line)
	}
	return rows, total, nil
}

func (w *walk) odd(id, reason string) {
	w.listing.Odd = append(w.listing.Odd, component.Odd{ID: id, Reason: reason})
}

// close says what the walk has shown. FromFirst tells whether it began at the
// first page, dropped whether records of others were left out.
func (w *walk) close(fromFirst, dropped bool) component.Listing {
	l := w.listing
	if w.total > 0 && !dropped {
		l.Total = w.total
	}
	if !w.ended {
		l.Next = fmt.Sprintf("%d.%d.%s", w.page, w.size, w.last)
		l.Why = "there are more; go on with next"
		return l
	}
	switch {
	case !fromFirst:
		l.Why = "this is the last part of a list that was asked for in parts"
	case w.page > maxPages:
		l.Why = fmt.Sprintf("the list did not end after %d pages", maxPages)
	case w.moved:
		l.Why = "the list changed while it was read"
	case w.total >= 0 && w.rows != w.total:
		l.Why = fmt.Sprintf("Rev.io says there are %d and listed %d; if that stays so, correct the profile line totals", w.total, w.rows)
	case w.empties >= 2 && w.fresh == 1 && w.total < 0:
		l.Why = "every page was the same: set the profile line query.page to the tenant's name for it, or to nothing if it has no pages"
	case len(l.Odd) > 0:
		l.Why = fmt.Sprintf("%d of the records could not be read", len(l.Odd))
	default:
		l.Complete = true
	}
	return l
}
