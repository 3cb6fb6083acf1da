package itglue_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// crowd adds organizations with assets of one type.
func (s *stage) crowd(organizations, assetsEach int) (ids []string, typeID string) {
	typeID = s.workstations()
	for o := range organizations {
		id := s.AddOrganization(itgluetest.Organization{Name: fmt.Sprintf("Client %03d", o)})
		ids = append(ids, id)
		for a := range assetsEach {
			s.AddAsset(id, typeID, map[string]any{"device-name": fmt.Sprintf("PC-%d-%d", o, a)})
		}
	}
	return ids, typeID
}

func TestWholeListIsReadInPagesAndIsComplete(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"pageSize":7}`)
	_, typeID := s.crowd(5, 10)
	s.ResetRequests()
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Len(t, l.Items, 50)
	require.True(t, l.Complete, l.Why)
	require.Equal(t, 50, l.Total)
	require.Empty(t, l.Next)
	require.Len(t, s.Requests(), 8)
	for i := 1; i < len(l.Items); i++ {
		require.False(t, l.Items[i].CreatedAt.Before(l.Items[i-1].CreatedAt), "oldest first, whichever page came first")
	}
}

func TestEmptyListIsCompleteAndItsItemsAreNotNil(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
	require.NoError(t, err)
	require.True(t, l.Complete)
	require.NotNil(t, l.Items)
	require.Empty(t, l.Items)
}

func TestPartsOfAListJoinToTheWhole(t *testing.T) {
	t.Parallel()
	for _, off := range []bool{false, true} {
		s := start(t, itgluetest.Options{})
		s.profile(fmt.Sprintf(`{"assumed":{"organizationLists":%t}}`, !off))
		ids, typeID := s.crowd(3, 5)
		seen := map[string]bool{}
		in := itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids, Page: component.Page{Limit: 4}}
		for pages := 0; pages < 10; pages++ {
			l := list(t, s, in)
			require.False(t, l.Complete, "a part proves no absence")
			require.LessOrEqual(t, len(l.Items), 4)
			for _, a := range l.Items {
				require.False(t, seen[a.ID], "twice")
				seen[a.ID] = true
			}
			if in.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		require.Len(t, seen, 15)
	}
}

func TestPartGoesOnWithAnotherLimitOrToTheEnd(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 20)
	first := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Page: component.Page{Limit: 6}})
	require.Len(t, first.Items, 6)
	second := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Page: component.Page{Limit: 4, Cursor: first.Next}})
	require.Equal(t, first.Items[5].CreatedAt.Before(second.Items[0].CreatedAt), true)
	rest := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Page: component.Page{Cursor: second.Next}})
	require.Equal(t, 20, len(first.Items)+len(second.Items)+len(rest.Items))
	require.Empty(t, rest.Next)
	require.False(t, rest.Complete)
	all := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Page: component.Page{Limit: 20}})
	require.True(t, all.Complete, "one page that is the whole list is complete")
}

func TestCursorThatNoListGaveIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	ids, typeID := s.crowd(2, 3)
	for _, cursor := range []string{"x", "all.1.0", "all.0.-5", "all", "each.0.x"} {
		_, err := itglue.ListFlexibleAssets.Call(t.Context(), s.session, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids, Page: component.Page{Cursor: cursor}})
		code(t, component.InvalidInput, err)
	}
	_, err := itglue.ListFlexibleAssets.Call(t.Context(), s.session, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids, Page: component.Page{Cursor: "each.0.2"}})
	code(t, component.Conflict, err)
}

func TestPagesAreHalvedWhenTheyTimeOutAndTheSizeIsRemembered(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 30)
	slow := func(r *http.Request) *itgluetest.Fault {
		size := r.URL.Query().Get("page[size]")
		if size == "1000" || size == "500" {
			f := itgluetest.GatewayTimeout(false)
			return &f
		}
		return nil
	}
	s.FailWith(-1, slow)
	s.ResetRequests()
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.True(t, l.Complete)
	require.Len(t, l.Items, 30)
	require.Equal(t, 3, len(s.Requests()), "1000, 500, 250: no size is tried twice")
	s.ResetRequests()
	s.session = s.open(itgluetest.DefaultKey, nil)
	list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Len(t, s.Requests(), 1, "remembered for the key, not for the client")
	s.ResetRequests()
	part := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, Page: component.Page{Limit: 600}})
	require.Len(t, part.Items, 30)
}

func TestTimeoutOfThisSideHalvesPagesToo(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"timeoutSeconds":0.2,"pageSize":100}`)
	_, typeID := s.crowd(1, 3)
	s.FailWith(-1, func(r *http.Request) *itgluetest.Fault {
		if r.URL.Query().Get("page[size]") == "100" {
			f := itgluetest.Stall(time.Minute)
			return &f
		}
		return nil
	})
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.True(t, l.Complete)
	require.Len(t, l.Items, 3)
}

