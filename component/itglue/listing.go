package itglue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonapi"
	"golang.org/x/sync/errgroup"

	"github.com/itglue-revio/itglue-revio/component"
)

// listed is what is asked for in a list of T, and how to know that this is
// what was given. IT Glue answers an unknown filter with everything
// (CONFIRMED), so each record is checked against what was asked.
type listed[T any] struct {
	resource string // whose page size is learned
	path     string // "" for the resource's own
	about    string
	query    url.Values
	sort     string
	most     int // records a page at most; 0: the profile's
	read     func(record) (T, error)
	fits     func(T) bool   // nil: every record fits
	related  func([]record) // takes what a page includes

	many string         // the filter that takes several of ids; "" without one
	ids  []string       // its values; none: no such filter
	of   func(T) string // which of ids an item belongs to
}

// errListIgnored: a filter by several ids did not keep to them.
var errListIgnored = errors.New("a filter by several ids was not honoured")

// listsAreOff is said with every listing that had to be read one id a call.
const listsAreOff = "IT Glue does not keep to a filter by several organizations, so they were read one a call."

// foreign is the error of an answer that holds what was not asked for.
func foreign(message string) error {
	return &component.Error{Code: component.Internal, Message: message, Do: "Nothing of the answer was used. Please report it.", Err: ErrForeignRecord}
}

// list reads a list, whole or a part of it.
func list[T any](ctx context.Context, c *Client, q listed[T], p component.Page) ([]T, component.Listing, error) {
	if q.path == "" {
		q.path = "/" + q.resource
	}
	if q.most == 0 || q.most > c.profile.PageSize {
		q.most = c.profile.PageSize
	}
	q.ids = slices.Compact(slices.Sorted(slices.Values(q.ids)))
	for _, id := range q.ids {
		if number(id) <= 0 {
			return []T{}, component.Listing{}, component.Errorf(component.InvalidInput, "an id to filter %s by is not a whole number", q.about)
		}
	}
	if p.Limit > 0 || p.Cursor != "" {
		return part(ctx, c, q, p)
	}
	s, err := whole(ctx, c, q)
	if err != nil {
		return []T{}, component.Listing{}, err
	}
	return s.items, s.listing(), nil
}

// sheaf is the records of a list, as far as it was read.
type sheaf[T any] struct {
	items []T
	seen  map[string]bool
	odd   []component.Odd
	total int    // as IT Glue says; -1 when it does not
	why   string // why it is not every record
	note  string // what else to say
}

func (s *sheaf[T]) listing() component.Listing {
	l := component.Listing{Total: max(0, s.total), Complete: s.why == "", Odd: s.odd, Why: s.why}
	if l.Why == "" {
		l.Why = s.note
	}
	return l
}

// add puts the records of a page to the sheaf, each once.
func (s *sheaf[T]) add(p page[T]) {
	for i, id := range p.ids {
		if !s.seen[id] {
			s.seen[id] = true
			s.items = append(s.items, p.items[i])
		}
	}
	for _, o := range p.odd {
		if o.ID == "" || !s.seen[o.ID] {
			s.seen[o.ID] = o.ID != ""
			s.odd = append(s.odd, o)
		}
	}
}

// judge says whether the sheaf is every record: as many different ones as IT
// Glue says there are.
func (s *sheaf[T]) judge() {
	distinct := 0
	for id, yes := range s.seen {
		if yes && id != "" {
			distinct++
		}
	}
	switch {
	case s.total < 0:
		s.why = "IT Glue did not say how many records there are."
	case distinct != s.total:
		s.why = fmt.Sprintf("IT Glue says there are %d records, and gave %d; the list changed while it was read, or does not add up.", s.total, distinct)
	}
}

