// The frames of a dying program, from the table of functions that the linker makes (link/src/pclntab/go1_15.rs).
// Nothing here goes back to the program, so registers are free.
//
// Source: gc runtime/traceback.go, gentraceback; runtime/symtab.go, pcvalue.

#include "textflag.h"
#include "runtime.h"

#define MAX_FRAMES 100
#define MAX_ARGS 10

// Offsets in the record of a function.
#define FUNC_ENTRY 0
#define FUNC_NAME 8
#define FUNC_ARGS 12
#define FUNC_PCSP 20
#define FUNC_PCFILE 24
#define FUNC_PCLINE 28
#define FUNC_NFUNCDATA 39
#define FUNC_PCINLINE 48
#define FUNC_INLTREE 88
// Offsets in an inlined call, and its size in words of four bytes.
#define CALL_PARENT 0
#define CALL_FILE 4
#define CALL_LINE 8
#define CALL_FUNC 12
#define CALL_PARENT_PC 16
#define CALL_WORDS 5

TEXTZ(runtime·goroutine, 21, $"\ngoroutine 1 [running")
TEXTZ(runtime·locked, 18, $", locked to thread")
TEXTZ(runtime·heading, 3, $"]:\n")
TEXTZ(runtime·open, 1, $"(")
TEXTZ(runtime·close, 2, $")\n")
TEXTZ(runtime·inlinedargs, 6, $"(...)\n")
TEXTZ(runtime·comma, 2, $", ")
TEXTZ(runtime·dots, 5, $", ...")
TEXTZ(runtime·tab, 1, $"\t")
TEXTZ(runtime·colon, 1, $":")
TEXTZ(runtime·plus, 2, $" +")
TEXTZ(runtime·fp, 4, $" fp=")
TEXTZ(runtime·sp, 4, $" sp=")
TEXTZ(runtime·pc, 4, $" pc=")
TEXTZ(runtime·elided, 31, $"...additional frames elided...\n")
TEXTZ(runtime·unknown, 20, $"runtime: unknown pc ")
TEXTZ(runtime·unexpected, 34, $"runtime: unexpected return pc for ")
TEXTZ(runtime·calledfrom, 13, $" called from ")

// Prints the frames of a stack, the innermost first: that of pc R12 with SP R13. R8 is 1 if that pc is an
// instruction's own, 0 if it is a return address. R9 frames count as shown already; the stack ends at R10.
TEXT runtime·traceback(SB), NOSPLIT, $72-0
	MOVQ	R8, exact-8(SP)
	MOVQ	R9, n-16(SP)
	MOVQ	R10, top-24(SP)
	MOVQ	$0, shown-32(SP)
	MOVQ	R12, AX
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JNE	frame

unknown:
	PRINT(runtime·unknown)
	CMPQ	shown-32(SP), $0
	JNE	lost
	// Go looks for the runtime's frames, then.
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	CALL	runtime·printnl(SB)
	PRINT(runtime·unknown)
	JMP	lost

frame:
	// R15 is where the frame ends, behind the return address.
	MOVL	FUNC_PCSP(R14), AX
	MOVQ	R12, DX
	CALL	runtime·pcvalue<>(SB)
	TESTQ	AX, AX
	JLT	unknown	// behind the function's last instruction
	LEAQ	8(R13)(AX*1), R15

	// A return address may belong to the next line.
	MOVQ	R12, DX
	CMPQ	DX, FUNC_ENTRY(R14)
	JEQ	at
	CMPQ	exact-8(SP), $0
	JNE	at
	DECQ	DX

at:
	MOVQ	$0, exact-8(SP)
	MOVQ	DX, tracepc-40(SP)
	CALL	runtime·showframe<>(SB)
	TESTL	AX, AX
	JEQ	unwind
	CALL	runtime·funcline<>(SB)
	MOVQ	AX, file-56(SP)
	MOVQ	CX, line-64(SP)
	CMPB	FUNC_NFUNCDATA(R14), $0
	JEQ	outermost

