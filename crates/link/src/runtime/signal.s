// Signals that the processor or a user raises. Handlers run on a stack of their own and never return: they
// tell what happened as Go does, and end the program with status 2.
//
// Source: gc runtime/signal_unix.go, sighandler and sigpanic; runtime/sigtab_linux_generic.go.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

// SA_SIGINFO, SA_ONSTACK, SA_NODEFER; the kernel wants SA_RESTORER, which is not needed without return.
#define SA_FLAGS 0x4c000004
#define SIGNAL_STACK 32768
#define PAGE 4096

#define SIGILL 4
#define SIGBUS 7
#define SIGFPE 8
#define SIGSEGV 11
#define SIGPIPE 13
#define SIG_IGN 1
// What says that another process sent the signal.
#define SI_USER 0
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRERR 2
#define FPE_INTDIV 1
#define FPE_INTOVF 2
// Addresses below are taken for fields of nothing.
#define NIL_PAGE 0x1000

// Offsets in the kernel's siginfo and ucontext.
#define INFO_CODE 8
#define INFO_ADDR 16
#define CONTEXT_RSP 160
#define CONTEXT_RIP 168

TEXTZ(runtime·quit, 13, $"SIGQUIT: quit")
TEXTZ(runtime·ill, 27, $"SIGILL: illegal instruction")
TEXTZ(runtime·trap, 19, $"SIGTRAP: trace trap")
TEXTZ(runtime·abort, 14, $"SIGABRT: abort")
TEXTZ(runtime·bus, 17, $"SIGBUS: bus error")
TEXTZ(runtime·fpe, 32, $"SIGFPE: floating-point exception")
TEXTZ(runtime·segv, 31, $"SIGSEGV: segmentation violation")

// The signals with their names.
#define SIGNAL(row, number, name) DATA runtime·signals<>+(16*row)(SB)/8, $number; DATA runtime·signals<>+(16*row+8)(SB)/8, $name<>(SB)
#define N_SIGNALS 7
SIGNAL(0, 3, runtime·quit)
SIGNAL(1, SIGILL, runtime·ill)
SIGNAL(2, 5, runtime·trap)
SIGNAL(3, 6, runtime·abort)
SIGNAL(4, SIGBUS, runtime·bus)
SIGNAL(5, SIGFPE, runtime·fpe)
SIGNAL(6, SIGSEGV, runtime·segv)
GLOBL runtime·signals<>(SB), RODATA, $(16*N_SIGNALS)

// sigaction: handler, flags, restorer, mask.
DATA runtime·sigaction<>+0(SB)/8, $runtime·sigtramp(SB)
DATA runtime·sigaction<>+8(SB)/8, $SA_FLAGS
GLOBL runtime·sigaction<>(SB), RODATA, $32

// What print writes may be lost (gc: print.go, gwrite).
DATA runtime·ignore<>+0(SB)/8, $SIG_IGN
DATA runtime·ignore<>+8(SB)/8, $SA_FLAGS
GLOBL runtime·ignore<>(SB), RODATA|NOPTR, $32

GLOBL runtime·default<>(SB), RODATA|NOPTR, $32

// The signal that ends the program: number, siginfo, ucontext.
GLOBL runtime·signal(SB), NOPTR, $24

// Where the frames of the handlers that are shown end.
GLOBL runtime·signaltop(SB), NOPTR, $8

// Installs the handlers.
TEXT runtime·initsig(SB), NOSPLIT, $24-0
	// sigaltstack: address, flags, size.
	MOVQ	$SIGNAL_STACK, SI
	CALL	runtime·sysAlloc(SB)
	MOVQ	AX, 0(SP)
	MOVQ	$0, 8(SP)
	MOVQ	SI, 16(SP)
	MOVQ	SP, DI
	XORL	SI, SI
	MOVL	$SYS_sigaltstack, AX
	SYSCALL
	LEAQ	runtime·signals<>(SB), BX
	MOVL	$N_SIGNALS, R12

