// Fibonacci numbers in three ways.
package main

func recursive(n int32) int32 {
	if n < 2 {
		return n
	}
	return recursive(n-1) + recursive(n-2)
}

func iterative(n int32) int32 {
	a, b := int32(0), int32(1)
	for i := int32(0); i < n; i++ {
		a, b = b, a+b
	}
	return a
}

// double gives fib(n) and fib(n+1) from fib(n/2) and fib(n/2+1).
func double(n int32) (a, b int32) {
	if n == 0 {
		return 0, 1
	}
	c, d := double(n / 2)
	a = c * (2*d - c)
	b = c*c + d*d
	if n%2 != 0 {
		a, b = b, a+b
	}
	return
}

func main() {
	for n := int32(0); n <= 46; n += 23 {
		f, _ := double(n)
		println(n, iterative(n), f)
	}
	println(recursive(20))
}
