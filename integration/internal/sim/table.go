package sim

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What a run of at least so many seeds must reach.
const (
	enough     = 1500
	kindsOften = 40  // so many kinds of faults fire
	often      = 100 // so many times or more,
	atPoints   = 10  // and processes end so many times or more at each point
)

// table adds worlds up.
type table struct {
	mu                           sync.Mutex
	began                        time.Time
	first, last                  uint64
	seeds, steps, requests, runs int
	years                        float64
	fired, points                map[string]int
	broken                       []uint64
}

func newTable() *table {
	return &table{began: time.Now(), fired: map[string]int{}, points: map[string]int{}}
}

func (t *table) add(f Figures) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seeds == 0 || f.Seed < t.first {
		t.first = f.Seed
	}
	t.last = max(t.last, f.Seed)
	t.seeds, t.steps, t.requests, t.runs = t.seeds+1, t.steps+f.Steps, t.requests+f.Requests, t.runs+f.Runs
	t.years += f.Lasted.Hours() / 24 / 365
	for k, n := range f.Fired {
		t.fired[k] += n
	}
	for k, n := range f.Points {
		t.points[k] += n
	}
	if len(f.Broken) > 0 {
		t.broken = append(t.broken, f.Seed)
	}
}

// faulty are the kinds of faults: those of requests, and what else happens to
// our process but its end and its start.
func (t *table) faulty() map[string]int {
	all := map[string]int{}
	for _, f := range faults {
		all[f.name] = t.fired[f.name]
	}
	for k, n := range t.fired {
		if k != "crash" && k != "restart" && !strings.HasPrefix(k, "person ") {
			all[k] = n
		}
	}
	return all
}

// kinds counts the kinds of faults that fired, and those that fired often.
func (t *table) kinds() (fired, frequent, all int) {
	for _, n := range t.faulty() {
		all += n
		if n > 0 {
			fired++
		}
		if n >= often {
			frequent++
		}
	}
	return fired, frequent, all
}

// lacks says what a run of enough seeds did not reach.
func (t *table) lacks() (lacks []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seeds < enough {
		return nil
	}
	if _, frequent, _ := t.kinds(); frequent < kindsOften {
		lacks = append(lacks, fmt.Sprintf("%d kinds of faults fired %d times or more; %d are to", frequent, often, kindsOften))
	}
	for _, p := range points {
		if n := t.points[p]; n < atPoints {
			lacks = append(lacks, fmt.Sprintf("processes ended %d times at the point %q; they are to %d times", n, p, atPoints))
		}
	}
	for p := range t.points {
		if !slices.Contains(points, p) {
			lacks = append(lacks, fmt.Sprintf("the point %q is not in the list of points", p))
		}
	}
	return lacks
}

// String gives the table in Markdown.
func (t *table) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds, frequent, faulty := t.kinds()
	acts, fewest := 0, 0
	for k, n := range t.fired {
		if strings.HasPrefix(k, "person ") {
			acts += n
		}
	}
	for i, p := range points {
		if n := t.points[p]; i == 0 || n < fewest {
			fewest = n
		}
	}
	took := time.Since(t.began)
	var b strings.Builder
	row := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(&b, "| %s | %s |\n", name, fmt.Sprintf(format, args...))
	}
	row("Simulated", "%s, %s", time.Now().UTC().Format(time.DateOnly), runtime.Version())
	b.WriteString("|---|---|\n")
	row("Took", "%.1f minutes on %d cores", took.Minutes(), runtime.GOMAXPROCS(0))
	row("Seeds", "%s, from %d to %d", grouped(t.seeds), t.first, t.last)
	row("Steps", "%s: %s requests served, %s acts of people, %s faults, %s restarts", grouped(t.steps), grouped(t.requests), grouped(acts), grouped(faulty), grouped(t.fired["restart"]))
	row("Runs of a flow", "%s", grouped(t.runs))
	row("Simulated time", "%.1f years", t.years)
	row("Kinds of faults", "%d of %d fired, %d of them %d times or more", kinds, len(t.faulty()), frequent, often)
	row("Crashes", "%s at %d points, at least %d at each", grouped(t.fired["crash"]), len(points), fewest)
	row("Worlds in which an invariant broke", "%d", len(t.broken))
	b.WriteString("\nCrashes: " + listed(t.points, "") + ".\n")
	b.WriteString("\nFaults: " + listed(t.faulty(), "") + ".\n")
	b.WriteString("\nActs of people: " + listed(t.fired, "person ") + ".\n")
	return b.String()
}

// listed gives the counts whose names begin so.
func listed(counts map[string]int, prefix string) string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		if name, ok := strings.CutPrefix(k, prefix); ok {
			all = append(all, name+" "+grouped(counts[k]))
		}
	}
	return strings.Join(all, " · ")
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