lookup:
	MOVL	FUNC_PCINLINE(R14), AX
	MOVQ	tracepc-40(SP), DX
	CALL	runtime·pcvalue<>(SB)

inlined:
	TESTQ	AX, AX
	JLT	outermost
	IMULQ	$CALL_WORDS, AX
	MOVQ	FUNC_INLTREE(R14), BX
	LEAQ	(BX)(AX*4), BX
	MOVQ	BX, call-48(SP)
	MOVL	CALL_FUNC(BX), AX
	CALL	runtime·printname<>(SB)
	PRINT(runtime·inlinedargs)
	MOVQ	file-56(SP), AX
	MOVQ	line-64(SP), CX
	CALL	runtime·printline<>(SB)
	CALL	runtime·printnl(SB)
	INCQ	shown-32(SP)
	MOVQ	call-48(SP), BX
	MOVL	CALL_PARENT_PC(BX), DX
	CMPL	DX, $-1
	JEQ	parent
	// On with the instruction on the line of the call.
	ADDQ	FUNC_ENTRY(R14), DX
	MOVQ	DX, tracepc-40(SP)
	CALL	runtime·funcline<>(SB)
	MOVQ	AX, file-56(SP)
	MOVQ	CX, line-64(SP)
	JMP	lookup

parent:
	MOVL	CALL_FILE(BX), AX
	MOVQ	AX, file-56(SP)
	MOVL	CALL_LINE(BX), AX
	MOVQ	AX, line-64(SP)
	MOVWQSX	CALL_PARENT(BX), AX
	JMP	inlined

outermost:
	MOVL	FUNC_NAME(R14), AX
	CALL	runtime·printname<>(SB)
	PRINT(runtime·open)
	CALL	runtime·printargs<>(SB)
	PRINT(runtime·close)
	MOVQ	file-56(SP), AX
	MOVQ	line-64(SP), CX
	CALL	runtime·printline<>(SB)
	CMPQ	R12, FUNC_ENTRY(R14)
	JEQ	place
	PRINT(runtime·plus)
	MOVQ	R12, AX
	SUBQ	FUNC_ENTRY(R14), AX
	CALL	runtime·printhexadecimal(SB)

place:
	TESTQ	$SHOW_ADDRESSES, runtime·throwing(SB)
	JEQ	printed
	PRINT(runtime·fp)
	MOVQ	R15, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·sp)
	MOVQ	R13, AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·pc)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)

printed:
	CALL	runtime·printnl(SB)
	INCQ	shown-32(SP)

unwind:
	INCQ	n-16(SP)
	CMPQ	n-16(SP), $MAX_FRAMES
	JGE	done
	CMPQ	R15, top-24(SP)
	JCC	done
	MOVQ	-8(R15), R12
	MOVQ	R15, R13
	MOVQ	R14, BX
	MOVQ	R12, AX
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JNE	frame
	PRINT(runtime·unexpected)
	MOVL	FUNC_NAME(BX), AX
	CALL	runtime·printname<>(SB)
	PRINT(runtime·calledfrom)

lost:
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	CALL	runtime·printnl(SB)

done:
	CMPQ	shown-32(SP), $MAX_FRAMES
	JNE	all
	PRINT(runtime·elided)

all:
	RET

// Prints the words of arguments and results of the function R14, which are at R15.
TEXT runtime·printargs<>(SB), NOSPLIT, $0-0
	MOVLQSX	FUNC_ARGS(R14), R8
	SHRQ	$3, R8	// very many if the size is not known
	XORL	R9, R9

loop:
	CMPQ	R9, R8
	JCC	done
	CMPQ	R9, $MAX_ARGS
	JEQ	more
	TESTQ	R9, R9
	JEQ	first
	PRINT(runtime·comma)

first:
	MOVQ	(R15)(R9*8), AX
	CALL	runtime·printhexadecimal(SB)
	INCQ	R9
	JMP	loop

more:
	PRINT(runtime·dots)

done:
	RET

