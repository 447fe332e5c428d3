//! The codes of messages of the assembler, the linker and `vet`. Go has no names for them; these are in the style of its
//! others.

use super::entry::{Entry, Example, entries};
use crate::lang::Text;

entries! {
/// A code of messages about assembly.
AssemblyCode;

UnknownInstruction {
    shapes: ["unrecognized instruction *", "*cannot find assembly opcode"],
    en: "Plan 9 has no such mnemonic. Names are upper-case and often end in the size of the operands: MOVQ, not mov.",
    zh: "Plan 9 没有这条指令。指令名用大写，常以操作数大小结尾：MOVQ，而不是 mov。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOV AX, BX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ AX, BX\n\tRET"),
}
InvalidInstruction {
    shapes: ["invalid instruction: *", "*: invalid instruction: *", "alignment value of an instruction must be *", "PCALIGNMAX 'amount' * must be *", "asmins: missing op *", "asmins: illegal in 64-bit mode: *", "invalid encoding for argument *"],
    en: "The instruction exists, but not with these operands. At most one operand can be in memory, and most constants have 32 bits. The hint below the message lists the forms.",
    zh: "指令存在，但没有这样的操作数组合。最多一个操作数在内存里，常数大多只有 32 位。消息下的 hint 列出可用的形式。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX), (BX)\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX), CX\n\tMOVQ CX, (BX)\n\tRET"),
}
WrongOperandCount {
    shapes: ["wrong number of arguments to * instruction", "can't handle * instruction with * operands", "expect * operands for *", "expect one operand for *"],
    en: "The instruction or directive has more or fewer operands than it takes.",
    zh: "指令或伪指令的操作数个数不对。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPCDATA $1\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPCDATA $1, $0\n\tRET"),
}
BadAddress {
    shapes: ["asmand: bad address *", "asmidx: bad address *", "bad scale: *", "unexpected addr1: *", "bad address *"],
    en: "The processor can't form the address: a base register, plus an index register times 1, 2, 4 or 8, plus 32 bits. SP can't be an index.",
    zh: "处理器无法形成该地址：基址寄存器，加变址寄存器乘以 1、2、4 或 8，加 32 位偏移。SP 不能作变址寄存器。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX)(CX*3), DX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX)(CX*4), DX\n\tRET"),
}
OffsetTooLarge {
    shapes: ["offset too large in *"],
    en: "The offset of an address has 32 bits in the machine code.",
    zh: "机器码里地址偏移只有 32 位。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tLEAQ 0x100000000(AX), BX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $0x100000000, BX\n\tADDQ AX, BX\n\tRET"),
}
MissingSymbolName {
    shapes: ["cannot reference * without a symbol"],
    en: "An argument is written with its name: a+0(FP). FP and SB are no registers of the processor, so the name says what is meant, and vet checks it.",
    zh: "引用参数要带名字：a+0(FP)。FP 和 SB 不是处理器的寄存器，名字说明指什么，vet 会检查它。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-8\n\tMOVQ 0(FP), AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-8\n\tMOVQ a+0(FP), AX\n\tRET"),
}
MissingPseudoRegister {
    shapes: ["illegal or missing addressing mode for symbol *"],
    en: "A name stands alone. A symbol is written with (SB), an argument with (FP), a local with (SP); a flag such as NOSPLIT needs #include \"textflag.h\".",
    zh: "名字单独出现。符号要写 (SB)，参数写 (FP)，局部变量写 (SP);NOSPLIT 这类标志需要 #include \"textflag.h\"。",
    wrong: Example::assembly("TEXT ·f(SB), NOSPLIT, $0-0\n\tRET"),
    right: Example::assembly("#include \"textflag.h\"\n\nTEXT ·f(SB), NOSPLIT, $0-0\n\tRET"),
}
PseudoRegister {
    shapes: ["illegal use of pseudo-register in *", "cannot use pseudo-register in pair", "expected pseudo-register; found *", "illegal addressing mode for PC"],
    en: "FP, SB and PC aren't registers of the processor: they can't be moved or used as operands, only name places.",
    zh: "FP、SB、PC 不是处理器的寄存器：不能移动，不能作操作数，只用来指明位置。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-8\n\tMOVQ FP, AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-8\n\tLEAQ a+0(FP), AX\n\tRET"),
}
NotARegister {
    shapes: ["expected register; found *", "indirect through non-register *", "expected simple register reference", "prefix * not allowed for register: *", "expected register", "expected '(', found *"],
    en: "A register is wanted. Plan 9 names are AX, BX, R8: without % or $, and without the r and e of other assemblers.",
    zh: "这里需要寄存器。Plan 9 的寄存器名是 AX、BX、R8：不带 % 或 $，也没有其他汇编器的 r、e 前缀。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX)(rax*1), BX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX), BX\n\tRET"),
}
RegisterPair {
    shapes: ["(register,register) not supported on this architecture", "(register+register) not supported on this architecture", "unimplemented two-register form", "indirect through register pair"],
    en: "Pairs of registers are operands of other processors.",
    zh: "寄存器对是其他处理器的操作数形式。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX, BX), CX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ (AX)(BX*1), CX\n\tRET"),
}
RegisterList {
    shapes: ["register list: *", "illegal use of register list"],
    en: "A list of vector registers is written [Z0-Z3], from low to high.",
    zh: "向量寄存器列表写作 [Z0-Z3]，从小到大。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tV4FMADDPS (AX), [Z0+Z3], K1, Z4\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tV4FMADDPS (AX), [Z0-Z3], K1, Z4\n\tRET"),
}
UndefinedLabel {
    shapes: ["undefined label *"],
    en: "The function has no such label. Labels belong to their function; a function of another name is written name(SB).",
    zh: "函数里没有这个标签。标签只属于所在函数；跳到别的函数要写 name(SB)。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP done\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP done\ndone:\n\tRET"),
}
RepeatedLabel {
    shapes: ["label * multiply defined"],
    en: "A function has the label twice.",
    zh: "函数里同一个标签出现了两次。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\nagain:\n\tNOP\nagain:\n\tJMP again"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\nagain:\n\tNOP\n\tJMP again"),
}
BadJump {
    shapes: ["cannot assemble jump *", "branch out of range*", "loop too far: *", "call without target"],
    en: "A jump goes to a label, to n(PC) inside of the function, or to a symbol. LOOP, JCXZQ and XBEGIN reach 127 bytes at most.",
    zh: "跳转目标是标签、函数内的 n(PC) 或符号。LOOP、JCXZQ 最多跳 127 字节。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP 9(PC)\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP 2(PC)\n\tNOP\n\tRET"),
}
AbiSelector {
    shapes: ["ABI selector only permitted when compiling runtime*", "malformed ABI selector *", "TEXT *: ABIInternal requires NOSPLIT"],
    en: "name<ABIInternal>(SB) is a function with the calling convention of compiled code, which changes from version to version. Only packages of Go's own library may say so, and such functions in assembly must be NOSPLIT.",
    zh: "name<ABIInternal>(SB) 指使用编译后代码调用约定的函数，该约定随版本变化。只有 Go 自己的库可以这样写，并且汇编里的这种函数必须是 NOSPLIT。",
    wrong: Example::assembly("TEXT ·f<ABIInternal>(SB), 4, $0-0\n\tRET").newest(),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJMP ·g(SB)"),
}
MisplacedBuildLine {
    shapes: ["misplaced //go:build comment"],
    en: "A //go:build line must come before everything but comments and blank lines, or the build doesn't see it.",
    zh: "//go:build 行必须在注释和空行以外的一切内容之前，否则构建时不会被识别。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tRET\n\n//go:build amd64").newest(),
    right: Example::assembly("//go:build amd64\n\nTEXT ·f(SB), 4, $0-0\n\tRET"),
}
DuplicateSymbol {
    shapes: ["symbol * listed multiple times", "InitTextSym double init for *", "duplicate *", "duplicated definition of symbol *", "* redeclared*"],
    en: "Two TEXT or GLOBL define the same symbol. name<>(SB) is a symbol of its own in each file.",
    zh: "两个 TEXT 或 GLOBL 定义了同一个符号。name<>(SB) 在每个文件里各是一个符号。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tRET\nTEXT ·f(SB), 4, $0-0\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tRET\nTEXT ·g(SB), 4, $0-0\n\tRET"),
}
NotASymbol {
    shapes: ["* symbol * must be a symbol(SB)", "* symbol * must not be offset from SB"],
    en: "TEXT, DATA and GLOBL define symbols, written name(SB).",
    zh: "TEXT、DATA、GLOBL 定义符号，写作 name(SB)。",
    wrong: Example::assembly("TEXT f+8(SB), 4, $0-0\n\tRET"),
    right: Example::assembly("TEXT f(SB), 4, $0-0\n\tRET"),
}
WrongFrameSize {
    shapes: ["TEXT *: frame size must be an immediate constant", "unaligned stack size *"],
    en: "The last operand of TEXT is $frame-args: the bytes of the function's frame, a multiple of 8, then those of its arguments and results.",
    zh: "TEXT 的最后一个操作数是 $frame-args：栈帧字节数(8 的倍数)，然后是参数和结果的字节数。",
    wrong: Example::assembly("TEXT ·f(SB), 4, 16-8\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $16-8\n\tRET"),
}
WrongArgumentForm {
    shapes: ["TEXT *: argument size must be of form -integer"],
    en: "After the frame size stands a minus sign and the bytes of arguments and results: $16-24. It isn't a subtraction.",
    zh: "栈帧大小后面是减号和参数加结果的字节数：$16-24。它不是减法。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $16-AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $16-24\n\tRET"),
}
ExpectedConstant {
    shapes: ["*: expected immediate constant; found *", "*: expected integer constant; found *"],
    en: "The operand is a constant: $4 for sizes and tables, a number for flags.",
    zh: "操作数应为常数：大小和表号写 $4，标志写数字。",
    wrong: Example::assembly("GLOBL x(SB), AX, $8"),
    right: Example::assembly("GLOBL x(SB), 16, $8"),
}
DataSize {
    shapes: ["bad * size for DATA argument: *", "bad size for DATA argument: *", "expect /size for DATA argument", "WriteString: bad string size*"],
    en: "DATA is written name+offset(SB)/width: a width of 1, 2, 4 or 8 for numbers, 4 or 8 for fractions, 8 for addresses, and for strings at least their length.",
    zh: "DATA 写作 name+offset(SB)/width：整数宽度 1、2、4 或 8，小数 4 或 8，地址 8，字符串不小于其长度。",
    wrong: Example::assembly("DATA x(SB)/3, $1\nGLOBL x(SB), 8, $8"),
    right: Example::assembly("DATA x(SB)/4, $1\nGLOBL x(SB), 8, $8"),
}
DataValue {
    shapes: ["DATA value must be an immediate constant or address", "cannot supply data for *", "prepwrite: *", "DATA of * ends at *, GLOBL at *"],
    en: "The value of DATA is a constant, a string or an address, with $ before it, and lies inside of the size that GLOBL states.",
    zh: "DATA 的值是常数、字符串或地址，前面带 $，并且在 GLOBL 给出的大小之内。",
    wrong: Example::assembly("DATA x(SB)/8, AX\nGLOBL x(SB), 8, $8"),
    right: Example::assembly("DATA x(SB)/8, $7\nGLOBL x(SB), 8, $8"),
}
OverlappingData {
    shapes: ["overlapping DATA entry for *"],
    en: "Two DATA of a symbol fill the same bytes, or stand in the wrong order.",
    zh: "同一符号的两个 DATA 填了相同的字节，或顺序不对。",
    wrong: Example::assembly("DATA x+0(SB)/8, $1\nDATA x+4(SB)/4, $2\nGLOBL x(SB), 8, $8"),
    right: Example::assembly("DATA x+0(SB)/4, $1\nDATA x+4(SB)/4, $2\nGLOBL x(SB), 8, $8"),
}
ImmediateOnly {
    shapes: ["floating-point constant must be an immediate", "string constant must be an immediate"],
    en: "Fractions and strings are written with $: without it, a number is an address.",
    zh: "小数和字符串前面要有 $：没有 $ 的数是地址。",
    wrong: Example::assembly("DATA pi(SB)/8, 3.14\nGLOBL pi(SB), 8, $8"),
    right: Example::assembly("DATA pi(SB)/8, $3.14\nGLOBL pi(SB), 8, $8"),
}
BadExpression {
    shapes: ["unexpected * evaluating expression", "unexpected * evaluating float expression", "missing closing paren", "missing right parenthesis", "modulo by zero", "negative left shift count", "negative right shift count", "right shift of value with high bit set", "divide of value with high bit set", "modulo of value with high bit set", "expression is nested too deeply"],
    en: "A constant is an expression of numbers: + - * / % << >> & | and parentheses, in 64 bits without sign.",
    zh: "常数是数的表达式：+ - * / % << >> & | 和括号，按 64 位无符号计算。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $(1+size), AX\n\tRET"),
    right: Example::assembly("#define size 8\n\nTEXT ·f(SB), 4, $0-0\n\tMOVQ $(1+size), AX\n\tRET"),
}
BadText {
    shapes: ["string parse error: *", "invalid char literal", "invalid char escape", "literal not terminated", "illegal UTF-8 encoding for character constant", "invalid syntax", "value out of range"],
    en: "A string or character is written wrongly; they follow Go's rules.",
    zh: "字符串或字符写法不对；规则与 Go 相同。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVB $'\\z', AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVB $'z', AX\n\tRET"),
}
UnexpectedWord {
    shapes: ["expected *, found *", "missing operand", "unexpected EOF", "expected end of operand, found *", "expected identifier, found *", "unexpected newline*"],
    en: "The line isn't an instruction: a comma is missing, or something stands after the operand. A file whose last line has no newline ends unexpectedly, too.",
    zh: "这一行不是一条指令：缺少逗号，或操作数后面有多余内容。最后一行没有换行符也会报意外的 EOF。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ AX BX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ AX, BX\n\tRET"),
}
BadMacro {
    shapes: ["* in definition for macro: *", "missing newline in definition for macro: *", "bad * definition for macro: *", "redefinition of macro: *", "#undef for undefined macro: *", "syntax error in #undef for macro: *", "bad syntax in definition for macro: *"],
    en: "#define NAME text, or #define NAME(a, b) text with parameters that differ; a macro is defined once.",
    zh: "#define NAME 文本，或 #define NAME(a, b) 文本，参数名不能重复；宏只定义一次。",
    wrong: Example::assembly("#define SIZE 8\n#define SIZE 16\nTEXT ·f(SB), 4, $0-0\n\tRET"),
    right: Example::assembly("#define SIZE 8\nTEXT ·f(SB), 4, $SIZE-0\n\tRET"),
}
MacroCall {
    shapes: ["wrong arg count for macro *", "unterminated arg list invoking macro: *", "recursive macro invocation", "input recursion"],
    en: "A macro is used with another number of arguments than it was defined with, or expands to itself.",
    zh: "宏的实参个数与定义不同，或宏展开成自身。",
    wrong: Example::assembly("#define MOVE(a, b) MOVQ a, b\nTEXT ·f(SB), 4, $0-0\n\tMOVE(AX)\n\tRET"),
    right: Example::assembly("#define MOVE(a, b) MOVQ a, b\nTEXT ·f(SB), 4, $0-0\n\tMOVE(AX, BX)\n\tRET"),
}
BadPreprocessing {
    shapes: ["unmatched #else", "unmatched #endif", "unclosed #ifdef or #ifndef", "unexpected token after '#': *", "expected * after '#' ; got *", "expected identifier after # directive*", "expected * ; got *", "'#' must be first item on line", "unquoting *", "unexpected token at end of #line: *"],
    en: "Lines that start with # are for the preprocessor: #define, #undef, #include, #ifdef, #ifndef, #else, #endif and #line. There is no #if.",
    zh: "以 # 开头的行是预处理指令：#define、#undef、#include、#ifdef、#ifndef、#else、#endif、#line。没有 #if。",
    wrong: Example::assembly("#if 1\nTEXT ·f(SB), 4, $0-0\n\tRET\n#endif"),
    right: Example::assembly("#ifndef SMALL\nTEXT ·f(SB), 4, $0-0\n\tRET\n#endif"),
}
MissingInclude {
    shapes: ["#include: *"],
    en: "The included file isn't found: beside the file, or in the folders that -I names. textflag.h and funcdata.h are built in.",
    zh: "找不到被包含的文件：它应在同一目录，或在 -I 指定的目录。textflag.h 和 funcdata.h 是内置的。",
    wrong: Example::assembly("#include \"flags.h\"\nTEXT ·f(SB), 4, $0-0\n\tRET"),
    right: Example::assembly("#include \"textflag.h\"\nTEXT ·f(SB), NOSPLIT, $0-0\n\tRET"),
}
UnbalancedStack {
    shapes: ["unbalanced PUSH/POP", "*: unbalanced PUSH/POP"],
    en: "At a RET the function has pushed more than it popped, or the other way round, so that RET would not find the return address.",
    zh: "执行到 RET 时 PUSH 和 POP 不平衡，RET 找不到返回地址。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPUSHQ AX\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPUSHQ AX\n\tPOPQ AX\n\tRET"),
}
BadFuncdata {
    shapes: ["multiple definitions for FUNCDATA *", "FUNCDATA use of go_args_stackmap(SB) without *", "*: FUNCDATA use of * without *", "bad funcdata: *"],
    en: "A function has each FUNCDATA table once. Hand-written code needs none but GO_ARGS of funcdata.h, and that only if it calls.",
    zh: "每个 FUNCDATA 表在函数里只能出现一次。手写代码只在有调用时需要 funcdata.h 的 GO_ARGS。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tFUNCDATA $0, x(SB)\n\tFUNCDATA $0, y(SB)\n\tRET"),
    right: Example::assembly("#include \"funcdata.h\"\n\nTEXT ·f(SB), 4, $0-0\n\tGO_ARGS\n\tRET"),
}
VectorForm {
    shapes: ["Z suffix should be the last*", "mask register must be specified for .Z instructions: *", "* has the suffix Z but no mask register: *", "need a third arg for gather instruction: *", "unknown suffix *", "duplicate suffix *", "can't combine rounding/SAE and broadcast*", "bad suffix combination*", "unsupported *: *", "illegal * with *: *", "mask, index, and destination registers should be distinct: *", "mask, index, and destination *", "index and destination registers should be distinct: *"],
    en: "A suffix of an AVX-512 instruction, or its registers, don't go together: .Z is last and needs a mask, .BCST needs memory, rounding needs registers, a gather three different registers.",
    zh: "AVX-512 指令的后缀或寄存器不能这样组合：.Z 在最后并需要掩码，.BCST 需要内存操作数，舍入需要寄存器，gather 需要三个不同的寄存器。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tVADDPD.Z.BCST (AX), Z1, K1, Z2\n\tRET"),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tVADDPD.BCST.Z (AX), Z1, K1, Z2\n\tRET"),
}
SharedCode {
    shapes: ["* with -dynlink", "*when dynamic linking, R15 is clobbered *", "unknown TLS base register*", "invalid load of TLS: *", "non-retpoline-compatible: *", "* has offset against gotref", "need reloc for *", "reloc*"],
    en: "With -shared, -dynlink or -spectre the assembler rewrites how code reaches symbols and where it jumps, and can't rewrite this instruction. Without these flags it assembles.",
    zh: "使用 -shared、-dynlink 或 -spectre 时，汇编器要改写访问符号和跳转的方式，而这条指令无法改写。去掉这些选项就能汇编。",
    wrong: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ $·x(SB), 8(SP)\n\tRET").shared(),
    right: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVQ ·x(SB), AX\n\tRET"),
}
NosplitOverflow {
    shapes: ["*: nosplit stack overflow", "*: nosplit stack check too deep", "nosplit stack over 792 byte limit", "nosplit stack over * byte limit"],
    en: "NOSPLIT functions don't check the stack, so all that call each other must fit into the reserve below the guard: 792 bytes in Go 1.15. The lines below the message count it down.",
    zh: "NOSPLIT 函数不检查栈，因此相互调用的一整条链必须放进警戒值以下的保留区：Go 1.15 为 792 字节。消息下面各行逐步扣减。",
    wrong: Example::both("func f()\nfunc g()\n\nfunc main() { f() }", "TEXT ·f(SB), 4, $1000-0\n\tCALL ·g(SB)\n\tRET\n\nTEXT ·g(SB), 4, $0-0\n\tRET").linked(),
    right: Example::both("func f()\nfunc g()\n\nfunc main() { f() }", "TEXT ·f(SB), 0, $1000-0\n\tCALL ·g(SB)\n\tRET\n\nTEXT ·g(SB), 4, $0-0\n\tRET").linked(),
}
UndefinedSymbol {
    shapes: ["*: relocation target * not defined", "relocation target * not defined", "relocation target not found", "entry symbol * not defined"],
    en: "No object defines the symbol: a function without a body has no TEXT, a name is misspelled, or name<> is another file's.",
    zh: "没有任何目标文件定义该符号：没有函数体的函数缺少 TEXT，名字拼错，或 name<> 属于别的文件。",
    wrong: Example::both("func f()\n\nfunc main() { f() }", "TEXT ·g(SB), 4, $0-0\n\tRET").linked(),
    right: Example::both("func f()\n\nfunc main() { f() }", "TEXT ·f(SB), 4, $0-0\n\tRET").linked(),
}
WrongArgumentSize {
    shapes: ["[amd64] *: wrong argument size *; expected $...-*", "*wrong argument size *"],
    en: "The number after the minus sign of TEXT is the size of all parameters and results of the Go declaration, aligned as in a struct; results start at a multiple of 8.",
    zh: "TEXT 减号后面的数，是 Go 声明里全部参数与结果的大小，像结构体一样对齐；结果从 8 的倍数开始。",
    wrong: Example::both("func add(a, b int) int", "TEXT ·add(SB), 4, $0-8\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET").vetted(),
    right: Example::both("func add(a, b int) int", "TEXT ·add(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET").vetted(),
}
WrongArgumentOffset {
    shapes: ["*invalid offset *; expected *", "*unknown variable *", "*unknown variable *; offset * is *", "*should be *", "*points beyond argument frame", "*to access argument frame", "*use of unnamed argument *", "*is outside of the arguments*"],
    en: "The name and the offset of an argument don't belong together. Results without a name are ret, ret1, ret2.",
    zh: "参数的名字与偏移不一致。没有名字的结果叫 ret、ret1、ret2。",
    wrong: Example::both("func id(a, b int) int", "TEXT ·id(SB), 4, $0-24\n\tMOVQ b+0(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET").vetted(),
    right: Example::both("func id(a, b int) int", "TEXT ·id(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET").vetted(),
}
WrongOperandSize {
    shapes: ["*invalid * of *; * is *-byte value", "*invalid * of *"],
    en: "The instruction moves another number of bytes than the argument has: MOVB 1, MOVW 2, MOVL 4, MOVQ 8.",
    zh: "指令搬运的字节数与参数大小不同：MOVB 1,MOVW 2,MOVL 4,MOVQ 8。",
    wrong: Example::both("func id(a int32) int32", "TEXT ·id(SB), 4, $0-12\n\tMOVQ a+0(FP), AX\n\tMOVL AX, ret+8(FP)\n\tRET").vetted(),
    right: Example::both("func id(a int32) int32", "TEXT ·id(SB), 4, $0-12\n\tMOVL a+0(FP), AX\n\tMOVL AX, ret+8(FP)\n\tRET").vetted(),
}
MissingDeclaration {
    shapes: ["*function * missing Go declaration"],
    en: "An assembly function without a declaration in Go can't be called from Go, and nobody checks its arguments.",
    zh: "没有 Go 声明的汇编函数不能从 Go 调用，它的参数也没有人检查。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $0-0\n\tRET\nTEXT ·g(SB), 4, $0-0\n\tRET").vetted(),
    right: Example::both("func f()\nfunc g()", "TEXT ·f(SB), 4, $0-0\n\tRET\nTEXT ·g(SB), 4, $0-0\n\tRET").vetted(),
}
MissingResult {
    shapes: ["*RET without writing to *"],
    en: "The function returns before it has written its result.",
    zh: "函数在写入结果之前就返回了。",
    wrong: Example::both("func one() int", "TEXT ·one(SB), 4, $0-8\n\tMOVQ $1, AX\n\tRET").vetted(),
    right: Example::both("func one() int", "TEXT ·one(SB), 4, $0-8\n\tMOVQ $1, ret+0(FP)\n\tRET").vetted(),
}
FrameBounds {
    shapes: ["*is outside of the frame*", "*its arguments do not fit*"],
    en: "The code reads or writes beyond the frame that TEXT states, or calls a function whose arguments have no room in it.",
    zh: "代码读写超出了 TEXT 声明的栈帧，或调用的函数的参数在栈帧里放不下。",
    wrong: Example::both("func f()", "TEXT ·f(SB), 4, $8-0\n\tMOVQ $1, x-16(SP)\n\tRET").vetted(),
    right: Example::both("func f()", "TEXT ·f(SB), 4, $16-0\n\tMOVQ $1, x-16(SP)\n\tRET").vetted(),
}
    ClobberedFramePointer {
        shapes: ["frame pointer is clobbered before saving"],
        en: "The function writes BP and has no frame, so that nothing saves the caller's BP: profilers and tracebacks lose their way. With a frame the assembler saves and restores it.",
        zh: "函数改写了 BP 却没有栈帧，调用方的 BP 没有保存：性能分析和回溯会迷路。有栈帧时汇编器会保存并恢复它。",
        wrong: Example::both("func f()", "TEXT ·f(SB), 4, $0-0\n\tMOVQ $1, BP\n\tRET").vetted_newest(),
        right: Example::both("func f()", "TEXT ·f(SB), 4, $8-0\n\tMOVQ $1, BP\n\tRET").vetted_newest(),
    }
}
