package sim

import (
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
	"time"
)

// trace is what happened in a world, one line an event.
type trace struct {
	mu    sync.Mutex
	began time.Time
	lines []line
}

type line struct {
	at   time.Duration
	text string
}

func (t *trace) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line{time.Since(t.began), fmt.Sprintf(format, args...)})
}

// sum is the same for two worlds in which the same happened.
func (t *trace) sum() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := fnv.New64a()
	for _, l := range t.lines {
		_, _ = fmt.Fprintln(h, l.at, l.text)
	}
	return h.Sum64()
}

// String gives the trace as a person reads it.
func (t *trace) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for _, l := range t.lines {
		_, _ = fmt.Fprintf(&b, "%14s  %s\n", l.at.Round(time.Millisecond), l.text)
	}
	return b.String()
}
