package itgluerevio_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// otherwise is a tenant whose API differs from the built-in profile wherever it
// may: paths, parameters, names, shapes and capabilities.
func otherwise(p *revio.Profile) {
	noReference(p)
	p.Headers.Tenant = "X-Tenant"
	p.Paths = revio.Paths{Customers: "/crm/v2/accounts", Customer: "/crm/v2/accounts/{id}", AssetTypes: "/inv/v2/kinds", Assets: "/inv/v2/things", Asset: "/inv/v2/things/{id}"}
	p.Query.Page, p.Query.PerPage, p.Query.CustomerID, p.Query.SerialNumber = "p", "n", "account", "sn"
	p.PerPage, p.UpdateVerb = 50, "PUT"
	p.ListPointers, p.Totals = []string{"/result/rows"}, []string{"rowCount"}
	a := &p.Fields.Asset
	a.ID, a.Name, a.Description, a.SerialNumber = revio.Names{"thingKey"}, revio.Names{"label"}, revio.Names{"remark"}, revio.Names{"serial"}
	a.OperatingSystem, a.IPAddress, a.InstallDate = revio.Names{"os"}, revio.Names{"ip"}, revio.Names{"installedOn"}
	a.TypeID, a.TypeName, a.CustomerID, a.Status = revio.Names{"kindKey"}, revio.Names{"kind"}, revio.Names{"accountKey"}, revio.Names{"state"}
	a.Created, a.Modified = revio.Names{"bornAt"}, revio.Names{"touchedAt"}
	k := &p.Fields.AssetType
	k.ID, k.Name, k.Active = revio.Names{"kindKey"}, revio.Names{"kind"}, revio.Names{"enabled"}
	c := &p.Fields.Customer
	c.ID, c.Name, c.Status, c.Description, c.Modified = revio.Names{"accountKey"}, revio.Names{"title"}, revio.Names{"state"}, revio.Names{"about"}, revio.Names{"touchedAt"}
	p.MaxLength = map[string]int{"name": 12, "description": 20}
}

// journey goes from nothing to a steady state, with edits on both sides.
func (s *stage) journey() {
	s.Helper()
	var left []string
	for i := range 7 {
		left = append(left, s.workstation(s.Cobalt, fmt.Sprint("CDC-", i), fmt.Sprint("CDC000", i), "ip-address", fmt.Sprint("10.0.0.", i), "install-date", "2026-02-28", "notes", "<p>Same <b>desk</b></p>"))
	}
	there := s.equipment(s.CobaltC, "old name", "cdc-0003")
	s.equipment(s.Dunmor2, "DLP-1", "DLP0001") // of another customer, should the filter be ignored
	r := s.accepted(s.Cobalt, s.Dunmore)
	require.Equal(s, []int{1, 6}, []int{r.Matched, r.Created})
	require.Equal(s, "CDC-3", s.right(there, "name"))
	require.Len(s, s.Revio.Assets(s.CobaltC), 7)
	s.cycle()
	s.settled()

	right := map[string]string{}
	for _, a := range s.Revio.Assets(s.CobaltC) {
		right[a.Fields["name"]] = a.ID
	}
	s.ITGlue.SetTrait(left[0], "ip-address", "10.1.0.0")
	s.ITGlue.SetTrait(left[0], "device-name", "CDC-FRONT")
	s.Revio.SetAsset(right["CDC-1"], "operatingSystem", "macOS 15")
	s.Revio.SetAsset(right["CDC-1"], "installDate", "2026-03-29")
	s.Revio.SetAsset(right["CDC-2"], "ipAddress", "")
	s.ITGlue.SetTrait(left[4], "install-date", nil)
	s.Revio.SetCustomer(s.Dunmor2, "name", "Dunmore & Daughters")
	s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Group")
	r = s.cycle()
	require.Equal(s, []int{3, 3, 0}, []int{r.ToRevio, r.ToITGlue, r.Created}, "%+v", r)
	require.Equal(s, []string{"10.1.0.0", "CDC-FRONT"}, []string{s.right(right["CDC-0"], "ipAddress"), s.right(right["CDC-0"], "name")})
	require.Equal(s, []string{"macOS 15", "2026-03-29"}, []string{s.trait(left[1], "operating-system"), s.trait(left[1], "install-date")})
	require.Empty(s, s.trait(left[2], "ip-address"))
	require.Empty(s, s.right(right["CDC-4"], "installDate"))
	o, _ := s.ITGlue.Organization(s.Dunmore)
	require.Equal(s, "Dunmore & Daughters", o.Name)
	c, _ := s.Revio.Customer(s.CobaltC)
	require.Equal(s, "Cobalt Group", c.Name)
	require.Empty(s, s.conflicts())
	s.settled()

	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST"})
	s.workstation(s.Cobalt, "CDC-7", "CDC0007")
	s.cycle()
	s.later(quietWindow + time.Second)
	r = s.cycle()
	require.Equal(s, 1, r.Adopted)
	require.Len(s, s.Revio.Assets(s.CobaltC), 8)
	s.settled()
	require.Empty(s, s.intents())
}

