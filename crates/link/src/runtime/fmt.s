// fmt.Println, fmt.Print and os.Exit, as far as their arguments are integers, booleans and strings.
//
// What a call prints is gathered in a buffer and written by one write, as in Go. Values that are converted to
// interfaces lie in an arena until the call that prints them ends: nothing else can hold an interface.

#include "textflag.h"
#include "runtime.h"

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
	MOVWLZX	val+0(FP), R12
	JMP	runtime·convert<>(SB)

// func convT32(val uint32) unsafe.Pointer
TEXT runtime·convT32(SB), NOSPLIT, $0-16
	MOVL	val+0(FP), R12
	JMP	runtime·convert<>(SB)

// func convT64(val uint64) unsafe.Pointer
TEXT runtime·convT64(SB), NOSPLIT, $0-16
	MOVQ	val+0(FP), R12
	JMP	runtime·convert<>(SB)

// Puts R12 into the arena.
TEXT runtime·convert<>(SB), NOSPLIT, $0-16
	MOVL	$8, R13
	CALL	runtime·alloc<>(SB)
	MOVQ	R12, (AX)
	MOVQ	AX, ret+8(FP)
	RET

// func convTstring(val string) unsafe.Pointer
TEXT runtime·convTstring(SB), NOSPLIT, $0-24
	MOVL	$16, R13
	CALL	runtime·alloc<>(SB)
	MOVQ	ptr+0(FP), CX
	MOVQ	CX, 0(AX)
	MOVQ	len+8(FP), CX
	MOVQ	CX, 8(AX)
	MOVQ	AX, ret+16(FP)
	RET

// Gives R13 bytes of the arena, at AX. Keeps R12.
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

// func Println(a ...interface{}) (n int, err error)
TEXT fmt·Println(SB), NOSPLIT, $64-48
	MOVQ	a_base+0(FP), AX
	MOVQ	AX, 16(SP)
	MOVQ	a_len+8(FP), AX
	MOVQ	AX, 24(SP)
	MOVQ	os·Stdout(SB), AX
	MOVQ	AX, 8(SP)
	LEAQ	os·writer<>(SB), AX
	MOVQ	AX, 0(SP)
	CALL	fmt·Fprintln(SB)
	MOVQ	40(SP), AX
	MOVQ	AX, n+24(FP)
	MOVQ	48(SP), AX
	MOVQ	AX, err_type+32(FP)
	MOVQ	56(SP), AX
	MOVQ	AX, err_data+40(FP)
	RET

// func Print(a ...interface{}) (n int, err error)
TEXT fmt·Print(SB), NOSPLIT, $64-48
	MOVQ	a_base+0(FP), AX
	MOVQ	AX, 16(SP)
	MOVQ	a_len+8(FP), AX
	MOVQ	AX, 24(SP)
	MOVQ	os·Stdout(SB), AX
	MOVQ	AX, 8(SP)
	LEAQ	os·writer<>(SB), AX
	MOVQ	AX, 0(SP)
	CALL	fmt·Fprint(SB)
	MOVQ	40(SP), AX
	MOVQ	AX, n+24(FP)
	MOVQ	48(SP), AX
	MOVQ	AX, err_type+32(FP)
	MOVQ	56(SP), AX
	MOVQ	AX, err_data+40(FP)
	RET

// What the two above need of a method table.
DATA os·writer<>+24(SB)/8, $os·write(SB)
GLOBL os·writer<>(SB), RODATA, $32

// func Fprintln(w io.Writer, a ...interface{}) (n int, err error)
TEXT fmt·Fprintln(SB), NOSPLIT, $64-64
	MOVQ	a_base+16(FP), R12
	MOVQ	a_len+24(FP), R13
	XORL	R14, R14

next:
	CMPQ	R14, R13
	JGE	done
	TESTQ	R14, R14
	JEQ	value
	MOVL	$' ', AX
	CALL	fmt·writebyte<>(SB)

value:
	CALL	fmt·writevalue<>(SB)
	INCQ	R14
	JMP	next

