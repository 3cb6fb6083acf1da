package serve_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/serve"
)

var update = flag.Bool("update", false, "write the golden files anew")

type party struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type link struct {
	ID           string   `json:"id"`
	Organization party    `json:"organization"`
	Customer     *party   `json:"customer,omitempty"`
	State        string   `json:"state"`
	Score        float64  `json:"score"`
	Tags         []string `json:"tags"`
	Parts        []party  `json:"parts,omitempty"`
	Seen         string   `json:"seen,omitempty"`
	Note         string   `json:"note"`
	Locked       bool     `json:"locked"`
}

type listIn struct {
	States []string `json:"states,omitempty" jsonschema:"enum=pending,enum=accepted" jsonschema_description:"Only links in these states."`
	Search string   `json:"search,omitempty" jsonschema_description:"Part of a name of either side."`
	component.Page
}

type listOut struct {
	Items []link `json:"items"`
	component.Listing
}

type decideIn struct {
	ID       string            `json:"id" jsonschema:"minLength=1" jsonschema_description:"The link, by the id of its organization."`
	MinScore float64           `json:"minScore,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"Only at this score or better, from 0 to 1."`
	DryRun   bool              `json:"dryRun,omitempty" jsonschema_description:"Say what would happen, and change nothing."`
	Mode     string            `json:"mode,omitempty" jsonschema:"enum=fast,enum=safe,default=safe" jsonschema_description:"How to go about it."`
	Tries    int               `json:"tries,omitempty" jsonschema_description:"How often, in attempts."`
	TypeIDs  []string          `json:"typeIds,omitempty" jsonschema_description:"Asset types."`
	Limits   []int             `json:"limits,omitempty" jsonschema_description:"Limits, in records."`
	Fields   map[string]string `json:"fields,omitempty" jsonschema_description:"Rev.io field by trait."`
	JSON     string            `json:"json,omitempty" jsonschema_description:"A name that every command has."`
}

type rejectIn struct {
	ID []string `json:"id,omitempty" jsonschema_description:"The links."`
}

type decideOut struct {
	In          decideIn `json:"in"`
	NextCommand string   `json:"nextCommand,omitempty"`
}

type documentIO struct {
	Document string `json:"document" jsonschema:"minLength=1" jsonschema_extras:"contentMediaType=application/yaml" jsonschema_description:"The instance file."`
}

type cycleIn struct {
	Attention int    `json:"attention,omitempty"`
	Fail      string `json:"fail,omitempty"`
	Steps     int    `json:"steps,omitempty"`
	Wait      bool   `json:"wait,omitempty"`
}

type cycleOut struct {
	Written   int      `json:"written"`
	Attention int      `json:"attention"`
	Conflicts int      `json:"conflicts"`
	Held      int      `json:"held"`
	Writes    writes   `json:"writes"`
	Reasons   []reason `json:"reasons"`
	Text      string   `json:"text"`
	Empty     string   `json:"empty"`
	Owner     party    `json:"owner"`
}

type writes struct {
	Left  int `json:"left"`
	Right int `json:"right"`
}

type reason struct {
	Record string `json:"record"`
	Why    string `json:"why"`
}

type revealIn struct {
	ID     string `json:"id"`
	Reason string `json:"reason" jsonschema:"minLength=5" jsonschema_description:"Why, in at least 5 characters; it is kept."`
}

type revealOut struct {
	Value string `json:"value"`
}

func spec(name, summary string) component.Spec {
	return component.Spec{Name: name, Summary: summary, Effect: component.Writes, Access: component.Operate, Scope: component.OnHost}
}

func list(_ context.Context, _ *component.Session, in listIn) (listOut, error) {
	out := listOut{Items: []link{}, Listing: component.Listing{Complete: true}}
	if in.Search == "nothing" {
		return out, nil
	}
	out.Items = []link{
		{ID: "1", Organization: party{"1", "Vanguard Cabinets"}, Customer: &party{"9", "Vanguard"}, State: "pending", Score: 0.95, Tags: []string{"a", "b"}, Parts: []party{{"1", "x"}}},
		{ID: "1002", Organization: party{"1002", "Äcme Städte GmbH"}, State: "accepted", Score: 1, Tags: []string{}, Seen: "today", Locked: true},
	}
	if in.Limit == 2 {
		out.Next, out.Total, out.Complete, out.Why = "abc", 7, false, "only a page was asked for"
	}
	return out, nil
}

