// The frames of a dying program, from the tables that the linker makes (link/src/pclntab/go1_27.rs).
// Nothing here goes back to the program, so registers are free.
//
// Source: gc runtime/traceback.go, runtime/symtab.go, runtime/symtabinl.go.

#include "textflag.h"
#include "runtime.h"

// Frames that are shown of the inner end and of the outer end of a stack.
#define INNER_FRAMES 50
#define OUTER_FRAMES 50
#define MANY_FRAMES 0x7fffffff

// Offsets in the header of the table.
#define TABLE_NAMES 32
#define TABLE_UNITS 40
#define TABLE_FILES 48
#define TABLE_TABLES 56
// Offsets in the record of a function. The offsets of its pc tables and of its other tables follow.
#define FUNC_NAME 4
#define FUNC_PCSP 16
#define FUNC_PCFILE 20
#define FUNC_PCLINE 24
#define FUNC_NPCDATA 28
#define FUNC_UNIT 32
#define FUNC_ID 40
#define FUNC_FLAG 41
#define FUNC_NFUNCDATA 43
#define FUNC_PCDATA 44
#define FLAG_TOPFRAME 1
#define ID_GOPANIC 10
#define ID_PANICWRAP 15
#define ID_SIGPANIC 20
#define ID_WRAPPER 23
#define PCDATA_INL_TREE 2
#define PCDATA_ARG_LIVE 3
#define FUNCDATA_INL_TREE 3
#define FUNCDATA_ARG_INFO 5
#define FUNCDATA_ARG_LIVE 6
// Offsets in an inlined call, and its size as a power of two.
#define CALL_ID 0
#define CALL_NAME 4
#define CALL_PARENT_PC 8
#define CALL_SHIFT 4
// Bytes in the description of arguments that are none of an argument.
#define ARGS_END 0xff
#define ARGS_START_AGG 0xfe
#define ARGS_END_AGG 0xfd
#define ARGS_DOTS 0xfc
#define ARGS_TOO_FAR 0xfb

// The frame that is looked at: pc (0 behind the last frame), SP, the SP of its caller, record and entry of its function,
// whether the pc is an instruction's own, the role of the function that it called, its place in the cache, and the pc of the
// instruction that is being executed.
#define FRAME_PC 0
#define FRAME_SP 8
#define FRAME_FP 16
#define FRAME_FUNC 24
#define FRAME_ENTRY 32
#define FRAME_TRAP 40
#define FRAME_CALLEE 48
#define FRAME_CACHE 56
#define FRAME_EXACT_PC 64
GLOBL runtime·frame<>(SB), NOPTR, $72
GLOBL runtime·saved<>(SB), NOPTR, $64

// Where the stack ends.
GLOBL runtime·stacktop<>(SB), NOPTR, $8

// Whether the runtime's functions are shown.
GLOBL runtime·showruntime<>(SB), NOPTR, $8

// Frames to be left out and then to be shown; frames so far, and of those the ones with the pc of the last.
GLOBL runtime·toskip<>(SB), NOPTR, $8
GLOBL runtime·toshow<>(SB), NOPTR, $8
GLOBL runtime·frames<>(SB), NOPTR, $8
GLOBL runtime·lastframes<>(SB), NOPTR, $8

// What is known of a pc, by some of its bits: the pc, its function and the function's entry, the size of the frame, and
// how many frames it stands for or -1.
#define CACHE_PC 0
#define CACHE_FUNC 8
#define CACHE_ENTRY 16
#define CACHE_SIZE 24
#define CACHE_FRAMES 32
#define CACHE_SHIFT 6
#define CACHE_ENTRIES 64
GLOBL runtime·cache<>(SB), NOPTR, $(CACHE_ENTRIES*64)