done:
	MOVL	$'\n', AX
	CALL	fmt·writebyte<>(SB)
	MOVQ	w_type+0(FP), AX
	MOVQ	w_data+8(FP), CX
	MOVQ	CX, 0(SP)
	CALL	fmt·flush<>(SB)
	MOVQ	32(SP), AX
	MOVQ	AX, n+40(FP)
	MOVQ	40(SP), AX
	MOVQ	AX, err_type+48(FP)
	MOVQ	48(SP), AX
	MOVQ	AX, err_data+56(FP)
	RET

// func Fprint(w io.Writer, a ...interface{}) (n int, err error)
//
// R15 is whether the argument before is a string, or there is none.
TEXT fmt·Fprint(SB), NOSPLIT, $64-64
	MOVQ	a_base+16(FP), R12
	MOVQ	a_len+24(FP), R13
	XORL	R14, R14
	MOVL	$1, R15

next:
	CMPQ	R14, R13
	JGE	done
	MOVQ	(R12), AX
	MOVBLZX	23(AX), AX
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
	MOVBLZX	23(AX), AX
	ANDL	$31, AX
	XORL	R15, R15
	CMPL	AX, $KIND_STRING
	SETEQ	R15
	CALL	fmt·writevalue<>(SB)
	INCQ	R14
	JMP	next

done:
	MOVQ	w_type+0(FP), AX
	MOVQ	w_data+8(FP), CX
	MOVQ	CX, 0(SP)
	CALL	fmt·flush<>(SB)
	MOVQ	32(SP), AX
	MOVQ	AX, n+40(FP)
	MOVQ	40(SP), AX
	MOVQ	AX, err_type+48(FP)
	MOVQ	48(SP), AX
	MOVQ	AX, err_data+56(FP)
	RET

// Calls the Write of the method table in AX with the receiver that the caller has put at its stack's top,
// which also gets the results, and empties buffer and arena.
TEXT fmt·flush<>(SB), NOSPLIT, $0-0
	MOVQ	24(AX), AX
	MOVQ	fmt·buf<>(SB), CX
	MOVQ	CX, 16(SP)	// above the return address: the argument after the receiver
	MOVQ	fmt·buflen<>(SB), CX
	MOVQ	CX, 24(SP)
	MOVQ	CX, 32(SP)
	MOVQ	$0, fmt·buflen<>(SB)
	MOVQ	$0, runtime·arenalen<>(SB)
	JMP	AX

// func (f *File) Write(p []byte) (n int, err error)
TEXT os·write(SB), NOSPLIT, $0-56
	MOVQ	f+0(FP), AX
	MOVQ	(AX), DI
	MOVQ	p_base+8(FP), SI
	MOVQ	p_len+16(FP), DX
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
	MOVQ	SI, n+32(FP)
	MOVQ	$0, err_type+40(FP)
	MOVQ	$0, err_data+48(FP)
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
	SUBQ	R8, SI
	MOVQ	SI, n+32(FP)
	LEAQ	type·uintptr(SB), CX
	MOVQ	CX, err_type+40(FP)
	MOVQ	AX, err_data+48(FP)
	RET

// func (f *file) close() error
TEXT os·close(SB), NOSPLIT, $0-24
	MOVQ	f+0(FP), AX
	MOVQ	(AX), DI
	MOVL	$SYS_close, AX
	SYSCALL
	MOVQ	$0, err_type+8(FP)
	MOVQ	$0, err_data+16(FP)
	RET

// func Exit(code int)
TEXT os·Exit(SB), NOSPLIT, $0-8
	MOVQ	code+0(FP), DI
	JMP	runtime·exit(SB)

// Appends the value of the interface at R12, and moves R12 to the next. Keeps R13 to R15.
TEXT fmt·writevalue<>(SB), NOSPLIT, $0-0
	MOVQ	0(R12), AX
	MOVQ	8(R12), CX
	ADDQ	$16, R12
	MOVBLZX	23(AX), AX
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
