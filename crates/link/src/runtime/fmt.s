// fmt.Println, fmt.Print and os.Exit, as far as their arguments are integers, booleans and strings.
//
// What a call prints is gathered in a buffer and written by one write, as in Go. Values that are converted to
// interfaces lie in an arena until the call that prints them ends: nothing else can hold an interface.

#include "textflag.h"
#include "runtime.h"
#include "generation.h"

// As many values as a call can have arguments, of 16 bytes at most.
#define ARENA 0x100000

// Address, mapped when it is needed first, and length in use.
GLOBL runtime·arena<>(SB), NOPTR, $8
GLOBL runtime·arenalen<>(SB), NOPTR, $8

// The output of a call: address, capacity, length.
GLOBL fmt·buf<>(SB), NOPTR, $8
GLOBL fmt·bufcap<>(SB), NOPTR, $8
GLOBL fmt·buflen<>(SB), NOPTR, $8

// os.File: the descriptor.
DATA os·stdout<>+0(SB)/8, $1
GLOBL os·stdout<>(SB), NOPTR, $8
DATA os·Stdout+0(SB)/8, $os·stdout<>(SB)
GLOBL os·Stdout(SB), $8

// Nothing is to be initialised.
GLOBL fmt··inittask(SB), NOPTR, $24
GLOBL os··inittask(SB), NOPTR, $24

// func convT16(val uint16) unsafe.Pointer
TEXT runtime·convT16(SB), NOSPLIT, $0-16
	RECEIVE_WORD(val+0(FP), AX, R12)
	JMP	runtime·convert<>(SB)

// func convT32(val uint32) unsafe.Pointer
TEXT runtime·convT32(SB), NOSPLIT, $0-16
	RECEIVE_LONG(val+0(FP), AX, R12)
	JMP	runtime·convert<>(SB)

// func convT64(val uint64) unsafe.Pointer
TEXT runtime·convT64(SB), NOSPLIT, $0-16
	RECEIVE(val+0(FP), AX, R12)
	JMP	runtime·convert<>(SB)

// Puts R12 into the arena.
TEXT runtime·convert<>(SB), NOSPLIT, $0-16
	MOVL	$8, R13
	CALL	runtime·alloc<>(SB)
	MOVQ	R12, (AX)
	PASS(AX, AX, ret+8(FP))
	RET

// func convTstring(val string) unsafe.Pointer
TEXT runtime·convTstring(SB), NOSPLIT, $0-24
	RECEIVE(ptr+0(FP), AX, R12)
	RECEIVE(len+8(FP), BX, R15)
	MOVL	$16, R13
	CALL	runtime·alloc<>(SB)
	MOVQ	R12, 0(AX)
	MOVQ	R15, 8(AX)
	PASS(AX, AX, ret+16(FP))
	RET

// Gives R13 bytes of the arena, at AX. Keeps R12 and R15.
TEXT runtime·alloc<>(SB), NOSPLIT, $0-0
	MOVQ	runtime·arena<>(SB), AX
	TESTQ	AX, AX
	JNE	mapped
	MOVL	$ARENA, SI
	CALL	runtime·sysAlloc(SB)
	MOVQ	AX, runtime·arena<>(SB)

mapped:
	ADDQ	runtime·arenalen<>(SB), AX
	ADDQ	R13, runtime·arenalen<>(SB)
	RET

// Calls a function of the package with standard output and the arguments of the caller.
#define TO_STDOUT(function) \
	RECEIVE(a_base+0(FP), AX, CX); \
	PASS(CX, CX, 16(SP)); \
	RECEIVE(a_len+8(FP), BX, DI); \
	PASS(DI, DI, 24(SP)); \
	MOVQ	os·Stdout(SB), BX; \
	PASS(BX, BX, 8(SP)); \
	LEAQ	os·writer<>(SB), AX; \
	PASS(AX, AX, 0(SP)); \
	CALL	function(SB); \
	RECEIVE(40(SP), AX, AX); \
	PASS(AX, AX, n+24(FP)); \
	RECEIVE(48(SP), BX, BX); \
	PASS(BX, BX, err_type+32(FP)); \
	RECEIVE(56(SP), CX, CX); \
	PASS(CX, CX, err_data+40(FP))

// func Println(a ...interface{}) (n int, err error)
TEXT fmt·Println(SB), NOSPLIT, $64-48
	TO_STDOUT(fmt·Fprintln)
	RET

// func Print(a ...interface{}) (n int, err error)
TEXT fmt·Print(SB), NOSPLIT, $64-48
	TO_STDOUT(fmt·Fprint)
	RET

// What the two above need of a method table.
DATA os·writer<>+24(SB)/8, $os·write(SB)
GLOBL os·writer<>(SB), RODATA, $32

