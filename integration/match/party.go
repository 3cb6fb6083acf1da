package match

import (
	"cmp"
	"slices"
	"strings"
)

// party is an organization or a customer, ready to be compared.
type party struct {
	Entity
	names      []name
	terms      [][]*term // of each name, its tokens
	parent     int       // index into its own side; -1 without one
	depth      int       // 0 without a parent
	likeParent bool      // its name has all words of its parent's
	phone      string
	domain     string
	city       string
}

// parties prepares one side, sorted by id; of two with one id the first stays.
func parties(entities []Entity) []*party {
	sorted := slices.Clone(entities)
	slices.SortFunc(sorted, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ParentID, b.ParentID),
			cmp.Compare(a.City, b.City), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Phone, b.Phone))
	})
	sorted = slices.CompactFunc(sorted, func(a, b Entity) bool { return a.ID == b.ID })
	all := make([]*party, len(sorted))
	byID := make(map[string]int, len(sorted))
	for i, e := range sorted {
		byID[e.ID] = i
		all[i] = &party{
			Entity: e, names: names(e.Name), parent: -1,
			phone: phoneKey(e.Phone), domain: domainKey(e.Domain), city: normalize(e.City),
		}
	}
	for i, p := range all {
		if j, ok := byID[p.ParentID]; ok && p.ParentID != "" && j != i {
			p.parent = j
		}
	}
	breakCycles(all)
	for _, p := range all {
		p.likeParent = p.parent >= 0 && covers(p.names, all[p.parent].names)
	}
	return all
}

// covers says whether the first of some names has all words of another's,
// misspelled or not.
func covers(names, of []name) bool {
	if len(names) == 0 || len(of) == 0 {
		return false
	}
	return !slices.ContainsFunc(of[0].tokens, func(t string) bool {
		return !slices.ContainsFunc(names[0].tokens, func(u string) bool { return t == u || len(t) > 3 && edits(t, u, 2) > 0 })
	})
}

// breakCycles gives every party its depth. One whose parents lead back to
// itself is taken as a root.
func breakCycles(all []*party) {
	for i, p := range all {
		steps := 0
		for j := p.parent; j >= 0 && steps < len(all); j = all[j].parent {
			if j == i {
				p.parent = -1
				break
			}
			steps++
		}
	}
	for _, p := range all {
		for j := p.parent; j >= 0; j = all[j].parent {
			p.depth++
		}
	}
}

func hasParent(p *party) bool { return p.parent >= 0 }

// phoneKey is the last ten digits, or "" when there are too few.
func phoneKey(raw string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, raw)
	if len(digits) < 7 || allOneCharacter(digits) {
		return ""
	}
	return digits[max(0, len(digits)-10):]
}

// domainKey is a web domain without its scheme, "www." and path.
func domainKey(raw string) string {
	d := strings.ToLower(strings.TrimSpace(raw))
	if _, rest, ok := strings.Cut(d, "://"); ok {
		d = rest
	}
	if _, host, ok := strings.Cut(d, "@"); ok {
		d = host
	}
	d, _, _ = strings.Cut(d, "/")
	d, _, _ = strings.Cut(d, ":")
	d = strings.TrimSuffix(strings.TrimPrefix(d, "www."), ".")
	if freeMail[d] {
		return ""
	}
	return d
}
