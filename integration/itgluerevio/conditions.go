package itgluerevio

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/alert"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// The kinds of trouble that people are told of.
const (
	overdueKind     = "overdue"
	failedKind      = "failed"
	guardKind       = "guard"
	mappingKind     = "mapping"
	credentialsKind = "credentials"
)

// alertKinds names them for people.
var alertKinds = []struct{ name, title string }{
	{overdueKind, "No cycle went through for too long"}, {failedKind, "A run failed"}, {guardKind, "The mass-change guard stopped an organization"},
	{mappingKind, "A mapped field or a selected type no longer works"}, {credentialsKind, "IT Glue or Rev.io refused access: the key, the secret or a permission"},
}

// overdueAfter is how long a cycle may be missed before it is trouble: three
// hourly ones.
const overdueAfter = 3 * time.Hour

// troubles says what is wrong with an instance now, from what is stored.
func troubles(ctx context.Context, tx store.Tx, in store.Instance, now time.Time, overdue time.Duration) ([]alert.Trouble, error) {
	if in.Status != store.Active {
		return nil, nil
	}
	ended := []store.RunState{store.Succeeded, store.Failed, store.Stopped}
	last, _, err := tx.FindRuns(ctx, in.ID, store.RunQuery{States: ended, Flows: []string{"sync.match-organizations", "sync.discover-assets", "sync.cycle"}, Limit: 1})
	if err != nil {
		return nil, err
	}
	through, _, err := tx.FindRuns(ctx, in.ID, store.RunQuery{States: []store.RunState{store.Succeeded, store.Stopped}, Flows: []string{"sync.cycle"}, Limit: 1})
	if err != nil {
		return nil, err
	}
	var all []alert.Trouble
	if len(last) > 0 {
		if t, ok := ofRun(last[0]); ok {
			all = append(all, t)
		}
	}
	since := in.Created
	if len(through) > 0 {
		since = through[0].Ended
	}
	if now.Sub(since) > overdue {
		all = append(all, alert.Trouble{Key: overdueKind, Kind: overdueKind, Title: "No cycle went through for " + hours(now.Sub(since)),
			Text: "Changes made in either system have not reached the other one since " + since.UTC().Format("2006-01-02 15:04 UTC") + ".",
			Do:   "Look at the runs for why, and whether the service runs at all."})
	}
	if t, ok := ofMapping(in); ok {
		all = append(all, t)
	}
	return all, nil
}

// ofRun says what a run that has ended tells of trouble, in the run's own words:
// they tell a lost permission from a refused key, another region and an outage.
func ofRun(r store.Run) (alert.Trouble, bool) {
	why := r.Why()
	if why == nil {
		return alert.Trouble{}, false
	}
	text := firstLines((&component.Error{Message: why.Message, Problems: why.Problems}).Error())
	if why.Code == component.Internal {
		text = firstLines(r.Error) // a fault leaves out what is for the log
	}
	switch {
	case r.State == store.Stopped && component.Code(r.Code) == component.NeedsReview:
		return alert.Trouble{Key: guardKind, Kind: guardKind, Title: "A run was stopped until a person decides", Text: text, Do: cmp.Or(why.Do, "Look at the plan, and carry it out or correct what is wrong.")}, true
	case r.State != store.Failed:
		return alert.Trouble{}, false
	case why.Code == component.Unauthorized || why.Code == component.Forbidden:
		return alert.Trouble{Key: credentialsKind, Kind: credentialsKind, Title: "Access was refused", Text: text, Do: cmp.Or(why.Do, "Nothing is synced until this is put right. Test the connections, and enter new credentials if needed.")}, true
	}
	return alert.Trouble{Key: failedKind, Kind: failedKind, Title: r.Flow + " failed", Text: text, Do: cmp.Or(why.Do, "It is tried again at the next cycle. Look at the run if it stays so.")}, true
}

// inShort is a trouble in one sentence: of a run that failed, its own words.
func inShort(t alert.Trouble) string {
	if t.Kind != credentialsKind && t.Kind != failedKind {
		return t.Title + "."
	}
	first, _, _ := strings.Cut(t.Text, "\n")
	r, n := utf8.DecodeRuneInString(first)
	return string(unicode.ToUpper(r)) + strings.TrimRight(first[n:], ".:") + "."
}

// ofMapping says which mapped fields no longer work. One that was only renamed
// goes on working.
func ofMapping(in store.Instance) (alert.Trouble, bool) {
	var broken []string
	for _, f := range cycle.Findings(in) {
		if f.Kind != mapping.Renamed {
			broken = append(broken, f.Text)
		}
	}
	if len(broken) == 0 {
		return alert.Trouble{}, false
	}
	return alert.Trouble{Key: mappingKind, Kind: mappingKind, Title: counted(len(broken), "mapped field or type no longer works", "mapped fields or types no longer work"),
		Text: firstLines(strings.Join(broken, "\n")), Do: "What is mapped there is left alone on both sides until it is remapped in the wizard."}, true
}

// mostLines is how much of a long text is told.
const mostLines = 12

func firstLines(text string) string {
	lines := strings.Split(text, "\n")
	if len(lines) <= mostLines {
		return text
	}
	return strings.Join(lines[:mostLines], "\n") + fmt.Sprintf("\n… and %d more", len(lines)-mostLines)
}

func hours(d time.Duration) string { return counted(int(d/time.Hour), "hour", "hours") }
