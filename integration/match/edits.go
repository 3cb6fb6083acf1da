package match

import "math/bits"

// edits counts the letters to add, drop, change or swap (with the next one)
// to make one word of the other: 0 when that takes more than most, or none.
// It is the optimal string alignment distance, computed near the diagonal only
// and without allocating for words of usual length: it is called millions of
// times, and the libraries that we measured took ten times as long.
func edits(a, b string, most int) int {
	var bufferA, bufferB [48]rune
	x, y := runesOf(a, bufferA[:0]), runesOf(b, bufferB[:0])
	if len(y)-len(x) > most || len(x)-len(y) > most {
		return 0
	}
	var rows [3][50]int16
	older, old, now := rows[0][:], rows[1][:], rows[2][:]
	if len(y) >= len(older) {
		older, old, now = make([]int16, len(y)+2), make([]int16, len(y)+2), make([]int16, len(y)+2)
	}
	for j := range len(y) + 1 {
		old[j] = int16(j)
	}
	for i := 1; i <= len(x); i++ {
		if nextRow(x, y, i, most, older, old, now) > int16(most) {
			return 0
		}
		older, old, now = old, now, older
	}
	if int(old[len(y)]) > most {
		return 0
	}
	return int(old[len(y)])
}

// nextRow fills the row of the i-th letter, and gives its least count.
func nextRow(x, y []rune, i, most int, older, old, now []int16) int16 {
	// Farther from the diagonal than most, the count can only be more.
	first, last := max(1, i-most), min(len(y), i+most)
	now[first-1] = int16(most + 1)
	if first == 1 {
		now[0] = int16(i)
	}
	if last < len(y) {
		now[last+1] = int16(most + 1)
	}
	least := now[first-1]
	for j := first; j <= last; j++ {
		var change int16 = 1
		if x[i-1] == y[j-1] {
			change = 0
		}
		now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+change)
		if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
			now[j] = min(now[j], older[j-2]+1)
		}
		least = min(least, now[j])
	}
	return least
}

func runesOf(s string, into []rune) []rune {
	for _, r := range s {
		into = append(into, r)
	}
	return into
}

// farApart says whether two words have too many different letters to be so few
// edits apart.
func farApart(a, b *term, most int) bool {
	return bits.OnesCount32(a.letters^b.letters) > 2*most
}
