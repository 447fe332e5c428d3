// Go 1.10 to 1.15: arguments and results are on the stack.

// Takes an argument or the result of a call from the stack or a register.
#define RECEIVE(stack, register, to) MOVQ stack, to
#define RECEIVE_LONG(stack, register, to) MOVL stack, to
#define RECEIVE_WORD(stack, register, to) MOVWLZX stack, to
#define RECEIVE_BYTE(stack, register, to) MOVBLZX stack, to

// Passes a result or the argument of a call on the stack or in a register.
#define PASS(from, register, stack) MOVQ from, stack
#define PASS_BYTE(from, register, stack) MOVB from, stack

// Prints the DX bytes at SI of a string that a panic shows.
#define PRINT_PANIC_STRING runtime·printbytes

// The type of errors of system calls.
#define ERRNO_TYPE type·uintptr(SB)
