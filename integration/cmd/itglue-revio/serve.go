package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/integration/runner"
)

// serveCommand runs the schedule, the HTTP API and the console until it is
// interrupted.
func (p *program) serveCommand() *cobra.Command {
	o, w := runner.Options{}, web{}
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the flows of all instances when they are due, with the console and the HTTP API, until interrupted.", Args: cobra.NoArgs,
		Long: "Run the flows of all instances when they are due, with the console and the HTTP API, until interrupted.\n\n" +
			"It answers GET /healthz, GET /v1/openapi.json and what that describes; every other address is the console's. " +
			"On the first start it prints a link for the first administrator.\n\n" +
			"It speaks HTTP: on any but a loopback address a proxy with TLS must stand before it, and --url names the proxy's address. " +
			"The first interrupt ends the work after the writes that are under way, and the next process goes on with it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !p.flags.verbose {
				p.level.Set(slog.LevelInfo)
			}
			return p.serve(cmd.Context(), o, w)
		},
	}
	cmd.Flags().StringVar(&o.Address, "address", "127.0.0.1:0", "`host:port` to listen on; port 0 takes a free one")
	cmd.Flags().IntVar(&o.Workers, "workers", 8, "how many instances are worked on at once")
	w.declare(cmd)
	return cmd
}

func (p *program) serve(ctx context.Context, o runner.Options, w web) error {
	listener, err := listen(o.Address)
	if err != nil {
		return err
	}
	site, err := w.site(listener)
	if err == nil {
		err = p.gate.At(site)
	}
	all := p.options()
	all.DatabasePath, all.Listener, all.Workers = p.databasePath(), listener, o.Workers
	all.Ready = func(address string) { _, _ = fmt.Fprintf(p.stderr, "listening on http://%s\n", address) }
	work := runner.New(all)
	if err == nil {
		err = served{definition: p.definition, store: p.store, work: work, gate: p.gate, log: p.log, embed: w.embed, https: strings.HasPrefix(site.URL, "https://")}.mount()
	}
	words := ""
	if err == nil {
		words, err = invite(ctx, p.gate, site.URL)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	_, _ = fmt.Fprint(p.stderr, words)
	return work.Serve(ctx)
}
