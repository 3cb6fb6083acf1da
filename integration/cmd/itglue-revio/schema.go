package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

// schemaCommand shows what there is to call, and how.
func schemaCommand(catalog *component.Catalog) *cobra.Command {
	return &cobra.Command{
		Use: "schema [NAME]", Short: "List the actions, or show one with the JSON Schemas of its input and output.", Args: cobra.MaximumNArgs(1),
		Long: "List the actions, or show one with the JSON Schemas of its input and output.\n\n" +
			"NAME may also be instance (the instance file), or a connector's name with -profile (the file for --revio-profile, --itglue-profile).",
		ValidArgsFunction: func(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
			for _, d := range catalog.Describe() {
				names = append(names, d.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if s := documentSchemas(catalog)[args[0]]; s != nil {
					return printJSON(cmd, s)
				}
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

// documentSchemas are the schemas of the files that a person writes.
func documentSchemas(catalog *component.Catalog) map[string]*component.Schema {
	schemas := map[string]*component.Schema{"instance": itgluerevio.DocumentSchema()}
	for _, c := range catalog.Components() {
		if c.Profile != nil {
			schemas[c.Name+"-profile"] = c.Profile
		}
	}
	return schemas
}

func printJSON(cmd *cobra.Command, v any) error {
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
