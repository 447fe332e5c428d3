// Temperatures as a type of their own, printed with fmt.
package main

import (
	"fmt"
	"os"
)

// In hundredths of a degree above absolute zero.
type kelvin uint32

const (
	melting kelvin = 27315
	unit           = "cK"
)

func celsius(degrees int32) kelvin {
	if degrees < -273 {
		panic(degrees)
	}
	return kelvin(int32(melting) + degrees*100)
}

func main() {
	fmt.Println("melting", melting, unit)
	for degrees := int32(-40); degrees <= 80; degrees += 40 {
		t := celsius(degrees)
		fmt.Print(degrees, " is ", t, unit, "\n")
		fmt.Println(t > melting, uint8(t), int64(t)<<32)
	}
	if celsius(100) != 37315 {
		os.Exit(1)
	}
	celsius(-300)
}