loop:
	MOVQ	0(BX), DI
	LEAQ	runtime·sigaction<>(SB), SI
	CALL	runtime·setsig<>(SB)
	ADDQ	$16, BX
	DECL	R12
	JNE	loop
	MOVL	$SIGPIPE, DI
	LEAQ	runtime·ignore<>(SB), SI
	CALL	runtime·setsig<>(SB)
	RET

// Gives the signal DI the action SI.
TEXT runtime·setsig<>(SB), NOSPLIT, $0-0
	XORL	DX, DX
	MOVL	$8, R10	// size of a mask
	MOVL	$SYS_rt_sigaction, AX
	SYSCALL
	RET

// Dies because nobody reads what the program writes to standard output or error (gc: os/file_unix.go,
// epipecheck).
TEXT runtime·sigpipe(SB), NOSPLIT, $0-0
	MOVL	$SIGPIPE, DI
	LEAQ	runtime·default<>(SB), SI
	CALL	runtime·setsig<>(SB)
	MOVL	$SYS_getpid, AX
	SYSCALL
	MOVL	AX, DI
	MOVL	$SIGPIPE, SI
	MOVL	$SYS_kill, AX
	SYSCALL
	JMP	runtime·exit2(SB)

TEXTZ(runtime·pcis, 3, $"PC=")
TEXTZ(runtime·sigcode, 13, $" m=0 sigcode=")
TEXTZ(runtime·bytes, 18, $"instruction bytes:")
TEXTZ(runtime·space, 1, $" ")

// The handler: signal DI, siginfo SI, ucontext DX.
TEXT runtime·sigtramp(SB), NOSPLIT, $8-0
	CLD
	// A second fault comes of reading a stack that is none.
	CMPQ	runtime·signal+0(SB), $0
	JNE	again
	MOVQ	DI, runtime·signal+0(SB)
	MOVQ	SI, runtime·signal+8(SB)
	MOVQ	DX, runtime·signal+16(SB)
	MOVQ	SP, runtime·signaltop(SB)
	CMPL	INFO_CODE(SI), $SI_USER
	JEQ	fatal
	CMPQ	DI, $SIGSEGV
	JEQ	panic
	CMPQ	DI, $SIGBUS
	JEQ	panic
	CMPQ	DI, $SIGFPE
	JEQ	panic

fatal:
	CALL	runtime·fatalsignal<>(SB)

panic:
	CALL	runtime·sigpanic(SB)

again:
	JMP	runtime·exit2(SB)

// The signal is no panic.
TEXT runtime·fatalsignal<>(SB), NOSPLIT, $0-0
	MOVQ	$(SHOW_ALL+SHOW_ADDRESSES), runtime·throwing(SB)
	CALL	runtime·printsigname<>(SB)
	CALL	runtime·printnl(SB)
	PRINT(runtime·pcis)
	MOVQ	runtime·signal+16(SB), DX
	MOVQ	CONTEXT_RIP(DX), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·sigcode)
	MOVQ	runtime·signal+8(SB), DX
	MOVLQSX	INFO_CODE(DX), AX
	XORL	BX, BX
	CALL	runtime·printdecimal(SB)
#ifdef SIGNALS_SHOW_ADDRESSES
	CMPQ	runtime·signal+0(SB), $SIGSEGV
	JEQ	address
	CMPQ	runtime·signal+0(SB), $SIGBUS
	JNE	end

address:
	PRINT(runtime·addris)
	MOVQ	runtime·signal+8(SB), DX
	MOVQ	INFO_ADDR(DX), AX
	CALL	runtime·printhexadecimal(SB)

end:
	CALL	runtime·printnl(SB)
	CMPQ	runtime·signal+0(SB), $SIGFPE
	JEQ	code
#else
	CALL	runtime·printnl(SB)
#endif
	CMPQ	runtime·signal+0(SB), $SIGILL
	JNE	frames

code:
	CALL	runtime·printcode<>(SB)