// AX: whether the function R14 is shown: not what belongs to the runtime, unless it is exported.
TEXT runtime·showframe<>(SB), NOSPLIT, $0-0
	MOVL	$1, AX
	TESTQ	$SHOW_ALL, runtime·throwing(SB)
	JNE	done
	MOVL	FUNC_NAME(R14), SI
	LEAQ	runtime·pclntab(SB), DI
	ADDQ	DI, SI
	MOVQ	$0x2e656d69746e7572, CX	// runtime.
	CMPQ	CX, (SI)
	JEQ	exported

dot:
	// Go's functions have a package in their names.
	MOVBLZX	(SI), AX
	TESTL	AX, AX
	JEQ	done
	INCQ	SI
	CMPL	AX, $'.'
	JNE	dot
	RET

exported:
	MOVBLZX	8(SI), CX
	SUBL	$'A', CX
	XORL	AX, AX
	CMPL	CX, $26
	SETCS	AX

done:
	RET

// Prints the name at offset AX in the table.
TEXT runtime·printname<>(SB), NOSPLIT, $0-0
	LEAQ	runtime·pclntab(SB), SI
	ADDQ	AX, SI
	JMP	runtime·printtext(SB)

// AX, CX: number of the file and line of pc DX in the function R14.
TEXT runtime·funcline<>(SB), NOSPLIT, $16-0
	MOVQ	DX, pc-8(SP)
	MOVL	FUNC_PCFILE(R14), AX
	CALL	runtime·pcvalue<>(SB)
	MOVQ	AX, file-16(SP)
	MOVQ	pc-8(SP), DX
	MOVL	FUNC_PCLINE(R14), AX
	CALL	runtime·pcvalue<>(SB)
	MOVQ	AX, CX
	MOVQ	file-16(SP), AX
	RET

// Prints a tab, the name of file AX and line CX.
TEXT runtime·printline<>(SB), NOSPLIT, $16-0
	MOVQ	CX, line-8(SP)
	MOVQ	AX, file-16(SP)
	PRINT(runtime·tab)
	LEAQ	runtime·pclntab(SB), DI
	MOVQ	8(DI), CX
	SHLQ	$4, CX
	MOVL	24(DI)(CX*1), CX	// offset of the file table
	ADDQ	DI, CX
	MOVQ	file-16(SP), AX
	MOVL	(CX)(AX*4), AX
	CALL	runtime·printname<>(SB)
	PRINT(runtime·colon)
	MOVQ	line-8(SP), AX
	XORL	BX, BX
	CALL	runtime·printdecimal(SB)
	RET

// R14: the record of the function of pc AX, 0 if there is none.
TEXT runtime·findfunc(SB), NOSPLIT, $0-0
	LEAQ	runtime·pclntab(SB), DI
	LEAQ	16(DI), SI
	MOVQ	8(DI), CX
	XORL	R14, R14

loop:
	// Entry, offset of the record, and the next function's entry.
	DECQ	CX
	JLT	done
	CMPQ	AX, 0(SI)
	JCS	next
	CMPQ	AX, 16(SI)
	JCC	next
	MOVQ	8(SI), R14
	ADDQ	DI, R14

done:
	RET

next:
	ADDQ	$16, SI
	JMP	loop

// AX: what the table at offset AX holds for pc DX in the function R14, -1 if nothing.
TEXT runtime·pcvalue<>(SB), NOSPLIT, $0-0
	TESTL	AX, AX
	JEQ	none
	LEAQ	runtime·pclntab(SB), SI
	ADDQ	AX, SI
	MOVQ	FUNC_ENTRY(R14), BX
	JMP	runtime·readpcvalue(SB)

none:
	MOVQ	$-1, AX
	RET

// Prints what stands above the goroutine's frames.
TEXT runtime·printheading(SB), NOSPLIT, $0-0
	PRINT(runtime·goroutine)
	// A panic unlocks the thread.
	CMPQ	runtime·initializing(SB), $0
	JEQ	end
	CMPQ	runtime·throwing(SB), $0
	JEQ	end
	PRINT(runtime·locked)

end:
	PRINT(runtime·heading)
	RET