// The writer w is in the frame, R12 and R13 are the bounds of the arguments.
#define START_PRINT \
	RECEIVE(a_base+16(FP), CX, R12); \
	RECEIVE(a_len+24(FP), DI, R13); \
	SHLQ	$4, R13; \
	ADDQ	R12, R13; \
	RECEIVE(w_type+0(FP), AX, CX); \
	MOVQ	CX, type-8(SP); \
	RECEIVE(w_data+8(FP), BX, CX); \
	MOVQ	CX, data-16(SP)

// Writes the buffer to w.
#define END_PRINT \
	MOVQ	type-8(SP), AX; \
	MOVQ	data-16(SP), CX; \
	CALL	fmt·flush<>(SB); \
	PASS(AX, AX, n+40(FP)); \
	PASS(BX, BX, err_type+48(FP)); \
	PASS(CX, CX, err_data+56(FP))

// func Fprintln(w io.Writer, a ...interface{}) (n int, err error)
TEXT fmt·Fprintln(SB), NOSPLIT, $16-64
	START_PRINT
	CMPQ	R12, R13
	JEQ	done

next:
	CALL	fmt·writevalue<>(SB)
	CMPQ	R12, R13
	JEQ	done
	MOVL	$' ', AX
	CALL	fmt·writebyte<>(SB)
	JMP	next

done:
	MOVL	$'\n', AX
	CALL	fmt·writebyte<>(SB)
	END_PRINT
	RET

// func Fprint(w io.Writer, a ...interface{}) (n int, err error)
//
// R15 is whether the argument before is a string, or there is none.
TEXT fmt·Fprint(SB), NOSPLIT, $16-64
	START_PRINT
	MOVL	$1, R15

next:
	CMPQ	R12, R13
	JEQ	done
	MOVQ	(R12), AX
	MOVBLZX	TYPE_KIND(AX), AX
	ANDL	$31, AX
	XORL	BX, BX
	CMPL	AX, $KIND_STRING
	SETEQ	BX
	ORL	BX, R15
	JNE	value
	MOVL	$' ', AX
	CALL	fmt·writebyte<>(SB)

value:
	MOVQ	(R12), AX
	MOVBLZX	TYPE_KIND(AX), AX
	ANDL	$31, AX
	XORL	R15, R15
	CMPL	AX, $KIND_STRING
	SETEQ	R15
	CALL	fmt·writevalue<>(SB)
	JMP	next

done:
	END_PRINT
	RET

// Calls the Write of the method table in AX with the receiver CX, and empties buffer and arena. The number of bytes is in
// AX, the error in BX and CX.
TEXT fmt·flush<>(SB), NOSPLIT, $56-0
	MOVQ	24(AX), SI
	PASS(CX, AX, 0(SP))
	MOVQ	fmt·buf<>(SB), BX
	PASS(BX, BX, 8(SP))
	MOVQ	fmt·buflen<>(SB), CX
	PASS(CX, CX, 16(SP))
	PASS(CX, DI, 24(SP))
	MOVQ	$0, fmt·buflen<>(SB)
	MOVQ	$0, runtime·arenalen<>(SB)
	CALL	SI
	RECEIVE(32(SP), AX, AX)
	RECEIVE(40(SP), BX, BX)
	RECEIVE(48(SP), CX, CX)
	RET

// func (f *File) Write(p []byte) (n int, err error)
TEXT os·write(SB), NOSPLIT, $0-56
	RECEIVE(p_base+8(FP), BX, SI)
	RECEIVE(p_len+16(FP), CX, DX)
	RECEIVE(f+0(FP), AX, DI)
	MOVQ	(DI), DI
	MOVQ	SI, R8

again:
	TESTQ	DX, DX
	JLE	done
	MOVL	$SYS_write, AX
	SYSCALL
	CMPQ	AX, $-4	// EINTR
	JEQ	again
	CMPQ	AX, $-11	// EAGAIN
	JEQ	again
	TESTQ	AX, AX
	JLE	failed
	ADDQ	AX, SI
	SUBQ	AX, DX
	JMP	again

done:
	SUBQ	R8, SI
	PASS(SI, AX, n+32(FP))
	XORL	BX, BX
	PASS(BX, BX, err_type+40(FP))
	XORL	CX, CX
	PASS(CX, CX, err_data+48(FP))
	RET

failed:
	CMPQ	AX, $-32	// EPIPE
	JNE	error
	CMPL	DI, $2
	JHI	error
	CALL	runtime·sigpipe(SB)

error:
	// The error is a syscall.Errno, of which the language can only see that it is there.
	NEGQ	AX
	MOVQ	AX, CX
	PASS(CX, CX, err_data+48(FP))
	LEAQ	ERRNO_TYPE, BX
	PASS(BX, BX, err_type+40(FP))
	SUBQ	R8, SI
	PASS(SI, AX, n+32(FP))
	RET

