package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/integration/runner"
)

// serveCommand runs the schedule until it is interrupted.
func (p *program) serveCommand() *cobra.Command {
	o := runner.Options{}
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the flows of all instances when they are due, until interrupted.", Args: cobra.NoArgs,
		Long: "Run the flows of all instances when they are due, until interrupted.\n\n" +
			"It answers GET /healthz. The first interrupt ends the work after the writes that are under way, and the next process goes on with it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !p.flags.verbose {
				p.level.Set(slog.LevelInfo)
			}
			all := p.options()
			all.DatabasePath, all.Address, all.Workers = p.databasePath(), o.Address, o.Workers
			all.Ready = func(address string) { _, _ = fmt.Fprintf(p.stderr, "listening on http://%s\n", address) }
			return runner.New(all).Serve(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&o.Address, "address", "127.0.0.1:0", "`host:port` to listen on; port 0 takes a free one")
	cmd.Flags().IntVar(&o.Workers, "workers", 8, "how many instances are worked on at once")
	return cmd
}