func cycle(ctx context.Context, s *component.Session, in cycleIn) (cycleOut, error) {
	for i := range in.Steps {
		s.Report("reading assets", i+1, in.Steps)
	}
	if in.Wait {
		<-ctx.Done()
		return cycleOut{}, ctx.Err()
	}
	if in.Fail != "" {
		return cycleOut{}, component.Errorf(component.Code(in.Fail), "customer 7 was refused").Then("Look at it, then run it again.")
	}
	return cycleOut{
		Written: 3, Attention: in.Attention, Conflicts: 1, Held: 2, Writes: writes{1, 2}, Owner: party{"7", "Vanguard"},
		Reasons: []reason{{"router", "the serial is a placeholder"}}, Text: "two\nlines",
	}, nil
}

func catalog() *component.Catalog {
	reveal := spec("passwords.reveal", "Show one password's value.")
	reveal.Sensitive = true
	toy := component.Component{Name: "links", Title: "Links", Actions: []component.Callable{
		component.Func(spec("links.list", "List links."), list),
		component.Func(spec("links.accept", "Accept a link."), func(_ context.Context, _ *component.Session, in decideIn) (decideOut, error) {
			return decideOut{In: in, NextCommand: "toy sync cycle"}, nil
		}),
		component.Func(spec("links.reject", "Reject links."), func(_ context.Context, _ *component.Session, in rejectIn) (rejectIn, error) {
			return in, nil
		}),
		component.Func(spec("instance.apply", "Make or change an instance."), func(_ context.Context, _ *component.Session, in documentIO) (party, error) {
			return party{ID: "1", Name: strings.TrimSpace(in.Document)}, nil
		}),
		component.Func(spec("instance.export", "Give an instance's file."), func(context.Context, *component.Session, component.NoInput) (documentIO, error) {
			return documentIO{Document: "name: acme\nrules: {}\n"}, nil
		}),
		component.Func(spec("sync.cycle", "Bring both sides in step."), cycle),
		component.Func(reveal, func(context.Context, *component.Session, revealIn) (revealOut, error) {
			return revealOut{Value: "hunter2"}, nil
		}),
		component.Func(spec("doctor", "Check everything."), func(context.Context, *component.Session, component.NoInput) (component.CheckReport, error) {
			return component.CheckReport{Checks: []component.Check{
				{Name: "key", Title: "Key", State: component.Works, Message: "it is accepted"},
				{Name: "types", Title: "Asset types", State: component.Missing, Message: "there are none", Do: "Make one in IT Glue."},
				{Name: "reveal", Title: "Password Access", State: component.NotTested, Message: "no password was named for it"},
			}}, nil
		}),
	}}
	return component.NewCatalog(toy)
}

// line is one run of the command line.
type line struct {
	args     string
	stdin    string
	terminal bool
	ctx      context.Context
}

type result struct {
	status         int
	stdout, stderr string
}

func (l line) run(t *testing.T) result {
	t.Helper()
	var stdout, stderr buffer
	root := serve.Command(serve.Options{
		Name: "toy", Summary: "A toy.", Version: "v1", Catalog: catalog(),
		Open: func(context.Context, component.Scope) (*component.Session, error) {
			return component.NewSession(&component.Host{}), nil
		},
		Stdin: strings.NewReader(l.stdin), Stdout: &stdout, Stderr: &stderr, StdoutIsTerminal: l.terminal, StderrIsTerminal: l.terminal,
	})
	root.SetArgs(strings.Fields(l.args))
	ctx := l.ctx
	if ctx == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
	}
	status := serve.Execute(ctx, root)
	return result{status, stdout.String(), stderr.String()}
}

// buffer is written to by the work and by what catches interrupts.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update")
	require.Equal(t, string(want), text)
}
