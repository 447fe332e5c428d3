// Tricks with the bits of a number.
package main

func ones(x int32) (n int32) {
	for x != 0 {
		x &= x - 1
		n++
	}
	return
}

func reverse(x int32) int32 {
	const m1, m2, m4, m8 = 0x55555555, 0x33333333, 0x0f0f0f0f, 0x00ff00ff
	x = x>>1&m1 | x&m1<<1
	x = x>>2&m2 | x&m2<<2
	x = x>>4&m4 | x&m4<<4
	x = x>>8&m8 | x&m8<<8
	return x>>16&0xffff | x<<16
}

func powerOfTwo(x int32) bool { return x > 0 && x&(x-1) == 0 }

func trailingZeros(x int32) int32 {
	if x == 0 {
		return 32
	}
	return ones(x&-x - 1)
}

func abs(x int32) int32 {
	sign := x >> 31
	return (x ^ sign) - sign
}

func average(x, y int32) int32 { return x&y + (x^y)>>1 }

func main() {
	println(ones(0), ones(255), ones(-1))
	println(reverse(1), reverse(-1), reverse(0x12345678), reverse(reverse(12345)))
	println(powerOfTwo(1024), powerOfTwo(1023), powerOfTwo(0))
	println(trailingZeros(80), trailingZeros(1), trailingZeros(0))
	println(abs(-42), abs(42), average(2147483647, 2147483645))
}
