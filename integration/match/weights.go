package match

import (
	"fmt"
	"math"
	"strconv"
	"sync"
)

// factor is one kind of finding about a pair of names.
type factor int

const (
	base       factor = iota // every pair
	shared                   // information of the words in common
	sameName                 // the names are the same after normalising
	complete                 // not the same, but every word has its counterpart
	leftExtra                // words that only the organization has
	rightExtra               // words that only the customer has
	aside                    // words that only one has and that say little: places, what stands apart
	replaced                 // words of the one where the other has different ones
	lead                     // the first word of each has no counterpart in the other
	misspelt                 // words that are spelled otherwise; less the longer they are
	otherWord                // words that look alike, and are both spelled right
	likeSound                // words that sound alike
	kindred                  // words that mean nearly the same
	abridged                 // words that stand for longer ones
	acronym                  // the one is the first letters of the other
	order                    // the same words in another order
	cut                      // the one is the beginning of the other
	opposed                  // different numbers, directions or places
	forms                    // different legal forms
	otherName                // found by a second name (d/b/a, formerly)
	citySame
	cityOther
	domainSame
	domainOther
	domainName // the web domain of the one is the name of the other
	phoneSame
	phoneOther
	parentSame  // the parents are linked with each other
	parentOther // the parents are linked with others
	parentOnly  // only one of the two has a parent; more where it is called like it
	factors     // how many there are
)

var factorNames = [factors]string{
	"base", "shared", "sameName", "complete", "leftExtra", "rightExtra", "aside", "replaced", "lead", "misspelt", "otherWord", "likeSound",
	"kindred", "abridged", "acronym", "order", "cut", "opposed", "forms", "otherName", "citySame", "cityOther", "domainSame",
	"domainOther", "domainName", "phoneSame", "phoneOther", "parentSame", "parentOther", "parentOnly",
}

// weights are what one unit of each factor adds to the log-odds:
// data/weights.tsv, which says where each is from.
var weights = sync.OnceValue(func() *[factors]float32 {
	var all [factors]float32
	read := rows("weights.tsv", 3)
	if len(read) != len(all) {
		panic(fmt.Sprintf("match: data/weights.tsv has %d factors, not %d", len(read), len(all)))
	}
	for i, r := range read {
		w, err := strconv.ParseFloat(r[1], 32)
		if err != nil || r[0] != factorNames[i] {
			panic(fmt.Sprintf("match: line %d of data/weights.tsv is not about %s", i+2, factorNames[i]))
		}
		all[i] = float32(w)
	}
	return &all
})

// milli is log-odds in thousandths: whole numbers add up to the same in any
// order, and what is shown adds up to the score.
type milli int32

// weigh gives what an amount of a factor adds.
func (f factor) weigh(amount float32) milli {
	return milli(math.Round(1000 * float64(weights()[f]*amount)))
}

func (o milli) odds() float64 { return float64(o) / 1000 }

// score is the probability that log-odds stand for.
func (o milli) score() float64 { return 1 / (1 + math.Exp(-o.odds())) }

func milliOf(odds float64) milli { return milli(math.Round(1000 * odds)) }
