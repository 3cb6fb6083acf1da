package sim

import "slices"

// Case is a world that broke an invariant once, made small.
type Case struct {
	Seed    uint64  `json:"seed"`
	Steps   int     `json:"steps"`
	Broke   string  `json:"broke"` // what was broken before the product was corrected
	Profile Profile `json:"profile"`
}

// shrink leaves out of a case what it breaks without: steps first, then faults,
// crash points and acts one by one. Breaks tells whether a case still does.
func (c Case) shrink(breaks func(Case) bool) Case {
	for steps := c.Steps / 2; steps > 5; steps /= 2 {
		less := c
		less.Steps = steps
		if !breaks(less) {
			break
		}
		c = less
	}
	kinds := slices.Concat(c.Profile.Faults, points)
	for _, a := range acts {
		kinds = append(kinds, a.name)
	}
	for _, k := range kinds {
		less := c
		less.Profile.Without = append(slices.Clone(c.Profile.Without), k)
		if breaks(less) {
			c = less
		}
	}
	return c
}

// points are where a process may end: the points of a cycle, and those of a
// request on its way.
var points = []string{
	"before-intent", "after-intent", "after-create", "after-settle", "after-look-up", "before-update", "after-update", "before-detail", "after-detail",
	"request leaves", "request leaves (write)", "answer comes", "answer comes (write)",
}
