// Programs that cannot go on: the message on standard error in Go's words, the frames of the goroutine, then
// exit status 2. The goroutine's stack is only read from then on: all of this runs on the system stack, and
// nothing returns.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

// Above the outermost frame of a goroutine, that of goexit.
#define STACK_TOP 24

TEXTZ(runtime·runtimestack, 16, $"\nruntime stack:\n")
TEXTZ(runtime·panic, 7, $"panic: ")
TEXTZ(runtime·fatal, 13, $"fatal error: ")
TEXTZ(runtime·runtimeerror, 22, $"panic: runtime error: ")
TEXTZ(runtime·shift, 21, $"negative shift amount")
TEXTZ(runtime·skew, 50, $"recursive call during initialization - linker skew")
TEXTZ(runtime·outofmem, 22, $"runtime: out of memory")
TEXTZ(runtime·exceeds, 67, $"runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=")
TEXTZ(runtime·stack, 8, $" stack=[")
TEXTZ(runtime·upto, 2, $", ")
TEXTZ(runtime·bracket, 2, $"]\n")
TEXTZ(runtime·overflow, 14, $"stack overflow")

// How much more than usual is shown: SHOW_ALL, SHOW_ADDRESSES.
GLOBL runtime·throwing(SB), NOPTR, $8

DATA runtime·divide+0(SB)/22, $"integer divide by zero"
GLOBL runtime·divide(SB), RODATA|NOPTR, $23

TEXT runtime·panicdivide(SB), NOSPLIT, $0-0
	LEAQ	runtime·divide(SB), BX
	JMP	runtime·panicerror<>(SB)

TEXT runtime·panicshift(SB), NOSPLIT, $0-0
	LEAQ	runtime·shift<>(SB), BX
	JMP	runtime·panicerror<>(SB)

// Dies of the run-time error that is called BX, raised by a function that was called.
TEXT runtime·panicerror<>(SB), NOSPLIT, $0-0
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	MOVQ	runtime·systemSP(SB), SP
	CALL	runtime·printerror(SB)
	CALL	runtime·printheading(SB)
	XORL	R8, R8
	MOVL	$2, R9	// as in Go, where gopanic has a frame too
	JMP	runtime·dopanic(SB)

// Prints the run-time error that is called BX.
TEXT runtime·printerror(SB), NOSPLIT, $0-0
	PRINT(runtime·runtimeerror)
	MOVQ	BX, SI
	CALL	runtime·printtext(SB)
	JMP	runtime·printnl(SB)

DATA runtime·marks<>+0(SB)/3, $"(\")"
GLOBL runtime·marks<>(SB), RODATA|NOPTR, $3

// func gopanic(v interface{})
//
// R14 is the descriptor, R15 the value's address. A value of a type that the program defines, whose name has
// a dot, is shown as a conversion to that type.
TEXT runtime·gopanic(SB), NOSPLIT, $0-16
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	RECEIVE(type+0(FP), AX, R14)
	RECEIVE(data+8(FP), BX, R15)
	MOVQ	runtime·systemSP(SB), SP
	PRINT(runtime·panic)

	MOVLQSX	TYPE_STR(R14), AX
	LEAQ	TYPE_STR(R14)(AX*1), AX
	CALL	runtime·typename(SB)
	MOVQ	SI, DI
	MOVQ	DX, CX
	MOVL	$'.', AX
	CLD
	REPN
	SCASB
	JNE	predeclared
	CALL	runtime·printbytes(SB)

	// A bracket, and for strings a quotation mark.
	MOVBLZX	TYPE_KIND(R14), AX
	XORL	DX, DX
	CMPL	AX, $KIND_STRING
	SETEQ	DX
	INCL	DX
	LEAQ	runtime·marks<>(SB), SI
	CALL	runtime·printbytes(SB)
	CALL	runtime·printvalue<>(SB)
	MOVBLZX	TYPE_KIND(R14), AX
	XORL	DX, DX
	CMPL	AX, $KIND_STRING
	SETEQ	DX
	LEAQ	runtime·marks<>+2(SB), SI
	SUBQ	DX, SI
	INCL	DX
	CALL	runtime·printbytes(SB)
	JMP	end

predeclared:
	CALL	runtime·printvalue<>(SB)

end:
	CALL	runtime·printnl(SB)
	CALL	runtime·printheading(SB)
	XORL	R8, R8
	MOVL	$1, R9
	JMP	runtime·dopanic(SB)

