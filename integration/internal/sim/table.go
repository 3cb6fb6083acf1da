package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// table adds worlds up.
type table struct {
	mu                 sync.Mutex
	seeds, steps, runs int
	years              float64
	fired, points      map[string]int
	broken             []Figures
}

func (t *table) add(f Figures) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fired == nil {
		t.fired, t.points = map[string]int{}, map[string]int{}
	}
	t.seeds, t.steps, t.runs = t.seeds+1, t.steps+f.Steps, t.runs+f.Runs
	t.years += f.Lasted.Hours() / 24 / 365
	for k, n := range f.Fired {
		t.fired[k] += n
	}
	for k, n := range f.Points {
		t.points[k] += n
	}
	if len(f.Broken) > 0 {
		t.broken = append(t.broken, f)
	}
}

// String gives the table as a person reads it.
func (t *table) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds, often, acts := 0, 0, 0
	for _, f := range faults {
		if t.fired[f.name] > 0 {
			kinds++
		}
		if t.fired[f.name] >= 100 {
			often++
		}
	}
	for k, n := range t.fired {
		if strings.HasPrefix(k, "person ") {
			acts += n
		}
	}
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "seeds %d · steps %d · runs %d · simulated years %.1f\n", t.seeds, t.steps, t.runs, t.years)
	_, _ = fmt.Fprintf(&b, "fault kinds fired %d of %d, %d of them 100 times or more · acts of people %d · crashes %d at %d points\n", kinds, len(faults), often, acts, t.fired["crash"], len(t.points))
	_, _ = fmt.Fprintf(&b, "worlds with a broken invariant: %d\n", len(t.broken))
	for title, counts := range map[string]map[string]int{"crash points": t.points, "faults and acts": t.fired} {
		_, _ = fmt.Fprintf(&b, "%s:", title)
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			_, _ = fmt.Fprintf(&b, " %s %d;", k, counts[k])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
