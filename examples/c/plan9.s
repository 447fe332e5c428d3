// Plan 9 assembly for C: names without · are C's names, arguments come in registers (System V ABI).
//
//	minigo asm plan9.s && cc main.c plan9.o && ./a.out
//
// C's functions keep BX, BP and R12 to R15. There is no g, so nothing here may check the stack: NOSPLIT.

#include "textflag.h"

// long add(long a, long b)
TEXT add(SB), NOSPLIT, $0
	LEAQ	(DI)(SI*1), AX
	RET

// long gcd(long a, long b): calls a function with Go's convention, whose arguments and result are on the
// stack. Functions with a frame save and restore BP themselves.
TEXT gcd(SB), NOSPLIT, $24
	MOVQ	DI, 0(SP)
	MOVQ	SI, 8(SP)
	CALL	gcd<>(SB)
	MOVQ	16(SP), AX
	RET

// func gcd(a, b int64) int64
TEXT gcd<>(SB), NOSPLIT, $0-24
	MOVQ	a+0(FP), AX
	MOVQ	b+8(FP), CX

loop:
	TESTQ	CX, CX
	JEQ	done
	CQO
	IDIVQ	CX
	MOVQ	CX, AX
	MOVQ	DX, CX
	JMP	loop

done:
	MOVQ	AX, ret+16(FP)
	RET

// extern const int primes[4];
DATA primes+0(SB)/4, $2
DATA primes+4(SB)/4, $3
DATA primes+8(SB)/4, $5
DATA primes+12(SB)/4, $7
GLOBL primes(SB), RODATA|NOPTR, $16

// int sum_primes(void): data of this file and a variable of C's.
TEXT sum_primes(SB), NOSPLIT, $0
	LEAQ	primes(SB), CX
	MOVL	(CX), AX
	ADDL	4(CX), AX
	ADDL	8(CX), AX
	ADDL	12(CX), AX
	ADDL	offset(SB), AX
	INCL	calls(SB)
	RET

GLOBL calls(SB), NOPTR, $4

// long twice(long (*f)(long), long a): calls back into C with an aligned stack. The frame takes 8 bytes for
// BP and 8 for the return address besides its own.
TEXT twice(SB), NOSPLIT, $16
	MOVQ	DI, f-8(SP)
	MOVQ	DI, AX
	MOVQ	SI, DI
	CALL	AX
	MOVQ	AX, DI
	MOVQ	f-8(SP), AX
	CALL	AX
	RET
