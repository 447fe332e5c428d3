// Primes by trial division, and the factors of a number.
package main

func prime(n int32) bool {
	if n < 2 {
		return false
	}
	if n%2 == 0 {
		return n == 2
	}
	for d := int32(3); d <= n/d; d += 2 {
		if n%d == 0 {
			return false
		}
	}
	return true
}

func factors(n int32) (count int32) {
	print(n, " =")
	for d := int32(2); n > 1; {
		if n%d != 0 {
			d++
			continue
		}
		n /= d
		print(" ", d)
		count++
	}
	println()
	return
}

func main() {
	count, sum := int32(0), int32(0)
	for n := int32(0); n < 10000; n++ {
		if prime(n) {
			count++
			sum += n
		}
	}
	println("primes below 10000:", count, "sum:", sum)
	println("2147483647 is prime:", prime(2147483647))
	println(factors(360), factors(1001), factors(9973))
}
