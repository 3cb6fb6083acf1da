package sim

import (
	"os"
	"testing"
	"time"
)

// TestMain has the worlds live in a time zone where it is yesterday for most of
// a day: no date may depend on where the process runs.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("Pago Pago", -11*60*60)
	os.Exit(m.Run())
}