frames:
	CALL	runtime·printheading(SB)
	CALL	runtime·interrupted(SB)
	XORL	R9, R9
	CALL	runtime·tracegoroutine(SB)
	CALL	runtime·printnl(SB)
	CALL	runtime·dumpregs<>(SB)
	JMP	runtime·exit2(SB)

TEXTZ(runtime·mem, 49, $"invalid memory address or nil pointer dereference")
TEXTZ(runtime·intovf, 16, $"integer overflow")
TEXTZ(runtime·float, 20, $"floating point error")
TEXTZ(runtime·unexpectedfault, 25, $"unexpected fault address ")
TEXTZ(runtime·fault, 5, $"fault")

// An instruction went wrong.
TEXT runtime·sigpanic(SB), NOSPLIT, $8-0
	MOVQ	runtime·signal+0(SB), DI
	MOVQ	runtime·signal+8(SB), SI
	MOVL	INFO_CODE(SI), AX
	CMPQ	DI, $SIGFPE
	JEQ	arithmetic
	LEAQ	runtime·mem<>(SB), BX
	CMPQ	INFO_ADDR(SI), $NIL_PAGE
	JCC	fault
	CMPQ	DI, $SIGBUS
	JEQ	bus
	CMPL	AX, $SEGV_MAPERR
	JEQ	panic
	CMPL	AX, $SEGV_ACCERR
	JEQ	panic

fault:
	MOVQ	INFO_ADDR(SI), BX
	PRINT(runtime·unexpectedfault)
	MOVQ	BX, AX
	CALL	runtime·printhexadecimal(SB)
	CALL	runtime·printnl(SB)
	LEAQ	runtime·fault<>(SB), BX
	CALL	runtime·throw(SB)

bus:
	CMPL	AX, $BUS_ADRERR
	JNE	fault
	JMP	panic

arithmetic:
	LEAQ	runtime·divide(SB), BX
	CMPL	AX, $FPE_INTDIV
	JEQ	panic
	LEAQ	runtime·intovf<>(SB), BX
	CMPL	AX, $FPE_INTOVF
	JEQ	panic
	LEAQ	runtime·float<>(SB), BX

panic:
	CALL	runtime·printerror(SB)
	CALL	runtime·printsignal(SB)
	CALL	runtime·printheading(SB)
	CALL	runtime·interrupted(SB)
	MOVL	$3, R9	// as in Go, where gopanic, panicmem and sigpanic have frames
	JMP	runtime·dopanic(SB)

TEXTZ(runtime·signalis, 8, $"[signal ")
TEXTZ(runtime·codeis, 6, $" code=")
TEXTZ(runtime·addris, 6, $" addr=")
TEXTZ(runtime·inpc, 4, $" pc=")
TEXTZ(runtime·endsignal, 2, $"]\n")

// Prints what the signal was.
TEXT runtime·printsignal(SB), NOSPLIT, $0-0
	PRINT(runtime·signalis)
	CALL	runtime·printsigname<>(SB)
	PRINT(runtime·codeis)
	MOVQ	runtime·signal+8(SB), DX
	MOVLQSX	INFO_CODE(DX), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·addris)
	MOVQ	runtime·signal+8(SB), DX
	MOVQ	INFO_ADDR(DX), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·inpc)
	MOVQ	runtime·signal+16(SB), DX
	MOVQ	CONTEXT_RIP(DX), AX
	CALL	runtime·printhexadecimal(SB)
	PRINT(runtime·endsignal)
	RET

// Prints the name of the signal.
TEXT runtime·printsigname<>(SB), NOSPLIT, $0-0
	MOVQ	runtime·signal+0(SB), AX
	LEAQ	runtime·signals<>-16(SB), DX

loop:
	ADDQ	$16, DX
	CMPQ	AX, 0(DX)
	JNE	loop
	MOVQ	8(DX), SI
	JMP	runtime·printtext(SB)

// Prints the bytes at the interrupted instruction, none of the next page.
TEXT runtime·printcode<>(SB), NOSPLIT, $0-0
	PRINT(runtime·bytes)
	MOVQ	runtime·signal+16(SB), DX
	MOVQ	CONTEXT_RIP(DX), R12
	LEAQ	16(R12), R13