TEXTZ(runtime·goroutine, 12, $"\ngoroutine 1")
TEXTZ(runtime·gp, 4, $" gp=")
TEXTZ(runtime·mp, 8, $" m=0 mp=")
TEXTZ(runtime·running, 9, $" [running")
TEXTZ(runtime·locked, 18, $", locked to thread")
TEXTZ(runtime·heading, 3, $"]:\n")
TEXTZ(runtime·panicname, 5, $"panic")
TEXTZ(runtime·gopanicname, 15, $"runtime.gopanic")
TEXTZ(runtime·open, 1, $"(")
TEXTZ(runtime·close, 2, $")\n")
TEXTZ(runtime·dots, 3, $"...")
TEXTZ(runtime·comma, 2, $", ")
TEXTZ(runtime·brace, 1, $"{")
TEXTZ(runtime·endbrace, 1, $"}")
TEXTZ(runtime·underscore, 1, $"_")
TEXTZ(runtime·question, 1, $"?")
TEXTZ(runtime·tab, 1, $"\t")
TEXTZ(runtime·colon, 1, $":")
TEXTZ(runtime·nofile, 2, $"?:")
TEXTZ(runtime·plus, 2, $" +")
TEXTZ(runtime·fp, 4, $" fp=")
TEXTZ(runtime·sp, 4, $" sp=")
TEXTZ(runtime·pc, 4, $" pc=")
TEXTZ(runtime·elided, 18, $" frames elided...\n")
TEXTZ(runtime·g, 16, $"runtime: g 1 gp=")
TEXTZ(runtime·unknown, 13, $": unknown pc ")
TEXTZ(runtime·unexpected, 39, $"runtime: g 1: unexpected return pc for ")
TEXTZ(runtime·calledfrom, 13, $" called from ")

// Prints what stands above the goroutine's frames.
TEXT runtime·printheading(SB), NOSPLIT, $0-0
	PRINT(runtime·goroutine)
	CMPQ	runtime·throwing(SB), $0
	JEQ	running
	PRINT(runtime·gp)
	LEAQ	runtime·mainG(SB), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·mp)
	LEAQ	runtime·tls(SB), AX
	CALL	runtime·printhexadecimal(SB)

running:
	PRINT(runtime·running)
	// A panic unlocks the thread.
	CMPQ	runtime·initializing(SB), $0
	JEQ	end
	CMPQ	runtime·throwing(SB), $0
	JEQ	end
	PRINT(runtime·locked)

end:
	PRINT(runtime·heading)
	RET

// Prints the frames of a stack, the innermost first: that of pc R12 with SP R13. R8 is 1 if that pc is an
// instruction's own, 0 if it is a return address. The stack ends at R10.
TEXT runtime·traceback(SB), NOSPLIT, $32-0
	MOVQ	R12, pc-8(SP)
	MOVQ	R13, sp-16(SP)
	MOVQ	R8, trap-24(SP)
	MOVQ	R10, runtime·stacktop<>(SB)
	MOVQ	$0, runtime·showruntime<>(SB)
	CALL	runtime·tracestack<>(SB)
	CMPQ	runtime·frames<>(SB), $0
	JNE	done
	// Nothing was shown.
	MOVQ	$1, runtime·showruntime<>(SB)
	MOVQ	pc-8(SP), R12
	MOVQ	sp-16(SP), R13
	MOVQ	trap-24(SP), R8
	CALL	runtime·tracestack<>(SB)

done:
	RET

// Prints the inner and the outer frames of the stack from pc R12 and SP R13 on. R8 is 1 if that pc is an instruction's
// own. If there are none of them, runtime·frames<> is 0.
TEXT runtime·tracestack<>(SB), NOSPLIT, $16-0
	CALL	runtime·firstframe<>(SB)
	MOVQ	$0, runtime·toskip<>(SB)
	MOVQ	$INNER_FRAMES, runtime·toshow<>(SB)
	CALL	runtime·traceframes<>(SB)
	CMPQ	runtime·frames<>(SB), $INNER_FRAMES
	JLT	done
	MOVQ	runtime·lastframes<>(SB), AX
	MOVQ	AX, shown-8(SP)

	// Count the others.
	LEAQ	runtime·frame<>(SB), SI
	LEAQ	runtime·saved<>(SB), DI
	MOVL	$8, CX
	CLD
	REP
	MOVSQ
	MOVQ	$MANY_FRAMES, runtime·toskip<>(SB)
	MOVQ	$0, runtime·toshow<>(SB)
	CALL	runtime·traceframes<>(SB)
	MOVQ	runtime·frames<>(SB), AX
	SUBQ	shown-8(SP), AX
	SUBQ	$OUTER_FRAMES, AX
	JLE	none
	MOVQ	AX, elided-16(SP)
	PRINT(runtime·dots)
	MOVQ	elided-16(SP), AX
	XORL	BX, BX
	CALL	runtime·printdecimal(SB)
	PRINT(runtime·elided)
	MOVQ	elided-16(SP), AX
	JMP	outer

none:
	XORL	AX, AX

