// Initialisation of the package, then its main.
//
// Source: gc runtime/proc.go, main and doInit.

#include "textflag.h"

// Whether the package is being initialised, to which Go locks the goroutine's thread.
GLOBL runtime·initializing(SB), NOPTR, $8

// Runs the initialisation of package main, then main. Its frame and that of doInit have the sizes that they
// have in Go, so that a stack overflows at the same depth.
TEXT runtime·main(SB), NOSPLIT, $72-0
	MOVQ	$1, runtime·initializing(SB)
	LEAQ	main··inittask(SB), AX
	MOVQ	AX, 0(SP)
	CALL	runtime·doInit(SB)
	MOVQ	$0, runtime·initializing(SB)
	CALL	main·main(SB)
	RET

// func doInit(t *initTask)
TEXT runtime·doInit(SB), NOSPLIT, $32-8
	MOVQ	$0, next-8(SP)

loop:
	// inittask: state, number of imported tasks, number of functions; then their addresses.
	MOVQ	t+0(FP), AX
	MOVQ	next-8(SP), CX
	CMPQ	CX, 16(AX)
	JGE	done
	INCQ	next-8(SP)
	ADDQ	8(AX), CX
	MOVQ	24(AX)(CX*8), DX
	CALL	DX
	JMP	loop

done:
	RET
