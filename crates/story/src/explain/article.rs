//! What articles on Go's assembly say and today's tools contradict.

use super::entry::Example;
use crate::lang::Text;

/// An article.
#[derive(Clone, Copy, Debug)]
pub struct Article {
    /// The name to ask for.
    pub name: &'static str,
    /// Its title.
    pub title: Text,
    /// The statements that don't hold, in their order.
    pub statements: &'static [Statement],
}

/// A statement of an article that today's tools contradict.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The statement of the article.
    pub says: Text,
    /// The fact.
    pub fact: Text,
    /// The command that shows it, on the example's files `x.go` and `x.s`.
    pub command: &'static [&'static str],
    /// The files.
    pub example: Example,
    /// Parts of lines of the command's output that show it.
    pub shows: &'static [&'static str],
}

const ADD: Example = Example::go(
    "package main\n\n//go:noinline\nfunc add(a, b int32) (int32, bool) { return a + b, true }\n\nfunc main() { add(10, 32) }",
);

const BUILD: &[&str] = &["build", "-S", "x.go"];
const ASM: &[&str] = &["asm", "-S", "-o", "x.o", "x.s"];
const VET: &[&str] = &["vet", "x.go", "x.s"];

/// The articles.
pub const ARTICLES: &[Article] = &[PRIMER, PLAN9];

