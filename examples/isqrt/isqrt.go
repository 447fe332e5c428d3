// Integer square roots, bit by bit and by Newton's method.
package main

func bitwise(n int32) int32 {
	root, bit := int32(0), int32(1<<30)
	for bit > n {
		bit >>= 2
	}
	for bit != 0 {
		if n >= root+bit {
			n -= root + bit
			root = root>>1 + bit
		} else {
			root >>= 1
		}
		bit >>= 2
	}
	return root
}

func newton(n int32) int32 {
	if n < 2 {
		return n
	}
	x := n/2 + 1
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}

func main() {
	for n := int32(0); n < 100000; n++ {
		if bitwise(n) != newton(n) {
			println("differ at", n)
		}
	}
	println(bitwise(2), bitwise(99), bitwise(100), newton(2147483647))
}