// func (f *file) close() error
TEXT os·close(SB), NOSPLIT, $0-24
	RECEIVE(f+0(FP), AX, DI)
	MOVQ	(DI), DI
	MOVL	$SYS_close, AX
	SYSCALL
	XORL	AX, AX
	PASS(AX, AX, err_type+8(FP))
	XORL	BX, BX
	PASS(BX, BX, err_data+16(FP))
	RET

// func Exit(code int)
TEXT os·Exit(SB), NOSPLIT, $0-8
	RECEIVE(code+0(FP), AX, DI)
	JMP	runtime·exit(SB)

// Appends the value of the interface at R12, and moves R12 to the next. Keeps R13 to R15.
TEXT fmt·writevalue<>(SB), NOSPLIT, $0-0
	MOVQ	0(R12), AX
	MOVQ	8(R12), CX
	ADDQ	$16, R12
	MOVBLZX	TYPE_KIND(AX), AX
	ANDL	$31, AX
	CMPL	AX, $KIND_STRING
	JEQ	string
	CMPL	AX, $KIND_BOOL
	JEQ	bool
	CALL	runtime·loadint(SB)
	CALL	runtime·formatdecimal(SB)
	JMP	fmt·writebytes<>(SB)

string:
	MOVQ	0(CX), SI
	MOVQ	8(CX), DX
	JMP	fmt·writebytes<>(SB)

bool:
	MOVBLZX	(CX), AX
	CALL	runtime·formatbool(SB)
	JMP	fmt·writebytes<>(SB)

// The integer of kind AX at CX: AX is its magnitude, BX is 1 if it is negative.
TEXT runtime·loadint(SB), NOSPLIT, $0-0
	XORL	BX, BX
	CMPL	AX, $KIND_INT8
	JEQ	int8
	CMPL	AX, $KIND_INT16
	JEQ	int16
	CMPL	AX, $KIND_INT32
	JEQ	int32
	CMPL	AX, $KIND_UINT8
	JEQ	uint8
	CMPL	AX, $KIND_UINT16
	JEQ	uint16
	CMPL	AX, $KIND_UINT32
	JEQ	uint32
	CMPL	AX, $KIND_INT64
	MOVQ	(CX), AX
	JLE	signed
	RET

int8:
	MOVBQSX	(CX), AX
	JMP	signed

int16:
	MOVWQSX	(CX), AX
	JMP	signed

int32:
	MOVLQSX	(CX), AX

signed:
	TESTQ	AX, AX
	JGE	positive
	NEGQ	AX
	MOVL	$1, BX

positive:
	RET

uint8:
	MOVBLZX	(CX), AX
	RET

uint16:
	MOVWLZX	(CX), AX
	RET

uint32:
	MOVL	(CX), AX
	RET

// Appends the byte AX to the buffer. Keeps R12 to R15.
TEXT fmt·writebyte<>(SB), NOSPLIT, $16-0
	MOVB	AX, byte-8(SP)
	LEAQ	byte-8(SP), SI
	MOVL	$1, DX
	CALL	fmt·writebytes<>(SB)
	RET

// Appends DX bytes at SI to the buffer. Keeps R12 to R15.
TEXT fmt·writebytes<>(SB), NOSPLIT, $0-0
	MOVQ	fmt·buflen<>(SB), AX
	LEAQ	(AX)(DX*1), BX
	CMPQ	BX, fmt·bufcap<>(SB)
	JLE	fits
	PUSHQ	SI
	PUSHQ	DX
	CALL	fmt·grow<>(SB)
	POPQ	DX
	POPQ	SI
	MOVQ	fmt·buflen<>(SB), AX
	LEAQ	(AX)(DX*1), BX

fits:
	MOVQ	BX, fmt·buflen<>(SB)
	MOVQ	fmt·buf<>(SB), DI
	ADDQ	AX, DI
	MOVQ	DX, CX
	CLD
	REP
	MOVSB
	RET

// Makes room for BX bytes at least: a new buffer of twice that size, rounded up to pages.
TEXT fmt·grow<>(SB), NOSPLIT, $0-0
	LEAQ	4095(BX)(BX*1), SI
	ANDQ	$-4096, SI
	MOVQ	SI, BX
	CALL	runtime·sysAlloc(SB)
	MOVQ	fmt·buf<>(SB), R8
	MOVQ	R8, SI
	MOVQ	AX, fmt·buf<>(SB)
	MOVQ	fmt·buflen<>(SB), CX
	MOVQ	AX, DI
	CLD
	REP
	MOVSB
	MOVQ	fmt·bufcap<>(SB), SI
	MOVQ	BX, fmt·bufcap<>(SB)
	TESTQ	R8, R8
	JEQ	first
	MOVQ	R8, DI
	MOVL	$SYS_munmap, AX
	SYSCALL

first:
	RET
