// Programs that cannot go on: the message on standard error in Go's words, then exit status 2. The stack is
// not needed any more, so that none of these functions returns or saves anything.

#include "textflag.h"

DATA runtime·goroutine<>+0(SB)/24, $"\ngoroutine 1 [running]:\n"
GLOBL runtime·goroutine<>(SB), RODATA|NOPTR, $24

// Writes what was printed, then the heading of a traceback, and ends the program.
TEXT runtime·die<>(SB), NOSPLIT, $0
	LEAQ	runtime·goroutine<>(SB), SI
	MOVL	$24, DX
	CALL	runtime·printbytes(SB)
	CALL	runtime·printflush(SB)
	MOVL	$2, DI
	JMP	runtime·exit(SB)

DATA runtime·divide<>+0(SB)/45, $"panic: runtime error: integer divide by zero\n"
GLOBL runtime·divide<>(SB), RODATA|NOPTR, $45

TEXT runtime·panicdivide(SB), NOSPLIT, $0-0
	LEAQ	runtime·divide<>(SB), SI
	MOVL	$45, DX
	CALL	runtime·printbytes(SB)
	JMP	runtime·die<>(SB)

DATA runtime·shift<>+0(SB)/44, $"panic: runtime error: negative shift amount\n"
GLOBL runtime·shift<>(SB), RODATA|NOPTR, $44

TEXT runtime·panicshift(SB), NOSPLIT, $0-0
	LEAQ	runtime·shift<>(SB), SI
	MOVL	$44, DX
	CALL	runtime·printbytes(SB)
	JMP	runtime·die<>(SB)

DATA runtime·skew<>+0(SB)/64, $"fatal error: recursive call during initialization - linker skew\n"
GLOBL runtime·skew<>(SB), RODATA|NOPTR, $64

TEXT runtime·throwinit(SB), NOSPLIT, $0-0
	LEAQ	runtime·skew<>(SB), SI
	MOVL	$64, DX
	CALL	runtime·printbytes(SB)
	JMP	runtime·die<>(SB)

DATA runtime·outofmem<>+0(SB)/36, $"fatal error: runtime: out of memory\n"
GLOBL runtime·outofmem<>(SB), RODATA|NOPTR, $36

TEXT runtime·outofmemory(SB), NOSPLIT, $0-0
	LEAQ	runtime·outofmem<>(SB), SI
	MOVL	$36, DX
	CALL	runtime·printbytes(SB)
	JMP	runtime·die<>(SB)

DATA runtime·exceeds<>+0(SB)/67, $"runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp="
GLOBL runtime·exceeds<>(SB), RODATA|NOPTR, $67
DATA runtime·stack<>+0(SB)/8, $" stack=["
GLOBL runtime·stack<>(SB), RODATA|NOPTR, $8
DATA runtime·comma<>+0(SB)/2, $", "
GLOBL runtime·comma<>(SB), RODATA|NOPTR, $2
DATA runtime·overflow<>+0(SB)/30, $"]\nfatal error: stack overflow\n"
GLOBL runtime·overflow<>(SB), RODATA|NOPTR, $30

// The stack cannot grow any more: SP is in AX, the stack's bounds in BX and CX.
TEXT runtime·stackoverflow(SB), NOSPLIT, $0-0
	MOVQ	AX, R12
	MOVQ	BX, R13
	MOVQ	CX, R14
	LEAQ	runtime·exceeds<>(SB), SI
	MOVL	$67, DX
	CALL	runtime·printbytes(SB)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	LEAQ	runtime·stack<>(SB), SI
	MOVL	$8, DX
	CALL	runtime·printbytes(SB)
	MOVQ	R13, AX
	CALL	runtime·printhexadecimal(SB)
	LEAQ	runtime·comma<>(SB), SI
	MOVL	$2, DX
	CALL	runtime·printbytes(SB)
	MOVQ	R14, AX
	CALL	runtime·printhexadecimal(SB)
	LEAQ	runtime·overflow<>(SB), SI
	MOVL	$30, DX
	CALL	runtime·printbytes(SB)
	JMP	runtime·die<>(SB)
