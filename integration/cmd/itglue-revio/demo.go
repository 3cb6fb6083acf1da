package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/serve"
	"github.com/itglue-revio/itglue-revio/integration/serve/console"
)

// demoCommand goes through the whole journey between simulators of both
// systems. It uses a folder and profiles of its own, never the operator's.
func (p *program) demoCommand() *cobra.Command {
	var once bool
	var seed uint64
	cmd := &cobra.Command{
		Use: "demo", Short: "Go through the whole journey on simulators of both systems, on this machine.", Args: cobra.NoArgs,
		Long: "Go through the whole journey on simulators of both systems, on this machine: IT Glue and Rev.io with 64 organizations, 1,200 assets and 400 passwords, and the runner between them.\n\n" +
			"It ends with status 1 if a promise does not hold. Without --once the runner and both simulators go on until interrupted.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := cmd.Flags().GetBool("json")
			if err != nil {
				return err
			}
			return runDemo(cmd.Context(), cmd.OutOrStdout(), p.stderr, demo.NewWorld(demo.Options{Seed: seed}), once, asJSON)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "end after the journey")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "which world")
	return cmd
}

func runDemo(ctx context.Context, stdout, stderr io.Writer, w *demo.World, once, asJSON bool) (err error) {
	folder, err := os.MkdirTemp("", "itglue-revio-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	stage, err := demo.Serve(ctx, w, folder, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	words := stdout
	if asJSON {
		words = stderr
	}
	report, err := (&demo.Journey{Stage: stage, Words: words}).Run(ctx)
	if asJSON {
		raw, err := json.MarshalIndent(report, "", "  ")
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(stdout, string(raw))
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(words, "\nEvery promise held (%s).\n", report)
	if once {
		return nil
	}
	return stay(ctx, words, stage)
}

// stay keeps the runner and the simulators up, and says how to look at them.
func stay(ctx context.Context, words io.Writer, stage *demo.Stage) error {
	itglue, revio, err := stage.Profiles()
	if err != nil {
		return err
	}
	flags := []string{"--data " + stage.Folder}
	for name, raw := range map[string]json.RawMessage{"itglue": itglue, "revio": revio} {
		file := filepath.Join(stage.Folder, name+"-profile.json")
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			return err
		}
		flags = append(flags, "--"+name+"-profile "+file)
	}
	for _, e := range stage.Endpoints() {
		flags = append(flags, "--allow-endpoint "+e)
	}
	left, right, err := stage.Desks()
	if err != nil {
		return err
	}
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	at := "http://" + listener.Addr().String()
	gate := access.New(access.Options{Store: stage.Store})
	if err := gate.At(access.Site{URL: at, Fail: serve.Fail, Embed: embeddable, Demo: true}); err != nil {
		return errors.Join(err, listener.Close())
	}
	token, password, err := gate.DemoUser(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	definition := itgluerevio.Define(stage.Store)
	work := runner.New(runner.Options{Store: stage.Store, Host: stage.Host, Definition: definition, DatabasePath: stage.Store.Path(), Listener: listener, Ready: func(string) {
		_, _ = fmt.Fprintf(words, "\nThe console, signed in (the link works once; to be asked again who you are: %s):\n\n  %s/sign-in?token=%s\n", password, at, token)
		if _, built := console.Built(); !built {
			_, _ = fmt.Fprint(words, "\nThis program was built without the console: run scripts/build where Node.js is installed.\n")
		}
		_, _ = fmt.Fprintf(words, "\nBoth systems, to edit a record and watch it travel:\n\n  IT Glue  %s\n  Rev.io   %s\n\nIn another terminal:\n\n  bin/itglue-revio %s links list\n\nInterrupt to end.\n",
			left, right, strings.Join(flags, " \\\n    "))
	}})
	if err := (served{definition: definition, store: stage.Store, work: work, gate: gate, log: slog.New(slog.DiscardHandler)}).mount(); err != nil {
		return errors.Join(err, listener.Close())
	}
	return work.Serve(ctx)
}
