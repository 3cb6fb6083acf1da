// Package serve holds the faces: each makes one outward form of a catalog of
// actions, and has no line for any particular action. If a face needs one, the
// action is wrong.
//
// [Command] is the command line. The command of an action is its name with the
// dot as a space; its flags come from the schema of its input; what it prints
// comes from the shape of its output.
//
// [Face] is HTTP: POST /v1/instances/INSTANCE/actions/NAME with the input of the
// action, described by [OpenAPI] with the same schemas. Who asks and what they
// may is package access's to say. A flow answers with its run, which is watched
// by server-sent events; a problem is RFC 9457; beside it lies the web console.
package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
)

// Options is what the command line works with.
type Options struct {
	Name    string // of the program
	Summary string // one sentence
	Version string
	Catalog *component.Catalog
	// Open makes the session that an action of this scope is called in: on the
	// host alone, or on the instance that the program's own flags name.
	Open func(context.Context, component.Scope) (*component.Session, error)

	Stdin            io.Reader
	Stdout, Stderr   io.Writer
	StdoutIsTerminal bool
	StderrIsTerminal bool
}

// cli is a command line while it runs.
type cli struct {
	Options
	json            bool
	failOnAttention bool
}

// Command makes the command line of a catalog. The program adds its own
// persistent flags and commands to it, and runs it with [Execute].
func Command(o Options) *cobra.Command {
	c := &cli{Options: o}
	root := group(o.Name, o.Summary)
	root.Version = o.Version
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(o.Stdin)
	root.SetOut(o.Stdout)
	root.SetErr(o.Stderr)
	root.PersistentFlags().BoolVar(&c.json, "json", false, "print the answer, and errors, as JSON")
	root.PersistentFlags().BoolVar(&c.failOnAttention, "fail-on-attention", false, "end with status 4 when something needs attention")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return component.Errorf(component.InvalidInput, "%w", err).Then("See `%s --help`.", cmd.CommandPath())
	})
	for _, d := range o.Catalog.Describe() {
		c.add(root, d)
	}
	for _, g := range root.Commands() {
		if g.Short == "" {
			g.Short = c.holds(g)
		}
	}
	return root
}

// add puts the command of one action into the tree.
func (c *cli) add(root *cobra.Command, d component.Description) {
	parent, name := root, d.Name
	if noun, verb, dotted := strings.Cut(d.Name, "."); dotted {
		parent, name = child(root, noun), verb
	}
	cmd := child(parent, name)
	in := newInput(d)
	cmd.Use, cmd.Short, cmd.Long = name+in.usage(), d.Summary, long(d, in)
	cmd.Args, cmd.DisableFlagsInUseLine = in.args, false
	in.flags(cmd)
	toStdout := new(bool)
	if d.Sensitive {
		toStdout = cmd.Flags().Bool("stdout", false, "write it to stdout although that is not a terminal")
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if d.Sensitive && !c.StdoutIsTerminal && !*toStdout {
			return component.Errorf(component.InvalidInput, "%s writes to a terminal only, and stdout is none", d.Name).
				Then("Say --stdout to write it there all the same.")
		}
		raw, err := in.read(cmd, args)
		if err != nil {
			return err
		}
		return c.call(cmd.Context(), d, in, raw)
	}
}

// call invokes an action and prints its answer.
func (c *cli) call(ctx context.Context, d component.Description, in *input, raw json.RawMessage) error {
	s, err := c.Open(ctx, d.Scope)
	if err != nil {
		return err
	}
	p := &progress{to: c.Stderr, terminal: c.StderrIsTerminal}
	s.OnReport = p.report
	out, err := c.Catalog.Invoke(ctx, s, d.Name, raw)
	p.end()
	if err != nil {
		return err
	}
	return c.answer(d, in, out)
}

// child finds or makes the command of that name.
func child(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.Name() == name {
			return c
		}
	}
	c := group(name, "")
	parent.AddCommand(c)
	return c
}

// group is a command that only holds others: alone it shows its help, and to an
// unknown one it says which was meant.
func group(name, summary string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: summary, SuggestionsMinimumDistance: 2, Args: cobra.ArbitraryArgs, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			path := strings.TrimPrefix(cmd.CommandPath()+" ", cmd.Root().Name()+" ")
			err := component.Errorf(component.InvalidInput, "there is no command %q", path+args[0])
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				return err.Then("Did you mean `%s%s`?", path, near[0])
			}
			return err.Then("See `%s --help`.", cmd.CommandPath())
		},
	}
}

// holds says what is in a group: that it is a component's, or else its verbs.
func (c *cli) holds(g *cobra.Command) string {
	for _, comp := range c.Catalog.Components() {
		if comp.Name == g.Name() {
			return "The actions of " + comp.Title + ", one by one."
		}
	}
	var names []string
	for _, verb := range g.Commands() {
		names = append(names, verb.Name())
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// long is the text of an action's help above its flags.
func long(d component.Description, in *input) string {
	var b strings.Builder
	b.WriteString(d.Summary)
	if d.Every != "" {
		fmt.Fprintf(&b, "\n\nA running serve does it by itself every %s.", plainDuration(d.Every))
	}
	if d.Sensitive {
		b.WriteString("\n\nIts answer is kept nowhere and goes to a terminal only.")
	}
	if nested := in.nested(); len(nested) > 0 {
		b.WriteString("\n\nWith --input only:")
		for _, p := range nested {
			fmt.Fprintf(&b, "\n  %s  %s", p.name, p.describe())
		}
	}
	return b.String()
}

// plainDuration drops the empty parts of a duration: 1h0m0s is 1h.
func plainDuration(d string) string {
	if s, ok := strings.CutSuffix(d, "m0s"); ok {
		d = s + "m"
	}
	if s, ok := strings.CutSuffix(d, "h0m"); ok {
		d = s + "h"
	}
	return d
}
