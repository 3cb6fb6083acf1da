package itglue_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

func ptr[T any](v T) *T { return &v }

func TestListDoesNotShowQuickNotesAndShowGivesThemWhole(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	notes := strings.Repeat("long ", 100)
	id := s.AddOrganization(itgluetest.Organization{Name: "A", QuickNotes: notes, Alert: "Contract ends"})
	l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
	require.NoError(t, err)
	require.Nil(t, l.Items[0].QuickNotes)
	require.Equal(t, "Contract ends", *l.Items[0].Alert)
	require.Equal(t, "", *l.Items[0].Description, "null is empty, and shown")
	o, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: id})
	require.NoError(t, err)
	require.Equal(t, notes, *o.QuickNotes)
}

func TestTextThatAnAnswerLeavesOutIsNotShown(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, []byte(`{"data":{"id":"7","type":"organizations","attributes":{"name":"A","description":null}}}`)))
	o, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: "7"})
	require.NoError(t, err)
	require.Nil(t, o.QuickNotes)
	require.Equal(t, "", *o.Description)
}

func TestChangeOfAnOrganizationLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A", Description: "old", QuickNotes: "notes", ShortName: "AA", Status: "Offboarding"})
	before, _ := s.Organization(id)
	o, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Description: ptr("new"), UnlessChangedSince: &before.UpdatedAt})
	require.NoError(t, err)
	require.Equal(t, "new", *o.Description)
	after, _ := s.Organization(id)
	require.Equal(t, itgluetest.Organization{ID: id, Name: "A", Description: "new", QuickNotes: "notes", ShortName: "AA", Type: "Customer", Status: "Offboarding",
		CreatedAt: before.CreatedAt, UpdatedAt: after.UpdatedAt}, after)
	_, err = itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, QuickNotes: ptr("")})
	require.NoError(t, err)
	after, _ = s.Organization(id)
	require.Empty(t, after.QuickNotes, "an empty text clears")
	require.Equal(t, "new", after.Description)
}

func TestOrganizationThatMovedOnIsNotWritten(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A"})
	seen, _ := s.Organization(id)
	s.RenameOrganization(id, "B")
	_, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Name: ptr("C"), UnlessChangedSince: &seen.UpdatedAt})
	code(t, component.Conflict, err)
	require.Empty(t, s.Writes())
}

func TestChangeOfNothingWritesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A"})
	_, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id})
	require.NoError(t, err)
	require.Empty(t, s.Writes())
}

func TestNameOfAnOrganizationThatAPSAKeepsIsLocked(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"", "not allowed for this one"} {
		s := start(t, itgluetest.Options{Switches: itgluetest.Switches{PSARefusal: words}})
		id := s.AddOrganization(itgluetest.Organization{Name: "Ozark Dental Arts, PLLC", PSASynced: true})
		_, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Name: ptr("Ozark")})
		code(t, component.InvalidInput, err)
		require.ErrorIs(t, err, itglue.ErrLockedByPSA)
		o, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Description: ptr("d"), QuickNotes: ptr("q")})
		require.NoError(t, err, "description and quick notes may be written")
		require.Equal(t, "enabled", o.PSAIntegration)
	}
}

func TestOtherRefusalOfANameIsNotTakenForALock(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "A"})
	s.Fail(1, itgluetest.On("PATCH", "/"), itgluetest.Answer(422, `{"errors":[{"detail":"has already been taken","source":{"pointer":"/data/attributes/name"}}]}`))
	_, err := itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: id, Name: ptr("B")})
	e := code(t, component.InvalidInput, err)
	require.NotErrorIs(t, err, itglue.ErrLockedByPSA)
	require.Equal(t, "/name", e.Problems[0].Pointer)
}

func TestNewOrganizationHoldsWhatWasGiven(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 200} {
		s := start(t, itgluetest.Options{Switches: itgluetest.Switches{CreateStatus: status}})
		s.AddOrganization(itgluetest.Organization{Name: "other", Status: "Prospect"})
		listed, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
		require.NoError(t, err)
		o, err := itglue.CreateOrganization.Call(t.Context(), s.session, itglue.CreateOrganizationInput{Name: "New & Co", ShortName: "NC", Description: "d", QuickNotes: "q", StatusID: listed.Items[0].StatusID})
		require.NoError(t, err)
		require.Equal(t, []string{"New & Co", "NC", "d", "q", "Prospect"}, []string{o.Name, o.ShortName, *o.Description, *o.QuickNotes, o.StatusName})
		held, found := s.Organization(o.ID)
		require.True(t, found)
		require.Equal(t, "New & Co", held.Name)
	}
}

func TestOrganizationThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, err := itglue.GetOrganization.Call(t.Context(), s.session, itglue.GetOrganizationInput{ID: "42"})
	code(t, component.NotFound, err)
	_, err = itglue.UpdateOrganization.Call(t.Context(), s.session, itglue.UpdateOrganizationInput{ID: "42", Name: ptr("B")})
	code(t, component.NotFound, err)
	require.Empty(t, s.Writes())
}
