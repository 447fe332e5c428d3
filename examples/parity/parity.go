// Mutual recursion, deep enough to make the stack grow.
package main

//go:noinline
func even(n int32) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

//go:noinline
func odd(n int32) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

// ackermann nests its calls instead of chaining them.
func ackermann(m, n int32) int32 {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

func main() {
	println(even(1000000), odd(1000000), even(777777))
	println(ackermann(2, 9), ackermann(3, 5))
}
