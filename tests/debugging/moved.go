package main

//go:noinline
func show(n int) int {
	return n*7 + 1
}

//go:noinline
func later(p, q int) int {
	old := show(1)
	p = old - p&q
	println(48)
	n := show(2)
	_ = n
	return p &^ 12
}

//go:noinline
func lost(p, q int) int {
	if q > 3 {
		p = show(q)
	}
	v := p
	for i := 0; i < 2; i++ {
		q += v
		show(i)
	}
	v = (q | 32) * p
	n := show(7)
	_ = n
	_ = v
	return q
}

func main() {
	println(later(2, 3))
	println(lost(1, 4))
}
