package itgluetest_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/stretchr/testify/require"
)

func TestRequestsTellWhatWasReadAndWritten(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{})
	organization, typeID, asset := c.office()
	_, _ = c.get("/flexible_assets", "filter[flexible-asset-type-id]", typeID)
	_, _ = c.patch(asset, `{"device-name":"X"}`)
	_, _ = c.patch(asset, `{"no-such":"X"}`)
	all := c.Requests()
	require.Len(t, all, 3)
	require.Equal(t, []string{organization}, all[0].OrganizationIDs)
	require.Equal(t, []string{asset}, all[0].Records)
	require.Equal(t, []bool{false, true, true}, []bool{all[0].Write, all[1].Write, all[2].Write})
	require.Equal(t, []bool{false, true, false}, []bool{all[0].Applied, all[1].Applied, all[2].Applied})
	require.Equal(t, 422, all[2].Status)
	require.Len(t, c.Writes(), 2)
	c.ResetRequests()
	require.Empty(t, c.Requests())
}

func TestFaultsCarryOutOrNotAsTheySay(t *testing.T) {
	t.Parallel()
	create := `{"data":{"type":"organizations","attributes":{"name":"N"}}}`
	for name, f := range map[string]struct {
		fault itgluetest.Fault
		made  int
		late  int
	}{
		"504": {itgluetest.GatewayTimeout(false), 0, 0}, "504, carried out": {itgluetest.GatewayTimeout(true), 1, 1},
		"late": {itgluetest.LateApply(50 * time.Millisecond), 0, 1}, "429": {itgluetest.TooManyRequests("1"), 0, 0}, "500": {itgluetest.ServerError(), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := call(t, itgluetest.Options{})
			c.Fail(1, itgluetest.On("POST", "/organizations"), f.fault)
			status, _ := c.do("POST", "/organizations", create)
			require.GreaterOrEqual(t, status, 400)
			if f.late == f.made {
				require.Len(t, c.Organizations(), f.made)
			}
			c.Wait()
			require.Len(t, c.Organizations(), f.late)
			status, _ = c.do("POST", "/organizations", create)
			require.Equal(t, 201, status, "once only")
		})
	}
}

func TestOwnCreateAppearsInListsWithDelay(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{Switches: itgluetest.Switches{ListingDelay: time.Hour}})
	_, doc := c.do("POST", "/organizations", `{"data":{"type":"organizations","attributes":{"name":"N"}}}`)
	id := doc["data"].(map[string]any)["id"].(string)
	_, doc = c.get("/organizations")
	require.Empty(t, ids(doc))
	status, _ := c.get("/organizations/" + id)
	require.Equal(t, 200, status)
	c.SetNow(func() time.Time { return time.Now().Add(2 * time.Hour) })
	_, doc = c.get("/organizations")
	require.Equal(t, []string{id}, ids(doc))
}

func TestWorldBearsManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	c := call(t, itgluetest.Options{Switches: itgluetest.Switches{RateLimit: -1}})
	_, typeID, asset := c.office()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				_, _ = c.get("/flexible_assets", "filter[flexible-asset-type-id]", typeID)
				_, _ = c.patch(asset, fmt.Sprintf(`{"device-name":"%d"}`, i))
				c.SetTrait(asset, "serial-number", "by hand")
				c.Assets()
			}
		})
	}
	wg.Wait()
	require.Len(t, c.Requests(), 160)
	require.Len(t, c.Writes(), 80)
}
