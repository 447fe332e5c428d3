// Division that reports its errors: quotient, remainder, ok.
package main

func divmod(a, b int32) (quotient, remainder int32, ok bool) {
	if b == 0 {
		return
	}
	quotient = a / b
	remainder = a % b
	// Go truncates; round towards minus infinity.
	if remainder != 0 && (remainder < 0) != (b < 0) {
		quotient--
		remainder += b
	}
	return quotient, remainder, true
}

func show(a, b int32) {
	q, r, ok := divmod(a, b)
	println(a, b, q, r, ok, q*b+r == a)
}

func main() {
	show(7, 2)
	show(-7, 2)
	show(7, -2)
	show(-7, -2)
	show(-2147483648, -1)
	show(-2147483648, 10)
	show(1, 0)
}