// whole reads every record of a list. Where a filter by several ids does not
// keep to them, such filters are given up for this key, and the list is read
// one id a call.
func whole[T any](ctx context.Context, c *Client, q listed[T]) (*sheaf[T], error) {
	if len(q.ids) < 2 {
		return steady(ctx, c, q, q.ids)
	}
	if c.credential.lists() {
		s, err := steady(ctx, c, q, q.ids)
		if err == nil {
			err = prove(ctx, c, q, s)
		}
		if !errors.Is(err, errListIgnored) {
			return s, err
		}
		c.credential.turnListsOff()
		c.log.Warn("IT Glue does not keep to a filter by several organizations; from now on one is read a call", "list", q.resource)
	}
	return oneByOne(ctx, c, q)
}

// prove makes sure that a filter by several ids is neither cut to its first nor
// taken as one text. Records of two of them show it, once for a resource and
// key. Until then, a few of those without records are asked for by themselves,
// others each time: that they have none now says nothing of later.
func prove[T any](ctx context.Context, c *Client, q listed[T], s *sheaf[T]) error {
	const samples = 3
	if c.credential.isProven(q.resource) {
		return nil
	}
	with := map[string]bool{}
	for _, item := range s.items {
		with[q.of(item)] = true
	}
	if len(with) >= 2 {
		c.credential.prove(q.resource)
		return nil
	}
	without := slices.DeleteFunc(slices.Clone(q.ids), func(id string) bool { return with[id] })
	from := c.credential.sampled(q.resource, samples)
	for i := range min(samples, len(without)) {
		p, err := readPage(ctx, c, q, []string{without[(from+i)%len(without)]}, 1, 1)
		if err != nil {
			return err
		}
		if len(p.ids)+len(p.odd) > 0 {
			return errListIgnored
		}
	}
	return nil
}

