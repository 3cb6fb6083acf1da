package itgluetest

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeForm is how times are printed: UTC, in milliseconds.
const timeForm = "2006-01-02T15:04:05.000Z"

func printed(t time.Time) string { return t.UTC().Format(timeForm) }

// row is a record of a list, before it is printed.
type row struct {
	id           string
	organization string
	values       map[string]string // by the names of filters and sorts
	late         time.Time         // when it was made through the API; zero: by a person
	print        func() object
}

// list is what a resource's list can do.
type list struct {
	path     string
	filters  []string // the names it knows, letter by letter
	sorts    []string
	included func([]row) []object // what include adds to a page; nil: nothing
}

// page answers with a page of rows, filtered and sorted as asked.
func (q request) page(l list, rows []row) reply {
	if refused, ok := q.checkQuery(l); !ok {
		return refused
	}
	rows = slices.DeleteFunc(rows, func(r row) bool {
		hidden := q.switches.ListingDelay > 0 && !r.late.IsZero() && q.now().Sub(r.late) < q.switches.ListingDelay
		return hidden || !q.matches(l, r)
	})
	q.order(l, rows)
	number, size, ok := q.paging()
	if !ok {
		return problems(400, problem{Status: 400, Title: "Bad Request", Detail: "page is invalid"})
	}
	if size > 1000 {
		if q.switches.PageSizeAboveMax == "422" {
			return unprocessable("page[size]", "must be less than or equal to 1000")
		}
		size = 1000
	}
	total := len(rows)
	from := min((number-1)*size, total)
	rows = rows[from:min(from+size, total)]
	out := reply{status: 200, header: jsonAPI()}
	data := make([]object, len(rows))
	for i, r := range rows {
		data[i] = r.print()
		out.records = append(out.records, touched{r.id, r.organization})
	}
	doc := object{"data": data, "links": object{}}
	pages := (total + size - 1) / size
	if !q.switches.NoMeta {
		doc["meta"] = meta(number, pages, total)
	}
	if pages > 1 && !q.switches.NoLinks {
		doc["links"] = q.links(l.path, number, pages, size)
	}
	if l.included != nil && !q.switches.IncludeIgnored {
		doc["included"] = l.included(rows)
	}
	out.body = encode(doc)
	return out
}

// checkQuery refuses what the switches say is refused.
func (q request) checkQuery(l list) (reply, bool) {
	for name := range q.query {
		filter, is := strings.CutPrefix(name, "filter[")
		if is && q.switches.UnknownFilterRefused && !slices.Contains(l.filters, strings.TrimSuffix(filter, "]")) {
			return problems(400, problem{Status: 400, Title: "Bad Request", Detail: "unknown filter", Source: &source{Parameter: name}}), false
		}
	}
	for _, by := range strings.Split(q.get("sort"), ",") {
		by = strings.TrimPrefix(by, "-")
		if by != "" && q.switches.UnlistedSortRefused && !slices.Contains(l.sorts, by) {
			return problems(400, problem{Status: 400, Title: "Bad Request", Detail: "sort is invalid", Source: &source{Parameter: "sort"}}), false
		}
	}
	return reply{}, true
}

// matches reports whether a row passes the filters that the list knows. Others
// are ignored, as the service ignores them.
func (q request) matches(l list, r row) bool {
	for _, name := range l.filters {
		asked := q.get("filter[" + name + "]")
		if asked == "" {
			continue
		}
		values := splitValues(asked)
		if len(values) > 1 {
			switch q.switches.CommaLists {
			case "ignored":
				continue
			case "first":
				values = values[:1]
			case "literal":
				values = []string{asked}
			}
		}
		if strings.HasSuffix(name, "_at") {
			if !withinRange(r.values[name], asked) {
				return false
			}
			continue
		}
		if !slices.ContainsFunc(values, func(v string) bool { return q.sameValue(name, r.values[name], v) }) {
			return false
		}
	}
	return true
}

func (q request) sameValue(name, have, want string) bool {
	switch {
	case name == "name" && q.switches.NameFilterAnyCase:
		return strings.EqualFold(have, want)
	case have == "true" || have == "false":
		return have == want || (have == "true") == (want == "1") && (want == "1" || want == "0")
	}
	return have == want
}

