// Programs that cannot go on: the message on standard error in Go's words, the frames of the goroutine, then
// exit status 2. The goroutine's stack is only read from then on: all of this runs on the system stack, and
// nothing returns.

#include "textflag.h"

// Offsets in g.
#define G_STACK_HI 8
#define G_SCHED_SP 56
#define G_SCHED_PC 64
// Above the outermost frame of a goroutine, that of goexit.
#define STACK_TOP 24

#define TEXTZ(name, size, text) DATA name<>+0(SB)/size, text; GLOBL name<>(SB), RODATA|NOPTR, $(size+1)
#define PRINT(name) LEAQ name<>(SB), SI; CALL runtime·printtext(SB)

TEXTZ(runtime·goroutine, 24, $"\ngoroutine 1 [running]:\n")
TEXTZ(runtime·runtimestack, 16, $"\nruntime stack:\n")
TEXTZ(runtime·fatal, 13, $"fatal error: ")
TEXTZ(runtime·runtimeerror, 22, $"panic: runtime error: ")
TEXTZ(runtime·divide, 22, $"integer divide by zero")
TEXTZ(runtime·shift, 21, $"negative shift amount")
TEXTZ(runtime·skew, 50, $"recursive call during initialization - linker skew")
TEXTZ(runtime·outofmem, 22, $"runtime: out of memory")
TEXTZ(runtime·exceeds, 67, $"runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=")
TEXTZ(runtime·stack, 8, $" stack=[")
TEXTZ(runtime·upto, 2, $", ")
TEXTZ(runtime·bracket, 2, $"]\n")
TEXTZ(runtime·overflow, 14, $"stack overflow")

TEXT runtime·panicdivide(SB), NOSPLIT, $0-0
	LEAQ	runtime·divide<>(SB), BX
	JMP	runtime·panicerror<>(SB)

TEXT runtime·panicshift(SB), NOSPLIT, $0-0
	LEAQ	runtime·shift<>(SB), BX
	JMP	runtime·panicerror<>(SB)

// Dies of the run-time error that is called BX, raised by a function that was called.
TEXT runtime·panicerror<>(SB), NOSPLIT, $0
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	MOVQ	runtime·systemSP(SB), SP
	PRINT(runtime·runtimeerror)
	MOVQ	BX, SI
	CALL	runtime·printtext(SB)
	CALL	runtime·printnl(SB)
	XORL	R8, R8
	MOVL	$2, R9	// as in Go, where gopanic has a frame too
	JMP	runtime·dopanic(SB)

// Shows the goroutine's frames from pc R12 and SP R13 on, which may be an instruction's own (R8 is 1) and
// follow R9 frames that are not shown, and ends the program.
TEXT runtime·dopanic(SB), NOSPLIT, $0
	PRINT(runtime·goroutine)
	MOVQ	(TLS), BX
	MOVQ	G_STACK_HI(BX), R10
	SUBQ	$STACK_TOP, R10
	CALL	runtime·traceback(SB)
	CALL	runtime·printflush(SB)
	MOVL	$2, DI
	JMP	runtime·exit(SB)

TEXT runtime·throwinit(SB), NOSPLIT, $0-0
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	MOVQ	runtime·systemSP(SB), SP
	MOVQ	$1, runtime·throwing(SB)
	PRINT(runtime·fatal)
	PRINT(runtime·skew)
	CALL	runtime·printnl(SB)
	XORL	R8, R8
	XORL	R9, R9
	JMP	runtime·dopanic(SB)

// Called on the system stack: dies because of what BX says. The goroutine is where its sched says.
TEXT runtime·throw(SB), NOSPLIT, $8-0
	MOVQ	$1, runtime·throwing(SB)
	PRINT(runtime·fatal)
	MOVQ	BX, SI
	CALL	runtime·printtext(SB)
	CALL	runtime·printnl(SB)
	CALL	runtime·tracesystem<>(SB)
	MOVQ	(TLS), BX
	MOVQ	G_SCHED_PC(BX), R12
	MOVQ	G_SCHED_SP(BX), R13
	XORL	R8, R8
	XORL	R9, R9
	JMP	runtime·dopanic(SB)

// Shows the frames of the system stack, from its caller's on.
TEXT runtime·tracesystem<>(SB), NOSPLIT, $0
	PRINT(runtime·runtimestack)
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	XORL	R8, R8
	XORL	R9, R9
	MOVQ	runtime·systemSP(SB), R10
	ADDQ	$8, R10	// the caller of what was called first
	JMP	runtime·traceback(SB)

// Called on the system stack.
TEXT runtime·outofmemory(SB), NOSPLIT, $0-0
	LEAQ	runtime·outofmem<>(SB), BX
	CALL	runtime·throw(SB)
	RET

// Called on the system stack when the goroutine's cannot grow any more: SP is in R12, the bounds of the
// stack in R13 and R14.
TEXT runtime·stackoverflow(SB), NOSPLIT, $8-0
	PRINT(runtime·exceeds)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·stack)
	MOVQ	R13, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·upto)
	MOVQ	R14, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·bracket)
	LEAQ	runtime·overflow<>(SB), BX
	CALL	runtime·throw(SB)
	RET
