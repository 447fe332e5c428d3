// Go 1.27: arguments and results are in registers. Compiled code expects g in R14 and zero in X15 after calls.

// Takes an argument or the result of a call from the stack or a register.
#define RECEIVE(stack, register, to) MOVQ register, to
#define RECEIVE_LONG(stack, register, to) MOVL register, to
#define RECEIVE_WORD(stack, register, to) MOVWLZX register, to
#define RECEIVE_BYTE(stack, register, to) MOVBLZX register, to

// Passes a result or the argument of a call on the stack or in a register.
#define PASS(from, register, stack) MOVQ from, register
#define PASS_BYTE(from, register, stack) MOVBLZX from, register

// Prints the DX bytes at SI of a string that a panic shows.
#define PRINT_PANIC_STRING runtime·printindented

// The type of errors of system calls.
#define ERRNO_TYPE runtime·errnotype(SB)

// A new stack has room for the frame of the function that asks for it.
#define STACK_FITS_FRAME
// Signals that end the program are shown with the address that they are about, and more of them with instructions.
#define SIGNALS_SHOW_ADDRESSES
