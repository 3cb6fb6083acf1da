package itgluerevio

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func (k keeper) components() []component.Component {
	return []component.Component{itglue.Component(), revio.Component()}
}

// revioTypes gives the ids of the active Rev.io asset types.
func revioTypes(ctx context.Context, s *component.Session) ([]string, error) {
	list, err := revio.ListAssetTypes.Call(ctx, s, component.NoInput{})
	var ids []string
	for _, t := range list.Items {
		if t.Active {
			ids = append(ids, t.ID)
		}
	}
	return ids, err
}

func (k keeper) customerParty(ctx context.Context, s *component.Session, id string) (store.Party, error) {
	c, err := revio.GetCustomer.Call(ctx, s, revio.ByID{ID: id})
	return store.Party{ID: c.ID, Name: c.Name, Status: c.Status}, err
}
