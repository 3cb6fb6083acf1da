package serve

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// apart is how far apart the lines of progress are that do not go to a terminal.
const apart = 10 * time.Second

// width is what fits into one line of any terminal: a longer one could not be
// written over.
const width = 79

// progress says how far the work is: one line that is written over on a
// terminal, else a line now and then, and the last.
type progress struct {
	to       io.Writer
	terminal bool

	mu      sync.Mutex
	last    string
	shown   bool
	written time.Time
}

func (p *progress) report(at component.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := at.Stage
	switch {
	case at.Total > 0:
		line += fmt.Sprintf(": %d of %d", at.Done, at.Total)
	case at.Done > 0:
		line += fmt.Sprintf(": %d", at.Done)
	}
	if line == p.last {
		return
	}
	p.last, p.shown = line, false
	if p.terminal || time.Since(p.written) >= apart {
		p.show()
	}
}

func (p *progress) show() {
	if p.terminal {
		line := []rune(p.last)
		_, _ = fmt.Fprintf(p.to, "\r\x1b[2K%s", string(line[:min(len(line), width)]))
	} else {
		_, _ = fmt.Fprintln(p.to, p.last)
	}
	p.shown, p.written = true, time.Now()
}

// end leaves the last line to be read, or takes it from the terminal.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.last == "":
	case p.terminal:
		_, _ = fmt.Fprint(p.to, "\r\x1b[2K")
	case !p.shown:
		p.show()
	}
}
