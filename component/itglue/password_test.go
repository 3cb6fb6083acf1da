package itglue_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// logins adds one password of each kind.
func (s *stage) logins() (asset string, ids map[string]string) {
	organization := s.AddOrganization(itgluetest.Organization{Name: "A"})
	asset = s.full(organization, s.workstations())
	tagged := s.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "Tagged", Value: secretValue})
	s.SetTrait(asset, "related-logins", tagged)
	return asset, map[string]string{
		"embedded": s.AddPassword(itgluetest.Password{Name: "BIOS", Username: "bios", Notes: "a hint: " + secretValue, Category: "Cloud", AssetID: asset, Value: secretValue}),
		"field":    s.AddPassword(itgluetest.Password{Name: "Local Admin", AssetID: asset, FieldKey: "local-admin", Value: secretValue}),
		"none":     tagged,
		"other":    s.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "UPS", ResourceType: "configurations", ResourceID: "77", Value: secretValue}),
		"vault":    s.AddPassword(itgluetest.Password{OrganizationID: organization, Name: "Vaulted", VaultID: "9101", Value: secretValue}),
	}
}

func TestPasswordsAreListedByWhatTheyBelongToAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	for _, spelling := range []itgluetest.Switches{{}, {EmbeddedType: "Flexible Asset", FieldType: "flexible-asset-trait"}, {EmbeddedType: "FlexibleAsset", FieldType: "FlexibleAssetTrait"}, {ListShowsPasswordMember: true}} {
		s := start(t, itgluetest.Options{Switches: spelling})
		asset, ids := s.logins()
		l, err := itglue.ListPasswords.Call(t.Context(), s.session, itglue.ListPasswordsInput{})
		require.NoError(t, err)
		require.True(t, l.Complete)
		got := map[string]itglue.Password{}
		for _, p := range l.Items {
			got[p.ID] = p
		}
		for _, linkage := range []string{"embedded", "field", "none", "other"} {
			p := got[ids[linkage]]
			require.Equal(t, linkage, p.Linkage)
			want := ""
			if linkage == "embedded" || linkage == "field" {
				want = asset
			}
			require.Equal(t, want, p.AssetID, linkage)
		}
		require.NotEqual(t, asset, got[ids["field"]].ResourceID, "the id of the trait")
		require.Equal(t, "Cloud", got[ids["embedded"]].Category)
		raw, err := json.Marshal(l)
		require.NoError(t, err)
		require.NotContains(t, string(raw), secretValue, "neither values nor notes")
	}
}

func TestReadingAPasswordDoesNotAskForItsValue(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, ids := s.logins()
	p, err := itglue.GetPassword.Call(t.Context(), s.session, itglue.GetPasswordInput{ID: ids["embedded"]})
	require.NoError(t, err)
	require.Equal(t, "bios", p.Username)
	_, err = itglue.ListPasswords.Call(t.Context(), s.session, itglue.ListPasswordsInput{})
	require.NoError(t, err)
	for _, r := range s.Requests() {
		require.False(t, r.PasswordShown)
	}
}

func TestFieldPasswordWithoutARecordInItsAddressHasNoAsset(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, []byte(`{"data":{"id":"7","type":"passwords","attributes":{"name":"P","organization-id":1,"resource-id":5,"resource-type":"flexible-asset-traits","parent-url":"https://x.itglue.com/1/assets/2/list"}}}`)))
	p, err := itglue.GetPassword.Call(t.Context(), s.session, itglue.GetPasswordInput{ID: "7"})
	require.NoError(t, err)
	require.Equal(t, "field", p.Linkage)
	require.Empty(t, p.AssetID)
	require.Nil(t, p.PasswordUpdatedAt)
}

func TestRevealGivesTheLiveValueOnce(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	asset, ids := s.logins()
	out, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["field"]})
	require.NoError(t, err)
	require.Equal(t, secretValue, out.Value)
	require.Equal(t, asset, out.Password.AssetID)
	require.Len(t, s.Requests(), 1)
	require.True(t, s.Requests()[0].PasswordShown)
}

func TestRevealWithoutAValueSaysWhyAndIsNeverEmpty(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "null", "401", "403"} {
		s := start(t, itgluetest.Options{Keys: []itgluetest.Key{{Value: itgluetest.DefaultKey}}, Switches: itgluetest.Switches{NoPasswordAccess: answer}})
		_, ids := s.logins()
		out, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["embedded"]})
		e := code(t, component.Forbidden, err)
		require.Contains(t, e.Message, "Password Access", answer)
		require.ErrorIs(t, err, itglue.ErrThisRecordOnly)
		require.Zero(t, out)
	}
}

func TestRevealOfAVaultedPasswordSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, ids := s.logins()
	_, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["vault"]})
	require.Contains(t, code(t, component.Forbidden, err).Message, "vault")
	s.Fail(1, itgluetest.On("", "/passwords"), itgluetest.Replaced(`"vault-id":null`, `"vault-id":5`))
	out, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["embedded"]})
	code(t, component.Forbidden, err)
	require.Zero(t, out, "what a vault gives may be ciphertext")
}

func TestRevealWithAKeyThatIsRefusedBlamesTheKey(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, ids := s.logins()
	s.SetKey(itgluetest.Key{Value: itgluetest.DefaultKey, Paused: true})
	_, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["embedded"]})
	require.NotErrorIs(t, code(t, component.Forbidden, err), itglue.ErrThisRecordOnly)
}

func TestRevealOfAnotherPasswordIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, ids := s.logins()
	s.Fail(1, itgluetest.On("", "/passwords"), itgluetest.Replaced(`"id":"`+ids["embedded"]+`"`, `"id":"5"`))
	out, err := itglue.RevealPassword.Call(t.Context(), s.session, itglue.RevealPasswordInput{ID: ids["embedded"]})
	code(t, component.Internal, err)
	require.Zero(t, out)
}
