// The start of a program: the kernel enters at _rt0_amd64_linux on a stack of its own, which from then on
// is the system stack; the program runs on a stack that grows (stack.s).

#include "textflag.h"
#include "runtime.h"

#define ARCH_SET_FS 0x1002

// The word at FS-8, where compiled code finds g, and the word that FS points at.
GLOBL runtime·tls(SB), NOPTR, $16

// The only g, laid out as Go's: stack.lo, stack.hi, stackguard0, …, at 56 sched.sp, sched.pc.
GLOBL runtime·mainG(SB), NOPTR, $72

// Where the system stack starts.
GLOBL runtime·systemSP(SB), NOPTR, $8

TEXT _rt0_amd64_linux(SB), NOSPLIT, $0-0
	MOVQ	SP, runtime·systemSP(SB)
	LEAQ	runtime·tls+8(SB), SI
	MOVQ	$ARCH_SET_FS, DI
	MOVQ	$SYS_arch_prctl, AX
	SYSCALL
	CALL	runtime·initsig(SB)
	LEAQ	runtime·mainG(SB), BX
	MOVQ	BX, runtime·tls(SB)
	MOVQ	runtime·stack0(SB), SI
	CALL	runtime·stackalloc(SB)
	// As in Go, main seems to be called by goexit, with four words to spare above (gc: proc.go, newproc1).
	LEAQ	-40(DI), SP
	LEAQ	runtime·goexit+1(SB), AX
	MOVQ	AX, 0(SP)
	XORL	BP, BP	// ends the chain of frame pointers
	JMP	runtime·main(SB)

// Where main returns to: the outermost frame.
TEXT runtime·goexit(SB), NOSPLIT|TOPFRAME, $0-0
	BYTE	$0x90	// NOP: a return address is looked up one byte before
	XORL	DI, DI
	JMP	runtime·exit(SB)

// Ends the program with status 2, after what was printed.
TEXT runtime·exit2(SB), NOSPLIT, $0-0
	CALL	runtime·printflush(SB)
	MOVL	$2, DI
	JMP	runtime·exit(SB)

// Ends the program with the status in DI.
TEXT runtime·exit(SB), NOSPLIT, $0-0
	MOVL	$SYS_exit_group, AX
	SYSCALL
	INT	$3
