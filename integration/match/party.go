package match

import (
	"cmp"
	"slices"
	"strings"
)

// party is an organization or a customer, ready to be compared.
type party struct {
	Entity
	names      []spelled
	parent     int32 // index into its own side; -1 without one
	depth      int32 // 0 without a parent
	likeParent bool  // its name has all words of its parent's
	phone      string
	domain     string // with its top level
	site       string // the domain without it and without hyphens
	city       string
	cityWords  []int32
}

// spelled is a name with its words looked up.
type spelled struct {
	hash  uint64 // of the compact name
	terms []int32
	name
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
	parallel(len(sorted), func(_, i int) { all[i] = newParty(sorted[i]) })
	byID := byID(all)
	for i, p := range all {
		if j, ok := byID[p.ParentID]; ok && p.ParentID != "" && int(j) != i {
			p.parent = j
		}
	}
	breakCycles(all)
	return all
}

func newParty(e Entity) *party {
	p := &party{Entity: e, parent: -1, phone: phoneKey(e.Phone), domain: domainKey(e.Domain)}
	for _, n := range names(e.Name) {
		p.names = append(p.names, spelled{name: n, hash: hashOf(n.compact)})
	}
	p.site = siteOf(p.domain)
	if e.City != "" {
		p.city = normalize(e.City)
	}
	return p
}

func byID(all []*party) map[string]int32 {
	index := make(map[string]int32, len(all))
	for i, p := range all {
		index[p.ID] = int32(i)
	}
	return index
}

// breakCycles gives every party its depth. One whose parents lead back to
// itself is taken as a root.
func breakCycles(all []*party) {
	for i, p := range all {
		steps := 0
		for j := p.parent; j >= 0 && steps < len(all); j = all[j].parent {
			if int(j) == i {
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

// phoneKey is the last ten digits, without an extension, or "" when there are
// too few.
func phoneKey(raw string) string {
	if raw == "" {
		return ""
	}
	raw = strings.ToLower(strings.Replace(raw, "(0)", "", 1))
	for _, mark := range []string{"ext", "x", "#", "/", ";", ","} {
		if i := strings.Index(raw, mark); i > 6 {
			raw = raw[:i]
		}
	}
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

// domainKey is the domain that someone registered: without scheme, mailbox,
// path and the names in front of it.
func domainKey(raw string) string {
	d := strings.ToLower(strings.TrimSpace(raw))
	if _, rest, ok := strings.Cut(d, "://"); ok {
		d = rest
	}
	d, _, _ = strings.Cut(d, "/")
	if _, host, ok := strings.Cut(d, "@"); ok {
		d = host
	}
	d, _, _ = strings.Cut(d, ":")
	d, _, _ = strings.Cut(d, "?")
	labels := strings.Split(strings.Trim(d, "."), ".")
	keep := 2
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		keep = 3 // co.uk
	}
	d = strings.Join(labels[max(0, len(labels)-keep):], ".")
	if tables().freeMail[d] {
		return ""
	}
	return d
}

// siteOf is a domain as a name might be written: "acme-dental.com" is
// "acmedental".
func siteOf(domain string) string {
	core, _, _ := strings.Cut(domain, ".")
	return strings.ReplaceAll(core, "-", "")
}
