// Stacks that grow: twice as large, copied, old one freed. Nothing but saved frame pointers points into a
// stack, so that these are all that has to be adjusted.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

// Bytes below a stack, for the runtime's functions: none of them has a check, while NOSPLIT functions that call
// them may have left no more than two return addresses (link/src/stkcheck.rs).
#define STACK_RESERVE 4096
// The largest stack (gc: proc.go, maxstacksize).
#define STACK_MAX 1000000000

// Size of the first stack in bytes.
DATA runtime·stack0+0(SB)/8, $2048
GLOBL runtime·stack0(SB), NOPTR, $8

// The descriptor to which each growth of the stack is reported; negative: none is.
DATA runtime·growth+0(SB)/8, $-1
GLOBL runtime·growth(SB), NOPTR, $8

// The pointer map of frames without pointers, which NO_LOCAL_POINTERS names: two maps of no bits.
DATA runtime·no_pointers_stackmap+0(SB)/8, $2
GLOBL runtime·no_pointers_stackmap(SB), RODATA|NOPTR, $8

// Maps a stack of SI bytes and makes it the stack of the g in BX. Keeps SI, BX, BP and R12 to R15; the new
// stack's bounds are in AX and DI.
TEXT runtime·stackalloc(SB), NOSPLIT, $0-0
	ADDQ	$STACK_RESERVE, SI
	CALL	runtime·sysAlloc(SB)
	SUBQ	$STACK_RESERVE, SI
	ADDQ	$STACK_RESERVE, AX
	LEAQ	(AX)(SI*1), DI
	MOVQ	AX, 0(BX)
	MOVQ	DI, 8(BX)
	LEAQ	STACK_GUARD(AX), CX
	MOVQ	CX, 16(BX)
	RET

// Maps SI bytes of zeros, at AX. Keeps SI, BX, BP and R12 to R15.
TEXT runtime·sysAlloc(SB), NOSPLIT, $0-0
	XORL	DI, DI
	MOVL	$PROT_READ_WRITE, DX
	MOVL	$MAP_PRIVATE_ANON, R10
	MOVQ	$-1, R8
	XORL	R9, R9
	MOVL	$SYS_mmap, AX
	SYSCALL
	CMPQ	AX, $-4095
	JCC	failed
	RET

failed:
	JMP	runtime·outofmemory(SB)

// Called by a function that finds too little stack, before it has a frame: grows the stack and goes back to
// the function's start. No register holds anything then but SP, BP, and in Go 1.27 R14, which is kept.
TEXT runtime·morestack_noctxt(SB), NOSPLIT, $0-0
	MOVQ	(TLS), BX
	MOVQ	SP, R12
	MOVQ	0(SP), AX
	MOVQ	AX, G_SCHED_PC(BX)
	LEAQ	8(SP), AX
	MOVQ	AX, G_SCHED_SP(BX)
	MOVQ	runtime·systemSP(SB), SP
	MOVQ	0(BX), R13	// old stack.lo
	MOVQ	8(BX), R15	// old stack.hi
	MOVQ	R15, SI
	SUBQ	R13, SI
	ADDQ	SI, SI
#ifdef STACK_FITS_FRAME
	CALL	runtime·fitframe(SB)
#endif
	CMPQ	SI, $STACK_MAX
	JHI	overflow
	CALL	runtime·stackalloc(SB)

	// Copy what is used to the upper end.
	MOVQ	DI, DX
	SUBQ	R15, DX	// what to add to addresses in the old stack
	MOVQ	R12, SI
	LEAQ	(R12)(DX*1), DI
	MOVQ	R15, CX
	SUBQ	R12, CX
	SHRQ	$3, CX
	CLD
	REP
	MOVSQ

	// BP points to a saved BP, which points to the next one. R10 counts those that are adjusted.
	XORL	R10, R10
	MOVQ	BP, CX
	CMPQ	CX, R13
	JCS	adjusted
	CMPQ	CX, R15
	JCC	adjusted
	ADDQ	DX, BP
	MOVQ	BP, DI

chain:
	MOVQ	(DI), CX
	CMPQ	CX, R13
	JCS	adjusted
	CMPQ	CX, R15
	JCC	adjusted
	ADDQ	DX, CX
	MOVQ	CX, (DI)
	MOVQ	CX, DI
	INCQ	R10
	JMP	chain

adjusted:
	CMPQ	runtime·growth(SB), $0
	JGE	report

reported:
	ADDQ	DX, R12
	LEAQ	-STACK_RESERVE(R13), DI
	MOVQ	R15, SI
	SUBQ	DI, SI
	MOVL	$SYS_munmap, AX
	SYSCALL
	MOVQ	R12, SP
	RET

report:
	CALL	runtime·reportgrowth(SB)
	JMP	reported

overflow:
	CALL	runtime·stackoverflow(SB)
	RET

// Writes a record of a growth to the descriptor that asks for it: the return address in the function that found too little
// stack, its SP at its call, the bounds of the old stack and of the new one, the number of saved BPs that were adjusted, and
// the old guard (minigo/src/growth.rs). It is on the system stack. Keeps BX, BP, DX and R12 to R15.
TEXT runtime·reportgrowth(SB), NOSPLIT, $0-0
	SUBQ	$64, SP
	MOVQ	G_SCHED_PC(BX), AX
	MOVQ	AX, 0(SP)
	MOVQ	R12, 8(SP)
	MOVQ	R13, 16(SP)
	MOVQ	R15, 24(SP)
	MOVQ	0(BX), AX
	MOVQ	AX, 32(SP)
	MOVQ	8(BX), AX
	MOVQ	AX, 40(SP)
	MOVQ	R10, 48(SP)
	LEAQ	STACK_GUARD(R13), AX
	MOVQ	AX, 56(SP)
	MOVQ	DX, R9
	MOVQ	runtime·growth(SB), DI
	MOVQ	SP, SI
	MOVL	$64, DX
	MOVL	$SYS_write, AX
	SYSCALL
	MOVQ	R9, DX
	ADDQ	$64, SP
	RET

// The same for functions with a context register, which minigo's language has not.
TEXT runtime·morestack(SB), NOSPLIT, $0-0
	JMP	runtime·morestack_noctxt(SB)
