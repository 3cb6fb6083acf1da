package sim

import "slices"

// kept is what was read of the store, until something is stored: oracles and
// people look there more often than it changes.
type kept[T any] struct {
	at  int // how much had been stored by then
	all []T
}

// get gives what is kept, or reads it. Of a dead process it reads nothing.
func (k *kept[T]) get(w *World, read func() []T) []T {
	if w.ours.isDead() {
		return nil
	}
	w.mu.Lock()
	at, all := w.changes, k.all
	known := k.at == at
	w.mu.Unlock()
	if !known {
		all = read()
		w.mu.Lock()
		k.at, k.all = at, all
		w.mu.Unlock()
	}
	return slices.Clone(all)
}

// changed has the store read again.
func (w *World) changed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes++
}
