// A state machine: a turnstile that takes coins, counts visitors and breaks when it is forced.
package main

const (
	locked = int32(iota)
	unlocked
	broken
)

const (
	coin = int32(iota)
	push
	force
	repair
)

func step(state, event int32) (next int32, passed bool) {
	switch state {
	case locked:
		switch event {
		case coin:
			return unlocked, false
		case force:
			return broken, false
		}
	case unlocked:
		switch event {
		case push:
			return locked, true
		case force:
			return broken, true
		}
	case broken:
		if event == repair {
			return locked, false
		}
	}
	return state, false
}

func name(state int32) {
	switch state {
	case locked:
		print("locked")
	case unlocked:
		print("unlocked")
	default:
		print("broken")
	}
}

func main() {
	state, visitors := locked, int32(0)
	seed := int32(12345)
	for i := int32(0); i < 20; i++ {
		seed = seed*1103515245 + 12345
		event := seed >> 16 & 3
		next, passed := step(state, event)
		if passed {
			visitors++
		}
		if next != state {
			name(state)
			print(" -> ")
			name(next)
			println(" on", event)
		}
		state = next
	}
	println("visitors:", visitors)
}
