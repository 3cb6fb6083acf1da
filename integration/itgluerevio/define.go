// Package itgluerevio is our integration: IT Glue on the left, Rev.io on the
// right. [Define] shows all of it on one screen; the pages, flows and
// operations it names each have a file of their own.
package itgluerevio

import (
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// cycleEvery is how often a cycle runs.
const cycleEvery = time.Hour

// Define gives the integration, over a store.
func Define(s store.Store) integration.Definition { return Options{Store: s}.Define() }

// Options is what the integration works with. Hook is called at named points
// around every write of a cycle, so that a test can end the process there; nil
// in production.
type Options struct {
	Store store.Store
	Hook  func(point string)
}

// Define gives the integration.
func (o Options) Define() integration.Definition {
	k := keeper{store: o.Store, hook: o.Hook}
	return integration.Definition{
		Name:        "itglue-revio",
		Title:       "IT Glue Integration",
		Description: "Keeps IT Glue's organizations, flexible assets and password list in step with Rev.io's customers and assets.",
		Components:  []component.Component{itglue.Component(), revio.Component()},
		Pages: []integration.Page{
			{Name: "connections", Title: "Connections", Form: k.connectionsPage()},
			{Name: "assetTypes", Title: "Select Flexible Asset Types", Form: k.assetTypesPage()},
			{Name: "fields", Title: "Map Asset Fields", Form: k.fieldsPage()},
			{Name: "types", Title: "Map Asset Types", Form: k.typesPage()},
		},
		Flows: []integration.Flow{
			{Callable: k.matchOrganizations(), Uses: cycle.Uses()},
			{Callable: k.discoverAssets(), Uses: cycle.Uses()},
			{Callable: k.cycle(), Uses: cycle.Uses(), Every: cycleEvery},
			{Callable: k.customer(), Uses: cycle.CustomerUses()},
			{Callable: k.createPlan(), Uses: cycle.Uses()},
			{Callable: k.applyPlan(), Uses: cycle.Uses()},
			{Callable: k.restoreAsset(), Uses: cycle.Uses()},
			{Callable: k.reveal(), Uses: []component.Callable{itglue.RevealPassword}, Direct: true},
		},
		Operations: []component.Callable{
			k.doctor(), k.marketplace(),
			k.applyInstance(), k.listInstances(), k.exportInstance(), k.pauseInstance(), k.resumeInstance(), k.resyncInstance(), k.removeInstance(),
			k.draftInstance(), k.showInstance(), k.saveInstance(), k.discardInstance(), k.finishInstance(), k.overview(), k.instanceRules(), k.setRules(),
			k.beforeYouBegin(), k.checkConnections(), k.previewAssetTypes(), k.previewFields(), k.previewTypes(),
			k.listLinks(), k.countLinks(), k.showLink(), k.searchCustomers(), k.acceptLinks(), k.rejectLinks(), k.reassignLink(), k.undoLinks(),
			k.listCustomers(), k.showCustomer(),
			k.listAssets(), k.countAssetStates(), k.showAsset(), k.explainAsset(), k.linkAsset(), k.createAsset(), k.ignoreAsset(),
			k.listPlans(), k.showPlan(),
			k.listConflicts(), k.listConflictFields(), k.resolveConflicts(), k.setConflictRule(),
			k.listPasswords(), k.listMyReveals(), k.listAccesses(),
			k.listRuns(), k.showRun(), k.compareRuns(), k.stopRun(),
			k.listAlerts(), k.showAlerts(), k.setAlerts(), k.testAlerts(),
			k.listAudit(), k.exportAudit(), k.verifyAudit(),
		},
		Watch: k.watch,
	}
}
