package match

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// example is a pair that was compared, and whether it is one organization.
type example struct {
	amounts [factors]float32
	right   bool
}

// labelled is a set of organizations and customers with the truth about them.
type labelled struct {
	name        string
	left, right []Entity
	truth       map[string]map[string]bool
}

// readSets reads the sets that weights are fitted on, each with all that is
// known, and with names and parents only.
func readSets(t testing.TB, names ...string) []labelled {
	var all []labelled
	for _, name := range names {
		s := labelled{name, readEntities(t, name+"/left.tsv"), readEntities(t, name+"/right.tsv"), readTruth(t, name+"/truth.tsv")}
		all = append(all, s, labelled{name + ", names", namesOnly(s.left), namesOnly(s.right), s.truth})
	}
	return all
}

// examplesOf gives every pair that is compared.
func examplesOf(s labelled, keep func(left string) bool) []example {
	m := New(s.left, s.right, nil, nil)
	var all []example
	search, found := &search{}, &evidence{}
	for l, p := range m.left {
		if !keep(p.ID) {
			continue
		}
		partner := free
		if p.parent >= 0 {
			partner = m.pairs[p.parent]
		}
		for _, r := range m.candidates(search, p, partner) {
			m.compare(found, p, m.right[r], m.kinship(p, m.right[r]))
			all = append(all, example{found.amounts, s.truth[m.left[l].ID][m.right[r].ID]})
		}
	}
	return all
}

// fit finds the weights that make the examples most likely, by Newton's method,
// drawn towards prior; signs that make no sense are not allowed.
func fit(examples []example, prior [factors]float32, pull float64) [factors]float32 {
	const n = int(factors)
	var w [n]float64
	for i := range w {
		w[i] = float64(prior[i])
	}
	for range 12 {
		var gradient [n]float64
		var hessian [n][n]float64
		for i := range n {
			gradient[i] = pull * (w[i] - float64(prior[i]))
			hessian[i][i] = pull
		}
		for _, e := range examples {
			odds := 0.0
			for i, a := range e.amounts {
				odds += w[i] * float64(a)
			}
			p, want := 1/(1+math.Exp(-odds)), 0.0
			if e.right {
				want = 1
			}
			for i, a := range e.amounts {
				if a == 0 {
					continue
				}
				gradient[i] += (p - want) * float64(a)
				for j, b := range e.amounts {
					hessian[i][j] += p * (1 - p) * float64(a) * float64(b)
				}
			}
		}
		step := solve(hessian, gradient)
		for i := range w {
			w[i] -= step[i]
			if s := float64(prior[i]); s < 0 {
				w[i] = min(w[i], 0.25*s)
			} else {
				w[i] = max(w[i], 0.25*s)
			}
		}
	}
	w[leftExtra] = (w[leftExtra] + w[rightExtra]) / 2 // which side a word is on tells nothing
	w[rightExtra] = w[leftExtra]
	var out [factors]float32
	for i := range w {
		out[i] = float32(math.Round(100*w[i]) / 100)
	}
	return out
}

