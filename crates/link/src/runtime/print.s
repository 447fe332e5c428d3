// print and println: to standard error, a statement's parts gathered in one buffer and written by
// printunlock.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

#define BUFFER 1024

GLOBL runtime·printbuf<>(SB), NOPTR, $BUFFER
GLOBL runtime·printlen<>(SB), NOPTR, $8

// Digits of a number, written from the end; 24 bytes hold the longest.
GLOBL runtime·digits<>(SB), NOPTR, $24

TEXT runtime·printlock(SB), NOSPLIT, $0-0
	RET

TEXT runtime·printunlock(SB), NOSPLIT, $0-0
	JMP	runtime·printflush(SB)

// Writes the buffer.
TEXT runtime·printflush(SB), NOSPLIT, $0-0
	LEAQ	runtime·printbuf<>(SB), SI
	MOVQ	runtime·printlen<>(SB), DX
	MOVQ	$0, runtime·printlen<>(SB)
	JMP	runtime·writeerr<>(SB)

// Writes DX bytes at SI to standard error.
TEXT runtime·writeerr<>(SB), NOSPLIT, $0-0
again:
	TESTQ	DX, DX
	JLE	done
	MOVL	$2, DI
	MOVL	$SYS_write, AX
	SYSCALL
	CMPQ	AX, $-4	// EINTR
	JEQ	again
	TESTQ	AX, AX
	JLE	done
	ADDQ	AX, SI
	SUBQ	AX, DX
	JMP	again

done:
	RET

// Appends DX bytes at SI to the buffer.
TEXT runtime·printbytes(SB), NOSPLIT, $0-0
	MOVQ	runtime·printlen<>(SB), AX
	LEAQ	(AX)(DX*1), CX
	CMPQ	CX, $BUFFER
	JLE	fits
	PUSHQ	SI
	PUSHQ	DX
	CALL	runtime·printflush(SB)
	POPQ	DX
	POPQ	SI
	CMPQ	DX, $BUFFER
	JGT	direct
	XORL	AX, AX
	MOVQ	DX, CX

fits:
	MOVQ	CX, runtime·printlen<>(SB)
	LEAQ	runtime·printbuf<>(SB), DI
	ADDQ	AX, DI
	MOVQ	DX, CX
	CLD
	REP
	MOVSB
	RET

direct:
	JMP	runtime·writeerr<>(SB)

// Prints the text at SI, which ends with a zero byte.
TEXT runtime·printtext(SB), NOSPLIT, $0-0
	XORL	DX, DX

loop:
	CMPB	(SI)(DX*1), $0
	JEQ	end
	INCQ	DX
	JMP	loop

end:
	JMP	runtime·printbytes(SB)

// func printstring(s string)
TEXT runtime·printstring(SB), NOSPLIT, $0-16
	RECEIVE(ptr+0(FP), AX, SI)
	RECEIVE(len+8(FP), BX, DX)
	JMP	runtime·printbytes(SB)

DATA runtime·chars<>+0(SB)/11, $" \ntruefalse"
GLOBL runtime·chars<>(SB), RODATA|NOPTR, $11

TEXT runtime·printsp(SB), NOSPLIT, $0-0
	LEAQ	runtime·chars<>(SB), SI
	MOVL	$1, DX
	JMP	runtime·printbytes(SB)

TEXT runtime·printnl(SB), NOSPLIT, $0-0
	LEAQ	runtime·chars<>+1(SB), SI
	MOVL	$1, DX
	JMP	runtime·printbytes(SB)

// func printbool(b bool)
TEXT runtime·printbool(SB), NOSPLIT, $0-1
	RECEIVE_BYTE(b+0(FP), AX, AX)
	CALL	runtime·formatbool(SB)
	JMP	runtime·printbytes(SB)

// The text of the boolean AX: DX bytes at SI.
TEXT runtime·formatbool(SB), NOSPLIT, $0-0
	LEAQ	runtime·chars<>+2(SB), SI
	MOVL	$4, DX
	TESTL	AX, AX
	JNE	done
	ADDQ	$4, SI
	INCL	DX

done:
	RET

// func printint(v int64)
TEXT runtime·printint(SB), NOSPLIT, $0-8
	RECEIVE(v+0(FP), AX, AX)
	XORL	BX, BX
	TESTQ	AX, AX
	JGE	digits
	NEGQ	AX
	MOVL	$1, BX

digits:
	JMP	runtime·printdecimal(SB)

// func printuint(v uint64)
TEXT runtime·printuint(SB), NOSPLIT, $0-8
	RECEIVE(v+0(FP), AX, AX)
	XORL	BX, BX
	JMP	runtime·printdecimal(SB)

// Prints the unsigned AX, with a minus sign if BX is 1.
TEXT runtime·printdecimal(SB), NOSPLIT, $0-0
	CALL	runtime·formatdecimal(SB)
	JMP	runtime·printbytes(SB)

// The text of the unsigned AX, with a minus sign if BX is 1: DX bytes at SI.
TEXT runtime·formatdecimal(SB), NOSPLIT, $0-0
	LEAQ	runtime·digits<>+24(SB), SI
	MOVL	$10, CX

loop:
	XORL	DX, DX
	DIVQ	CX
	ADDL	$'0', DX
	DECQ	SI
	MOVB	DX, (SI)
	TESTQ	AX, AX
	JNE	loop
	TESTL	BX, BX
	JEQ	done
	DECQ	SI
	MOVB	$'-', (SI)

done:
	LEAQ	runtime·digits<>+24(SB), DX
	SUBQ	SI, DX
	RET

// Prints the unsigned AX in hexadecimal with 0x.
TEXT runtime·printhexadecimal(SB), NOSPLIT, $0-0
	LEAQ	runtime·digits<>+24(SB), SI

loop:
	MOVL	AX, DX
	ANDL	$15, DX
	ADDL	$'0', DX
	CMPL	DX, $'9'
	JLE	digit
	ADDL	$('a'-'0'-10), DX

digit:
	DECQ	SI
	MOVB	DX, (SI)
	SHRQ	$4, AX
	JNE	loop
	SUBQ	$2, SI
	MOVW	$0x7830, (SI)	// 0x
	LEAQ	runtime·digits<>+24(SB), DX
	SUBQ	SI, DX
	JMP	runtime·printbytes(SB)
