// What compiled code and descriptors of types refer to besides functions: comparison of values, zeroing of
// memory, and the numbers whose addresses interfaces of single bytes hold.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

// func memequal8(p, q unsafe.Pointer) bool
TEXT runtime·memequal8(SB), NOSPLIT, $0-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVB	(SI), AX
	CMPB	AX, (DI)
	SETEQ	AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func memequal16(p, q unsafe.Pointer) bool
TEXT runtime·memequal16(SB), NOSPLIT, $0-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVW	(SI), AX
	CMPW	AX, (DI)
	SETEQ	AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func memequal32(p, q unsafe.Pointer) bool
TEXT runtime·memequal32(SB), NOSPLIT, $0-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVL	(SI), AX
	CMPL	AX, (DI)
	SETEQ	AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func memequal64(p, q unsafe.Pointer) bool
TEXT runtime·memequal64(SB), NOSPLIT, $0-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVQ	(SI), AX
	CMPQ	AX, (DI)
	SETEQ	AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func strequal(p, q unsafe.Pointer) bool
TEXT runtime·strequal(SB), NOSPLIT, $0-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVQ	8(SI), CX
	CMPQ	CX, 8(DI)
	JNE	done
	MOVQ	(SI), SI
	MOVQ	(DI), DI
	CLD
	CMPQ	CX, CX	// strings of no bytes are equal
	REP
	CMPSB

done:
	SETEQ	AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func nilinterequal(p, q unsafe.Pointer) bool
TEXT runtime·nilinterequal(SB), NOSPLIT, $32-17
	RECEIVE(p+0(FP), AX, SI)
	RECEIVE(q+8(FP), BX, DI)
	MOVQ	(SI), AX
	CMPQ	AX, (DI)
	JNE	differ
	PASS(AX, AX, 0(SP))
	MOVQ	8(SI), BX
	PASS(BX, BX, 8(SP))
	MOVQ	8(DI), CX
	PASS(CX, CX, 16(SP))
	CALL	runtime·efaceeq(SB)
	RECEIVE_BYTE(24(SP), AX, AX)
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

differ:
	XORL	AX, AX
	PASS_BYTE(AX, AX, ret+16(FP))
	RET

// func efaceeq(t *_type, x, y unsafe.Pointer) bool
//
// The function that compares values of a type is in its descriptor.
TEXT runtime·efaceeq(SB), NOSPLIT, $24-25
	RECEIVE(t+0(FP), AX, SI)
	TESTQ	SI, SI
	JEQ	nil
	MOVQ	TYPE_EQUAL(SI), DX
	RECEIVE(x+8(FP), BX, AX)
	PASS(AX, AX, 0(SP))
	RECEIVE(y+16(FP), CX, BX)
	PASS(BX, BX, 8(SP))
	MOVQ	(DX), SI
	CALL	SI
	RECEIVE_BYTE(16(SP), AX, AX)
	PASS_BYTE(AX, AX, ret+24(FP))
	RET

nil:
	MOVL	$1, AX
	PASS_BYTE(AX, AX, ret+24(FP))
	RET

// Zeroes memory at DI with the zero in X0: as many bytes as there are stores from where it is entered on.
// Compiled code knows the sizes of these instructions.
#define BLOCK \
	MOVUPS	X0, (DI); \
	MOVUPS	X0, 16(DI); \
	MOVUPS	X0, 32(DI); \
	MOVUPS	X0, 48(DI); \
	LEAQ	64(DI), DI

TEXT runtime·duffzero(SB), NOSPLIT, $0-0
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	BLOCK
	RET

#define WORD(n) DATA runtime·staticuint64s+(8*(n))(SB)/8, $(n)
#define WORDS(n) WORD(n); WORD(n+1); WORD(n+2); WORD(n+3); WORD(n+4); WORD(n+5); WORD(n+6); WORD(n+7)
#define MANY(n) WORDS(n); WORDS(n+8); WORDS(n+16); WORDS(n+24); WORDS(n+32); WORDS(n+40); WORDS(n+48); WORDS(n+56)

MANY(0)
MANY(64)
MANY(128)
MANY(192)
GLOBL runtime·staticuint64s(SB), RODATA|NOPTR, $2048
