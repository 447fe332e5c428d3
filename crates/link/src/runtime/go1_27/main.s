// Initialisation of the package, then its main.
//
// Source: gc runtime/proc.go, main, doInit and doInit1.

#include "textflag.h"

// Whether the package is being initialised, to which Go locks the goroutine's thread.
GLOBL runtime·initializing(SB), NOPTR, $8

// The type of errors of system calls.
GLOBL runtime·errnotype(SB), RODATA|NOPTR, $48

// Runs the initialisation of package main, then main. The frames here have the sizes that they have in Go, so that a
// stack overflows at the same depth.
TEXT runtime·main(SB), NOSPLIT, $280-0
	MOVQ	(TLS), R14
	XORPS	X15, X15
	MOVQ	$1, runtime·initializing(SB)
	// In Go, doInit is inlined.
	POPQ	AX
	CALL	runtime·doInit(SB)
	PUSHQ	AX
	MOVQ	$0, runtime·initializing(SB)
	CALL	main·main(SB)
	RET

// func doInit(ts []*initTask)
TEXT runtime·doInit(SB), NOSPLIT|NOFRAME, $0-0
	LEAQ	main··inittask(SB), AX
	CALL	runtime·doInit1(SB)
	RET

// func doInit1(t *initTask)
TEXT runtime·doInit1(SB), NOSPLIT, $272-0
	MOVQ	AX, t-8(SP)
	MOVQ	$0, next-16(SP)

loop:
	// inittask: state, number of functions, their addresses.
	MOVQ	t-8(SP), AX
	MOVQ	next-16(SP), CX
	CMPL	CX, 4(AX)
	JCC	done
	INCQ	next-16(SP)
	MOVQ	8(AX)(CX*8), DX
	CALL	DX
	JMP	loop

done:
	RET

// What compiled stores of pointers refer to (gc: runtime/mgc.go, runtime/asm_amd64.s). There is no garbage collector, so
// whether pointers are to be recorded is always 0.
GLOBL runtime·writeBarrier(SB), NOPTR, $16

// Returns room for a pointer in R11.
TEXT runtime·gcWriteBarrier1(SB), NOSPLIT|NOFRAME, $0-0
	LEAQ	runtime·recorded<>(SB), R11
	RET

// Returns room for two pointers in R11.
TEXT runtime·gcWriteBarrier2(SB), NOSPLIT|NOFRAME, $0-0
	LEAQ	runtime·recorded<>(SB), R11
	RET

GLOBL runtime·recorded<>(SB), NOPTR, $16