// Prints the value at R15 of the type with the descriptor R14.
TEXT runtime·printvalue<>(SB), NOSPLIT, $0-0
	MOVBLZX	TYPE_KIND(R14), AX
	MOVQ	R15, CX
	CMPL	AX, $KIND_STRING
	JEQ	string
	CMPL	AX, $KIND_BOOL
	JEQ	bool
	CALL	runtime·loadint(SB)
	JMP	runtime·printdecimal(SB)

string:
	MOVQ	0(CX), SI
	MOVQ	8(CX), DX
	JMP	PRINT_PANIC_STRING(SB)

bool:
	MOVBLZX	(CX), AX
	CALL	runtime·formatbool(SB)
	JMP	runtime·printbytes(SB)

// Shows the goroutine's frames from pc R12 and SP R13 on, where the pc may be an instruction's own (R8 is 1),
// after R9 frames that are not shown.
TEXT runtime·tracegoroutine(SB), NOSPLIT, $0-0
	MOVQ	(TLS), BX
	MOVQ	G_STACK_HI(BX), R10
	SUBQ	$STACK_TOP, R10
	JMP	runtime·traceback(SB)

// Shows the goroutine's frames, and ends the program.
TEXT runtime·dopanic(SB), NOSPLIT, $0-0
	CALL	runtime·tracegoroutine(SB)
	JMP	runtime·exit2(SB)

TEXT runtime·throwinit(SB), NOSPLIT, $0-0
	MOVQ	0(SP), AX
	LEAQ	8(SP), CX
	MOVQ	(TLS), BX
	MOVQ	AX, G_SCHED_PC(BX)
	MOVQ	CX, G_SCHED_SP(BX)
	MOVQ	runtime·systemSP(SB), SP
	LEAQ	runtime·skew<>(SB), BX
	CALL	runtime·throw(SB)
	RET

// Dies because of what BX says: on the system stack, the goroutine being where its sched says, or when a
// signal has come.
TEXT runtime·throw(SB), NOSPLIT, $8-0
	MOVQ	$SHOW_ALL, runtime·throwing(SB)
	PRINT(runtime·fatal)
	MOVQ	BX, SI
	CALL	runtime·printtext(SB)
	CALL	runtime·printnl(SB)
	CMPQ	runtime·signal(SB), $0
	JNE	signal
	PRINT(runtime·runtimestack)
	MOVQ	runtime·systemSP(SB), R10
	ADDQ	$8, R10	// the caller of what was called first
	CALL	runtime·tracecaller<>(SB)
	MOVQ	$(SHOW_ALL+SHOW_ADDRESSES), runtime·throwing(SB)
	CALL	runtime·printheading(SB)
	MOVQ	(TLS), BX
	MOVQ	G_SCHED_PC(BX), R12
	MOVQ	G_SCHED_SP(BX), R13
	XORL	R8, R8
	XORL	R9, R9
	JMP	goroutine

signal:
	CALL	runtime·printsignal(SB)
	MOVQ	$(SHOW_ALL+SHOW_ADDRESSES), runtime·throwing(SB)
	CALL	runtime·printheading(SB)
	MOVQ	runtime·signaltop(SB), R10
	CALL	runtime·tracecaller<>(SB)
	CALL	runtime·interrupted(SB)
	MOVL	$2, R9	// those above

goroutine:
	CALL	runtime·dopanic(SB)
	RET

// Shows the frames of the stack that ends at R10, from its caller's on.
TEXT runtime·tracecaller<>(SB), NOSPLIT, $0-0
	MOVQ	0(SP), R12
	LEAQ	8(SP), R13
	XORL	R8, R8
	XORL	R9, R9
	JMP	runtime·traceback(SB)

// Called on the system stack.
TEXT runtime·outofmemory(SB), NOSPLIT, $0-0
	LEAQ	runtime·outofmem<>(SB), BX
	CALL	runtime·throw(SB)
	RET

// Called on the system stack when the goroutine's cannot grow any more: SP is in R12, the bounds of the
// stack in R13 and R15.
TEXT runtime·stackoverflow(SB), NOSPLIT, $8-0
	PRINT(runtime·exceeds)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·stack)
	MOVQ	R13, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·upto)
	MOVQ	R15, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·bracket)
	LEAQ	runtime·overflow<>(SB), BX
	CALL	runtime·throw(SB)
	RET
