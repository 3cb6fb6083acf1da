package itgluerevio_test

import (
	"database/sql"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

func TestWithoutARecordOfTheAccessThereIsNoValue(t *testing.T) {
	t.Parallel()
	for step, fetched := range map[string]int{"passwords.reveal.asked": 0, "passwords.reveal.shown": 1} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
			id := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Value: "canary"})
			s.accepted(s.Cobalt)
			db, err := sql.Open("sqlite", s.Path)
			require.NoError(t, err)
			_, err = db.Exec("CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.action = '" + step + "' BEGIN SELECT RAISE(ABORT, 'the audit log is full'); END")
			require.NoError(t, err)
			require.NoError(t, db.Close())
			s.fresh()
			var out itgluerevio.RevealOutput
			err = s.call("passwords.reveal", object{"id": id, "reason": "for ticket 4711"}, &out)
			require.Error(t, err)
			require.Empty(t, out)
			require.NotContains(t, err.Error(), "canary")
			require.Equal(t, fetched, s.ITGlue.Count(http.MethodGet, "/passwords/"+id))
		})
	}
}

func TestOneMayBeShownSixtyPasswordsAnHour(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	asset := s.workstation(s.Cobalt, "CDC-1", "CDC0001")
	id := s.ITGlue.AddPassword(itgluetest.Password{AssetID: asset, Name: "BIOS", Value: "canary"})
	s.accepted(s.Cobalt)
	in := object{"id": id, "reason": "for ticket 4711"}
	for range 60 {
		s.must("passwords.reveal", in, nil)
		s.later(30 * time.Second)
	}
	requireCode(t, component.RateLimited, s.call("passwords.reveal", in, nil), "60 an hour")
	s.later(31 * time.Minute)
	s.must("passwords.reveal", in, nil)
}
