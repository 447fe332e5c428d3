// Greatest common divisors, by Euclid and by Stein.
package main

func euclid(a, b int32) int32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// stein needs no division: it halves and subtracts.
func stein(a, b int32) int32 {
	if a == 0 {
		return b
	}
	if b == 0 {
		return a
	}
	shift := int32(0)
	for (a|b)&1 == 0 {
		a >>= 1
		b >>= 1
		shift++
	}
	for a&1 == 0 {
		a >>= 1
	}
	for b != 0 {
		for b&1 == 0 {
			b >>= 1
		}
		if a > b {
			a, b = b, a
		}
		b -= a
	}
	return a << shift
}

func main() {
	println(euclid(1071, 462), stein(1071, 462))
	println(euclid(0, 7), stein(0, 7))
	println(euclid(1836311903, 1134903170), stein(1836311903, 1134903170))
	println(euclid(1<<20*3, 1<<18*9), stein(1<<20*3, 1<<18*9))
}