outer:
	ADDQ	shown-8(SP), AX
	MOVQ	AX, runtime·toskip<>(SB)
	MOVQ	$OUTER_FRAMES, runtime·toshow<>(SB)
	LEAQ	runtime·saved<>(SB), SI
	LEAQ	runtime·frame<>(SB), DI
	MOVL	$8, CX
	CLD
	REP
	MOVSQ
	// Another frame may have got its place in the cache.
	MOVQ	runtime·frame<>+FRAME_PC(SB), AX
	CALL	runtime·resolve<>(SB)
	CALL	runtime·traceframes<>(SB)
	MOVQ	$INNER_FRAMES, runtime·frames<>(SB)

done:
	RET

// Makes runtime·frame<> that of pc R12 with SP R13. R8 is 1 if the pc is an instruction's own.
TEXT runtime·firstframe<>(SB), NOSPLIT, $0-0
	LEAQ	runtime·cache<>(SB), DI
	MOVL	$(CACHE_ENTRIES*8), CX
	XORL	AX, AX
	CLD
	REP
	STOSQ
	MOVQ	R13, runtime·frame<>+FRAME_SP(SB)
	MOVQ	R8, runtime·frame<>+FRAME_TRAP(SB)
	MOVQ	$0, runtime·frame<>+FRAME_CALLEE(SB)
	MOVQ	R12, AX
	CALL	runtime·resolve<>(SB)
	CMPQ	runtime·frame<>+FRAME_PC(SB), $0
	JNE	done
	PRINT(runtime·g)
	LEAQ	runtime·mainG(SB), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·unknown)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	CALL	runtime·printnl(SB)

done:
	RET

// Completes runtime·frame<>, which has its SP, for the pc AX. The pc is 0 if it belongs to no function. Keeps R12.
TEXT runtime·resolve<>(SB), NOSPLIT, $0-0
	MOVQ	AX, R9
	MOVQ	AX, R8
	SHRQ	$1, R8
	ANDL	$(CACHE_ENTRIES-1), R8
	SHLQ	$CACHE_SHIFT, R8
	LEAQ	runtime·cache<>(SB), R13
	ADDQ	R13, R8
	CMPQ	AX, CACHE_PC(R8)
	JEQ	known
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JEQ	nowhere
	MOVQ	R9, CACHE_PC(R8)
	MOVQ	R14, CACHE_FUNC(R8)
	MOVQ	BX, CACHE_ENTRY(R8)
	MOVQ	$-1, CACHE_FRAMES(R8)
	MOVL	FUNC_PCSP(R14), AX
	MOVQ	R9, DX
	CALL	runtime·pcvalue<>(SB)
	ADDQ	$8, AX	// the return address
	MOVQ	AX, CACHE_SIZE(R8)

known:
	LEAQ	runtime·frame<>(SB), DI
	MOVQ	R9, FRAME_PC(DI)
	MOVQ	CACHE_FUNC(R8), AX
	MOVQ	AX, FRAME_FUNC(DI)
	MOVQ	CACHE_ENTRY(R8), AX
	MOVQ	AX, FRAME_ENTRY(DI)
	MOVQ	FRAME_SP(DI), AX
	ADDQ	CACHE_SIZE(R8), AX
	MOVQ	AX, FRAME_FP(DI)
	MOVQ	R8, FRAME_CACHE(DI)
	RET

nowhere:
	MOVQ	$0, runtime·frame<>+FRAME_PC(SB)
	RET

// Makes runtime·frame<> that of the caller; its pc is 0 if there is none.
TEXT runtime·nextframe<>(SB), NOSPLIT, $0-0
	LEAQ	runtime·frame<>(SB), DI
	MOVQ	FRAME_FUNC(DI), R14
	TESTB	$FLAG_TOPFRAME, FUNC_FLAG(R14)
	JNE	outermost
	MOVQ	FRAME_FP(DI), CX
	CMPQ	CX, runtime·stacktop<>(SB)
	JCC	outermost
	MOVBLZX	FUNC_ID(R14), AX
	MOVQ	AX, FRAME_CALLEE(DI)
	MOVQ	$0, FRAME_TRAP(DI)
	CMPL	AX, $ID_SIGPANIC
	JNE	call
	MOVQ	$1, FRAME_TRAP(DI)

