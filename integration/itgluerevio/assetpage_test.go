package itgluerevio_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

func (s *stage) listAssets(in object) (names []string) {
	s.Helper()
	var out itgluerevio.AssetList
	s.must("assets.list", in, &out)
	for _, a := range out.Items {
		names = append(names, a.Side+" "+a.Name+" "+a.State)
	}
	return names
}

func TestAssetsAreListedAndCountedByState(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.workstation(s.Cobalt, "CDC-2", "CDC0002") // two candidates: held
	s.equipment(s.CobaltC, "twin A", "CDC0002")
	s.equipment(s.CobaltC, "twin B", "CDC0002")
	s.equipment(s.CobaltC, "printer", "PRN0001")
	s.workstation(s.Dunmore, "DLP-1", "DLP0001")
	s.accepted(s.Cobalt, s.Dunmore)
	require.Equal(t, []string{"left CDC-1 linked"}, s.listAssets(object{"organization": s.Cobalt, "state": "linked"}), "a pair is one asset")
	require.Equal(t, []string{"right CDC-1 linked"}, s.listAssets(object{"organization": s.Cobalt, "state": "linked", "side": "right"}))
	var named itgluerevio.AssetList
	s.must("assets.list", object{"search": "CDC-1"}, &named)
	require.Equal(t, []string{"Cobalt Dental Clinic", "Cobalt Dental Clinic"}, []string{named.Items[0].OrganizationName, named.Items[0].CustomerName})
	require.Equal(t, []string{"left CDC-2 held"}, s.listAssets(object{"state": "held", "side": "left"}))
	require.Contains(t, s.listAssets(object{"state": "only-in-revio"}), "right printer only-in-revio")
	require.Equal(t, s.listAssets(object{"organization": s.Dunmore}), s.listAssets(object{"customer": s.Dunmor2}))
	require.Empty(t, s.listAssets(object{"customer": s.BrightC}), "its link is not accepted")
	require.Len(t, s.listAssets(object{"type": s.Workstations}), 3)
	var listed []string
	for _, state := range []string{"linked", "held", "only-in-revio", "waiting"} {
		for _, a := range s.listAssets(object{"state": state}) {
			require.Contains(t, a, " "+state, "the filter and what is shown agree")
			listed = append(listed, a)
		}
	}
	require.ElementsMatch(t, s.listAssets(object{}), listed, "each asset is in one state")
	var n itgluerevio.AssetCounts
	s.must("assets.counts", object{}, &n)
	for _, c := range n.States {
		require.Len(t, s.listAssets(object{"state": c.Name}), c.Count, c.Name)
	}
	require.Equal(t, []itgluerevio.NamedCount{{Name: s.Workstations, Count: 3}}, n.Types)
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	require.Len(t, s.listAssets(object{}), 1, "of a rejected link nothing is shown")
}

func TestAssetIsShownFieldByFieldWithWhatTheNextCycleDoes(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "Admin"})
	s.accepted(s.Cobalt)
	s.ITGlue.SetTrait(asset, "ip-address", "10.0.0.2")
	s.actor = "user:ana"
	s.cycle()
	show := func(in object) (out itgluerevio.AssetShown, fields map[string]itgluerevio.AssetField) {
		s.must("assets.show", in, &out)
		fields = map[string]itgluerevio.AssetField{}
		for _, f := range out.Table {
			fields[f.Field] = f
		}
		return out, fields
	}
	out, fields := show(object{"id": asset})
	require.Equal(t, "name", out.Table[0].Field)
	ip := fields["ipAddress"]
	require.Equal(t, "10.0.0.2", *ip.ITGlue)
	require.Equal(t, "10.0.0.2", *ip.Revio)
	require.Equal(t, "10.0.0.2", *ip.Synced)
	require.Equal(t, "none", ip.Action)
	require.Equal(t, "10.0.0.1", ip.Was)
	require.Equal(t, "right", ip.Written)
	require.Equal(t, "user:ana", ip.Actor)
	require.NotNil(t, ip.At)
	require.Equal(t, 1, out.Passwords)
	require.Equal(t, "Cobalt Dental Clinic", out.CustomerName)
	require.NotEmpty(t, out.Explained.Checks)

	s.ITGlue.SetTrait(asset, "ip-address", "10.0.0.3")
	s.Revio.SetAsset(s.only(s.CobaltC).ID, "ipAddress", "10.0.0.4")
	s.cycle()
	_, fields = show(object{"id": asset})
	require.Equal(t, "conflict", fields["ipAddress"].Action)
	require.NotEmpty(t, fields["ipAddress"].Why)
	other, _ := show(object{"id": s.only(s.CobaltC).ID, "side": "right"})
	require.Equal(t, asset, other.LinkedWith)
	s.must("links.reject", object{"id": []string{s.Cobalt}}, nil)
	requireCode(t, component.NotFound, s.call("assets.show", object{"id": asset}, nil), "not accepted")
}

