package itgluerevio_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

func TestDoctorSaysWhenTheClocksAreApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o    setting
		line string
		says string // "": they agree
	}{
		"IT Glue's is a minute ahead":    {setting{itglueAhead: time.Minute}, "itglue.clock", ""},
		"IT Glue's is 3 minutes ahead":   {setting{itglueAhead: 3 * time.Minute}, "itglue.clock", "behind IT Glue's"},
		"IT Glue's is 3 minutes behind":  {setting{itglueAhead: -3 * time.Minute}, "itglue.clock", "ahead of IT Glue's"},
		"Rev.io's is a minute behind":    {setting{revioAhead: -time.Minute}, "revio.clock", ""},
		"Rev.io's is 3 minutes ahead":    {setting{revioAhead: 3 * time.Minute}, "revio.clock", "behind Rev.io's"},
		"Rev.io's is 24 hours behind":    {setting{revioAhead: -24 * time.Hour}, "revio.clock", "24h0m0s ahead of Rev.io's"},
		"both are a day ahead of our's":  {setting{itglueAhead: 24 * time.Hour, revioAhead: 24 * time.Hour}, "itglue.clock", "24h0m0s behind IT Glue's"},
		"neither is off by half an hour": {setting{}, "revio.clock", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, c.o)
			var r component.CheckReport
			s.must("doctor", object{}, &r)
			require.True(t, r.OK, "the sync does without: %+v", r.Checks)
			i := slices.IndexFunc(r.Checks, func(l component.Check) bool { return l.Name == c.line })
			require.GreaterOrEqual(t, i, 0)
			if c.says == "" {
				require.Equal(t, component.Works, r.Checks[i].State, "%+v", r.Checks[i])
				return
			}
			require.Equal(t, component.Differs, r.Checks[i].State)
			require.Contains(t, r.Checks[i].Message, c.says[strings.LastIndex(c.says, "0s ")+1:])
			require.Contains(t, r.Checks[i].Do, "NTP")
		})
	}
}

// newestIP lets the newer record win where both sides changed the IP address.
func newestIP(d map[string]any) { part(d, "rules", "fields")["ipAddress"] = "newest" }

func TestNewestIsTheNewerRecordAndIsAskedWhenItCannotBeTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ahead time.Duration // Rev.io's clock
		apart time.Duration // from the edit in Rev.io to the later one in IT Glue
		asks  bool
	}{
		"edited an hour apart":                           {0, time.Hour, false},
		"edited 4 minutes apart":                         {0, 4 * time.Minute, true},
		"edited an hour apart by a clock that is ahead":  {2 * time.Hour, time.Hour, true},
		"edited an hour apart by a clock that is behind": {-24 * time.Hour, time.Hour, true},
		"edited an hour apart by a clock a little ahead": {time.Minute, time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{document: newestIP, revioAhead: c.ahead})
			left := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.accepted(s.Cobalt)
			right := s.only(s.CobaltC).ID
			s.later(10 * time.Hour)
			s.Revio.SetAsset(right, "ipAddress", "10.0.0.3")
			s.later(c.apart)
			s.ITGlue.SetTrait(left, "ip-address", "10.0.0.2")
			r := s.cycle()
			if !c.asks {
				require.Equal(t, "10.0.0.2", s.right(right, "ipAddress"))
				s.settled()
				return
			}
			require.Len(t, s.conflicts(), 1)
			require.Equal(t, []string{"10.0.0.2", "10.0.0.3"}, []string{s.trait(left, "ip-address"), s.right(right, "ipAddress")}, "both are kept")
			require.Equal(t, c.ahead != 0, strings.Contains(strings.Join(r.Notes, "\n"), "The clocks of IT Glue and Rev.io are"))
			s.settled()
		})
	}
}

func TestClocksThatAreADayApartDoubleAndLoseNothing(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for name, o := range map[string]setting{
		"Rev.io's ahead": {revioAhead: day}, "Rev.io's behind": {revioAhead: -day}, "IT Glue's ahead": {itglueAhead: day}, "IT Glue's behind": {itglueAhead: -day},
	} {
		for _, tenant := range []string{"with references", "without references"} {
			for _, kind := range []reviotest.Kind{reviotest.LostAfter, reviotest.LostBefore} {
				t.Run(fmt.Sprint(name, ", ", tenant, ", ", kind), func(t *testing.T) {
					t.Parallel()
					o.profile = map[string]func(*revio.Profile){"without references": noReference}[tenant]
					s := newStage(t, o)
					id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
					nameless := s.workstation(s.Cobalt, "CDC-2", "")
					s.Revio.Fail(reviotest.Fault{Kind: kind, Method: "POST", Path: "assets", Times: 2})
					s.accepted(s.Cobalt)
					require.Len(t, s.intents(), 2)
					s.cycle()
					s.later(quietWindow + time.Second)
					s.cycle()
					s.cycle()
					require.Len(t, s.Revio.Assets(s.CobaltC), 2, "each is there once")
					if why := s.why(nameless); !strings.Contains(why, "in step") {
						require.Contains(t, why, "same name and type", "or a person is asked")
					}
					for _, a := range s.Revio.Assets(s.CobaltC) {
						if a.Fields["serialNumber"] == "CDC0001" {
							s.Revio.SetAsset(a.ID, "ipAddress", "10.0.0.2")
						}
					}
					s.cycle()
					require.Equal(t, "10.0.0.2", s.trait(id, "ip-address"))
					s.ITGlue.SetTrait(id, "ip-address", "10.0.0.3")
					s.cycle()
					require.Empty(t, s.conflicts())
					s.settled()
				})
			}
		}
	}
}

func TestClockThatIsSetBackLetsNoCreateWaitForIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	s.clock.set(48 * time.Hour)
	s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	s.Revio.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: "POST", Path: "assets"})
	s.accepted(s.Cobalt)
	require.Len(t, s.intents(), 1)
	s.clock.set(0)
	s.fresh()
	s.cycle()
	s.later(quietWindow - time.Minute)
	s.cycle()
	require.Len(t, s.intents(), 1, "how long ago it was sent is not known, so a whole quiet window passes")
	require.Zero(t, s.posts())
	s.later(2 * time.Minute)
	require.Equal(t, 1, s.cycle().Adopted)
	s.only(s.CobaltC)
	s.settled()
}