call:
	MOVQ	CX, FRAME_SP(DI)
	MOVQ	-8(CX), R12
	MOVQ	R12, AX
	MOVQ	R14, R15
	CALL	runtime·resolve<>(SB)
	CMPQ	runtime·frame<>+FRAME_PC(SB), $0
	JNE	done
	PRINT(runtime·unexpected)
	MOVL	FUNC_NAME(R15), AX
	CALL	runtime·nameat<>(SB)
	CALL	runtime·printtext(SB)
	PRINT(runtime·calledfrom)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)
	JMP	runtime·printnl(SB)

outermost:
	MOVQ	$0, FRAME_PC(DI)

done:
	RET

// Goes on from runtime·frame<> outwards: counts frames, and prints those between what is to be left out and what is to
// be shown at most. Ends with the frame with the first that is not to be shown.
TEXT runtime·traceframes<>(SB), NOSPLIT, $48-0
	MOVQ	$0, runtime·frames<>(SB)

physical:
	MOVQ	$0, runtime·lastframes<>(SB)
	MOVQ	runtime·frame<>+FRAME_PC(SB), AX
	TESTQ	AX, AX
	JEQ	done

	// Known frames that are left out.
	CMPQ	runtime·frame<>+FRAME_TRAP(SB), $0
	JNE	look
	MOVQ	runtime·frame<>+FRAME_CACHE(SB), R8
	MOVQ	CACHE_FRAMES(R8), CX
	TESTQ	CX, CX
	JLT	look
	CMPQ	CX, runtime·toskip<>(SB)
	JGT	look
	SUBQ	CX, runtime·toskip<>(SB)
	ADDQ	CX, runtime·frames<>(SB)
	JMP	next

look:
	// A return address may belong to the next line.
	CMPQ	runtime·frame<>+FRAME_TRAP(SB), $0
	JNE	exact
	CMPQ	AX, runtime·frame<>+FRAME_ENTRY(SB)
	JEQ	exact
	DECQ	AX

exact:
	MOVQ	AX, runtime·frame<>+FRAME_EXACT_PC(SB)

inlined:
	MOVQ	AX, tracepc-8(SP)
	MOVL	$PCDATA_INL_TREE, CX
	MOVQ	AX, DX
	CALL	runtime·pcdata<>(SB)
	MOVQ	AX, call-16(SP)
	MOVQ	runtime·frame<>+FRAME_FUNC(SB), R14
	TESTQ	AX, AX
	JLT	own
	MOVL	$FUNCDATA_INL_TREE, CX
	CALL	runtime·funcdata<>(SB)
	MOVQ	call-16(SP), CX
	SHLQ	$CALL_SHIFT, CX
	ADDQ	CX, AX
	MOVLQSX	CALL_PARENT_PC(AX), DX
	MOVQ	DX, parent-24(SP)
	MOVBLZX	CALL_ID(AX), DX
	MOVL	CALL_NAME(AX), AX
	JMP	named

own:
	MOVBLZX	FUNC_ID(R14), DX
	MOVL	FUNC_NAME(R14), AX

named:
	CALL	runtime·nameat<>(SB)
	MOVQ	SI, name-32(SP)
	MOVQ	runtime·frame<>+FRAME_CALLEE(SB), CX
	MOVQ	DX, runtime·frame<>+FRAME_CALLEE(SB)
	CALL	runtime·showframe<>(SB)
	TESTL	AX, AX
	JEQ	parent

	// Count, leave out or print.
	MOVQ	runtime·toskip<>(SB), AX
	ORQ	runtime·toshow<>(SB), AX
	JEQ	stop
	INCQ	runtime·frames<>(SB)
	INCQ	runtime·lastframes<>(SB)
	CMPQ	runtime·toskip<>(SB), $0
	JEQ	show
	DECQ	runtime·toskip<>(SB)
	JMP	parent

show:
	DECQ	runtime·toshow<>(SB)
	MOVQ	name-32(SP), SI
	MOVQ	tracepc-8(SP), DX
	MOVQ	call-16(SP), CX
	CALL	runtime·printframe<>(SB)

parent:
	CMPQ	call-16(SP), $0
	JLT	last
	// On with the instruction on the line of the call.
	MOVQ	parent-24(SP), AX
	ADDQ	runtime·frame<>+FRAME_ENTRY(SB), AX
	JMP	inlined

