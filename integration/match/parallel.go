package match

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// share is how many items a worker takes at a time.
const share = 64

// workers is how many work at once.
func workers() int { return runtime.GOMAXPROCS(0) }

// parallel calls do for 0 to n-1, each once, from several workers. What do
// leaves must depend on the item alone, never on the worker or the order.
func parallel(n int, do func(worker, i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range min(workers(), (n+share-1)/share) {
		group.Go(func() {
			for {
				from := int(next.Add(share)) - share
				if from >= n {
					return
				}
				for i := from; i < min(from+share, n); i++ {
					do(worker, i)
				}
			}
		})
	}
	group.Wait()
}