func TestListThatTimesOutAtTheSmallestSizeIsUnavailable(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 3)
	s.FailWith(-1, func(*http.Request) *itgluetest.Fault { f := itgluetest.GatewayTimeout(false); return &f })
	_, err := itglue.ListFlexibleAssets.Call(t.Context(), s.session, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	code(t, component.Unavailable, err)
}

func TestRecordThatMovesBetweenPagesIsReadAgain(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"pageSize":10,"inFlight":1}`)
	_, typeID := s.crowd(1, 25)
	first := s.Assets()[0].ID
	pageTwo := func(r *http.Request) bool { return r.URL.Query().Get("page[number]") == "2" }
	s.Fail(1, pageTwo, itgluetest.Meanwhile(func(w *itgluetest.World) { w.RemoveAsset(first) }))
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.True(t, l.Complete, "the second walk agrees with the count")
	require.Len(t, l.Items, 24)
}

func TestListThatNeverAddsUpIsNotComplete(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 5)
	s.Fail(-1, itgluetest.On("GET", "/flexible_assets"), itgluetest.Replaced(`"total-count":5`, `"total-count":6`))
	s.ResetRequests()
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.False(t, l.Complete)
	require.Contains(t, l.Why, "6")
	require.Len(t, l.Items, 5)
	require.Len(t, s.Requests(), 2, "read once more, and not for ever")
}

func TestRepeatedPageIsNotTakenForMoreRecords(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{}).profile(`{"pageSize":5}`)
	_, typeID := s.crowd(1, 10)
	one := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "page%5Bnumber%5D=2", "page%5Bnumber%5D=1")
		s.Handler("us").ServeHTTP(w, r)
	})).profile(`{"pageSize":5}`)
	l := list(t, one, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Len(t, l.Items, 5)
	require.False(t, l.Complete)
}

func TestListWithoutMetaIsReadToItsEndAndNeverComplete(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{Switches: itgluetest.Switches{NoMeta: true}}).profile(`{"pageSize":4}`)
	_, typeID := s.crowd(1, 10)
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Len(t, l.Items, 10)
	require.False(t, l.Complete)
	require.NotEmpty(t, l.Why)
}

func TestPageCountThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for _, pages := range []string{"999999999", "40"} {
		s := start(t, itgluetest.Options{})
		_, typeID := s.crowd(1, 5)
		s.Fail(-1, itgluetest.On("GET", "/flexible_assets"), itgluetest.Replaced(`"total-pages":1`, `"total-pages":`+pages))
		s.ResetRequests()
		_, err := itglue.ListFlexibleAssets.Call(t.Context(), s.session, itglue.ListFlexibleAssetsInput{TypeID: typeID})
		code(t, component.Unavailable, err)
		require.Len(t, s.Requests(), 1)
	}
}

func TestOddRecordIsPutAsideAndTheOthersAreUsed(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	_, typeID := s.crowd(1, 3)
	odd := s.Assets()[1]
	s.Fail(-1, itgluetest.On("GET", "/flexible_assets"), itgluetest.Replaced(`"name":"`+odd.Name+`","organization-id"`, `"name":{"odd":1},"organization-id"`))
	l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
	require.Len(t, l.Items, 2)
	require.Equal(t, []component.Odd{{ID: odd.ID, Reason: "its attribute name has an unexpected form"}}, l.Odd)
	require.True(t, l.Complete, "it is known to be there: it was counted, and named in Odd")
}

func TestRecordThatWasNotAskedForIsAnError(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	ids, typeID := s.crowd(2, 2)
	other := s.AddType(itgluetest.Type{Name: "Licenses", Fields: []itgluetest.Field{{Name: "Name"}}})
	s.AddAsset(ids[0], other, map[string]any{"name": "CAD"})
	s.AddPassword(itgluetest.Password{OrganizationID: ids[1], Name: "P", Value: secretValue})
	ignoring := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		for name := range q {
			if strings.HasPrefix(name, "filter[") && name != "filter[flexible-asset-type-id]" {
				q.Del(name)
			}
		}
		r.URL.RawQuery = q.Encode()
		s.Handler("us").ServeHTTP(w, r)
	}))
	for name, err := range map[string]error{
		"organization": second(itglue.ListFlexibleAssets.Call(t.Context(), ignoring.session, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids[:1]})),
		"asset name":   second(itglue.ListFlexibleAssets.Call(t.Context(), ignoring.session, itglue.ListFlexibleAssetsInput{TypeID: typeID, Name: "PC-0-0"})),
		"name":         second(itglue.ListOrganizations.Call(t.Context(), ignoring.session, itglue.ListOrganizationsInput{Name: "Client 000"})),
		"id":           second(itglue.ListOrganizations.Call(t.Context(), ignoring.session, itglue.ListOrganizationsInput{IDs: ids[:1]})),
		"passwords":    second(itglue.ListPasswords.Call(t.Context(), ignoring.session, itglue.ListPasswordsInput{OrganizationIDs: ids[:1]})),
		"part":         second(itglue.ListOrganizations.Call(t.Context(), ignoring.session, itglue.ListOrganizationsInput{IDs: ids[:1], Page: component.Page{Limit: 1, Cursor: "all.0.1"}})),
	} {
		e := code(t, component.Internal, err)
		require.ErrorIs(t, e, itglue.ErrForeignRecord, name)
	}
}

func second[T any](_ T, err error) error { return err }

func TestNameWithACommaIsOneName(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	id := s.AddOrganization(itgluetest.Organization{Name: "Dunmore & Pike, Ltd."})
	s.AddOrganization(itgluetest.Organization{Name: "Dunmore & Pike"})
	l, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{Name: "Dunmore & Pike, Ltd."})
	require.NoError(t, err)
	require.Len(t, l.Items, 1)
	require.Equal(t, id, l.Items[0].ID)
}

// TestListsOfOrganizationsAreGivenUpWhereTheyAreNotKeptTo has the filter fail
// in each way that it can.
func TestListsOfOrganizationsAreGivenUpWhereTheyAreNotKeptTo(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"ignored", "first", "literal"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{Switches: itgluetest.Switches{CommaLists: how}})
			ids, typeID := s.crowd(4, 3)
			l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids[1:]})
			require.Len(t, l.Items, 9)
			require.True(t, l.Complete)
			require.Equal(t, 9, l.Total)
			require.Contains(t, l.Why, "one a call")
			require.Contains(t, s.log.String(), "one is read a call")
			s.ResetRequests()
			s.session = s.open(itgluetest.DefaultKey, nil)
			l = list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids[1:]})
			require.Len(t, l.Items, 9)
			require.Len(t, s.Requests(), 3, "the key's other clients know")
		})
	}
}

func TestListsOfOrganizationsArePutToTheTestUntilOneShowsTwo(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	ids, typeID := s.crowd(5, 0)
	s.AddAsset(ids[0], typeID, map[string]any{"device-name": "only"})
	ask := func() {
		s.ResetRequests()
		require.True(t, list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids}).Complete)
	}
	asked := map[string]bool{}
	for range 2 {
		ask()
		require.Len(t, s.Requests(), 4, "the list, and three of the organizations without an asset")
		for _, r := range s.Requests()[1:] {
			asked[r.Query.Get("filter[organization-id]")] = true
		}
	}
	require.Len(t, asked, 4, "others the second time")
	s.AddAsset(ids[1], typeID, map[string]any{"device-name": "another's"})
	for range 2 {
		ask()
		require.Len(t, s.Requests(), 1)
		require.Equal(t, strings.Join(ids, ","), s.Requests()[0].Query.Get("filter[organization-id]"))
	}
}

func TestListCutToItsFirstOrganizationIsFoundOutLaterToo(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{Switches: itgluetest.Switches{CommaLists: "first"}})
	ids, typeID := s.crowd(3, 0)
	s.AddAsset(ids[0], typeID, map[string]any{"device-name": "first"})
	in := itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids}
	require.Len(t, list(t, s, in).Items, 1)
	s.AddAsset(ids[1], typeID, map[string]any{"device-name": "second"})
	require.Len(t, list(t, s, in).Items, 2)
}

func TestMoreThanAHundredOrganizationsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, itgluetest.Options{})
	ids := make([]string, 101)
	for i := range ids {
		ids[i] = fmt.Sprint(i + 1)
	}
	_, err := itglue.ListPasswords.Call(t.Context(), s.session, itglue.ListPasswordsInput{OrganizationIDs: ids})
	code(t, component.InvalidInput, err)
	_, err = itglue.ListPasswords.Call(t.Context(), s.session, itglue.ListPasswordsInput{OrganizationIDs: []string{"1,2"}})
	code(t, component.InvalidInput, err)
	require.Empty(t, s.Requests())
}

func TestIDsKeepTheirDigitsInEitherForm(t *testing.T) {
	t.Parallel()
	const id = "9007199254740993" // 2^53 + 1
	for _, fault := range []itgluetest.Fault{{}, itgluetest.StringIDs(), itgluetest.NumberIDs()} {
		s := start(t, itgluetest.Options{})
		s.AddOrganization(itgluetest.Organization{ID: id, Name: "A"})
		typeID := s.workstations()
		s.AddAssetAs("9007199254740995", id, typeID, map[string]any{"device-name": "PC"})
		s.Fail(-1, itgluetest.On("GET", "/"), fault)
		l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID})
		require.Equal(t, "9007199254740995", l.Items[0].ID)
		require.Equal(t, id, l.Items[0].OrganizationID)
		require.Empty(t, l.Odd)
	}
}

func TestListIsReadWhateverTheServiceDoesThatIsNotDocumented(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]itgluetest.Switches{
		"no links": {NoLinks: true}, "refuses unlisted sorts": {UnlistedSortRefused: true}, "refuses unknown filters": {UnknownFilterRefused: true},
		"refuses large pages": {PageSizeAboveMax: "422"}, "empty traits null": {EmptyTraits: "null"}, "empty traits blank": {EmptyTraits: "blank"},
		"numbers as strings": {NumbersAsStrings: true}, "string parents": {ParentIDAsString: true, AncestorForm: "string"}, "null ancestors": {AncestorForm: "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, itgluetest.Options{Switches: switches})
			ids, typeID := s.crowd(2, 3)
			child := s.AddOrganization(itgluetest.Organization{Name: "East", ParentID: ids[0]})
			l := list(t, s, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: ids})
			require.True(t, l.Complete)
			require.Len(t, l.Items, 6)
			o, err := itglue.ListOrganizations.Call(t.Context(), s.session, itglue.ListOrganizationsInput{})
			require.NoError(t, err)
			require.True(t, o.Complete)
			require.Empty(t, o.Odd)
			for _, one := range o.Items {
				if one.ID == child {
					require.Equal(t, ids[0], one.ParentID)
				}
			}
			_, err = itglue.ListFlexibleAssetTypes.Call(t.Context(), s.session, itglue.ListFlexibleAssetTypesInput{WithFields: true, EnabledOnly: true})
			require.NoError(t, err)
			_, err = itglue.ListPasswords.Call(t.Context(), s.session, itglue.ListPasswordsInput{})
			require.NoError(t, err)
		})
	}
}