last:
	// Whether wrappers are shown depends on what they call.
	MOVQ	runtime·frame<>+FRAME_FUNC(SB), R14
	CMPB	FUNC_ID(R14), $ID_WRAPPER
	JEQ	next
	CMPQ	runtime·frame<>+FRAME_TRAP(SB), $0
	JNE	next
	MOVQ	runtime·frame<>+FRAME_CACHE(SB), R8
	MOVQ	runtime·lastframes<>(SB), AX
	MOVQ	AX, CACHE_FRAMES(R8)

next:
	CALL	runtime·nextframe<>(SB)
	JMP	physical

stop:
	// The frame will be looked at again.
	RET

done:
	RET

// Prints a frame with the name at SI and the pc DX. CX is the number of its call if it is inlined.
TEXT runtime·printframe<>(SB), NOSPLIT, $24-0
	MOVQ	DX, pc-8(SP)
	MOVQ	CX, call-16(SP)
	CALL	runtime·printfuncname<>(SB)
	PRINT(runtime·open)
	CMPQ	call-16(SP), $0
	JLT	args
	PRINT(runtime·dots)
	JMP	place

args:
	// Not at the inlined call: later instructions may have stored more.
	MOVQ	runtime·frame<>+FRAME_EXACT_PC(SB), DX
	CALL	runtime·printargs<>(SB)

place:
	PRINT(runtime·close)
	PRINT(runtime·tab)
	MOVQ	runtime·frame<>+FRAME_FUNC(SB), R14
	MOVL	FUNC_PCFILE(R14), AX
	MOVQ	pc-8(SP), DX
	CALL	runtime·framevalue<>(SB)
	TESTL	AX, AX
	JLT	nowhere
	MOVL	FUNC_UNIT(R14), CX
	ADDL	CX, AX
	LEAQ	runtime·pclntab(SB), DI
	MOVQ	TABLE_UNITS(DI), CX
	ADDQ	DI, CX
	MOVL	(CX)(AX*4), SI
	ADDQ	TABLE_FILES(DI), SI
	ADDQ	DI, SI
	CALL	runtime·printtext(SB)
	PRINT(runtime·colon)
	MOVL	FUNC_PCLINE(R14), AX
	MOVQ	pc-8(SP), DX
	CALL	runtime·framevalue<>(SB)

line:
	XORL	BX, BX
	CALL	runtime·printdecimal(SB)
	CMPQ	call-16(SP), $0
	JGE	end
	MOVQ	runtime·frame<>+FRAME_PC(SB), R12
	MOVQ	runtime·frame<>+FRAME_ENTRY(SB), R13
	CMPQ	R12, R13
	JLS	addresses
	PRINT(runtime·plus)
	MOVQ	R12, AX
	SUBQ	R13, AX
	CALL	runtime·printhexadecimal(SB)

	JMP	addresses

nowhere:
	// Behind the function's last instruction.
	PRINT(runtime·nofile)
	XORL	AX, AX
	JMP	line

addresses:
	CMPQ	runtime·throwing(SB), $0
	JEQ	end
	PRINT(runtime·fp)
	MOVQ	runtime·frame<>+FRAME_FP(SB), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·sp)
	MOVQ	runtime·frame<>+FRAME_SP(SB), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·pc)
	MOVQ	R12, AX
	CALL	runtime·printhexadecimal(SB)

end:
	CALL	runtime·printnl(SB)
	RET

// Prints the arguments of the frame at pc DX.
TEXT runtime·printargs<>(SB), NOSPLIT, $16-0
	MOVQ	runtime·frame<>+FRAME_FUNC(SB), R14
	MOVL	$FUNCDATA_ARG_INFO, CX
	CALL	runtime·funcdata<>(SB)
	TESTQ	AX, AX
	JEQ	none
	MOVQ	AX, info-8(SP)
	MOVL	$PCDATA_ARG_LIVE, CX
	CALL	runtime·pcdata<>(SB)
	MOVQ	AX, map-16(SP)
	MOVL	$FUNCDATA_ARG_LIVE, CX
	CALL	runtime·funcdata<>(SB)
	MOVQ	info-8(SP), R12

	// R13 is the first offset of arguments that may not be there, R14 the map of those that are or 0.
	MOVL	$0xff, R13
	XORL	R14, R14
	TESTQ	AX, AX
	JEQ	known
	MOVBLZX	(AX), R13
	CMPQ	map-16(SP), $0
	JLE	known
	MOVQ	AX, R14
	ADDQ	map-16(SP), R14

known:
	XORL	R15, R15	// the number among these arguments
	MOVL	$1, R9	// whether the next is the first