// solve solves a system of linear equations by elimination.
func solve(a [factors][factors]float64, b [factors]float64) [factors]float64 {
	const n = int(factors)
	for i := range n {
		for j := i + 1; j < n; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < n; k++ {
				a[j][k] -= f * a[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}

func everyone(string) bool { return true }

func fitted(sets []labelled, keep func(string) bool, prior [factors]float32) [factors]float32 {
	var all []example
	for _, s := range sets {
		all = append(all, examplesOf(s, keep)...)
	}
	return fit(all, prior, 3)
}

func priorWeights() [factors]float32 {
	var all [factors]float32
	for i, r := range rows("priors.tsv", 2) {
		_, err := fmt.Sscan(r[1], &all[i])
		if err != nil || r[0] != factorNames[i] {
			panic(r)
		}
	}
	return all
}

// suggestionsOf gives, for each pair that is assigned, its log-odds and margin,
// and whether it is right.
func suggestionsOf(s labelled) (all [][2]float64, right []bool) {
	m := New(s.left, s.right, nil, nil)
	for l := range m.left {
		v := m.viewOf(int32(l))
		for _, e := range v.edges {
			if e.right == v.chosen {
				r := m.rivals(v, e)
				all = append(all, [2]float64{(e.odds - r.discount).odds(), min(r.margin.odds(), mostMargin)})
				right = append(right, s.truth[v.party.ID][m.right[e.right].ID])
			}
		}
	}
	return all, right
}

// calibrated fits the step of certainty.
func calibrated(sets []labelled) [3]float64 {
	var rows [][2]float64
	var right []bool
	for _, s := range sets {
		r, ok := suggestionsOf(s)
		rows, right = append(rows, r...), append(right, ok...)
	}
	w := [3]float64{0, 1, 0}
	for range 4000 {
		gradient := [3]float64{0, 0.5 * (w[1] - 1), 0.5 * w[2]}
		for i, r := range rows {
			d := 1 / (1 + math.Exp(-(w[0] + w[1]*r[0] + w[2]*r[1])))
			if right[i] {
				d--
			}
			gradient[0], gradient[1], gradient[2] = gradient[0]+d, gradient[1]+d*r[0], gradient[2]+d*r[1]
		}
		for i, scale := range []float64{0.002, 0.0002, 0.0002} {
			w[i] -= scale * gradient[i]
		}
	}
	return [3]float64{math.Round(100*w[0]) / 100, math.Round(100*(w[1]-1)) / 100, math.Round(100*w[2]) / 100}
}

// BenchmarkFit prints weights that are fitted on the development set and the
// field set, for data/weights.tsv.
func BenchmarkFit(b *testing.B) {
	for range b.N {
		w := fitted(readSets(b, "dev", "field"), everyone, priorWeights())
		for f, name := range factorNames {
			fmt.Printf("%s\t%g\tfitted\n", name, w[f])
		}
		*weights() = w
		fmt.Println(calibrated(readSets(b, "dev", "field")))
	}
}

func report(f figures, name string) {
	fmt.Printf("%-34s P %6.2f R %6.2f F1 %6.2f @5 %6.2f | sure P %6.2f cov %6.2f amb %d | ECE %.4f\n", name, f.precision, f.recall, f.f1, f.atFive, f.sure, f.sureCoverage, f.sureAmbiguous, f.ece)
}

// BenchmarkCrossValidation fits weights on one set and measures them on the
// others, which were made by other processes, and prints the table of the
// package's README.
func BenchmarkCrossValidation(b *testing.B) {
	for range b.N {
		sets := readSets(b, "dev", "field")
		left, right, truth, _ := hardCases(b)
		all := append(slices.Clone(sets), labelled{"hard", left, right, truth})
		for _, row := range []struct {
			title string
			on    []labelled
		}{{"as shipped", nil}, {"on dev", sets[:2]}, {"on field", sets[2:]}, {"on both", sets}} {
			with(row.on, func() {
				for _, s := range all {
					report(measure(Organizations(s.left, s.right, nil), s.truth), row.title+" -> "+s.name)
				}
			})
		}
	}
}

// with puts weights in place that are fitted on some sets, for a while.
func with(on []labelled, do func()) {
	kept, step := *weights(), *calibration()
	if on != nil {
		*weights() = fitted(on, everyone, priorWeights())
		*calibration() = calibrated(on)
	}
	do()
	*weights(), *calibration() = kept, step
}

// BenchmarkAblation leaves one kind of evidence out at a time, fits the others
// anew without it, and prints the table of the package's README.
func BenchmarkAblation(b *testing.B) {
	sets := readSets(b, "dev", "field")
	left, right, truth, _ := hardCases(b)
	all := append(slices.Clone(sets), labelled{"hard", left, right, truth})
	for range b.N {
		for _, row := range []struct {
			title string
			out   []factor
		}{
			{"nothing left out", nil},
			{"rare words weigh more (shared)", []factor{shared}},
			{"same name, all words paired", []factor{sameName, complete}},
			{"words that only one has", []factor{leftExtra, rightExtra, aside}},
			{"other words instead", []factor{replaced, lead}},
			{"misspellings, sounds, other words", []factor{misspelt, otherWord, likeSound}},
			{"short forms and related words", []factor{abridged, kindred, acronym}},
			{"numbers, directions, places", []factor{opposed}},
			{"legal forms, order, cut, aliases", []factor{forms, order, cut, otherName}},
			{"parents", []factor{parentSame, parentOther, parentOnly}},
			{"city, domain, phone", []factor{citySame, cityOther, domainSame, domainOther, domainName, phoneSame, phoneOther}},
		} {
			without(sets, row.out, func() {
				fmt.Printf("| %s |", row.title)
				for _, s := range all {
					f := measure(Organizations(s.left, s.right, nil), s.truth)
					fmt.Printf(" %.2f (%.1f at %.1f) |", f.f1, f.sure, f.sureCoverage)
				}
				fmt.Println()
			})
		}
	}
}

// without fits the other factors and leaves some out, for a while.
func without(sets []labelled, out []factor, do func()) {
	kept, step := *weights(), *calibration()
	if out != nil {
		var examples []example
		for _, s := range sets {
			examples = append(examples, examplesOf(s, everyone)...)
		}
		prior := priorWeights()
		for _, f := range out {
			prior[f] = 0
			for i := range examples {
				examples[i].amounts[f] = 0
			}
		}
		*weights() = fit(examples, prior, 3)
		*calibration() = calibrated(sets)
	}
	do()
	*weights(), *calibration() = kept, step
}
