package main

import (
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// define gives the integration that this program runs.
func define(store.Store) integration.Definition {
	return integration.Definition{Name: "itglue-revio", Title: "IT Glue and Rev.io PSA"}
}
