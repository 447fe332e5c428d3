// Plan 9 assembly for Rust's extern "C": names without · are C's names, arguments come in registers.
//
//	minigo asm plan9.s && rustc main.rs -C link-arg=plan9.o && ./main
//
// Nothing here may check the stack: NOSPLIT.

#include "textflag.h"

// fn popcount(words: *const u64, len: usize) -> u64
TEXT popcount(SB), NOSPLIT, $0
	XORL	AX, AX

loop:
	TESTQ	SI, SI
	JEQ	done
	POPCNTQ	(DI), CX
	ADDQ	CX, AX
	ADDQ	$8, DI
	DECQ	SI
	JMP	loop

done:
	RET

// fn average(a: f64, b: f64) -> f64: floating-point arguments come in X0, X1 and so on.
TEXT average(SB), NOSPLIT, $0
	ADDSD	X1, X0
	MULSD	$0.5, X0
	RET