/// Clement Rey, Go Internals, chapter I, and its translation.
const PRIMER: Article = Article {
    name: "go-internals",
    title: Text {
        en: "Chapter I: A Primer on Go Assembly",
        zh: "第一章：Go 汇编入门",
    },
    statements: &[
        Statement {
            says: Text {
                en: "0x0000 TEXT \"\".add(SB), NOSPLIT, $0-16",
                zh: "0x0000 TEXT \"\".add(SB), NOSPLIT, $0-16",
            },
            fact: Text {
                en: "That is the line of Go 1.10. Since Go 1.12 a compiled function has the word ABIInternal. -go 1.10 prints the article's line.",
                zh: "这是 Go 1.10 的行。Go 1.12 起，编译出的函数带有 ABIInternal。-go 1.10 打印文中的行。",
            },
            command: BUILD,
            example: ADD,
            shows: &["TEXT\t\"\".add"],
        },
        Statement {
            says: Text {
                en: "0x0000 FUNCDATA $0, gclocals·f207267fbf96a0178e8758c6e3e0ce28(SB)",
                zh: "0x0000 FUNCDATA $0, gclocals·f207267fbf96a0178e8758c6e3e0ce28(SB)",
            },
            fact: Text {
                en: "The name is a hash of the map. Go 1.10 has a bit for each word of the arguments; Go 1.15 has none if no argument is a pointer, so both maps of add are the same symbol.",
                zh: "名字是指针图内容的散列。Go 1.10 为参数的每个字留一位；Go 1.15 在没有指针参数时一位也没有，所以 add 的两个图是同一个符号。",
            },
            command: BUILD,
            example: ADD,
            shows: &["FUNCDATA\t$0"],
        },
        Statement {
            says: Text {
                en: "0x002b PCDATA $0, $0 stands before the CALL.",
                zh: "CALL 之前是 0x002b PCDATA $0, $0。",
            },
            fact: Text {
                en: "In Go 1.15 table 0 says where a goroutine can be stopped, and the pointer map of the call is table 1's: PCDATA $1, $0.",
                zh: "Go 1.15 里，表 0 表示 goroutine 能否在此停下，调用处的指针图由表 1 表示：PCDATA $1, $0。",
            },
            command: BUILD,
            example: ADD,
            shows: &["PCDATA\t$1, $0"],
        },
        Statement {
            says: Text {
                en: "objdump: 000000000044d980 g F .text 000000000000000f main.add",
                zh: "objdump: 000000000044d980 g F .text 000000000000000f main.add",
            },
            fact: Text {
                en: "The function of the article has 20 bytes, not 15: RET is at 0x13 and has one byte.",
                zh: "文中的函数是 20 字节，不是 15:RET 在 0x13，占 1 字节。",
            },
            command: BUILD,
            example: ADD,
            shows: &["\"\".add STEXT"],
        },
        Statement {
            says: Text {
                en: "add is NOSPLIT because it has no local variables and no stack frame of its own.",
                zh: "add 没有任何局部变量且没有它自己的栈帧，所以是 NOSPLIT。",
            },
            fact: Text {
                en: "A function with a frame is NOSPLIT, too, if it calls nothing and the frame is below 128 bytes.",
                zh: "有栈帧的函数，只要不调用别的函数且栈帧小于 128 字节，同样是 NOSPLIT。",
            },
            command: &["build", "-S", "-N", "x.go"],
            example: Example::go(
                "package main\n\nfunc add(a, b int32) int32 {\n\tsum := a + b\n\treturn sum\n}\n\nfunc main() { add(10, 32) }",
            ),
            shows: &["TEXT\t\"\".add", "SUBQ\t$16"],
        },
        Statement {
            says: Text {
                en: "Go's calling convention demands that every argument is passed on the stack.",
                zh: "Go 的调用规约要求每一个参数都通过栈来传递。",
            },
            fact: Text {
                en: "Since Go 1.17 compiled functions get their first nine integers in AX, BX, CX, DI, SI, R8, R9, R10 and R11, and return them there. Hand-written functions still use the stack.",
                zh: "Go 1.17 起，编译出的函数用 AX、BX、CX、DI、SI、R8、R9、R10、R11 传递前九个整数，结果也用它们返回。手写函数仍然用栈。",
            },
            command: &["build", "-S", "-go", "1.27", "x.go"],
            example: ADD,
            shows: &["TEXT\tmain.add", "ADDL", "$10, AX", "$32, BX"],
        },
        Statement {
            says: Text {
                en: "The compiler doesn't generate any instruction of the PUSH and POP family.",
                zh: "Go 编译器不会生成任何 PUSH/POP 族的指令。",
            },
            fact: Text {
                en: "Since Go 1.21 a frame is opened by PUSHQ BP and closed by POPQ BP.",
                zh: "Go 1.21 起，栈帧由 PUSHQ BP 打开，由 POPQ BP 关闭。",
            },
            command: &["build", "-S", "-go", "1.27", "x.go"],
            example: ADD,
            shows: &["PUSHQ\tBP", "POPQ\tBP"],
        },
        Statement {
            says: Text {
                en: "The prologue loads g from (TLS).",
                zh: "prologue 从 (TLS) 取得当前 g 的指针。",
            },
            fact: Text {
                en: "Since Go 1.17 R14 holds g in compiled functions, so that the check is two instructions.",
                zh: "Go 1.17 起，编译出的函数里 R14 保存 g，所以检查只要两条指令。",
            },
            command: &["build", "-S", "-go", "1.27", "x.go"],
            example: ADD,
            shows: &["16(R14)"],
        },
        Statement {
            says: Text {
                en: "To make the stack split work, the compiler inserts instructions at the beginning and the end of every function.",
                zh: "为了使栈分裂正常工作，编译器会在每一个函数的开头和结束位置插入指令。",
            },
            fact: Text {
                en: "Not into NOSPLIT functions: only main calls morestack.",
                zh: "NOSPLIT 函数不插入：只有 main 调用 morestack。",
            },
            command: BUILD,
            example: ADD,
            shows: &["STEXT", "morestack_noctxt(SB)"],
        },
        Statement {
            says: Text {
                en: "The prologue only has to check whether SP is less than or equal to stackguard0.",
                zh: "prologue 只要检查当前的 SP 的值是否小于或等于 stackguard0 的阈值就行了。",
            },
            fact: Text {
                en: "That is so for frames of up to 128 bytes. For larger ones the frame is subtracted before comparing.",
                zh: "这只适用于不超过 128 字节的栈帧。更大的栈帧要先减去再比较。",
            },
            command: BUILD,
            example: Example::go(
                "package main\n\n//go:noinline\nfunc many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r int64) {}\n\nfunc main() { many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18) }",
            ),
            shows: &["TEXT\t\"\".main", "LEAQ\t-", "CMPQ\tAX, 16(CX)"],
        },
        Statement {
            says: Text {
                en: "The NOP before CALL keeps the prologue from jumping directly to a CALL, which on some platforms can be troublesome.",
                zh: "在 CALL 之前出现的 NOP 使 prologue 部分不会直接跳到 CALL 指令位置；在一些平台上，直接跳到 CALL 可能会有一些麻烦的问题。",
            },
            fact: Text {
                en: "The NOP has no bytes, so the jump does go to the CALL. It notes in the table of stack depths that the frame isn't open there.",
                zh: "这个 NOP 不占字节，跳转实际上就跳到 CALL。它在栈深度表里记录此处栈帧没有打开。",
            },
            command: BUILD,
            example: ADD,
            shows: &["00058"],
        },
        Statement {
            says: Text {
                en: "CALL uses an offset from the static base: it jumps to a direct, absolute address.",
                zh: "使用相对于 static-base 指针的偏移量对 add 进行 CALL 调用，相当于直接跳到一个指定的地址。",
            },
            fact: Text {
                en: "In machine code the address is relative to the next instruction: four bytes, filled in by the linker.",
                zh: "机器码里是相对于下一条指令的四字节距离，由链接器填写。",
            },
            command: BUILD,
            example: ADD,
            shows: &["CALL\t\"\".add", "\"\".add+0"],
        },
        Statement {
            says: Text {
                en: "If the last instruction of a TEXT isn't a jump, the linker appends a jump-to-itself instruction; there is no fallthrough in TEXTs.",
                zh: "TEXT 块的最后一条指令若不是跳转，链接器会追加一条跳到自身的指令；TEXT 之间不会顺序执行下去。",
            },
            fact: Text {
                en: "Nothing is appended: f runs on into whatever follows. minigo vet finds it.",
                zh: "什么也不会追加：f 会继续执行后面的内容。minigo vet 能发现。",
            },
            command: ASM,
            example: Example::assembly(
                "TEXT ·f(SB), 4, $0-0\n\tINCQ AX\n\nTEXT ·g(SB), 4, $0-0\n\tRET",
            ),
            shows: &["f STEXT", "INCQ"],
        },
    ],
};

