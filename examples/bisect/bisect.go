// Where a growing function passes zero, by bisection on whole numbers.
package main

// f is x³ - 20x - 1000; ok is false where it does not fit in 32 bits.
func f(x int32) (y int32, ok bool) {
	if x > 1200 || x < -1200 {
		return 0, false
	}
	return x*x*x - 20*x - 1000, true
}

// root gives the largest x in [lo, hi) with f(x) <= 0.
func root(lo, hi int32) (x, steps int32) {
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		y, ok := f(mid)
		if ok && y <= 0 {
			lo = mid
		} else {
			hi = mid
		}
		steps++
	}
	return lo, steps
}

func main() {
	x, steps := root(0, 2000)
	below, _ := f(x)
	above, _ := f(x + 1)
	println("root between", x, "and", x+1, "after", steps, "steps:", below, above)
}
