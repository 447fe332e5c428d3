// The longest Collatz sequence below a limit.
package main

// length counts the steps from n to 1; ok is false if a number on the way does not fit.
func length(n int32) (steps int32, ok bool) {
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			if n > (1<<31-2)/3 {
				return steps, false
			}
			n = 3*n + 1
		}
		steps++
	}
	return steps, true
}

func main() {
	best, at, skipped := int32(0), int32(0), int32(0)
	for n := int32(1); n < 200000; n++ {
		steps, ok := length(n)
		if !ok {
			skipped++
			continue
		}
		if steps > best {
			best, at = steps, n
		}
	}
	println("longest:", at, "steps:", best, "skipped:", skipped)
}
