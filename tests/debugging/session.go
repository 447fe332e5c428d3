package main

func square(n int32) int32 {
	return n * n
}

//go:noinline
func fact(n int32) int32 {
	if n <= 1 {
		return 1
	}
	return n * fact(n-1)
}

//go:noinline
func sum(n int32, negative bool) (total int32) {
	for i := int32(0); i < n; i++ {
		total += square(i)
	}
	if negative {
		total = -total
	}
	return total
}

type count uint8

// Its frames need more than the first stack.
//go:noinline
func deep(level int, c count) int {
	if level == 0 {
		return int(c)
	}
	return deep(level-1, c+1) + 1
}

func add(a, b int32) int32

func main() {
	println(fact(5))
	println(sum(4, true))
	println(deep(300, 7))
	println(add(3, 4))
}
