// Reading the pc tables of functions (crates/obj/src/pcln.rs), which all versions write alike.
//
// Source: gc runtime/symtab.go, step and readvarint.

#include "textflag.h"

// AX: what the table at SI holds for pc DX in the function with entry BX, -1 if nothing. Keeps R8 to R15 but R10 and
// R11.
TEXT runtime·readpcvalue(SB), NOSPLIT, $0-0
	MOVQ	$-1, DI	// the value
	CALL	runtime·readvarint(SB)	// BX is up to where it holds
	JMP	change

loop:
	CALL	runtime·readvarint(SB)
	TESTL	AX, AX
	JEQ	none

change:
	MOVL	AX, CX
	SHRL	$1, AX
	ANDL	$1, CX
	NEGL	CX
	XORL	CX, AX
	ADDL	AX, DI
	CALL	runtime·readvarint(SB)
	ADDQ	AX, BX
	CMPQ	DX, BX
	JCC	loop
	MOVLQSX	DI, AX
	RET

none:
	MOVQ	$-1, AX
	RET

// AX: the largest value of the table at SI, 0 if none is larger. Keeps R8 to R15 but R10 and R11.
TEXT runtime·maxpcvalue(SB), NOSPLIT, $0-0
	MOVQ	$-1, DI	// the value
	XORL	BX, BX	// the largest
	CALL	runtime·readvarint(SB)

loop:
	MOVL	AX, CX
	SHRL	$1, AX
	ANDL	$1, CX
	NEGL	CX
	XORL	CX, AX
	ADDL	AX, DI
	CMPL	DI, BX
	JLE	smaller
	MOVL	DI, BX

smaller:
	CALL	runtime·readvarint(SB)	// for how many bytes
	CALL	runtime·readvarint(SB)
	TESTL	AX, AX
	JNE	loop
	MOVL	BX, AX
	RET

// AX: the number at SI, seven bits a byte, the lowest first. SI goes behind it.
TEXT runtime·readvarint(SB), NOSPLIT, $0-0
	XORL	AX, AX
	XORL	CX, CX

loop:
	MOVBLZX	(SI), R11
	INCQ	SI
	MOVL	R11, R10
	ANDL	$0x7f, R10
	SHLL	CX, R10
	ORL	R10, AX
	ADDL	$7, CX
	TESTL	$0x80, R11
	JNE	loop
	RET