func TestHeldAssetIsShownWithItsCandidates(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-2", "CDC0002")
	s.equipment(s.CobaltC, "twin A", "CDC0002")
	s.equipment(s.CobaltC, "twin B", "CDC0002")
	s.accepted(s.Cobalt)
	var out itgluerevio.AssetShown
	s.must("assets.show", object{"id": asset}, &out)
	require.Len(t, out.Candidates, 2)
	require.Equal(t, "twin A", out.Candidates[0].Name)
}

func TestRuleForAFieldSettlesWhatItShowed(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.accepted(s.Cobalt)
	s.cycle()
	s.ITGlue.SetTrait(asset, "ip-address", "10.0.0.3")
	s.Revio.SetAsset(s.only(s.CobaltC).ID, "ipAddress", "10.0.0.4")
	s.cycle()
	var o itgluerevio.Overview
	s.must("instance.overview", object{}, &o)
	require.Equal(t, "attention", o.Health)
	require.Equal(t, "It works; 3 links and 1 conflict wait for you.", o.Words)
	var fields itgluerevio.ConflictFields
	s.must("conflicts.fields", object{}, &fields)
	require.Equal(t, []itgluerevio.ConflictField{{Field: "ipAddress", Title: "IP Address", Open: 1, Rule: "ask"}}, fields.Items)
	var out itgluerevio.ConflictRuled
	s.must("conflicts.set-rule", object{"field": "ipAddress", "rule": "revio", "dryRun": true}, &out)
	require.Equal(t, 1, out.Settles)
	require.Equal(t, "10.0.0.4", out.Sample[0].Revio)
	var settings itgluerevio.Settings
	s.must("instance.rules", object{}, &settings)
	require.Empty(t, settings.Rules.Fields, "a preview changes nothing")
	require.Equal(t, 20, settings.Rules.Guard.Organization)
	s.must("conflicts.set-rule", object{"field": "ipAddress", "rule": "revio"}, nil)
	s.cycle()
	require.Equal(t, "10.0.0.4", s.trait(asset, "ip-address"))
	require.Empty(t, s.conflicts())
	s.must("instance.overview", object{}, &o)
	require.Equal(t, "It works; 3 links wait for you.", o.Words)
	require.Equal(t, "Made a rule for conflicts", o.Timeline[slices.IndexFunc(o.Timeline, func(e itgluerevio.Event) bool { return strings.Contains(e.Title, "rule") })].Title)
	s.must("instance.set-rules", object{"rules": object{"fields": nil, "firstRun": "review"}, "runAs": "new-account"}, &settings)
	require.Empty(t, settings.Rules.Fields)
	require.Equal(t, "review", settings.Rules.FirstRun)
	require.Equal(t, "new-account", settings.RunAs)
	requireCode(t, component.InvalidInput, s.call("instance.set-rules", object{"rules": object{"weather": "fine"}}, nil))
	requireCode(t, component.Conflict, s.call("instance.set-rules", object{"version": settings.Version - 1}, nil))
}
