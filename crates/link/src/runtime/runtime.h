// What the files of the runtime share.

#define SYS_write 1
#define SYS_close 3
#define SYS_mmap 9
#define SYS_munmap 11
#define SYS_rt_sigaction 13
#define SYS_getpid 39
#define SYS_kill 62
#define SYS_sigaltstack 131
#define SYS_arch_prctl 158
#define SYS_exit_group 231
#define PROT_READ_WRITE 3
#define MAP_PRIVATE_ANON 0x22

// Offsets in g, which is laid out as Go's.
#define G_STACK_HI 8
#define G_SCHED_SP 56
#define G_SCHED_PC 64

// Bytes below stackguard0 that functions without a check may use (gc: stack.go, _StackGuard).
#define STACK_GUARD 928

// Bits of runtime·throwing, which is not 0 if the runtime itself cannot go on: frames of the runtime are shown,
// too; the addresses of frames as well.
#define SHOW_ALL 1
#define SHOW_ADDRESSES 2

// Offsets in the descriptor of a type: its kind, and the distance of its name.
#define TYPE_EQUAL 24
#define TYPE_KIND 23
#define TYPE_STR 40

// The kinds of types (reflect.Kind).
#define KIND_BOOL 1
#define KIND_INT 2
#define KIND_INT8 3
#define KIND_INT16 4
#define KIND_INT32 5
#define KIND_INT64 6
#define KIND_UINT8 8
#define KIND_UINT16 9
#define KIND_UINT32 10
#define KIND_STRING 24

// A text with a zero byte at its end, and a call that prints one.
#define TEXTZ(name, size, text) DATA name<>+0(SB)/size, text; GLOBL name<>(SB), RODATA|NOPTR, $(size+1)
#define PRINT(name) LEAQ name<>(SB), SI; CALL runtime·printtext(SB)