loop:
	PRINT(runtime·space)
	MOVBLZX	(R12), AX
	CALL	runtime·printhexadecimal(SB)
	INCQ	R12
	TESTQ	$(PAGE-1), R12
	JEQ	done
	CMPQ	R12, R13
	JNE	loop

done:
	JMP	runtime·printnl(SB)

// R12, R13: pc and SP that the signal interrupted. R8 is 1, for the pc is an instruction's own.
TEXT runtime·interrupted(SB), NOSPLIT, $0-0
	CALL	runtime·printflush(SB)	// SP may be wrong
	MOVQ	runtime·signal+16(SB), DX
	MOVQ	CONTEXT_RIP(DX), R12
	MOVQ	CONTEXT_RSP(DX), R13
	MOVL	$1, R8
	MOVQ	R12, AX
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JNE	done
	// A call that led nowhere.
	MOVQ	0(R13), AX
	CALL	runtime·findfunc(SB)
	TESTQ	R14, R14
	JEQ	done
	MOVQ	0(R13), R12
	ADDQ	$8, R13

done:
	RET

// Names of registers, seven characters each, with their offsets in ucontext.
#define REGISTER(row, name, offset) DATA runtime·registers<>+(8*row)(SB)/7, name; DATA runtime·registers<>+(8*row+7)(SB)/1, $offset
#define N_REGISTERS 18
REGISTER(0, $"rax    ", 144)
REGISTER(1, $"rbx    ", 128)
REGISTER(2, $"rcx    ", 152)
REGISTER(3, $"rdx    ", 136)
REGISTER(4, $"rdi    ", 104)
REGISTER(5, $"rsi    ", 112)
REGISTER(6, $"rbp    ", 120)
REGISTER(7, $"rsp    ", 160)
REGISTER(8, $"r8     ", 40)
REGISTER(9, $"r9     ", 48)
REGISTER(10, $"r10    ", 56)
REGISTER(11, $"r11    ", 64)
REGISTER(12, $"r12    ", 72)
REGISTER(13, $"r13    ", 80)
REGISTER(14, $"r14    ", 88)
REGISTER(15, $"r15    ", 96)
REGISTER(16, $"rip    ", 168)
REGISTER(17, $"rflags ", 176)
GLOBL runtime·registers<>(SB), RODATA|NOPTR, $(8*N_REGISTERS)

// The segment registers, which are words.
#define SEGMENT(row, name, offset) DATA runtime·segments<>+(8*row)(SB)/7, name; DATA runtime·segments<>+(8*row+7)(SB)/1, $offset
#define N_SEGMENTS 3
SEGMENT(0, $"cs     ", 184)
SEGMENT(1, $"fs     ", 188)
SEGMENT(2, $"gs     ", 186)
GLOBL runtime·segments<>(SB), RODATA|NOPTR, $(8*N_SEGMENTS)

// Prints the registers.
TEXT runtime·dumpregs<>(SB), NOSPLIT, $0-0
	LEAQ	runtime·registers<>(SB), R12
	MOVL	$N_REGISTERS, R13
	MOVQ	$-1, R14	// bits that count
	CALL	runtime·dumprows<>(SB)
	LEAQ	runtime·segments<>(SB), R12
	MOVL	$N_SEGMENTS, R13
	MOVL	$0xffff, R14
	JMP	runtime·dumprows<>(SB)

// Prints R13 registers from the table R12, of each the bits R14.
TEXT runtime·dumprows<>(SB), NOSPLIT, $0-0
row:
	MOVQ	R12, SI
	MOVL	$7, DX
	CALL	runtime·printbytes(SB)
	MOVBLZX	7(R12), CX
	MOVQ	runtime·signal+16(SB), DX
	MOVQ	(DX)(CX*1), AX
	ANDQ	R14, AX
	CALL	runtime·printhexadecimal(SB)
	CALL	runtime·printnl(SB)
	ADDQ	$8, R12
	DECL	R13
	JNE	row
	RET