next:
	MOVBLZX	(R12), R8
	INCQ	R12
	CMPL	R8, $ARGS_END
	JEQ	none
	CMPL	R8, $ARGS_END_AGG
	JEQ	close
	TESTL	R9, R9
	JNE	first
	PRINT(runtime·comma)

first:
	CMPL	R8, $ARGS_START_AGG
	JEQ	open
	CMPL	R8, $ARGS_DOTS
	JEQ	dots
	CMPL	R8, $ARGS_TOO_FAR
	JEQ	far

	// The bytes that belong to it.
	MOVQ	runtime·frame<>+FRAME_FP(SB), AX
	MOVQ	(AX)(R8*1), AX
	MOVL	$8, CX
	SUBB	(R12), CX
	INCQ	R12
	SHLL	$3, CX
	SHLQ	CX, AX
	SHRQ	CX, AX
	CALL	runtime·printhexadecimal(SB)
	CMPL	R8, R13
	JCS	counted	// always there
	MOVL	R15, CX
	INCL	R15
	TESTQ	R14, R14
	JEQ	counted
	MOVL	CX, AX
	SHRL	$3, AX
	MOVBLZX	(R14)(AX*1), AX
	ANDL	$7, CX
	BTL	CX, AX
	JCS	counted
	PRINT(runtime·question)

counted:
	XORL	R9, R9
	JMP	next

open:
	PRINT(runtime·brace)
	MOVL	$1, R9
	JMP	next

close:
	PRINT(runtime·endbrace)
	JMP	counted

dots:
	PRINT(runtime·dots)
	JMP	counted

far:
	PRINT(runtime·underscore)
	JMP	counted

none:
	RET

// AX: whether the frame with the name at SI and the role DX is shown, CX being the role of the one that it called. The
// runtime's functions are not, unless they are exported, nor wrappers that don't call for a panic.
TEXT runtime·showframe<>(SB), NOSPLIT, $0-0
	MOVL	$1, AX
	MOVQ	runtime·showruntime<>(SB), DI
	ORQ	runtime·throwing(SB), DI
	JNE	done
	CMPL	DX, $ID_WRAPPER
	JNE	named
	CMPL	CX, $ID_GOPANIC
	JEQ	named
	CMPL	CX, $ID_SIGPANIC
	JEQ	named
	CMPL	CX, $ID_PANICWRAP
	JEQ	named
	XORL	AX, AX
	RET

named:
	MOVQ	$0x2e656d69746e7572, DI	// runtime.
	CMPQ	DI, (SI)
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
	MOVBLZX	8(SI), DI
	SUBL	$'A', DI
	XORL	AX, AX
	CMPL	DI, $26
	SETCS	AX

done:
	RET

// Prints the name of a function at SI.
TEXT runtime·printfuncname<>(SB), NOSPLIT, $0-0
	MOVQ	SI, R12
	LEAQ	runtime·gopanicname<>(SB), DI
	MOVL	$16, CX
	CLD
	CMPQ	CX, CX
	REP
	CMPSB
	JEQ	panic
	MOVQ	R12, SI
	JMP	runtime·printtext(SB)

panic:
	LEAQ	runtime·panicname<>(SB), SI
	JMP	runtime·printtext(SB)

// SI: the name of a function at offset AX.
TEXT runtime·nameat<>(SB), NOSPLIT, $0-0
	LEAQ	runtime·pclntab(SB), SI
	ADDQ	TABLE_NAMES(SI), SI
	ADDQ	AX, SI
	RET

// AX: table number CX of the function R14, 0 if it has none. Keeps DX.
TEXT runtime·funcdata<>(SB), NOSPLIT, $0-0
	XORL	AX, AX
	MOVBLZX	FUNC_NFUNCDATA(R14), DI
	CMPL	CX, DI
	JCC	none
	MOVL	FUNC_NPCDATA(R14), DI
	ADDL	CX, DI
	MOVL	FUNC_PCDATA(R14)(DI*4), DI
	CMPL	DI, $-1
	JEQ	none
	LEAQ	runtime·pclntab(SB), AX
	ADDQ	TABLE_TABLES(AX), AX
	ADDQ	DI, AX

none:
	RET

