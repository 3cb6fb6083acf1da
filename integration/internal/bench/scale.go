package main

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/match"
)

// makeScale makes n organizations and n customers, of which three in four are
// the same, out of surnames, coined words and trades; with light noise, so that
// what is measured is the work and not the riddle.
func makeScale(n int, seed uint64) set {
	m := maker{rand.New(rand.NewPCG(seed, seed)), map[string]bool{}}
	s := set{truth: map[string]map[string]bool{}}
	for i := range n {
		name := m.fresh()
		e := match.Entity{ID: fmt.Sprintf("L%07d", i+1), Name: name, City: m.city(), Phone: m.phone()}
		r := match.Entity{ID: fmt.Sprintf("R%07d", i+1), Name: m.noise(name), City: e.City, Phone: e.Phone}
		if i < n*3/4 {
			s.add(e.ID, r.ID)
		} else {
			r.Name, r.City, r.Phone = m.fresh(), m.city(), m.phone()
		}
		s.left, s.right = append(s.left, m.forget(e)), append(s.right, m.forget(r))
	}
	m.Shuffle(n, func(i, j int) { s.left[i], s.left[j] = s.left[j], s.left[i] })
	m.Shuffle(n, func(i, j int) { s.right[i], s.right[j] = s.right[j], s.right[i] })
	return s
}

type maker struct {
	*rand.Rand
	seen map[string]bool
}

var (
	surnames = strings.Fields("Abbott Adams Alvarez Baker Barnes Becker Bishop Boyd Brandt Brooks Burke Caldwell Carter Chen Clark Cohen Cole Cruz Dalton Davis Dixon Doyle Duffy Ellis Evans Farrell Fisher Flores Foster Fox Garcia Gibson Graham Grant Green Griffin Hale Hansen Harper Hayes Hill Holt Howard Hughes Hunt Ingram Jacobs James Jensen Jordan Keller Kim King Klein Knight Lambert Lane Larsen Lee Logan Lopez Lynch Marsh Mason Meyer Mills Moore Morgan Murphy Myers Nash Nguyen Nolan Olson Ortiz Owens Park Parker Patel Payne Perez Pope Porter Quinn Ramos Reed Reyes Rice Rivera Rogers Ross Ruiz Russo Schultz Shaw Silva Snyder Stone Sullivan Tate Torres Tucker Vance Vargas Wade Walsh Ward Weber Wells West Wolfe Wong Wood Young Zimmer")
	trades   = strings.Split("Dental,Plumbing,Heating & Cooling,Law Firm,Insurance Agency,Accounting,Construction,Manufacturing,Electric,Roofing,Landscaping,Veterinary Clinic,Orthodontics,Realty,Title Company,Trucking,Logistics,Engineering,Architects,Wealth Management,Staffing,Printing,Properties,Pharmacy,Home Health,Equipment,Supply,Distributors,Foods,Farms,Steel,Concrete,Security,Technologies,Consulting,Media,Optometry,Surveying,Mortgage,Excavating,Millwork,Freight,Catering,Software,Wireless", ",")
	forms    = strings.Fields("Inc Inc. LLC Ltd Corp Corporation Co. PLLC LLP")
	towns    = strings.Fields("Akron Albany Austin Boise Boston Bristol Camden Dallas Dayton Denver Dover Duluth Durham Elgin Eugene Fargo Flint Fresno Gary Helena Irvine Juneau Laredo Lansing Lincoln Macon Madison Miami Mobile Mesa Newark Ogden Omaha Orlando Oxford Peoria Provo Racine Reno Salem Tampa Toledo Tucson Tulsa Utica Waco York Yuma")
	syllable = strings.Fields("ba be bi bo ca ce co da de di do fa fe fi ga go ha he ho ka ke ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se so ta te ti to va ve vi vo wa we xa za zo")
	short    = strings.NewReplacer("Manufacturing", "Mfg", "Construction", "Const", "Engineering", "Engr", "Insurance", "Ins", "Technologies", "Tech", "Management", "Mgmt", "Company", "Co")
)

func pick[T any](m maker, of []T) T { return of[m.IntN(len(of))] }

func (m maker) coined() string {
	word := ""
	for range 2 + m.IntN(2) {
		word += pick(m, syllable)
	}
	return strings.ToUpper(word[:1]) + word[1:] + pick(m, []string{"", "n", "r", "x", "s", "tek", "ix", "on"})
}

func (m maker) fresh() string {
	for {
		name := ""
		switch p := m.Float64(); {
		case p < .12:
			name = pick(m, surnames) + " " + pick(m, trades)
		case p < .5:
			name = m.coined() + " " + pick(m, trades)
		case p < .7:
			name = pick(m, surnames) + " & " + pick(m, surnames) + " " + pick(m, trades)
		default:
			name = m.coined() + " " + m.coined() + " " + pick(m, trades)
		}
		if !m.seen[name] {
			m.seen[name] = true
			return name
		}
	}
}

func (m maker) noise(name string) string {
	switch p := m.Float64(); {
	case p < .25:
		return name
	case p < .5:
		return name + pick(m, []string{" ", ", "}) + pick(m, forms)
	case p < .62:
		return strings.ToUpper(name)
	case p < .72:
		return strings.ReplaceAll(name, " & ", " and ")
	case p < .82:
		return short.Replace(name)
	}
	i := 1 + m.IntN(len(name)-2)
	return name[:i] + name[i+1:]
}

func (m maker) city() string { return pick(m, towns) }

func (m maker) phone() string { return strconv.FormatInt(2_010_000_000+m.Int64N(7_900_000_000), 10) }

// forget leaves fields out, as people do.
func (m maker) forget(e match.Entity) match.Entity {
	if m.Float64() < .5 {
		e.City = ""
	}
	if m.Float64() < .7 {
		e.Phone = ""
	}
	return e
}

func (s set) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for file, side := range map[string][]match.Entity{"left.tsv": s.left, "right.tsv": s.right} {
		var b strings.Builder
		b.WriteString("id\tname\tparent_id\tcity\tdomain\tphone\n")
		for _, e := range side {
			b.WriteString(strings.Join([]string{e.ID, e.Name, e.ParentID, e.City, e.Domain, e.Phone}, "\t") + "\n")
		}
		if err := os.WriteFile(filepath.Join(folder, file), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func build(program string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, "./integration/cmd/itglue-revio")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// cost is what a run of the program took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes
	sum       [sha256.Size]byte
	rows      [][]string
}

// runMatch runs the program on the two files of a folder, on so many processors,
// or with 0 on all.
func runMatch(program, folder string, processors int) (cost, error) {
	out := filepath.Join(folder, "out.tsv")
	cmd := exec.Command(program, "match", "--left", filepath.Join(folder, "left.tsv"), "--right", filepath.Join(folder, "right.tsv"), "--out", out)
	if processors > 0 {
		cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", processors))
	}
	said, began := &strings.Builder{}, time.Now()
	cmd.Stderr = said
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%w: %s", err, said)
	}
	c := cost{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = usage.Maxrss * 1024 // kibibytes on Linux
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return c, err
	}
	c.sum = sha256.Sum256(raw)
	c.rows, err = readRows(out)
	return c, err
}

// figures measures what the program wrote.
func (c cost) figures(s set) figures {
	var all []match.Suggestion
	for _, r := range c.rows {
		score, _ := strconv.ParseFloat(r[2], 64)
		if r[3] != "candidate" {
			all = append(all, match.Suggestion{Left: r[0], Candidate: match.Candidate{Right: r[1], Score: score, Band: match.Band(r[3])}})
		}
	}
	return measure(all, s.truth)
}
