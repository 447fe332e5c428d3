//! The terms of articles on Go's assembly.

use super::entry::{Entry, Example, entries};
use crate::lang::Text;

/// The program of the articles: two results, one call.
const ADD: &str = "//go:noinline\nfunc add(a, b int32) (int32, bool) { return a + b, true }\n\nfunc main() { add(10, 32) }";

/// A function that keeps a value while it calls another.
const KEEP: &str = "//go:noinline\nfunc half(n int64) int64 { return n / 2 }\n\nfunc sum(a, b int64) int64 {\n\tx := half(a)\n\ty := half(b)\n\treturn x + y\n}";

entries! {
/// A term.
Term;

Text {
    name: "TEXT",
    shapes: ["STEXT", "text segment", "代码段"],
    en: "TEXT name(SB), flags, $frame-args begins a function and puts it into the text segment, where a program's code is. In a listing it is no instruction: it has no bytes.",
    zh: "TEXT name(SB), flags, $frame-args 开始一个函数，并把它放进存放代码的 text 段。在列表里它不是指令，不占字节。",
    wrong: Example::assembly("TEXT ·f, 4, $0-0\n\tRET"),
    right: Example::go(ADD).showing(&["TEXT"]),
}
Header {
    name: "listing header",
    shapes: ["size", "args", "locals", "列表头"],
    en: "The first line of a function in a listing: its name, STEXT, its attributes, the bytes of its code, then args (parameters and results) and locals (the frame) in hexadecimal.",
    zh: "列表里函数的第一行：名字、STEXT、属性、代码字节数，然后是十六进制的 args(参数与结果)和 locals(栈帧)。",
    right: Example::go(ADD).showing(&["STEXT"]),
}
ListingLine {
    name: "listing line",
    shapes: ["listing", "-S", "hex dump", "0x0000", "汇编列表", "列表行"],
    en: "A line of a listing: the offset in the function, in hexadecimal and in decimal, file and line, the instruction and its operands. Lines with the same offset as the next one have no bytes.",
    zh: "列表的一行：在函数内的偏移(十六进制和十进制)、文件和行号、指令和操作数。偏移与下一行相同的行不占字节。",
    right: Example::go(ADD).showing(&["ADDL"]),
}
EmptyPackage {
    name: "\"\".",
    shapes: ["empty package name", "空包名"],
    en: "In a listing the name of the package that is compiled is empty: \"\".add becomes main.add when the linker knows the package. -p NAME gives the name at once.",
    zh: "列表里正在编译的包名为空：链接后 \"\".add 变成 main.add。-p NAME 可以直接给出包名。",
    right: Example::go(ADD).showing(&["CALL\t\"\".add"]),
}
MiddleDot {
    name: "·",
    shapes: ["middle dot", "∕", "中点"],
    en: "In assembly · (U+00B7) stands for the dot of a name, and ∕ (U+2215) for a slash. The assembler replaces both when it reads the file. A name that starts with · gets the package's name.",
    zh: "汇编里 ·(U+00B7)代表名字里的点，∕(U+2215)代表斜杠。汇编器读文件时就把它们替换掉。以 · 开头的名字会加上包名。",
    wrong: Example::assembly("TEXT .f(SB), 4, $0-0\n\tRET"),
    right: Example::assembly("TEXT runtime·f(SB), 4, $0-0\n\tRET").showing(&["TEXT"]),
}
StaticSymbol {
    name: "<>",
    shapes: ["static symbol", "local symbol", "静态符号"],
    en: "name<>(SB) is a symbol of its file: other files can have their own of the same name and can't refer to this one.",
    zh: "name<>(SB) 是本文件的符号：别的文件可以有同名符号，但不能引用这一个。",
    wrong: Example::both("func f()\n\nfunc main() { f() }", "TEXT ·f<>(SB), 4, $0-0\n\tRET").linked(),
    right: Example::both("func f()\n\nfunc main() { f() }", "TEXT ·f(SB), 4, $0-0\n\tCALL g<>(SB)\n\tRET\n\nTEXT g<>(SB), 4, $0-0\n\tRET").linked(),
}
Sb {
    name: "SB",
    shapes: ["static base", "静态基址"],
    en: "The pseudo-register of global symbols: name(SB) is the address of name, name+8(SB) the address 8 bytes after it. In machine code such addresses are relative to the instruction and filled in by the linker.",
    zh: "全局符号的伪寄存器：name(SB) 是 name 的地址，name+8(SB) 是它后面 8 字节处。机器码里这种地址相对于指令，由链接器填入。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ 8(SB), AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ ·x+8(SB), AX\n\tRET").showing(&["MOVQ", "rel "]),
}
Fp {
    name: "FP",
    shapes: ["frame pointer pseudo-register", "pseudo FP", "伪 FP"],
    en: "The pseudo-register of arguments and results: a+0(FP) is the first byte of the arguments, which the caller made room for above the return address. The name is required. Listings show the same place from SP.",
    zh: "参数和结果的伪寄存器：a+0(FP) 是参数区的第一个字节，由调用方在返回地址之上留出。必须写名字。列表里用 SP 表示同一位置。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-8\n\tMOVQ 0(FP), AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $8-8\n\tMOVQ a+0(FP), AX\n\tRET").showing(&["a+"]),
}
PseudoSp {
    name: "pseudo SP",
    shapes: ["virtual SP", "SP", "伪 SP", "伪寄存器"],
    en: "x-8(SP), with a name, counts from the top of the frame, just below the saved BP or the return address: locals have offsets from -framesize to 0. Without a name, 8(SP) is the processor's SP. In listings every SP is the processor's, with or without a name.",
    zh: "带名字的 x-8(SP) 从栈帧顶部算起，位于保存的 BP 或返回地址之下：局部变量的偏移在 [-framesize, 0)。不带名字的 8(SP) 是硬件 SP。列表里的 SP 都是硬件 SP，无论有没有名字。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $8-0\n\tMOVQ $1, x+8(SP)\n\tRET").vetted(),
    right: Example::assembly("TEXT ·f(SB), 4, $16-0\n\tMOVQ $1, x-8(SP)\n\tMOVQ $2, 0(SP)\n\tRET").showing(&["MOVQ\t$"]),
}
HardwareSp {
    name: "hardware SP",
    shapes: ["stack pointer", "硬件 SP", "栈指针"],
    en: "The processor's stack pointer: the lowest address of the frame. Compiled code uses only this one. In assembly it is SP without a name: 0(SP) is where arguments of calls go.",
    zh: "处理器的栈指针：栈帧的最低地址。编译出的代码只用它。汇编里不带名字的 SP 就是它：0(SP) 是放调用参数的地方。",
    right: Example::go(ADD).showing(&["(SP)"]),
}
Pc {
    name: "PC",
    shapes: ["program counter", "程序计数器"],
    en: "n(PC) is the target of a jump: n instructions further, backward if n is negative. Comments and empty lines don't count.",
    zh: "n(PC) 是跳转目标：往后第 n 条指令，n 为负则往前。注释和空行不算。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP 5(PC)\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP 2(PC)\n\n\t// This line doesn't count.\n\tINCQ AX\n\tRET").showing(&["JMP", "RET"]),
}
FrameSize {
    name: "frame size",
    shapes: ["frame", "stack frame", "locals", "栈帧", "栈帧大小", "framesize"],
    en: "The number before the minus sign of TEXT: locals, spills and the arguments of calls made here, without the return address. Listings of compiled code count the saved BP in; hand-written code doesn't, the assembler adds it.",
    zh: "TEXT 里减号前的数：局部变量、溢出槽和本函数发出的调用的参数，不含返回地址。编译器的列表把保存的 BP 算在内；手写代码不算，由汇编器加上。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $0-0\n\tMOVQ $1, x-8(SP)\n\tRET").vetted(),
    right: Example::go(ADD).showing(&["TEXT\t\"\".main", "SUBQ"]),
}
ArgumentSize {
    name: "argument size",
    shapes: ["argsize", "args", "参数大小"],
    en: "The number after the minus sign of TEXT: parameters and results together, laid out as in a struct; results start at a multiple of 8. They are in the caller's frame.",
    zh: "TEXT 里减号后的数：参数与结果合计，像结构体一样排列；结果从 8 的倍数开始。它们在调用方的栈帧里。",
    wrong: Example::both("func f(a int32, b int64) bool", "TEXT ·f(SB), 4, $0-13\n\tMOVB $1, ret+16(FP)\n\tRET").vetted(),
    right: Example::go("func f(a int32, b int64) bool { return int64(a) < b }").showing(&["TEXT"]),
}
Nosplit {
    name: "NOSPLIT",
    shapes: ["nosplit", "textflag 4"],
    en: "The function doesn't check whether the stack is large enough. The compiler sets it for functions that call nothing and whose frame is below 128 bytes, for these fit into the reserve below the guard. //go:nosplit and the flag of TEXT demand it.",
    zh: "函数不检查栈够不够。编译器给不调用别的函数且栈帧小于 128 字节的函数加上它，因为这样的函数放得进警戒值以下的保留区。//go:nosplit 和 TEXT 的标志可以强制要求。",
    wrong: Example::both("func f()\n\nfunc main() { f() }", "TEXT ·f(SB), 4, $2000-0\n\tRET").linked(),
    right: Example::go(ADD).showing(&["nosplit"]),
}
AbiInternal {
    name: "ABIInternal",
    shapes: ["ABI0", "ABI"],
    en: "The calling convention of compiled functions, which may change with any version of Go; hand-written ones have ABI0, which doesn't. In Go 1.15 both are the same: everything is on the stack. Go 1.10 has no such word.",
    zh: "编译出的函数的调用约定，可能随 Go 版本改变；手写函数用不变的 ABI0。Go 1.15 里两者相同，都走栈。Go 1.10 没有这个词。",
    right: Example::go(ADD).showing(&["ABIInternal"]),
}
CallingConvention {
    name: "calling convention",
    shapes: ["arguments on the stack", "parameters", "results", "调用规约", "调用约定", "参数", "返回值"],
    en: "In Go 1.15 the caller writes the arguments to its own frame, from 0(SP) up, in order; the function writes its results after them. No register keeps its value over a call, except SP and BP.",
    zh: "Go 1.15 里，调用方把参数按顺序写进自己的栈帧，从 0(SP) 往上；被调函数把结果写在参数之后。除 SP 和 BP 外，没有寄存器在调用后保持原值。",
    right: Example::go(KEEP).showing(&["CALL\t\"\".half", "(SP), AX", "AX, (SP)"]),
}
CallerSaved {
    name: "caller-saved",
    shapes: ["callee-saved", "clobbered registers", "调用者保存"],
    en: "A called function may use all registers, so the caller stores what it needs afterwards: see spill. Go has no callee-saved registers but BP.",
    zh: "被调函数可以使用所有寄存器，所以调用方要自己保存之后还要用的值：见 spill。除 BP 外，Go 没有被调用者保存的寄存器。",
    right: Example::go(KEEP).showing(&["\"\".x+"]),
}
Spill {
    name: "spill",
    shapes: ["ra", "register allocator", "reload", "StoreReg", "LoadReg", "spill slot", "溢出"],
    en: "A value that must survive a call, or for which no register is free, is stored to its slot of the frame and loaded again where it is needed.",
    zh: "需要跨越调用的值，或没有空闲寄存器可放的值，存进栈帧里的槽，用到时再取回。",
    right: Example::go(KEEP).showing(&["\"\".x+"]),
}
OutgoingArguments {
    name: "outgoing arguments",
    shapes: ["call arguments", "传出参数"],
    en: "The lowest part of a frame, from 0(SP): room for the arguments and results of the largest call that the function makes.",
    zh: "栈帧的最低部分，从 0(SP) 开始：存放本函数所发出的最大一次调用的参数和结果。",
    wrong: Example::both("func f()\nfunc g(a, b int)", "TEXT ·f(SB), 4, $8-0\n\tCALL ·g(SB)\n\tRET\n\nTEXT ·g(SB), 4, $0-16\n\tRET").vetted(),
    right: Example::go(ADD).showing(&["AX, (SP)", "CALL\t\"\".add"]),
}
Locals {
    name: "locals",
    shapes: ["autos", "local variable", "local variables", "局部变量"],
    en: "Variables of a function that aren't in registers. In assembly the first local of 8 bytes is x-8(SP), the second y-16(SP).",
    zh: "不在寄存器里的函数变量。汇编里第一个 8 字节局部变量是 x-8(SP)，第二个是 y-16(SP)。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $8-0\n\tMOVQ $1, y-16(SP)\n\tRET").vetted(),
    right: Example::assembly("TEXT ·f(SB), 4, $16-0\n\tMOVQ $1, x-8(SP)\n\tMOVQ $2, y-16(SP)\n\tRET").showing(&["MOVQ\t$"]),
}
UnnamedResult {
    name: "~r2",
    shapes: ["~r0", "~r3", "ret", "unnamed result", "匿名返回值"],
    en: "The compiler's name of a result without a name: its number among parameters and results. In assembly, vet calls it ret, ret1 and so on. Such names mean nothing to the processor.",
    zh: "没有名字的结果由编译器命名：它在参数与结果中的序号。汇编里 vet 叫它 ret、ret1。这些名字对处理器没有意义。",
    wrong: Example::both("func one() int", "TEXT ·one(SB), 4, $0-8\n\tMOVQ $1, r0+0(FP)\n\tRET").vetted(),
    right: Example::go(ADD).showing(&["~r"]),
}
ReturnAddress {
    name: "return address",
    shapes: ["return addr", "返回地址"],
    en: "CALL pushes the address of the next instruction, so inside of the function it is at 0(SP) before the frame is opened, and the first argument at 8(SP). RET pops it.",
    zh: "CALL 压入下一条指令的地址，所以函数打开栈帧之前它在 0(SP)，第一个参数在 8(SP)。RET 弹出它。",
    right: Example::go(ADD).showing(&["\"\".a+8(SP)", "RET"]),
}
Call {
    name: "CALL",
    shapes: ["调用"],
    en: "Pushes the return address and jumps. In machine code the distance to the function is relative to the next instruction; the linker fills it in, as the rel line says.",
    zh: "压入返回地址并跳转。机器码里是相对于下一条指令的距离，由链接器填入，见 rel 行。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tCALL g\n\tRET"),
    right: Example::go(ADD).showing(&["CALL\t\"\".add", "\"\".add+0"]),
}
Ret {
    name: "RET",
    shapes: ["return", "返回"],
    en: "Closes the frame and returns: the assembler puts the load of BP and the addition to SP before it. It isn't added at the end of a function; the last instruction of hand-written code must be a RET or a jump.",
    zh: "关闭栈帧并返回：汇编器在它前面加上取回 BP 和 SP 加法。函数末尾不会自动补 RET；手写代码最后一条必须是 RET 或跳转。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $0-0\n\tNOP").vetted(),
    right: Example::assembly("TEXT ·f(SB), 4, $8-0\n\tRET").showing(&["BP", "SP", "RET"]),
}
SavedBp {
    name: "saved BP",
    shapes: ["BP", "frame pointer", "caller BP", "帧指针"],
    en: "A function with a frame saves the caller's BP at the top of its frame and lets BP point there, so that profilers can walk the stack. It costs 8 bytes and three instructions. Hand-written code doesn't count it in $frame.",
    zh: "有栈帧的函数把调用方的 BP 存在自己栈帧的顶部，并让 BP 指向那里，供性能分析器回溯。代价是 8 字节和三条指令。手写代码的 $frame 不计它。",
    right: Example::go(ADD).showing(&["BP"]),
}
StackDirection {
    name: "stack growth",
    shapes: ["stack", "stack grows down", "栈", "栈增长", "栈增长方向"],
    en: "The stack grows toward lower addresses: SUBQ opens a frame, ADDQ closes it. In drawings high addresses are on top.",
    zh: "栈向低地址增长：SUBQ 打开栈帧，ADDQ 关闭。图里高地址在上。",
    right: Example::go(ADD).showing(&["SUBQ", "ADDQ"]),
}
Push {
    name: "PUSH",
    shapes: ["PUSHQ", "POP", "POPQ", "压栈"],
    en: "Compiled code of Go 1.15 moves SP once, by SUBQ, and stores with MOVQ. The assembler does have PUSHQ and POPQ and keeps count of them; they must balance at RET.",
    zh: "Go 1.15 编译出的代码用 SUBQ 一次移动 SP，用 MOVQ 存储。汇编器有 PUSHQ 和 POPQ，并会计数；RET 处必须平衡。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPUSHQ AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPUSHQ AX\n\tPOPQ AX\n\tRET").showing(&["PUSHQ", "POPQ"]),
}
StackCheck {
    name: "stack check",
    shapes: ["split", "stack split", "prologue", "epilogue", "stack-split", "栈检查", "栈分裂"],
    en: "A function that may need more stack compares SP with the guard of its goroutine first and, if there is too little, calls morestack and starts again. A frame of more than 128 bytes is subtracted before comparing.",
    zh: "可能需要更多栈的函数先把 SP 与当前 goroutine 的警戒值比较，不够就调用 morestack 再从头开始。超过 128 字节的栈帧先减去再比较。",
    right: Example::go(ADD).showing(&["(TLS)", "CMPQ", "JLS", "morestack", "JMP"]),
}
Morestack {
    name: "morestack",
    shapes: ["runtime.morestack_noctxt", "morestack_noctxt", "扩栈"],
    en: "Doubles the stack: allocates one of twice the size, copies the old one, corrects pointers into it, and jumps back to the start of the function. morestack_noctxt is for functions that aren't closures.",
    zh: "把栈扩大一倍：分配两倍大的栈，复制旧栈，修正指向旧栈的指针，再跳回函数开头。morestack_noctxt 用于非闭包函数。",
    right: Example::go(ADD).showing(&["morestack"]),
}
StackCopying {
    name: "stack copying",
    shapes: ["contiguous stacks", "copystack", "栈拷贝"],
    en: "A stack that grows moves to another place, so no address in it can be kept elsewhere. Functions of assembly that keep one break. The name stack split is older: stacks once had several parts.",
    zh: "栈增长时会搬到别处，所以别处不能保存指向它的地址。保存了的汇编函数会出错。stack split 的名字更早：栈曾经由多段组成。",
    right: Example::go(ADD).showing(&["morestack", "JMP\t0"]),
}
GoroutineStack {
    name: "goroutine stack",
    shapes: ["2048", "first stack", "2KB", "协程栈"],
    en: "A goroutine starts with a stack of 2048 bytes, allocated by the runtime. It doubles up to 1 GB. minigo's -stack0 changes the first size.",
    zh: "goroutine 的栈从 2048 字节开始，由运行时分配，可一路加倍到 1 GB。minigo 的 -stack0 改变初始大小。",
    right: Example::go(ADD).showing(&["CMPQ"]),
}
G {
    name: "g",
    shapes: ["goroutine"],
    en: "The runtime's record of a goroutine. Its first words are the bounds of its stack and the two guards, so 16(CX) is stackguard0 when CX holds g.",
    zh: "运行时里 goroutine 的记录。开头是栈的上下界和两个警戒值，所以 CX 是 g 时，16(CX) 就是 stackguard0。",
    right: Example::go(ADD).showing(&["16(CX)"]),
}
Stackguard0 {
    name: "stackguard0",
    shapes: ["guard", "stack guard", "警戒值"],
    en: "The address that SP must stay above: 928 bytes over the low end of the stack (880 in Go 1.10), for small frames and chains of NOSPLIT functions. The runtime sets it to a huge number to stop a goroutine at its next stack check.",
    zh: "SP 必须高于的地址：比栈的低端高 928 字节（Go 1.10 为 880），留给小栈帧和 NOSPLIT 函数链。运行时把它设成极大的数，使 goroutine 在下次栈检查时停下。",
    right: Example::go(ADD).showing(&["CMPQ", "JLS"]),
}
Tls {
    name: "TLS",
    shapes: ["thread-local storage", "(TLS)", "线程局部存储"],
    en: "The pseudo-register of the thread's own memory, in which the runtime keeps g. On linux/amd64 MOVQ (TLS), CX is a load relative to the segment register FS; the linker knows the offset.",
    zh: "线程自身内存的伪寄存器，运行时把 g 存在那里。在 linux/amd64 上 MOVQ (TLS), CX 是相对于段寄存器 FS 的读取，偏移由链接器填入。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tADDQ $1, TLS\n\tRET"),
    right: Example::go(ADD).showing(&["TLS"]),
}
Nop {
    name: "NOP",
    shapes: ["no operation", "空操作"],
    en: "Before CALL morestack stands a NOP without bytes: it notes that the frame isn't open there, although the code before it had one. A NOP with bytes elsewhere is padding.",
    zh: "CALL morestack 前的 NOP 不占字节：它记录此处栈帧没有打开，尽管前面的代码打开过。别处占字节的 NOP 是填充。",
    right: Example::go(ADD).showing(&["NOP", "morestack_noctxt(SB)"]),
}
Padding {
    name: "padding",
    shapes: ["pad", "JCC erratum", "32-byte boundary", "对齐填充"],
    en: "Some Intel processors are slow if a jump crosses or ends at a 32-byte boundary. Since Go 1.15 the assembler pads compiled code with NOPs before such jumps. Hand-written code isn't padded.",
    zh: "有些 Intel 处理器在跳转指令跨越或止于 32 字节边界时会变慢。Go 1.15 起，汇编器在编译出的代码的这种跳转前填 NOP。手写代码不填。",
    right: Example::go(ADD).showing(&["0x003f"]),
}
Alignment {
    name: "alignment",
    shapes: ["hole", "对齐"],
    en: "A variable of 2, 4 or 8 bytes is at a multiple of its size, so that holes can be between variables. The arguments as a whole are a multiple of 8.",
    zh: "2、4、8 字节的变量放在其大小的倍数处，所以变量之间可能有空洞。参数区整体是 8 的倍数。",
    right: Example::go("func f(a int8, b int64) int64 { return int64(a) + b }").showing(&["(SP)"]),
}
Funcdata {
    name: "FUNCDATA",
    shapes: ["go_args_stackmap", "GO_ARGS"],
    en: "Names a table of the function: $0 where pointers are in its arguments, $1 where in its locals. It has no bytes. The compiler makes these; hand-written code has only GO_ARGS and NO_LOCAL_POINTERS.",
    zh: "指出函数的一个表：$0 是参数里指针的位置，$1 是局部变量里的。它不占字节，由编译器生成；手写代码只有 GO_ARGS 和 NO_LOCAL_POINTERS。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tFUNCDATA $1\n\tRET"),
    right: Example::go(ADD).showing(&["FUNCDATA"]),
}
Pcdata {
    name: "PCDATA",
    shapes: ["preemption", "抢占"],
    en: "From here on, a table has this value: $0 says whether the goroutine may be stopped (-2: no, -1: yes), $1 which pointer map holds at the next call. It has no bytes.",
    zh: "从这里起某个表取这个值：$0 表示 goroutine 能否在此停下(-2 不能，-1 能),$1 表示下一次调用处用哪个指针图。它不占字节。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPCDATA $0, AX\n\tRET"),
    right: Example::go(ADD).showing(&["PCDATA"]),
}
Gclocals {
    name: "gclocals",
    shapes: ["live", "stack map", "pointer map", "garbage collector", "GC", "指针图", "垃圾回收"],
    en: "A pointer map: the number of maps, the bits of each, then the bits, 1 for a pointer. Functions with the same map share it, so its name is a hash of its content: 33cdecc… is the map without pointers.",
    zh: "指针图：图的个数、每个图的位数，然后是位，1 表示指针。内容相同的图由函数共用，所以名字是内容的散列：33cdecc… 是没有指针的图。",
    right: Example::go(ADD).showing(&["gclocals"]),
}
Noinline {
    name: "//go:noinline",
    shapes: ["noinline", "go:noinline", "禁止内联"],
    en: "A line before a function that keeps its calls. Without it the compiler puts the body of a small function where it is called, and no CALL is left to see.",
    zh: "写在函数前，保留对它的调用。没有它，编译器会把小函数的函数体放到调用处，看不到 CALL。",
    right: Example::go(ADD).showing(&["CALL\t\"\".add"]),
}
Inlining {
    name: "inlining",
    shapes: ["inline", "inlined", "-l", "-m", "内联"],
    en: "The body of a small function replaces the call. -m prints the decisions, -m=2 the reasons, -l switches it off.",
    zh: "用小函数的函数体替换调用。-m 打印决定，-m=2 打印理由，-l 关闭内联。",
    right: Example::go("func one() int32 { return 1 }\n\nfunc two() int32 { return one() + one() }").showing(&["$2"]),
}
SizeSuffix {
    name: "size suffix",
    shapes: ["B", "W", "L", "Q", "MOVQ", "MOVL", "MOVW", "MOVB", "MOVD", "ADDQ", "SUBQ", "IMULQ", "后缀"],
    en: "The last letter of an instruction is the size of its operands: B 1, W 2, L 4, Q 8 bytes. MOVD is another name of MOVQ on amd64: 8 bytes, not 4.",
    zh: "指令最后一个字母是操作数大小：B 1、W 2、L 4、Q 8 字节。amd64 上 MOVD 是 MOVQ 的别名：8 字节，不是 4。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOV AX, BX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVB $1, AX\n\tMOVW $1, AX\n\tMOVL $1, AX\n\tMOVQ $1, AX\n\tMOVD $1, AX\n\tRET").showing(&["MOV"]),
}
OperandOrder {
    name: "operand order",
    shapes: ["source", "destination", "操作数顺序"],
    en: "The destination comes last: MOVQ $16, AX is mov rax, 16 of Intel. Comparisons read in order: CMPQ AX, BX and JLT jumps if AX is less.",
    zh: "目的操作数在最后：MOVQ $16, AX 就是 Intel 的 mov rax, 16。比较按书写顺序：CMPQ AX, BX 后 JLT 在 AX 较小时跳转。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ AX, $16\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $16, AX\n\tRET").showing(&["MOVQ"]),
}
Immediate {
    name: "$",
    shapes: ["immediate", "constant", "立即数", "常数"],
    en: "$16 is the number 16, 16 alone is the memory at address 16. $x(SB) is the address of x, x(SB) the memory there. Fractions and strings are constants, too.",
    zh: "$16 是数 16，单独的 16 是地址 16 处的内存。$x(SB) 是 x 的地址，x(SB) 是那里的内存。小数和字符串也是常数。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tADDQ AX, $16\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $0x10, AX\n\tMOVQ $·x(SB), BX\n\tRET").showing(&["$16", "x(SB)"]),
}
MergedStores {
    name: "merged stores",
    shapes: ["137438953482", "combined stores", "合并存储"],
    en: "Two constants that go to neighbouring places of 4 bytes are stored as one of 8: 10 | 32<<32 is 137438953482.",
    zh: "两个要存到相邻 4 字节处的常数合并成一个 8 字节存储：10 | 32<<32 就是 137438953482。",
    right: Example::go(ADD).showing(&["$137438953482", "AX, (SP)"]),
}
Lea {
    name: "LEAQ",
    shapes: ["LEA", "load effective address", "LEAQ1", "LEAQ2"],
    en: "Computes an address and loads nothing: LEAQ 16(SP), BP is BP = SP + 16. The compiler also adds and multiplies with it: LEAQ (AX)(AX*2), CX is CX = 3*AX.",
    zh: "只计算地址，不读内存：LEAQ 16(SP), BP 即 BP = SP + 16。编译器也用它做加法和乘法：LEAQ (AX)(AX*2), CX 即 CX = 3*AX。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tLEAQ AX, BX\n\tRET"),
    right: Example::go("func f(n int64) int64 { return 3 * n }").showing(&["LEAQ"]),
}
Jump {
    name: "JMP",
    shapes: ["label", "jump", "跳转", "标签"],
    en: "Jumps to a label of the function, to n(PC), or to a function: JMP ·g(SB). Listings show targets inside of the function as decimal offsets.",
    zh: "跳到函数内的标签、n(PC) 或另一个函数：JMP ·g(SB)。列表里函数内的目标显示为十进制偏移。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP away\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP done\n\tINCQ AX\ndone:\n\tRET").showing(&["JMP"]),
}
ConditionalJump {
    name: "conditional jump",
    shapes: ["branch", "JNZ", "JZ", "JEQ", "JNE", "JLS", "JLT", "JHI", "JGT", "条件跳转"],
    en: "Jumps after a comparison. JEQ (JZ) jumps if the operands are equal or the result is zero, JNE (JNZ) if not. JLT, JGE, JLE, JGT compare with sign; JCS, JCC, JLS, JHI without. Listings print one name for each.",
    zh: "比较之后跳转。JEQ(JZ)在相等或结果为零时跳转，JNE(JNZ)相反。JLT、JGE、JLE、JGT 按有符号比较；JCS、JCC、JLS、JHI 按无符号。列表里每种只打印一个名字。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJXX 2(PC)\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tCMPQ AX, BX\n\tJNZ 2(PC)\n\tINCQ AX\n\tRET").showing(&["CMPQ", "JNE"]),
}
Registers {
    name: "registers",
    shapes: ["register", "AX", "BX", "CX", "DX", "SI", "DI", "R8", "R14", "R15", "general registers", "寄存器"],
    en: "AX BX CX DX SI DI BP SP R8 to R15, without the r or e of other assemblers; the instruction says how many bytes of them count. SP and BP are for the frame. X0 to X15, Y, Z and K are for vectors.",
    zh: "AX BX CX DX SI DI BP SP 和 R8 到 R15，不带其他汇编器的 r 或 e；用多少字节由指令决定。SP、BP 用于栈帧。X0 到 X15、Y、Z、K 用于向量。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $1, rax(SB)(BX)(CX)\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $101, R9\n\tRET").showing(&["R9"]),
}
Data {
    name: "DATA",
    shapes: ["数据"],
    en: "DATA name+offset(SB)/width, value fills bytes of a symbol; GLOBL defines it. The two may stand in any order. Bytes without DATA are zero.",
    zh: "DATA name+offset(SB)/width, value 填写符号的字节，由 GLOBL 定义符号。两者顺序任意。没有 DATA 的字节为零。",
    wrong: Example::assembly("DATA x(SB), $1\nGLOBL x(SB), 8, $8"),
    right: Example::assembly("DATA x+0(SB)/4, $18\nDATA x+4(SB)/4, $19\nGLOBL x(SB), 8, $8").showing(&["x ", "0x0000"]),
}
Globl {
    name: "GLOBL",
    shapes: ["global variable", "全局变量"],
    en: "GLOBL name(SB), flags, $size defines a variable. RODATA (8) makes it read-only, NOPTR (16) says that it holds no pointers.",
    zh: "GLOBL name(SB), flags, $size 定义变量。RODATA(8)使其只读，NOPTR(16)表示不含指针。",
    wrong: Example::assembly("GLOBL x(SB), 8, 8"),
    right: Example::assembly("GLOBL x(SB), 16, $8").showing(&["x "]),
}
Rodata {
    name: "RODATA",
    shapes: ["read-only data", "SRODATA", "只读数据"],
    en: "A flag of DATA and GLOBL, 8: the variable is in the read-only segment; writing to it is a fault. Without the flag it can be written.",
    zh: "DATA 和 GLOBL 的标志，值 8：变量在只读段，写入会出错。不加则可写。",
    wrong: Example::assembly("GLOBL x(SB), RODATA, $8"),
    right: Example::assembly("#include \"textflag.h\"\n\nDATA x(SB)/8, $1\nGLOBL x(SB), RODATA, $8").showing(&["SRODATA"]),
}
Noptr {
    name: "NOPTR",
    shapes: ["no pointers"],
    en: "A flag of DATA and GLOBL, 16: the data holds no pointers, so the garbage collector doesn't look at it.",
    zh: "DATA 和 GLOBL 的标志，值 16：数据不含指针，垃圾回收器不用扫描。",
    wrong: Example::assembly("GLOBL x(SB), NOPTR, $8"),
    right: Example::assembly("#include \"textflag.h\"\n\nGLOBL x(SB), NOPTR, $8").showing(&["NOPTR"]),
}
Dupok {
    name: "DUPOK",
    shapes: ["dupok"],
    en: "A flag, 2: several objects may define the symbol, and the linker takes one. Pointer maps have it.",
    zh: "标志，值 2：多个目标文件可以定义同一符号，链接器取其一。指针图就带这个标志。",
    right: Example::go(ADD).showing(&["dupok"]),
}
Noprof {
    name: "NOPROF",
    shapes: [],
    en: "A flag of TEXT, 1: don't profile the function. It has no effect any more.",
    zh: "TEXT 的标志，值 1：不对函数做性能分析。现在没有作用。",
    right: Example::assembly("#include \"textflag.h\"\n\nTEXT ·f(SB), NOPROF|NOSPLIT, $0-0\n\tRET").showing(&["TEXT"]),
}
Wrapper {
    name: "WRAPPER",
    shapes: [],
    en: "A flag of TEXT, 32: the function only passes a call on, so it doesn't count as a caller for recover, and checks at its start whether it is called while panicking.",
    zh: "TEXT 的标志，值 32：函数只是转交调用，recover 不把它算作调用者；它在开头检查是否在 panic 过程中被调用。",
    right: Example::assembly("#include \"textflag.h\"\n\nTEXT ·f(SB), WRAPPER, $8-0\n\tCALL ·g(SB)\n\tRET").showing(&["TEXT", "TESTQ"]),
}
Needctxt {
    name: "NEEDCTXT",
    shapes: ["closure", "闭包"],
    en: "A flag of TEXT, 64: the function is a closure and gets its variables through DX, so the stack check calls morestack, which keeps DX.",
    zh: "TEXT 的标志，值 64：函数是闭包，通过 DX 取得外层变量，所以栈检查调用会保留 DX 的 morestack。",
    right: Example::assembly("#include \"textflag.h\"\n\nTEXT ·f(SB), NEEDCTXT, $8-0\n\tCALL ·g(SB)\n\tRET").showing(&["TEXT", "morestack"]),
}
Textflag {
    name: "textflag.h",
    shapes: ["#include", "flags", "标志"],
    en: "The file with the names of flags: NOPROF 1, DUPOK 2, NOSPLIT 4, RODATA 8, NOPTR 16, WRAPPER 32, NEEDCTXT 64. It is built in.",
    zh: "定义标志名字的文件：NOPROF 1、DUPOK 2、NOSPLIT 4、RODATA 8、NOPTR 16、WRAPPER 32、NEEDCTXT 64。它是内置的。",
    wrong: Example::assembly("TEXT ·f(SB), NOSPLIT, $0-0\n\tRET"),
    right: Example::assembly("#include \"textflag.h\"\n\nTEXT ·f(SB), NOSPLIT, $0-0\n\tRET").showing(&["TEXT"]),
}
GoAsm {
    name: "go_asm.h",
    shapes: ["-asmhdr", "const_"],
    en: "The package's constants for its assembly: const N = 4 is const_N there. minigo writes it when it builds a package; -asmhdr FILE keeps it.",
    zh: "供汇编使用的包内常量：const N = 4 在其中叫 const_N。minigo 构建包时生成它；-asmhdr FILE 保存它。",
    wrong: Example::both("const N = 4\n\nfunc f() int", "TEXT ·f(SB), 4, $0-8\n\tMOVQ $const_N, ret+0(FP)\n\tRET"),
    right: Example::both("const N = 4\n\nfunc f() int", "#include \"go_asm.h\"\n\nTEXT ·f(SB), 4, $0-8\n\tMOVQ $const_N, ret+0(FP)\n\tRET").showing(&["$4"]),
}
Bodiless {
    name: "function without a body",
    shapes: ["assembly function", "汇编函数", "没有函数体"],
    en: "A declaration in Go without braces: the TEXT of a .s file of the package is its body. Go callers see its types, and vet compares both.",
    zh: "没有花括号的 Go 声明：函数体是包内 .s 文件里的 TEXT。Go 调用者看到它的类型，vet 会比较两者。",
    wrong: Example::both("func add(a, b int) int", "TEXT ·add(SB), 4, $0-8\n\tRET").vetted(),
    right: Example::both("func add(a, b int) int", "TEXT ·add(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET").vetted(),
}
CallingGo {
    name: "calling Go from assembly",
    shapes: ["call Go", "汇编调用"],
    en: "Write the arguments from 0(SP) up, CALL, read the results after them. The frame must have room for both.",
    zh: "把参数从 0(SP) 往上写，CALL，再从参数之后读结果。栈帧要容得下两者。",
    wrong: Example::both("func add(x, y int) int { return x + y }\n\nfunc twice(a int) int", "TEXT ·twice(SB), 0, $8-16\n\tMOVQ a+0(FP), AX\n\tMOVQ AX, 0(SP)\n\tMOVQ AX, 8(SP)\n\tCALL ·add(SB)\n\tMOVQ 16(SP), AX\n\tMOVQ AX, ret+8(FP)\n\tRET").vetted(),
    right: Example::both("func add(x, y int) int { return x + y }\n\nfunc twice(a int) int", "TEXT ·twice(SB), 0, $24-16\n\tMOVQ a+0(FP), AX\n\tMOVQ AX, 0(SP)\n\tMOVQ AX, 8(SP)\n\tCALL ·add(SB)\n\tMOVQ 16(SP), AX\n\tMOVQ AX, ret+8(FP)\n\tRET").vetted(),
}
RuntimeCall {
    name: "runtime call",
    shapes: ["run", "runtime.printlock", "runtime.panicdivide", "运行时调用"],
    en: "A part of the language that is a function of the runtime: print, panic, the panic of a division by zero. Its name begins with runtime.",
    zh: "由运行时函数实现的语言功能：print、panic、除以零时的 panic。名字以 runtime. 开头。",
    right: Example::go("func f(n int) { print(n) }").showing(&["CALL\truntime.print"]),
}
Objdump {
    name: "objdump",
    shapes: ["disassembly", "go tool objdump", "反汇编"],
    en: "A listing (-S) is what the compiler wrote: it has names of variables, FUNCDATA and PCDATA, empty places for addresses, and package \"\". objdump reads the linked program: bytes with real addresses, main.add, and none of the lines that have no bytes. The instructions are the same, but Go's objdump has Intel's names for some (JBE for JLS, MOVZX for MOVBLZX); minigo objdump has the assembler's.",
    zh: "列表(-S)是编译器写出的：有变量名、FUNCDATA 和 PCDATA，地址还空着，包名是 \"\"。objdump 读的是链接后的程序：字节里已是真实地址，函数叫 main.add，不占字节的行都没有了。指令是相同的，只是 Go 的 objdump 对有些指令用 Intel 的名字(JLS 写成 JBE，MOVBLZX 写成 MOVZX)；minigo objdump 用汇编器的名字。",
    right: Example::go(ADD).showing(&["CALL\t\"\".add", "\trel "]),
}
Pass {
    name: "pass",
    shapes: ["SSA", "GOSSAFUNC", "phase", "ssa.html", "opt", "lower", "regalloc", "prove", "阶段"],
    en: "A step of the compiler over one function in SSA form: opt simplifies, lower chooses instructions, regalloc assigns registers. minigo see shows one pass after the other, -why names those that made a line's value, and -d ssa/lower/dump=FUNC or GOSSAFUNC=FUNC prints the function after a pass or all of them.",
    zh: "编译器对一个 SSA 形式的函数做的一步：opt 化简，lower 选指令，regalloc 分配寄存器。minigo see 逐个显示各阶段，-why 说出一行的值由哪些阶段生成，-d ssa/lower/dump=FUNC 或 GOSSAFUNC=FUNC 打印某个或所有阶段之后的函数。",
    right: Example::go(ADD),
}
ValueNumber {
    name: "v12",
    shapes: ["value", "SSA value", "value id", "block", "phi", "值"],
    en: "In dumps and behind the reasons of -why, v12 is a value: the result of one operation. It is never assigned twice; where ways meet, Phi chooses. b1 is a block: values without a jump between them. Numbers of values that a pass removes are used again by later ones.",
    zh: "在阶段的输出和 -why 的方括号里，v12 是一个值：一次运算的结果。值只赋一次；几条路汇合时由 Phi 选择。b1 是一个块：中间没有跳转的一串值。被某个阶段删去的值，编号会给后来的值再用。",
    right: Example::go(ADD),
}
Relocation {
    name: "rel",
    shapes: ["relocation", "重定位"],
    en: "rel 44+4 t=8 \"\".add+0: the 4 bytes at offset 44 are filled in by the linker, as kind 8 (a call) says, with the distance to add.",
    zh: "rel 44+4 t=8 \"\".add+0：偏移 44 处的 4 字节由链接器填写，类型 8(调用)表示填到 add 的距离。",
    right: Example::go(ADD).showing(&["\trel "]),
}
DebuggingEntry {
    name: "SDWARFINFO",
    shapes: ["go.cuinfo.packagename.", "go:cuinfo.producer.", "SDWARFCUINFO", "DWARF", "debugging information", "调试信息"],
    en: "Debugging information, which -S lists because it lists every symbol: go.cuinfo.packagename. is the package's name, for the linker. Go 1.27 has go:cuinfo.producer. with the compiler's flags.",
    zh: "调试信息。-S 列出所有符号，所以也有它：go.cuinfo.packagename. 是包名，供链接器用。Go 1.27 是 go:cuinfo.producer.，存编译器的选项。",
    right: Example::go(ADD).showing(&["go.cuinfo.packagename. SDWARFINFO dupok size=0"]),
}
Bytes {
    name: "BYTE",
    shapes: ["WORD", "LONG", "QUAD", "machine code", "机器码"],
    en: "Puts bytes into the code, for instructions that the assembler doesn't have. In listings the bytes of a function follow its instructions, sixteen a line.",
    zh: "把字节直接放进代码，用于汇编器没有的指令。列表里函数的字节在指令之后，每行十六个。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tBYTE 0x90\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tBYTE $0x90\n\tRET").showing(&["BYTE"]),
}
Simd {
    name: "SIMD",
    shapes: ["AVX", "SSE", "vector instructions", "向量指令"],
    en: "Vector instructions have their Plan 9 names with the operands of Intel's manuals in reverse order, destination last.",
    zh: "向量指令用 Plan 9 名字，操作数顺序与 Intel 手册相反，目的操作数在最后。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tVPADDD X0, X1\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tVPADDD Y0, Y1, Y2\n\tRET").showing(&["VPADDD"]),
}
PseudoAssembly {
    name: "pseudo-assembly",
    shapes: ["Plan 9 assembly", "semi-abstract", "伪汇编"],
    en: "Go's assembly is one step above the machine: TEXT makes a prologue, RET closes the frame, FP and SB are addresses yet to be computed, MOVQ $0, AX may become another instruction. The listing shows the result.",
    zh: "Go 汇编比机器高一层：TEXT 产生函数序言，RET 关闭栈帧，FP 和 SB 是待计算的地址，MOVQ $0, AX 可能变成别的指令。列表显示结果。",
    right: Example::assembly("TEXT ·f(SB), 0, $8-8\n\tMOVQ a+0(FP), AX\n\tCALL ·g(SB)\n\tRET").showing(&["0x00"]),
}
}
