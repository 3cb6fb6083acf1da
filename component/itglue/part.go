package itglue

import (
	"context"
	"errors"
	"fmt"

	"github.com/itglue-revio/itglue-revio/component"
)

// part reads a part of a list: a page of p.Limit records at most from p.Cursor
// on, or with no limit everything from there on.
func part[T any](ctx context.Context, c *Client, q listed[T], p component.Page) ([]T, component.Listing, error) {
	groups := [][]string{q.ids}
	together := len(q.ids) < 2 || c.credential.lists()
	if !together {
		groups = nil
		for _, id := range q.ids {
			groups = append(groups, []string{id})
		}
	}
	at, err := readCursor(p.Cursor, together, len(groups))
	if err != nil {
		return []T{}, component.Listing{}, err
	}
	s := &sheaf[T]{items: []T{}, seen: map[string]bool{}}
	fromStart := at.group == 0 && at.offset == 0
	for {
		size := at.size(c.credential.pageSize(q.resource, q.most), p.Limit)
		got, err := readPage(ctx, c, q, groups[at.group], at.offset/size+1, size)
		switch {
		case errors.Is(err, errShrink) && c.credential.shrink(q.resource, size):
			continue
		case errors.Is(err, errListIgnored):
			c.credential.turnListsOff()
			return part(ctx, c, q, p)
		case err != nil:
			return []T{}, component.Listing{}, err
		}
		s.add(got)
		more := at.advance(got.meta, size, len(got.ids)+len(got.odd), len(groups))
		if !more || p.Limit > 0 {
			return s.items, s.partial(got.meta, at, more, fromStart && len(groups) == 1), nil
		}
	}
}

// partial says of a part of a list where it goes on, and whether it is all.
func (s *sheaf[T]) partial(m meta, at cursor, more, single bool) component.Listing {
	if s.total = -1; m.TotalCount != nil {
		s.total = *m.TotalCount
	}
	if single && !more {
		s.judge()
	} else {
		s.why = "Only a part was asked for."
	}
	l := s.listing()
	if more {
		l.Next = at.String()
	}
	if !at.together {
		l.Total = 0 // the count is of one of the ids only
	}
	return l
}

// cursor is where a list goes on: which group of ids, and after how many
// records.
type cursor struct {
	together bool // all ids are one group
	group    int
	offset   int
}

func (a cursor) String() string {
	return fmt.Sprintf("%s.%d.%d", a.prefix(), a.group, a.offset)
}

func readCursor(s string, together bool, groups int) (cursor, error) {
	at := cursor{together: together}
	if s == "" {
		return at, nil
	}
	var group, offset int
	for _, mode := range []bool{true, false} {
		form := cursor{together: mode}
		if n, err := fmt.Sscanf(s, form.prefix()+".%d.%d", &group, &offset); err != nil || n != 2 {
			continue
		}
		if mode != together {
			return at, component.Errorf(component.Conflict, "the way this list is read changed since the cursor was given").Then("Start again without a cursor.")
		}
		if group >= 0 && group < groups && offset >= 0 {
			return cursor{together: mode, group: group, offset: offset}, nil
		}
	}
	return at, component.Errorf(component.InvalidInput, "the cursor is not one that this list gave").Then("Start again without a cursor.")
}

func (a cursor) prefix() string {
	if a.together {
		return "all"
	}
	return "each"
}

// size is the largest page size within both bounds that makes the offset the
// start of a page.
func (a cursor) size(most, limit int) int {
	size := most
	if limit > 0 {
		size = min(size, limit)
	}
	for a.offset%size != 0 {
		size--
	}
	return size
}

// advance moves behind a page, and reports whether there is more.
func (a *cursor) advance(m meta, size, got, groups int) bool {
	page := a.offset/size + 1
	more := got >= size
	if m.TotalPages != nil {
		more = page < *m.TotalPages
	}
	switch {
	case more:
		a.offset += size
	case a.group+1 < groups:
		a.group, a.offset = a.group+1, 0
		more = true
	}
	return more
}