// oneByOne reads a list one id a call, side by side.
func oneByOne[T any](ctx context.Context, c *Client, q listed[T]) (*sheaf[T], error) {
	parts := make([]*sheaf[T], len(q.ids))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(c.profile.InFlight)
	for i, id := range q.ids {
		g.Go(func() (err error) {
			parts[i], err = steady(ctx, c, q, []string{id})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := &sheaf[T]{items: []T{}, note: listsAreOff}
	for _, s := range parts {
		all.items = append(all.items, s.items...)
		all.odd = append(all.odd, s.odd...)
		all.total += max(0, s.total)
		if all.why == "" {
			all.why = s.why
		}
	}
	return all, nil
}

// steady reads a list for some ids: again with smaller pages when IT Glue takes
// too long over one, and once more when the count is off.
func steady[T any](ctx context.Context, c *Client, q listed[T], ids []string) (*sheaf[T], error) {
	for again := true; ; {
		size := c.credential.pageSize(q.resource, q.most)
		s, err := walk(ctx, c, q, ids, size)
		switch {
		case errors.Is(err, errShrink) && c.credential.shrink(q.resource, size):
			c.log.Info("IT Glue takes too long over a page; smaller ones are asked for", "list", q.resource, "size", size)
		case err != nil:
			return nil, err
		case s.why != "" && again:
			again = false
		default:
			return s, nil
		}
	}
}

// mostPages ends a walk whose page count cannot be true.
const mostPages = 10_000

// walk reads all pages of a list: the first, and then the others side by side.
func walk[T any](ctx context.Context, c *Client, q listed[T], ids []string, size int) (*sheaf[T], error) {
	first, err := readPage(ctx, c, q, ids, 1, size)
	if err != nil {
		return nil, err
	}
	s := &sheaf[T]{items: []T{}, seen: map[string]bool{}, total: -1}
	s.add(first)
	if first.meta.TotalPages == nil || first.meta.TotalCount == nil {
		return s, walkBlind(ctx, c, q, ids, size, first, s)
	}
	s.total = *first.meta.TotalCount
	given := len(first.ids) + len(first.odd)
	pages := *first.meta.TotalPages
	if pages > mostPages || (given > 0 && pages > s.total/given+2) {
		return nil, component.Errorf(component.Unavailable, "IT Glue says that %s fill %d pages, which cannot be", q.about, pages).Then("Try again later.")
	}
	rest := make([]page[T], max(0, pages-1))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(c.profile.InFlight)
	for i := range rest {
		g.Go(func() (err error) {
			rest[i], err = readPage(ctx, c, q, ids, i+2, size)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, p := range rest {
		s.add(p)
	}
	s.judge()
	return s, nil
}

// walkBlind goes on with a list that does not say how long it is, page after
// page until one is not full. Such a list is never known to be complete.
func walkBlind[T any](ctx context.Context, c *Client, q listed[T], ids []string, size int, last page[T], s *sheaf[T]) error {
	for number := 2; number <= mostPages && len(last.ids)+len(last.odd) >= size; number++ {
		known := len(s.seen)
		p, err := readPage(ctx, c, q, ids, number, size)
		if err != nil {
			return err
		}
		s.add(p)
		if len(s.seen) == known {
			break
		}
		last = p
	}
	s.judge()
	return nil
}

// page is one page of a list, its records checked.
type page[T any] struct {
	ids   []string // of items
	items []T
	odd   []component.Odd
	meta  meta
}

// paged adds what every list asks for to a query.
func paged(filter url.Values, sort string, number, size int) url.Values {
	q := url.Values{}
	for name, values := range filter {
		q[name] = values
	}
	if sort != "" {
		q.Set("sort", sort)
	}
	q.Set(jsonapi.QueryParamPageNumber, strconv.Itoa(number))
	q.Set(jsonapi.QueryParamPageSize, strconv.Itoa(size))
	return q
}

// readPage reads one page. A record that was not asked for is an error.
func readPage[T any](ctx context.Context, c *Client, q listed[T], ids []string, number, size int) (page[T], error) {
	query := paged(q.query, q.sort, number, size)
	if len(ids) > 0 {
		query.Set(q.many, strings.Join(ids, ","))
	}
	k := &call{method: http.MethodGet, path: q.path, query: query, about: q.about, shrinkable: size > smallestPage}
	a, err := c.send(ctx, k)
	if err != nil {
		return page[T]{}, err
	}
	d, err := c.open(ctx, k, a)
	if err != nil {
		return page[T]{}, err
	}
	raw, ok := d.many()
	if !ok {
		return page[T]{}, c.noData(k)
	}
	if q.related != nil {
		q.related(d.related())
	}
	p := page[T]{meta: d.counts()}
	for _, one := range raw {
		if err := p.take(q, ids, one); err != nil {
			return page[T]{}, err
		}
	}
	return p, nil
}

// take reads one record of a page. One that cannot be read is put aside.
func (p *page[T]) take(q listed[T], ids []string, raw json.RawMessage) error {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		p.odd = append(p.odd, component.Odd{ID: looseID(raw), Reason: "it is not a record"})
		return nil
	}
	item, err := q.read(r)
	if err != nil {
		p.odd = append(p.odd, component.Odd{ID: string(r.ID), Reason: err.Error()})
		return nil
	}
	if len(ids) > 0 && !slices.Contains(ids, q.of(item)) {
		if len(ids) > 1 {
			return errListIgnored
		}
		return foreign(fmt.Sprintf("IT Glue answered with the record %s of %s, which was not asked for", r.ID, q.about))
	}
	if q.fits != nil && !q.fits(item) {
		return foreign(fmt.Sprintf("IT Glue answered with the record %s, which is not one of %s that were asked for", r.ID, q.about))
	}
	p.ids, p.items = append(p.ids, string(r.ID)), append(p.items, item)
	return nil
}

// looseID is the id of a record that cannot be read, if that much can.
func looseID(raw json.RawMessage) string {
	var r struct {
		ID id `json:"id"`
	}
	if json.Unmarshal(raw, &r) != nil {
		return ""
	}
	return string(r.ID)
}

// escaped makes a name fit for a filter, where a comma separates values and
// \, is a comma (CONFIRMED).
func escaped(name string) string { return strings.ReplaceAll(name, ",", `\,`) }

// sameName compares as a filter by name does: exactly, perhaps without regard
// to case (ASSUMED).
func sameName(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