// splitValues splits a filter at its commas; \, is a comma within a value.
func splitValues(s string) []string {
	const comma = "\x00"
	parts := strings.Split(strings.ReplaceAll(s, `\,`, comma), ",")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], comma, ",")
	}
	return parts
}

// withinRange reports whether a time lies in a range "from,to", where * is open.
func withinRange(have, asked string) bool {
	from, to, _ := strings.Cut(asked, ",")
	after := from == "*" || from == "" || have >= from
	before := to == "*" || to == "" || have <= to
	return after && before
}

func (q request) order(l list, rows []row) {
	for _, by := range slices.Backward(strings.Split(q.get("sort"), ",")) {
		name, down := strings.CutPrefix(by, "-")
		if !slices.Contains(l.sorts, name) {
			continue
		}
		slices.SortStableFunc(rows, func(a, b row) int {
			c := compareValues(a.values[name], b.values[name])
			if name == "id" {
				c = compareValues(a.id, b.id)
			}
			if down {
				return -c
			}
			return c
		})
	}
}

func compareValues(a, b string) int {
	m, err := strconv.ParseInt(a, 10, 64)
	n, err2 := strconv.ParseInt(b, 10, 64)
	if err == nil && err2 == nil {
		return cmp.Compare(m, n)
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

func (q request) paging() (number, size int, ok bool) {
	number, size = 1, 50
	for name, into := range map[string]*int{"page[number]": &number, "page[size]": &size} {
		if v := q.get(name); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return 0, 0, false
			}
			*into = n
		}
	}
	return number, size, true
}

func meta(number, pages, total int) object {
	m := object{"current-page": number, "next-page": nil, "prev-page": nil, "total-pages": pages, "total-count": total, "filters": object{}}
	if number < pages {
		m["next-page"] = number + 1
	}
	if number > 1 {
		m["prev-page"] = number - 1
	}
	return m
}

func (q request) links(path string, number, pages, size int) object {
	at := func(n int) string {
		query := url.Values{}
		for name, values := range q.query {
			query[name] = values
		}
		query.Set("page[number]", strconv.Itoa(n))
		query.Set("page[size]", strconv.Itoa(size))
		return fmt.Sprintf("https://%s%s?%s", hosts[q.region], path, query.Encode())
	}
	l := object{"self": at(number), "first": at(1), "last": at(pages)}
	if number > 1 {
		l["prev"] = at(number - 1)
	}
	if number < pages {
		l["next"] = at(number + 1)
	}
	return l
}

var hosts = map[string]string{"us": "api.itglue.com", "eu": "api.eu.itglue.com", "au": "api.au.itglue.com"}

// asks reports whether a request asks for something to be included.
func (q request) asks(include string) bool {
	return slices.Contains(strings.Split(q.get("include"), ","), include)
}

// show answers with one record.
func show(status int, o object, about touched, included []object) reply {
	doc := object{"data": o}
	if included != nil {
		doc["included"] = included
	}
	return reply{status: status, header: jsonAPI(), body: encode(doc), records: []touched{about}}
}

// identifiers gives the members of a relationship.
func identifiers(kind string, ids []string) object {
	data := make([]object, len(ids))
	for i, id := range ids {
		data[i] = object{"id": id, "type": kind}
	}
	return object{"data": data}
}

// numberOf prints an id among attributes: a number, or null.
func numberOf(id string) any {
	if id == "" {
		return nil
	}
	return mustNumber(id)
}

// orNull prints an empty text as null.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// listNames answers with a list of statuses or organization types.
func (q request) listNames(kind string, all []named) reply {
	var rows []row
	for _, e := range all {
		rows = append(rows, row{id: e.id, values: map[string]string{"id": e.id, "name": e.name, "created_at": printed(e.at), "updated_at": printed(e.at)}, print: func() object {
			return object{"id": e.id, "type": kind, "attributes": object{"name": e.name, "created-at": printed(e.at), "updated-at": printed(e.at), "synced": false}}
		}})
	}
	return q.page(list{path: "/" + strings.ReplaceAll(kind, "-", "_"), filters: []string{"name"}, sorts: []string{"name", "id", "created_at", "updated_at"}}, rows)
}
