package sim

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// Profile is what one seed is like: which faults are on and how often, how
// busy people are, and how the vendors behave where it is not documented.
type Profile struct {
	Faults    []string // the kinds that are on
	Without   []string // faults, acts and crash points that are drawn and left out, to make a trace small
	FaultRate int      // in a thousand requests
	CrashRate int      // in a thousand points, and in ten thousand requests
	People    int      // acts between two runs, at most
	MidRun    int      // acts during a run, in a thousand requests
	ITGlue    itgluetest.Switches
	Revio     reviotest.Switches
	Reference bool // the tenant keeps external references, and the profile says so
	Select    bool // the operating system is a Select field
	Rule      string
	More
}

// More is what worlds are like beside. It is drawn last, and zero in the worlds
// that were kept before it was there.
type More struct {
	Hurry      int           // in a thousand waits between two runs: those of minutes only
	Shuffled   bool          // organizations are not named in the order of their hierarchy
	Loose      bool          // a third type is selected, whose title is not required
	Busy       int           // further acts between two runs, at most
	Races      int           // in a thousand moments just before or between two writes: a person comes in between
	Mass       int           // in a thousand gaps between two runs: something changes many records at once
	Undated    bool          // answers do not say what time it is there
	Takeovers  int           // in a thousand points: the process stands still, and another one goes on
	Crowded    bool          // one organization has many assets
	ITGlueSkew time.Duration // how far IT Glue's clock is off
	RevioSkew  time.Duration // how far Rev.io's clock is off
}

func drawMore(r *rand.Rand, p *Profile) {
	p.More = More{
		Hurry: pick(r, []int{0, 0, 200, 500, 900}), Shuffled: chance(r, 600), Loose: chance(r, 500), Busy: pick(r, []int{0, 1, 3, 5}),
		Races: pick(r, []int{0, 0, 50, 200, 500}), Mass: pick(r, []int{0, 0, 60, 200}), Takeovers: pick(r, []int{0, 0, 0, 20, 60}),
	}
	p.Crowded, p.Undated = p.Mass > 0, chance(r, 300)
	if chance(r, 300) && !p.Revio.PutOnly { // a tenant that takes whole records only shows whole records
		p.Revio.Hide = []string{pick(r, []string{"ipAddress", "operatingSystem", "description"})}
	}
	p.ITGlue.DateTimes = chance(r, 300)
	skews := []time.Duration{0, 0, 0, -24 * time.Hour, -time.Hour, -3 * time.Minute, time.Minute, 2 * time.Hour, 24 * time.Hour}
	p.ITGlueSkew, p.RevioSkew = pick(r, skews), pick(r, skews)
}

// draw draws the profile of a seed.
func draw(r *rand.Rand) Profile {
	p := Profile{
		FaultRate: pick(r, []int{0, 5, 20, 50, 100, 200}),
		CrashRate: pick(r, []int{0, 0, 5, 30, 100}),
		People:    pick(r, []int{0, 2, 6, 12}),
		MidRun:    pick(r, []int{0, 0, 10, 60}),
		Reference: chance(r, 500),
		Select:    chance(r, 300),
		Rule:      pick(r, []string{"", "", "", "itglue", "revio", "newest"}),
	}
	share := pick(r, []int{100, 300, 600})
	for _, f := range faults {
		if chance(r, share) {
			p.Faults = append(p.Faults, f.name)
		}
	}
	p.ITGlue = itgluetest.Switches{
		EmptyTraits: pick(r, []string{"", "", "null", "blank"}), NumbersAsStrings: chance(r, 300), NoLinks: chance(r, 200), NoMeta: chance(r, 100),
		CommaLists: pick(r, []string{"", "", "", "ignored", "first", "literal"}), HideArchived: chance(r, 200), PasswordTraitLost: chance(r, 300),
		IncludeIgnored: chance(r, 100), ParentIDAsString: chance(r, 300), AncestorForm: pick(r, []string{"", "string", "null"}),
		ListShowsPasswordMember: chance(r, 400), UnknownRecord: pick(r, []int{0, 0, 401}), CreateStatus: pick(r, []int{0, 0, 200}),
		NameFilterAnyCase: chance(r, 300), RenameKeepsKey: chance(r, 300),
	}
	if chance(r, 300) {
		p.ITGlue.ListingDelay = time.Duration(r.IntN(120)) * time.Second
	}
	p.Revio = reviotest.Switches{
		NoTotal: chance(r, 300), IgnoreFilters: chance(r, 150), ContainsFilters: chance(r, 200), ExactFilters: chance(r, 200), PutOnly: chance(r, 250),
		ETags: chance(r, 300), SnakeCase: false, TextIDs: chance(r, 300), EmptyText: chance(r, 300), DateTimes: chance(r, 300), IDOnly: chance(r, 200),
		EmptyCreate: chance(r, 200), Trim: chance(r, 300), Upper: chance(r, 50), RefuseLong: chance(r, 200), NoExpiresIn: chance(r, 300),
		RepeatLastPage: chance(r, 200), NoExternalReference: !p.Reference || chance(r, 100), OpaqueToken: chance(r, 300),
	}
	if p.Revio.NoTotal { // not to be told from a tenant that has no pages
		p.Revio.RepeatLastPage = false
	}
	if chance(r, 300) {
		p.Revio.ClampPerPage = 3 + r.IntN(5)
	}
	if chance(r, 150) {
		p.Revio.Cut = 24 + r.IntN(20)
	}
	if chance(r, 300) {
		p.Revio.ListDelay = time.Duration(r.IntN(120)) * time.Second
	}
	if chance(r, 300) {
		p.Revio.TokenLife = time.Duration(90+r.IntN(600)) * time.Second
	}
	drawMore(r, &p)
	return p
}

func (p Profile) has(kind string) bool { return slices.Contains(p.Faults, kind) }

func (p Profile) leavesOut(kind string) bool { return slices.Contains(p.Without, kind) }
