package itgluerevio

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// The integration, as its card shows it.
const (
	title       = "IT Glue Integration"
	description = "Keeps IT Glue's organizations, flexible assets and password list in step with Rev.io's customers and assets."
)

// Offer is an integration as its card in the marketplace shows it.
type Offer struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Connects    []string `json:"connects"`
	Status      string   `json:"status" jsonschema:"enum=available,enum=draft,enum=configured,enum=needs-attention"`
	Words       string   `json:"words"`
	Instances   int      `json:"instances"`
}

func (k keeper) marketplace() component.Callable {
	type list struct {
		Items []Offer `json:"items"`
	}
	return component.Func(host("marketplace.list", "List the integrations that can be configured, with how their instances are.", component.Reads, component.View),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (list, error) {
			offer := Offer{Name: "itglue-revio", Title: title, Description: description, Connects: []string{}, Status: "available", Words: "Available"}
			for _, c := range k.components() {
				offer.Connects = append(offer.Connects, c.Title)
			}
			err := k.read(ctx, func(tx store.Tx) error {
				all, err := tx.ListInstances(ctx)
				for _, in := range all {
					if err == nil && (s.Sees == nil || s.Sees(in.ID)) {
						var c Card
						c, err = card(ctx, tx, in, s.Clock())
						offer.count(c)
					}
				}
				return err
			})
			return list{Items: []Offer{offer}}, err
		})
}

// count adds an instance: what is worst shows.
func (o *Offer) count(c Card) {
	o.Instances++
	rank := map[string]int{"available": 0, "configured": 1, "draft": 2, "needs-attention": 3}
	status, words := "configured", "Configured"
	switch c.Health {
	case "draft":
		status, words = "draft", "The wizard is not finished"
	case "attention", "bad":
		status, words = "needs-attention", "Needs attention"
	}
	if rank[status] > rank[o.Status] {
		o.Status, o.Words = status, words
	}
}
