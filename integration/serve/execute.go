package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
)

const (
	usageStatus       = 2   // the command line itself is wrong
	interruptedStatus = 130 // as shells say of SIGINT
	mostProblems      = 20  // how many faults of a document are printed
)

// Execute runs a command line, prints how it failed, and gives the exit status
// of the process. The first interrupt ends the work at its next write, the
// second one ends the process.
func Execute(ctx context.Context, root *cobra.Command) int {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := onInterrupt(func() {
		_, _ = fmt.Fprintln(root.ErrOrStderr(), "stopping after the current write; interrupt again to end at once")
		cancel(errInterrupted)
	})
	defer stop()
	return status(ctx, root)
}

var errInterrupted = errors.New("interrupted")

func onInterrupt(f func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals) // the next one ends the process
			f()
		case <-done:
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

func status(ctx context.Context, root *cobra.Command) int {
	started := false
	mark(root, &started)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errNotOK):
		return 1
	}
	asJSON, _ := root.PersistentFlags().GetBool("json")
	var e *component.Error
	if !errors.As(err, &e) {
		code := component.InvalidInput // cobra's own words on the command line
		if started {
			code = component.CodeOf(err)
		}
		e = &component.Error{Code: code, Message: err.Error(), Err: err}
	}
	fail(root.ErrOrStderr(), e, asJSON)
	switch {
	case errors.Is(context.Cause(ctx), errInterrupted):
		return interruptedStatus
	case !started:
		return usageStatus
	}
	return e.Code.ExitStatus()
}

// mark makes every command note that it was started: what fails before is a
// fault of the command line.
func mark(cmd *cobra.Command, started *bool) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*started = true
			return run(cmd, args)
		}
	}
	for _, c := range cmd.Commands() {
		mark(c, started)
	}
}

// fail prints an error: what happened, where, and what to do.
func fail(w io.Writer, e *component.Error, asJSON bool) {
	problems := slices.Clone(e.Problems)
	slices.SortStableFunc(problems, func(a, b component.Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	if asJSON {
		var body struct {
			Error struct {
				Code     component.Code      `json:"code"`
				Message  string              `json:"message"`
				Do       string              `json:"do,omitempty"`
				Problems []component.Problem `json:"problems,omitempty"`
			} `json:"error"`
		}
		body.Error.Code, body.Error.Message, body.Error.Do, body.Error.Problems = e.Code, e.Message, e.Do, problems
		raw, _ := json.MarshalIndent(body, "", "  ")
		_, _ = fmt.Fprintln(w, string(raw))
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "error: %s\n", e.Message)
	for i, p := range problems {
		if i == mostProblems {
			fmt.Fprintf(&b, "  … and %d more\n", len(problems)-i)
			break
		}
		pointer := p.Pointer
		if pointer == "" {
			pointer = "(the whole document)"
		}
		fmt.Fprintf(&b, "  %s %s\n", pointer, p.Message)
	}
	if e.Do != "" {
		fmt.Fprintf(&b, "→ %s\n", e.Do)
	}
	_, _ = io.WriteString(w, b.String())
}
