package sim

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice draws from a seed. Each stream is of its own, so that another kind of
// fault does not reshuffle what people do.
type dice struct{ seed uint64 }

// on gives the stream of a name. What is drawn for one request is drawn from a
// stream named after the request, as requests may run side by side.
func (d dice) on(stream, about string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(stream))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(about))
	return rand.New(rand.NewPCG(d.seed, h.Sum64()))
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// chance is true in so many of a thousand.
func chance(r *rand.Rand, perMille int) bool { return r.IntN(1000) < perMille }