func TestTenantsThatDifferWhereverTheyMay(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]reviotest.Switches{
		"as the profile says":    {},
		"pages clamped":          {ClampPerPage: 2},
		"last page repeated":     {ClampPerPage: 3, RepeatLastPage: true},
		"no total":               {NoTotal: true, ClampPerPage: 2},
		"filters ignored":        {IgnoreFilters: true},
		"filters contain":        {ContainsFilters: true},
		"filters mind the case":  {ExactFilters: true},
		"PUT only":               {PutOnly: true},
		"no reference kept":      {NoExternalReference: true},
		"text ids":               {TextIDs: true},
		"snake case":             {SnakeCase: true},
		"empty text":             {EmptyText: true},
		"dates with a time":      {DateTimes: true},
		"create answers an id":   {IDOnly: true},
		"create answers nothing": {EmptyCreate: true},
		"entity tags":            {ETags: true},
		"opaque, brief tokens":   {OpaqueToken: true, TokenLife: time.Minute},
		"everything at once":     {ClampPerPage: 2, IgnoreFilters: true, PutOnly: true, NoExternalReference: true, TextIDs: true, EmptyText: true, DateTimes: true, IDOnly: true, ETags: true, NoExpiresIn: true, NoTotal: true},
	} {
		for tenant, profile := range map[string]func(*revio.Profile){"built-in profile": nil, "another profile": otherwise} {
			if profile != nil && !slices.Contains([]string{"as the profile says", "pages clamped", "filters ignored", "PUT only", "everything at once"}, name) {
				continue
			}
			t.Run(name+", "+tenant, func(t *testing.T) {
				t.Parallel()
				newStage(t, setting{revio: w, profile: profile}).journey()
			})
		}
	}
}

func TestITGlueAsItMayAnswer(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]itgluetest.Switches{
		"lists by several ids ignored": {CommaLists: "ignored"},
		"lists by several ids first":   {CommaLists: "first"},
		"lists by several ids literal": {CommaLists: "literal"},
		"null traits":                  {EmptyTraits: "null"},
		"blank traits":                 {EmptyTraits: "blank"},
		"numbers as text":              {NumbersAsStrings: true},
		"create answers 200":           {CreateStatus: 200},
		"unlisted sorts refused":       {UnlistedSortRefused: true, UnknownFilterRefused: true, PageSizeAboveMax: "422"},
		"no links":                     {NoLinks: true, IncludeIgnored: true},
		"archived ones hidden":         {HideArchived: true, HideArchivedLogins: true},
		"ids of parents as text":       {ParentIDAsString: true, AncestorForm: "string"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newStage(t, setting{itglue: w}).journey()
		})
	}
}

func TestValueThatIsTooLongForTheTenantIsCutOnceAndComparedAsCut(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{profile: otherwise})
	id := s.workstation(s.Cobalt, "CDC-RECEPTION-FRONT-DESK", "CDC0001", "notes", "<p>A long remark about the place where it stands</p>")
	s.accepted(s.Cobalt)
	a := s.only(s.CobaltC)
	require.Equal(t, []string{"CDC-RECEPTIO", "A long remark about"}, []string{a.Fields["name"], a.Fields["description"]})
	s.settled()
	require.Contains(t, s.why(id), "longer than Rev.io holds")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST"})
	s.workstation(s.Cobalt, "CDC-STERILISATION-ROOM", "")
	s.cycle()
	s.later(quietWindow + time.Second)
	require.Equal(t, 1, s.cycle().Adopted, "found by the name as it was cut")
	require.Len(t, s.Revio.Assets(s.CobaltC), 2)
	s.settled()
}

func TestTenantWithoutAListOfCustomersIsToldSo(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{revio: reviotest.Switches{NoCustomerList: true}})
	requireCode(t, component.Forbidden, s.call("sync.match-organizations", object{}, nil), "does not offer GET of the customers", "capabilities.customerList")
	without := newStage(t, setting{revio: reviotest.Switches{NoCustomerList: true}, profile: func(p *revio.Profile) { p.Capabilities.CustomerList = false }})
	id := without.workstation(without.Cobalt, "CDC-1", "CDC0001")
	without.flow("match-organizations")
	require.Nil(t, without.link(without.Cobalt).Customer, "nothing is suggested")
	without.must("links.reassign", object{"id": without.Cobalt, "customerId": without.CobaltC, "accept": true}, nil)
	without.flow("discover-assets")
	without.only(without.CobaltC)
	without.ITGlue.SetTrait(id, "ip-address", "10.0.0.2")
	without.cycle()
	require.Equal(t, "10.0.0.2", without.only(without.CobaltC).Fields["ipAddress"])
	without.settled()
}
