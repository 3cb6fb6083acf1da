package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
)

// schemaCommand shows what there is to call, and how.
func schemaCommand(catalog *component.Catalog) *cobra.Command {
	return &cobra.Command{
		Use: "schema [NAME]", Short: "List the actions, or show one with the JSON Schemas of its input and output.", Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
			for _, d := range catalog.Describe() {
				names = append(names, d.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				a, err := catalog.Find(args[0])
				if err != nil {
					return err
				}
				return printJSON(cmd, a.Describe())
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return printJSON(cmd, catalog.Describe())
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, d := range catalog.Describe() {
				_, _ = fmt.Fprintf(w, "%s\t%s\n", d.Name, d.Summary)
			}
			return w.Flush()
		},
	}
}

func printJSON(cmd *cobra.Command, v any) error {
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
