package component

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// SkewAllowed is how far apart two clocks may be before a check says so.
const SkewAllowed = 2 * time.Minute

// Clock is another system's clock, as its answers are dated. The zero value
// knows nothing of it. It is safe for use by several goroutines.
type Clock struct {
	known atomic.Bool
	ahead atomic.Int64
}

// Read takes in the Date header of an answer that came at now; an answer without
// one says nothing.
func (c *Clock) Read(h http.Header, now time.Time) {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.ahead.Store(int64(at.Sub(now)))
	c.known.Store(true)
}

// Ahead gives how far the clock is ahead of this computer's, to about a second;
// known is false when no answer was dated.
func (c *Clock) Ahead() (ahead time.Duration, known bool) {
	return time.Duration(c.ahead.Load()), c.known.Load()
}

// Check gives the line of a connection's check, for the system of that name.
func (c *Clock) Check(system string) Check {
	line := Check{Name: "clock", Title: "The clocks agree"}
	ahead, known := c.Ahead()
	switch {
	case !known:
		line.State, line.Message = NotTested, "The answers have no date to compare with."
	case ahead.Abs() > SkewAllowed:
		behind := "behind"
		if ahead < 0 {
			behind = "ahead of"
		}
		line.State, line.Message = Differs, fmt.Sprintf("This computer's clock is %s %s %s's.", ahead.Abs().Round(time.Second), behind, system)
		line.Do = "Set this computer's clock, by NTP for example. Until then the newer of two records cannot be told by their times."
	default:
		line.State, line.Message = Works, fmt.Sprintf("This computer's clock and %s's agree.", system)
	}
	return line
}