// AX: what pc table number CX of the frame's function holds for pc DX, -1 if nothing.
TEXT runtime·pcdata<>(SB), NOSPLIT, $0-0
	MOVQ	runtime·frame<>+FRAME_FUNC(SB), R14
	CMPL	CX, FUNC_NPCDATA(R14)
	JCC	none
	MOVL	FUNC_PCDATA(R14)(CX*4), AX
	JMP	runtime·framevalue<>(SB)

none:
	MOVQ	$-1, AX
	RET

// AX: what the pc table at offset AX of the frame's function holds for pc DX, -1 if nothing.
TEXT runtime·framevalue<>(SB), NOSPLIT, $0-0
	MOVQ	runtime·frame<>+FRAME_ENTRY(SB), BX
	JMP	runtime·pcvalue<>(SB)

// AX: what the pc table at offset AX holds for pc DX in the function with entry BX, -1 if nothing. Keeps R8, R9 and R12
// to R15.
TEXT runtime·pcvalue<>(SB), NOSPLIT, $0-0
	TESTL	AX, AX
	JEQ	none
	LEAQ	runtime·pclntab(SB), SI
	ADDQ	TABLE_TABLES(SI), SI
	ADDQ	AX, SI
	JMP	runtime·readpcvalue(SB)

none:
	MOVQ	$-1, AX
	RET

// R14, BX: record and entry of the function of pc AX; R14 is 0 if there is none. The table has the number of functions,
// then in order of address entry and offset of the record of each, and the end of the last. Keeps R8, R9, R12, R13 and
// R15.
TEXT runtime·findfunc(SB), NOSPLIT, $0-0
	LEAQ	runtime·findfunctab(SB), DI
	MOVQ	0(DI), DX	// behind those that it may be
	ADDQ	$8, DI
	XORL	CX, CX	// the first that it may be
	XORL	R14, R14

search:
	CMPQ	CX, DX
	JCC	done
	LEAQ	(CX)(DX*1), SI
	SHRQ	$1, SI
	MOVQ	SI, R10
	SHLQ	$4, R10
	ADDQ	DI, R10
	CMPQ	AX, 0(R10)
	JCS	before
	CMPQ	AX, 16(R10)
	JCC	behind
	MOVQ	0(R10), BX
	MOVQ	8(R10), R14
	LEAQ	runtime·pclntab(SB), DI
	ADDQ	DI, R14

done:
	RET

before:
	MOVQ	SI, DX
	JMP	search

behind:
	LEAQ	1(SI), CX
	JMP	search

// Doubles SI, the size of a new stack, until it has room for the frame of the function that asks for it: the stack
// of the g in BX is in use from R12 to R15. Keeps BX, R12, R13 and R15.
TEXT runtime·fitframe(SB), NOSPLIT, $24-0
	MOVQ	SI, size-8(SP)
	MOVQ	BX, g-16(SP)
	MOVQ	G_SCHED_PC(BX), AX
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JEQ	done
	LEAQ	runtime·pclntab(SB), SI
	ADDQ	TABLE_TABLES(SI), SI
	MOVL	FUNC_PCSP(R14), AX
	ADDQ	AX, SI
	CALL	runtime·maxpcvalue(SB)
	ADDQ	$STACK_GUARD, AX
	MOVQ	g-16(SP), BX
	ADDQ	R15, AX
	SUBQ	G_SCHED_SP(BX), AX	// needed

double:
	CMPQ	AX, size-8(SP)
	JLS	done
	SHLQ	$1, size-8(SP)
	JMP	double

done:
	MOVQ	size-8(SP), SI
	MOVQ	g-16(SP), BX
	MOVQ	(TLS), R14
	RET

// Prints DX bytes at SI, and a tab behind every end of line.
TEXT runtime·printindented(SB), NOSPLIT, $16-0
	MOVQ	SI, start-8(SP)
	MOVQ	DX, left-16(SP)

line:
	MOVQ	left-16(SP), CX
	MOVQ	start-8(SP), DI
	TESTQ	CX, CX
	JEQ	done
	MOVL	$'\n', AX
	CLD
	REPN
	SCASB
	JNE	rest
	MOVQ	start-8(SP), SI
	MOVQ	DI, start-8(SP)
	MOVQ	left-16(SP), DX
	MOVQ	CX, left-16(SP)
	SUBQ	CX, DX
	CALL	runtime·printbytes(SB)
	PRINT(runtime·tab)
	JMP	line

rest:
	MOVQ	start-8(SP), SI
	MOVQ	left-16(SP), DX
	CALL	runtime·printbytes(SB)

done:
	RET
