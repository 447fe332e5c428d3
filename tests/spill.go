package main

//go:noinline
func half(n int64) int64 { return n / 2 }

//go:noinline
func sum(a, b int64, up bool) int64 {
	x := half(a)
	y := half(b)
	if up {
		x = x*3 + 1
	}
	return x + y + a
}

func main() { println(sum(4, 6, true)) }