/// cch123, on Plan 9 assembly.
const PLAN9: Article = Article {
    name: "plan9-assembly",
    title: Text {
        en: "Plan 9 assembly, fully explained",
        zh: "plan9 assembly 完全解析",
    },
    statements: &[
        Statement {
            says: Text {
                en: "Plan 9 has no push and pop.",
                zh: "plan9 中没有 push 和 pop。",
            },
            fact: Text {
                en: "The assembler has PUSHQ and POPQ and counts them. Compiled code of Go 1.15 doesn't use them.",
                zh: "汇编器有 PUSHQ 和 POPQ 并会计数。Go 1.15 编译出的代码不用它们。",
            },
            command: ASM,
            example: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tPUSHQ AX\n\tPOPQ AX\n\tRET"),
            shows: &["PUSHQ", "POPQ"],
        },
        Statement {
            says: Text {
                en: "MOVD $1, DX moves 4 bytes.",
                zh: "MOVD $1, DX 搬运 4 字节。",
            },
            fact: Text {
                en: "MOVD is another name of MOVQ: 8 bytes. 4 bytes are MOVL.",
                zh: "MOVD 是 MOVQ 的别名：8 字节。4 字节是 MOVL。",
            },
            command: ASM,
            example: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tMOVD $1, DX\n\tMOVL $1, DX\n\tRET"),
            shows: &["MOVQ\t", "MOVL\t"],
        },
        Statement {
            says: Text {
                en: "JNZ target jumps if the zero flag is set.",
                zh: "JNZ target 如果 zero flag 被 set 过，则跳转。",
            },
            fact: Text {
                en: "It jumps if the zero flag is clear: JNZ is JNE, not equal.",
                zh: "zero flag 为 0 时跳转：JNZ 就是 JNE，不相等。",
            },
            command: ASM,
            example: Example::assembly("TEXT ·f(SB), 4, $0-0\n\tJNZ 2(PC)\n\tINCQ AX\n\tRET"),
            shows: &["JNE\t"],
        },
        Statement {
            says: Text {
                en: "JMP 2(PC) jumps two lines further.",
                zh: "JMP 2(PC) 以当前指令为基础,向后跳转 2 行。",
            },
            fact: Text {
                en: "It jumps two instructions further: empty lines, comments and labels don't count.",
                zh: "向后跳 2 条指令：空行、注释、标签不算。",
            },
            command: ASM,
            example: Example::assembly(
                "TEXT ·f(SB), 4, $0-0\n\tJMP 2(PC)\n\n\t// This line doesn't count.\nlabel:\n\tINCQ AX\n\tINCQ BX\n\tRET",
            ),
            shows: &["JMP\t5", "INCQ\tBX"],
        },
        Statement {
            says: Text {
                en: "A GLOBL must follow its DATA.",
                zh: "GLOBL 指令必须跟在 DATA 指令之后。",
            },
            fact: Text {
                en: "The order doesn't matter.",
                zh: "顺序没有关系。",
            },
            command: ASM,
            example: Example::assembly(
                "#include \"textflag.h\"\n\nGLOBL age(SB), RODATA, $4\nDATA age+0(SB)/4, $18",
            ),
            shows: &["age SRODATA", "12 00 00 00"],
        },
        Statement {
            says: Text {
                en: "A reference to another file's name<> is reported as: relocation target not found.",
                zh: "在另外文件中引用 name<> 会报 relocation target not found 的错误。",
            },
            fact: Text {
                en: "The words are: relocation target main.age not defined.",
                zh: "消息是：relocation target main.age not defined。",
            },
            command: &["build", "x.go", "x.s"],
            example: Example::both(
                "package main\n\nfunc f()\n\nfunc main() { f() }",
                "DATA ·age<>(SB)/8, $18\nGLOBL ·age<>(SB), 8, $8\n\nTEXT ·f(SB), 4, $0-0\n\tMOVQ ·age(SB), AX\n\tRET",
            ),
            shows: &["relocation target main.age not defined"],
        },
        Statement {
            says: Text {
                en: "func add(a, b int) int is TEXT pkgname·add(SB), NOSPLIT, $0-8, and its second argument is a+8(FP).",
                zh: "func add(a, b int) int 写作 TEXT pkgname·add(SB), NOSPLIT, $0-8，第二个参数是 a+8(FP)。",
            },
            fact: Text {
                en: "Three words are 24 bytes: $0-24; and the second argument is b+8(FP).",
                zh: "三个字是 24 字节：$0-24；第二个参数是 b+8(FP)。",
            },
            command: VET,
            example: Example::both(
                "package p\n\nfunc add(a, b int) int",
                "TEXT ·add(SB), 4, $0-8\n\tMOVQ a+0(FP), AX\n\tMOVQ a+8(FP), BX\n\tADDQ AX, BX\n\tMOVQ BX, ret+16(FP)\n\tRET",
            ),
            shows: &[
                "wrong argument size 8; expected $...-24",
                "invalid offset a+8(FP)",
            ],
        },
        Statement {
            says: Text {
                en: "After linking, every middle dot is replaced by a dot.",
                zh: "在程序被链接之后，所有的中点 · 都会被替换为句号 .。",
            },
            fact: Text {
                en: "The assembler replaces it when it reads the file; the listing already has the dot.",
                zh: "汇编器读文件时就替换了；列表里已经是句号。",
            },
            command: ASM,
            example: Example::assembly("TEXT runtime·main(SB), 4, $0-0\n\tRET"),
            shows: &["TEXT\truntime.main"],
        },
        Statement {
            says: Text {
                en: "The caller's BP is saved if the frame is larger than 0; with a frame of 0 the pseudo SP and the hardware SP are the same place.",
                zh: "函数的栈帧大小大于 0 时才插入 caller BP；栈帧 size 为 0 时，伪 SP 和硬件 SP 指向同一位置。",
            },
            fact: Text {
                en: "A function that calls and isn't NOSPLIT saves it even with $0, so that the pseudo SP is 8 bytes above the hardware SP.",
                zh: "有调用且不是 NOSPLIT 的函数，即使是 $0 也会保存 BP，此时伪 SP 比硬件 SP 高 8 字节。",
            },
            command: ASM,
            example: Example::assembly("TEXT ·f(SB), 0, $0-0\n\tCALL ·g(SB)\n\tRET"),
            shows: &["SUBQ\t$8", "BP, (SP)"],
        },
        Statement {
            says: Text {
                en: "func output(int) (int, int, int) is TEXT ·output(SB), $8-48, and its results are ret1, ret2 and ret3.",
                zh: "func output(int) (int, int, int) 写作 TEXT ·output(SB), $8-48，结果叫 ret1、ret2、ret3。",
            },
            fact: Text {
                en: "Four words are 32 bytes, and results without names are ret, ret1 and ret2.",
                zh: "四个字是 32 字节；没有名字的结果叫 ret、ret1、ret2。",
            },
            command: VET,
            example: Example::both(
                "package p\n\nfunc output(int) (int, int, int)",
                "TEXT ·output(SB), $8-48\n\tMOVQ 24(SP), DX\n\tMOVQ DX, ret3+24(FP)\n\tMOVQ perhapsArg1+16(SP), BX\n\tMOVQ BX, ret2+16(FP)\n\tMOVQ arg1+0(FP), AX\n\tMOVQ AX, ret1+8(FP)\n\tRET",
            ),
            shows: &[
                "wrong argument size 48; expected $...-32",
                "unknown variable ret3",
            ],
        },
        Statement {
            says: Text {
                en: "func output(a, b int) int is TEXT ·output(SB), NOSPLIT, $24-8.",
                zh: "func output(a,b int) int 写作 TEXT ·output(SB), NOSPLIT, $24-8。",
            },
            fact: Text {
                en: "Its arguments and results have 24 bytes: $24-24.",
                zh: "参数和结果共 24 字节：$24-24。",
            },
            command: VET,
            example: Example::both(
                "package p\n\nfunc add(x, y int) int { return x + y }\n\nfunc output(a, b int) int",
                "TEXT ·output(SB), 4, $24-8\n\tMOVQ a+0(FP), DX\n\tMOVQ DX, 0(SP)\n\tMOVQ b+8(FP), CX\n\tMOVQ CX, 8(SP)\n\tCALL ·add(SB)\n\tMOVQ 16(SP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET",
            ),
            shows: &["wrong argument size 8; expected $...-24"],
        },
    ],
};
