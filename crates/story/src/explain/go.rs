//! The codes of messages about Go programs. Their names are Go's own (internal/types/errors); those that Go doesn't have
//! are about text and directives.

use super::entry::{Entry, Example, entries};
use crate::lang::Text;

entries! {
/// A code of messages about Go programs.
GoCode;

UnusedVar {
    shapes: ["* declared but not used", "declared and not used: *"],
    en: "A function declares a variable and never reads it. Assigning to it isn't a use. Package variables and parameters may be unused.",
    zh: "函数里声明了变量却从未读取。只给它赋值不算使用。包级变量和参数可以不使用。",
    wrong: Example::go("func f() { x := 1 }"),
    right: Example::go("func f() int { x := 1; return x }"),
}
UnusedImport {
    shapes: ["imported and not used: *", "* imported and not used", "* imported as * and not used"],
    en: "A file imports a package and never names anything of it. The name _ imports a package only for its initialization.",
    zh: "文件导入了包却没有用到它的任何名字。只需要它的初始化时，用 _ 作导入名。",
    wrong: Example::go("import \"fmt\"\n\nfunc f() {}"),
    right: Example::go("import _ \"fmt\"\n\nfunc f() {}"),
}
UndeclaredName {
    shapes: ["undefined: *", "cannot use iota outside constant declaration"],
    en: "No block around the name declares it: not the function, not the package, not the universe of predeclared names. Go is case-sensitive.",
    zh: "包含该名字的各层块都没有声明它：函数里没有，包里没有，预声明的名字里也没有。Go 区分大小写。",
    wrong: Example::go("func f() int { return count }"),
    right: Example::go("var count int\n\nfunc f() int { return count }"),
}
UndeclaredImportedName {
    shapes: ["undefined: *.*"],
    en: "The package is imported but has no such name.",
    zh: "包已导入，但其中没有这个名字。",
    wrong: Example::go("import \"fmt\"\n\nfunc f() { fmt.PrintLine(1) }"),
    right: Example::go("import \"fmt\"\n\nfunc f() { fmt.Println(1) }"),
}
UnexportedName {
    shapes: ["cannot refer to unexported name *", "name * not exported by package *"],
    en: "Only names that begin with an upper-case letter can be used outside of their package.",
    zh: "只有以大写字母开头的名字才能在包外使用。",
    wrong: Example::go("import \"fmt\"\n\nfunc f() { fmt.println(1) }"),
    right: Example::go("import \"fmt\"\n\nfunc f() { fmt.Println(1) }"),
}
MissingFieldOrMethod {
    shapes: ["* undefined (type * has no *)"],
    en: "The selector x.f names neither a field nor a method of the type of x.",
    zh: "选择器 x.f 中的 f 既不是 x 类型的字段，也不是它的方法。",
    wrong: Example::go("func f(x int) int { return x.size }"),
    right: Example::go("func f(x int) int { return x }"),
}
DuplicateDecl {
    shapes: ["* redeclared in this block", "* redeclared as imported package name", "* redeclared during import *", "duplicate argument *", "* already declared through import of *"],
    en: "A block declares a name twice. An inner block may declare it again, and so may another function.",
    zh: "同一个块里声明了同名的两个对象。内层块或别的函数可以再次声明该名字。",
    wrong: Example::go("var n int\nvar n bool"),
    right: Example::go("var n int\nvar ok bool"),
}
MismatchedTypes {
    shapes: ["invalid operation: * (mismatched types * and *)", "invalid case * in switch (mismatched types * and *)", "invalid case * in switch on * (mismatched types * and *)"],
    en: "Both operands of a binary operator must have the same type; Go converts nothing by itself. Constants without a type take that of the other operand.",
    zh: "二元运算符两边的类型必须相同，Go 不做隐式转换。无类型常量会取另一边的类型。",
    wrong: Example::go("func f(a int32, b int64) int64 { return a + b }"),
    right: Example::go("func f(a int32, b int64) int64 { return int64(a) + b }"),
}
UndefinedOp {
    shapes: [
        "invalid operation: * (operator * not defined on *)", "invalid operation: operator * not defined on *",
        "invalid operation: ! *", "invalid operation: - *", "invalid operation: + *", "invalid operation: ^ *",
        "invalid operation: * (func can only be compared to nil)",
        "invalid case * in switch (can only compare func * to nil)",
        "invalid case * in switch on * (func can only be compared to nil)",
    ],
    en: "The operator has no meaning for this type: + needs numbers or strings, && and ! need booleans, & and % need integers.",
    zh: "该类型没有这个运算：+ 用于数和字符串，&& 和 ! 用于布尔值，& 和 % 用于整数。",
    wrong: Example::go("func f(a, b bool) bool { return a + b }"),
    right: Example::go("func f(a, b bool) bool { return a || b }"),
}
NonNumericIncDec {
    shapes: ["invalid operation: * (non-numeric type *)"],
    en: "x++ and x-- are statements that add or subtract 1, so x must be a number.",
    zh: "x++ 和 x-- 是加 1 或减 1 的语句，x 必须是数。",
    wrong: Example::go("func f(done bool) { done++ }"),
    right: Example::go("func f(n int) { n++ }"),
}
DivByZero {
    shapes: ["division by zero", "invalid operation: division by zero"],
    en: "The divisor is the constant 0. A variable that is 0 panics when the program runs. In assembly it is an operand's expression.",
    zh: "除数是常量 0。除数是值为 0 的变量时，程序运行时 panic。在汇编里指操作数表达式。",
    wrong: Example::go("func f(n int) int { return n / 0 }"),
    right: Example::go("func f(n, d int) int { return n / d }"),
}
InvalidShiftCount {
    shapes: ["invalid operation: * (shift count type *, must be integer)", "invalid negative shift count: *", "invalid shift count *", "shift count too large: *", "invalid operation: negative shift count *", "invalid operation: invalid shift count *", "invalid operation: shift count *"],
    en: "The number of bits to shift by is an integer, and a constant one is neither negative nor larger than what the compiler can compute.",
    zh: "移位的位数是整数；常量位数不能为负，也不能大到编译器无法计算。",
    wrong: Example::go("func f(n int, ok bool) int { return n << ok }"),
    right: Example::go("func f(n int) int { return n << 1 }"),
}
InvalidShiftOperand {
    shapes: ["invalid operation: * (shift of type *)", "invalid operation: shifted operand * must be integer"],
    en: "Only integers can be shifted.",
    zh: "只有整数可以移位。",
    wrong: Example::go("func f(ok bool) bool { return ok << 1 }"),
    right: Example::go("func f(n int) int { return n << 1 }"),
}
NumericOverflow {
    shapes: ["constant * overflows *", "integer too large", "cannot use * as * value in * (overflows)", "* (untyped * constant *) overflows *", "* (untyped * constant) overflows *", "* (constant * of * type *) overflows *", "* (constant * of type *) overflows *"],
    en: "A constant doesn't fit into its type. Constants are computed exactly; only the result must fit. Variables wrap around instead.",
    zh: "常量放不进它的类型。常量计算是精确的，只要求结果放得下。变量运算则会回绕。",
    wrong: Example::go("var b byte = 256"),
    right: Example::go("var b byte = 256 - 1"),
}
InvalidConstVal {
    shapes: ["constant * overflow", "constant overflow", "constant too large: *", "malformed constant: *", "excessively large constant*"],
    en: "A constant is too large to be computed. Untyped constants have a limit of 512 bits.",
    zh: "常量太大，无法计算。无类型常量最多 512 位。",
    wrong: Example::go("const big = 1 << 511 << 2"),
    right: Example::go("const big = 1 << 511"),
}
TruncatedFloat {
    shapes: ["constant * truncated to integer", "constant truncated to integer", "* truncated to *", "* (truncated)"],
    en: "A constant with a fraction is used where an integer is wanted. Constants are converted only if nothing is lost.",
    zh: "需要整数的地方用了带小数的常量。常量只有在不丢失信息时才会转换。",
    wrong: Example::go("var n int = 2.5"),
    right: Example::go("var n int = 5.0 / 2.5"),
}
IncompatibleAssign {
    shapes: ["cannot use * as type * in *", "cannot use * value as type * in *", "cannot use * as * value in *", "cannot assign * to * in multiple assignment"],
    en: "The value has another type than the variable, parameter or result that it is for. Types with different names differ, even with the same underlying type: int and int64 do.",
    zh: "值的类型与要赋给的变量、参数或结果的类型不同。名字不同就是不同的类型，即使底层类型相同，例如 int 和 int64。",
    wrong: Example::go("func f(n int32) int64 { return n }"),
    right: Example::go("func f(n int32) int64 { return int64(n) }"),
}
InvalidUntypedConversion {
    shapes: ["cannot use * as type *", "cannot use * (untyped *) as *"],
    en: "A constant without a type can't take the type that the context asks for: a number can't become a bool.",
    zh: "无类型常量不能取上下文要求的类型：数不能变成 bool。",
    wrong: Example::go("func f(ok bool) bool { return ok == 1 }"),
    right: Example::go("func f(ok bool) bool { return ok == true }"),
}
InvalidConversion {
    shapes: ["cannot convert * to type *"],
    en: "There is no conversion between these types. Numbers convert to each other; booleans convert to nothing else.",
    zh: "两种类型之间没有转换。数可以互相转换，布尔值不能转换成别的类型。",
    wrong: Example::go("func f(ok bool) int { return int(ok) }"),
    right: Example::go("func f(ok bool) int {\n\tif ok {\n\t\treturn 1\n\t}\n\treturn 0\n}"),
}
WrongAssignCount {
    shapes: ["assignment mismatch: *", "missing value in const declaration", "extra expression in const declaration", "const declaration cannot have type without expression", "missing init expr for *", "extra init expr*"],
    en: "The number of names on the left differs from the number of values on the right. A call counts for as many values as it returns.",
    zh: "左边名字的个数与右边值的个数不同。一次调用有几个结果就算几个值。",
    wrong: Example::go("func two() (int, bool) { return 1, true }\n\nfunc f() { n := two(); print(n) }"),
    right: Example::go("func two() (int, bool) { return 1, true }\n\nfunc f() { n, _ := two(); print(n) }"),
}
UnassignableOperand {
    shapes: ["cannot assign to *"],
    en: "The left side of = is no variable: a constant, a call, a function or an expression can't be assigned to.",
    zh: "= 左边不是变量：常量、调用、函数和表达式都不能被赋值。",
    wrong: Example::go("const n = 1\n\nfunc f() { n = 2 }"),
    right: Example::go("var n = 1\n\nfunc f() { n = 2 }"),
}
NoNewVar {
    shapes: ["no new variables on left side of :="],
    en: ":= must declare at least one variable that its block doesn't have yet. = assigns to variables that exist.",
    zh: ":= 左边至少要有一个所在块里还没有的变量。给已有变量赋值用 =。",
    wrong: Example::go("func f() int { x := 1; x := 2; return x }"),
    right: Example::go("func f() int { x := 1; x = 2; return x }"),
}
BadDecl {
    shapes: ["non-name * on left side of :="],
    en: ":= declares variables, so only names can stand on its left.",
    zh: ":= 用于声明变量，左边只能是名字。",
    wrong: Example::go("func f() int { 1 := 2; return 1 }"),
    right: Example::go("func f() int { x := 2; return x }"),
}
RepeatedDecl {
    shapes: ["* repeated on left side of :="],
    en: "A := names the same variable twice.",
    zh: "同一个 := 里变量名出现了两次。",
    wrong: Example::go("func f() int { x, x := 1, 2; return x }"),
    right: Example::go("func f() int { x, y := 1, 2; return x + y }"),
}
NotAType {
    shapes: ["* is not a type"],
    en: "A name stands where a type is wanted, but is a variable, a constant or a function.",
    zh: "需要类型的地方写了变量、常量或函数的名字。",
    wrong: Example::go("var size int\nvar x size"),
    right: Example::go("type size int\n\nvar x size"),
}
NotAnExpr {
    shapes: ["type * is not an expression", "* (type) is not an expression"],
    en: "A type stands where a value is wanted. T(x) converts the value x to the type T.",
    zh: "需要值的地方写了类型。T(x) 把值 x 转换为类型 T。",
    wrong: Example::go("func f() int { return int }"),
    right: Example::go("func f() int { return int(0) }"),
}
UnusedExpr {
    shapes: ["* evaluated but not used", "* is not used"],
    en: "An expression stands as a statement, and its value goes nowhere. Only calls and receives can be statements.",
    zh: "表达式单独成句，值没有用处。只有调用和接收可以单独成句。",
    wrong: Example::go("func f(a, b int) { a + b }"),
    right: Example::go("func f(a, b int) { _ = a + b }"),
}
TooManyValues {
    shapes: ["multiple-value * in single-value context", "multiple-value * in *", "* used as value", "* (no value) used as value", "* (no value) used as value or type"],
    en: "A call with no result, or with several, stands where exactly one value is wanted.",
    zh: "恰好需要一个值的地方，写了没有结果或有多个结果的调用。",
    wrong: Example::go("func two() (int, int) { return 1, 2 }\n\nfunc f() int { return two() + 1 }"),
    right: Example::go("func two() (int, int) { return 1, 2 }\n\nfunc f() int {\n\ta, _ := two()\n\treturn a + 1\n}"),
}
UncalledBuiltin {
    shapes: ["use of builtin * not in function call", "* (built-in) must be called"],
    en: "Built-in functions such as len can only be called; they are no values.",
    zh: "len 等内建函数只能被调用，不能作为值。",
    wrong: Example::go("func f() { print(len) }"),
    right: Example::go("func f() { print(len(\"abc\")) }"),
}
InvalidPkgUse {
    shapes: ["use of package * without selector", "use of package * not in selector", "* is not a package"],
    en: "A package name stands alone. Only names of the package can be used: fmt.Println.",
    zh: "包名单独出现。只能使用包里的名字，例如 fmt.Println。",
    wrong: Example::go("import \"fmt\"\n\nfunc f() { print(fmt) }"),
    right: Example::go("import \"fmt\"\n\nfunc f() { fmt.Println(1) }"),
}
InvalidBlank {
    shapes: ["cannot use _ as value", "cannot use _ as value or type", "cannot refer to blank field or method", "methods must have a unique non-blank name"],
    en: "The blank identifier _ takes a value and forgets it, so it can't be read.",
    zh: "空白标识符 _ 收下值就丢弃，不能读取。",
    wrong: Example::go("func f() int { return _ }"),
    right: Example::go("func f(n int) int { _ = n; return 0 }"),
}
UntypedNilUse {
    shapes: ["use of untyped nil", "use of untyped nil in *", "const initializer cannot be nil"],
    en: "nil has no type of its own, so a variable can't take its type from it.",
    zh: "nil 没有自己的类型，变量无法从它得到类型。",
    wrong: Example::go("func f() { x := nil; _ = x }"),
    right: Example::go("func f() { x := 0; _ = x }"),
}
InvalidCall {
    shapes: ["cannot call non-function *", "invalid operation: cannot call non-function *", "invalid operation: cannot call *: * is not a function"],
    en: "Something that isn't a function is called. A local variable may hide a function of the same name.",
    zh: "被调用的不是函数。局部变量可能遮住了同名函数。",
    wrong: Example::go("func f(n int) int { return n(1) }"),
    right: Example::go("func n(x int) int { return x }\n\nfunc f() int { return n(1) }"),
}
WrongArgCount {
    shapes: ["not enough arguments in call to *", "invalid operation: not enough arguments for *", "invalid operation: too many arguments for *", "too many arguments in call to *", "missing argument to *", "too many arguments to *", "not enough arguments for *", "missing argument in conversion to *", "too many arguments in conversion to *", "too many arguments for *"],
    en: "A call passes more or fewer arguments than the function has parameters. Below the message stand the types that the call has and those that the function wants.",
    zh: "调用的实参个数与函数的形参个数不同。消息下面列出调用给出的类型(have)和函数需要的类型(want)。",
    wrong: Example::go("func add(a, b int) int { return a + b }\n\nfunc f() int { return add(1) }"),
    right: Example::go("func add(a, b int) int { return a + b }\n\nfunc f() int { return add(1, 2) }"),
}
WrongResultCount {
    shapes: ["not enough arguments to return", "too many arguments to return", "not enough return values", "too many return values"],
    en: "A return statement has more or fewer values than the function has results.",
    zh: "return 语句的值的个数与函数结果的个数不同。",
    wrong: Example::go("func f() (int, bool) { return 1 }"),
    right: Example::go("func f() (int, bool) { return 1, true }"),
}
MissingReturn {
    shapes: ["missing return at end of function", "missing return"],
    en: "A function with results must not reach its closing brace. It must end in a return, a panic, a goto, an endless for, or an if or switch whose every branch does.",
    zh: "有结果的函数不能执行到右花括号。它必须以 return、panic、goto、无限 for，或每个分支都这样结束的 if 或 switch 结尾。",
    wrong: Example::go("func f(up bool) int {\n\tif up {\n\t\treturn 1\n\t}\n}"),
    right: Example::go("func f(up bool) int {\n\tif up {\n\t\treturn 1\n\t}\n\treturn 0\n}"),
}
OutOfScopeResult {
    shapes: ["* is shadowed during return", "result parameter * not in scope at return"],
    en: "A bare return gives back the named results, but a variable of an inner block has the same name, so that it is unclear which is meant.",
    zh: "不带值的 return 返回具名结果，但内层块有同名变量，不清楚指哪一个。",
    wrong: Example::go("func f() (n int) {\n\tif n := 1; n > 0 {\n\t\treturn\n\t}\n\treturn\n}"),
    right: Example::go("func f() (n int) {\n\tif m := 1; m > 0 {\n\t\tn = m\n\t\treturn\n\t}\n\treturn\n}"),
}
InvalidCond {
    shapes: ["non-bool * used as * condition", "non-boolean condition in *"],
    en: "The condition of if and for is a bool. Numbers aren't true or false; compare them with 0.",
    zh: "if 和 for 的条件是 bool。数没有真假，要与 0 比较。",
    wrong: Example::go("func f(n int) {\n\tif n {\n\t}\n}"),
    right: Example::go("func f(n int) {\n\tif n != 0 {\n\t}\n}"),
}
DuplicateCase {
    shapes: ["duplicate case * in switch", "duplicate case * in expression switch"],
    en: "Two cases of a switch are the same constant; the second could never be chosen.",
    zh: "switch 的两个 case 是同一个常量，第二个永远不会被选中。",
    wrong: Example::go("func f(n int) {\n\tswitch n {\n\tcase 1:\n\tcase 2 - 1:\n\t}\n}"),
    right: Example::go("func f(n int) {\n\tswitch n {\n\tcase 1:\n\tcase 2:\n\t}\n}"),
}
DuplicateDefault {
    shapes: ["multiple defaults in switch *", "multiple defaults *"],
    en: "A switch has two default clauses.",
    zh: "switch 里有两个 default。",
    wrong: Example::go("func f(n int) {\n\tswitch n {\n\tdefault:\n\tdefault:\n\t}\n}"),
    right: Example::go("func f(n int) {\n\tswitch n {\n\tcase 1:\n\tdefault:\n\t}\n}"),
}
MisplacedFallthrough {
    shapes: ["fallthrough statement out of place", "cannot fallthrough *"],
    en: "fallthrough goes on with the next case, so it is the last statement of a case that isn't the last one.",
    zh: "fallthrough 接着执行下一个 case，所以只能是某个 case 的最后一条语句，而且不能在最后一个 case 里。",
    wrong: Example::go("func f(n int) {\n\tswitch n {\n\tcase 1:\n\t\tfallthrough\n\t}\n}"),
    right: Example::go("func f(n int) {\n\tswitch n {\n\tcase 1:\n\t\tfallthrough\n\tcase 2:\n\t}\n}"),
}
MisplacedBreak {
    shapes: ["break is not in a loop, switch, or select"],
    en: "break leaves the innermost for, switch or select, and there is none around it.",
    zh: "break 跳出最内层的 for、switch 或 select，而它外面一个也没有。",
    wrong: Example::go("func f() { break }"),
    right: Example::go("func f() {\n\tfor {\n\t\tbreak\n\t}\n}"),
}
MisplacedContinue {
    shapes: ["continue is not in a loop"],
    en: "continue goes on with the next turn of the innermost for, and there is none around it.",
    zh: "continue 进入最内层 for 的下一轮，而它外面没有 for。",
    wrong: Example::go("func f() { continue }"),
    right: Example::go("func f(n int) {\n\tfor ; n > 0; n-- {\n\t\tcontinue\n\t}\n}"),
}
MisplacedLabel {
    shapes: ["invalid break label *", "invalid continue label *"],
    en: "The label exists, but isn't that of a statement around the break or continue; continue needs that of a for.",
    zh: "标签存在，但不是包住 break 或 continue 的语句的标签；continue 需要 for 的标签。",
    wrong: Example::go("func f() {\nL:\n\tprint(1)\n\tfor {\n\t\tbreak L\n\t}\n}"),
    right: Example::go("func f() {\nL:\n\tfor {\n\t\tbreak L\n\t}\n}"),
}
UndeclaredLabel {
    shapes: ["label * not defined", "break label not defined: *", "continue label not defined: *", "label * not declared"],
    en: "No statement of the function has the label.",
    zh: "函数里没有带这个标签的语句。",
    wrong: Example::go("func f() { goto L }"),
    right: Example::go("func f() {\n\tgoto L\nL:\n}"),
}
DuplicateLabel {
    shapes: ["label * already defined at *", "label * already declared"],
    en: "A function has two statements with the same label.",
    zh: "函数里有两个语句用了同一个标签。",
    wrong: Example::go("func f() {\n\tgoto L\nL:\n\tprint(1)\nL:\n\tprint(2)\n}"),
    right: Example::go("func f() {\n\tgoto L\nL:\n\tprint(1)\n}"),
}
UnusedLabel {
    shapes: ["label * defined and not used", "label * declared and not used"],
    en: "No goto, break or continue names the label.",
    zh: "没有 goto、break 或 continue 用到这个标签。",
    wrong: Example::go("func f() {\nL:\n\tprint(1)\n}"),
    right: Example::go("func f() {\n\tprint(1)\n}"),
}
JumpOverDecl {
    shapes: ["goto * jumps over *"],
    en: "A goto jumps forward over the declaration of a variable that would be in scope at the label.",
    zh: "goto 向前跳过了变量声明，而该变量在标签处本应可见。",
    wrong: Example::go("func f() {\n\tgoto L\n\tx := 1\n\tprint(x)\nL:\n}"),
    right: Example::go("func f() {\n\tx := 1\n\tgoto L\nL:\n\tprint(x)\n}"),
}
JumpIntoBlock {
    shapes: ["goto * jumps into *"],
    en: "A goto jumps into a block that it isn't in.",
    zh: "goto 跳进了它不在其中的块。",
    wrong: Example::go("func f() {\n\tgoto L\n\t{\n\tL:\n\t}\n}"),
    right: Example::go("func f() {\n\tgoto L\n\t{\n\t}\nL:\n}"),
}
InvalidInitSig {
    shapes: ["func init must have no arguments and no return values", "func main must have no arguments and no return values"],
    en: "The runtime calls init and main, so they have neither parameters nor results.",
    zh: "init 和 main 由运行时调用，没有参数也没有结果。",
    wrong: Example::go("func init() int { return 1 }"),
    right: Example::go("func init() {}"),
}
InvalidInitDecl {
    shapes: ["cannot declare init - must be func", "cannot import package as init*"],
    en: "At the level of the package, init can only be a function.",
    zh: "在包级，init 只能是函数。",
    wrong: Example::go("var init int"),
    right: Example::go("func init() {}"),
}
InvalidMainDecl {
    shapes: ["cannot declare main - must be func"],
    en: "In package main, main can only be a function: the program starts there.",
    zh: "在 main 包里，main 只能是函数：程序从它开始。",
    wrong: Example::go("package main\n\nvar main int"),
    right: Example::go("package main\n\nfunc main() {}"),
}
MissingFuncBody {
    shapes: ["missing function body", "func init must have a body"],
    en: "A function without a body is one of assembly, so the package needs a .s file; init always has a body. Go has no code for this message.",
    zh: "没有函数体的函数由汇编实现，包里要有 .s 文件；init 必须有函数体。Go 没有给这条消息编号。",
    wrong: Example::go("func init()"),
    right: Example::both("func one() int", "TEXT ·one(SB), 4, $0-8\n\tMOVQ $1, ret+0(FP)\n\tRET"),
}
InvalidInitCycle {
    shapes: ["initialization loop:", "initialization cycle*"],
    en: "A package variable needs itself for its own initial value, directly or through functions and other variables. The lines below the message are the way round.",
    zh: "包级变量的初始值依赖它自己，直接或经过函数和别的变量。消息下面各行是这个环。",
    wrong: Example::go("var a = f()\n\nfunc f() int { return a }"),
    right: Example::go("var a = f()\n\nfunc f() int { return 1 }"),
}
InvalidConstInit {
    shapes: ["const initializer * is not a constant", "* is not constant"],
    en: "The value of a constant is computed when the program is compiled: from other constants, not from variables or calls.",
    zh: "常量的值在编译时算出：只能来自别的常量，不能来自变量或调用。",
    wrong: Example::go("var v = 1\n\nconst c = v + 1"),
    right: Example::go("const v = 1\n\nconst c = v + 1"),
}
InvalidConstType {
    shapes: ["invalid constant type *"],
    en: "Constants are booleans, numbers or strings.",
    zh: "常量只能是布尔值、数或字符串。",
    wrong: Example::go("const c error = 1").newest(),
    right: Example::go("const c int = 1"),
}
InvalidDeclCycle {
    shapes: ["constant definition loop", "typechecking loop involving *", "invalid recursive type alias *", "invalid cycle in declaration*"],
    en: "A declaration needs itself: the value of a constant, or the type of a variable, depends on itself.",
    zh: "声明依赖自身：常量的值或变量的类型取决于它自己。",
    wrong: Example::go("const a = b\nconst b = a"),
    right: Example::go("const a = b\nconst b = 1"),
}
InvalidTypeCycle {
    shapes: ["invalid recursive type *", "invalid recursive type: *"],
    en: "A type contains itself, so that its size would be infinite.",
    zh: "类型包含自身，大小将是无穷。",
    wrong: Example::go("type t t"),
    right: Example::go("type t int"),
}
InvalidLen {
    shapes: ["invalid argument * for len", "invalid argument: * for built-in len"],
    en: "len takes a string, an array, a slice, a map or a channel.",
    zh: "len 的参数是字符串、数组、切片、映射或通道。",
    wrong: Example::go("func f(n int) int { return len(n) }"),
    right: Example::go("func f() int { return len(\"abc\") }"),
}
InvalidMinMaxOperand {
    shapes: ["invalid argument: * cannot be ordered"],
    en: "min and max, which Go has since version 1.21, take integers, floating-point numbers or strings.",
    zh: "min 和 max（Go 1.21 起）的参数是整数、浮点数或字符串。",
    wrong: Example::go("func f() bool { return min(true, false) }").newest(),
    right: Example::go("func f(a, b int) int {\n\tif a < b {\n\t\treturn a\n\t}\n\treturn b\n}"),
}
InvalidRangeExpr {
    shapes: ["cannot range over *"],
    en: "A range clause takes strings, arrays, slices, maps and channels; since Go 1.22 integers, and since Go 1.23 functions.",
    zh: "range 子句的操作数是字符串、数组、切片、映射或通道；Go 1.22 起可以是整数，1.23 起可以是函数。",
    wrong: Example::go("func f() {\n\tfor range true {\n\t}\n}").newest(),
    right: Example::go("func f(n int) {\n\tfor i := 0; i < n; i++ {\n\t}\n}"),
}
InvalidIterVar {
    shapes: ["range over * permits *"],
    en: "A loop over an integer or a channel has one variable at most; other loops have up to two.",
    zh: "对整数或通道的 range 循环最多有一个变量，其他的最多两个。",
    wrong: Example::go("func f() {\n\tfor i, j := range 3 {\n\t}\n}").newest(),
    right: Example::go("func f(n int) {\n\tfor i := 0; i < n; i++ {\n\t}\n}"),
}
BadImportPath {
    shapes: ["import path *", "cannot import \"main\"", "non-canonical import path *", "invalid import path*", "invalid import path (*"],
    en: "The import path is empty, absolute, or has characters that paths don't have.",
    zh: "导入路径为空、是绝对路径，或含有路径不允许的字符。",
    wrong: Example::go("import \"\""),
    right: Example::go("import _ \"fmt\""),
}
BrokenImport {
    shapes: ["can't find import: *", "could not import *"],
    en: "There is no package of this path. minigo compiles one package and knows fmt and os.",
    zh: "没有这个路径的包。minigo 只编译一个包，认识 fmt 和 os。",
    wrong: Example::go("import \"fnt\""),
    right: Example::go("import _ \"fmt\""),
}
MismatchedPkgName {
    shapes: ["package *; expected *", "package * already loaded as *"],
    en: "All files of a package have the same name in their package clause.",
    zh: "同一个包的所有文件，package 子句里的名字必须相同。",
    wrong: Example::go("package p").with("package q"),
    right: Example::go("package p\n\nvar x int"),
}
BlankPkgName {
    shapes: ["invalid package name _"],
    en: "A package can't be called _.",
    zh: "包名不能是 _。",
    wrong: Example::go("package _"),
    right: Example::go("package p"),
}
InvalidIndirection {
    shapes: ["invalid indirect of *", "invalid operation: cannot indirect *"],
    en: "*p reads what the pointer p points to; something else than a pointer can't be followed.",
    zh: "*p 读取指针 p 指向的值；不是指针就不能这样用。",
    wrong: Example::go("func f(n int) int { return *n }"),
    right: Example::go("func f(n int) int { return n }"),
}
BadRecv {
    shapes: ["method has no receiver", "method has multiple receivers"],
    en: "A method has exactly one receiver, in parentheses before its name.",
    zh: "方法恰好有一个接收者，写在名字前的括号里。",
    wrong: Example::go("func () f() {}"),
    right: Example::go("func f() {}"),
}
InvalidDefer {
    shapes: ["expression in defer must *"],
    en: "defer takes a call, without parentheses around it.",
    zh: "defer 后面是一次调用，外面不加括号。",
    wrong: Example::go("func f() { defer 1 }"),
    right: Example::go("func f() { print(1) }"),
}
InvalidGo {
    shapes: ["expression in go must *"],
    en: "go takes a call, without parentheses around it.",
    zh: "go 后面是一次调用，外面不加括号。",
    wrong: Example::go("func f() { go 1 }"),
    right: Example::go("func f() { print(1) }"),
}
InvalidTypeSwitch {
    shapes: ["invalid variable name _ in type switch"],
    en: "A type switch that declares a variable needs a name that can be used.",
    zh: "声明变量的类型 switch 需要一个可用的名字。",
    wrong: Example::go("func f(x interface{}) {\n\tswitch _ := x.(type) {\n\t}\n}"),
    right: Example::go("func f(x int) {\n\tswitch x {\n\t}\n}"),
}
UnsupportedFeature {
    shapes: ["minigo does not support *", "* requires go1.* or later (*"],
    en: "The program is Go, but minigo compiles a subset: integers, booleans, functions and control flow. README.md lists what is supported.",
    zh: "程序是合法的 Go，但 minigo 只编译一个子集：整数、布尔值、函数和控制流。支持的内容见 README.md。",
    wrong: Example::go("var x float64 = 1"),
    right: Example::go("var x int64 = 1"),
}
SyntaxError {
    shapes: ["syntax error: *", "can only use ... with final parameter", "missing statement after label", "* index required in 3-index slice"],
    en: "The text doesn't follow Go's grammar. The message names the first word that doesn't fit, which may be after the mistake: a missing brace shows at the end of the file. A line that could end a statement ends it, so { stands on the line of its if or func.",
    zh: "文本不符合 Go 语法。消息指出第一个不合适的词，真正的错误可能在它前面：漏写的括号到文件末尾才显现。一行若能结束语句就会结束，所以 { 要与 if 或 func 在同一行。",
    wrong: Example::go("func f()\n{\n}"),
    right: Example::go("func f() {\n}"),
}
InvalidCharacter {
    shapes: ["invalid character U+*", "identifier cannot begin with digit *", "invalid NUL character", "invalid UTF-8 encoding", "invalid BOM in the middle of the file", "invalid character NUL", "cannot use ~ outside of *"],
    en: "Go text has no such character outside of strings and comments. Often it is a quotation mark or a space of a word processor or a web page.",
    zh: "Go 文本在字符串和注释之外没有这个字符。常见的是从网页或文档里复制来的全角标点、引号或空格。",
    wrong: Example::go("var x = 1；"),
    right: Example::go("var x = 1;"),
}
MalformedNumber {
    shapes: ["* literal has no digits", "invalid digit * in * literal", "invalid radix point in * literal", "* exponent requires * mantissa", "exponent has no digits", "hexadecimal mantissa requires a 'p' exponent", "'_' must separate successive digits", "strconv.*: parsing *"],
    en: "A number is written wrongly: 0x, 0b and 0o need digits of their base, and a leading 0 means octal.",
    zh: "数的写法不对：0x、0b、0o 后面要有相应进制的数字，以 0 开头表示八进制。",
    wrong: Example::go("var x = 08"),
    right: Example::go("var x = 0x8"),
}
MalformedText {
    shapes: ["string not terminated", "newline in string", "newline in rune literal", "rune literal not terminated", "unknown escape*", "invalid character * in * escape", "octal escape value * > *", "escape is invalid Unicode code point *", "escape not terminated", "empty rune literal or unescaped *", "more than one character in rune literal", "comment not terminated", "octal escape value *"],
    en: "A string, rune or comment doesn't end, or has an escape that Go doesn't have. A rune in single quotes is one character; strings have double quotes.",
    zh: "字符串、字符或注释没有结束，或者用了 Go 没有的转义。单引号里是一个字符，字符串用双引号。",
    wrong: Example::go("const s = 'abc'"),
    right: Example::go("const s = \"abc\""),
}
BadDirective {
    shapes: ["misplaced compiler directive", "usage: //go:*", "//go:* only allowed *", "//go:* is only allowed in the standard library", "invalid library name * in *", "can only use //go:noescape with external func implementations", "go:nosplit and go:systemstack cannot be combined", "invalid line number: *", "invalid column number: *", "//go:linkname *", "//go:* "],
    en: "A comment that starts with //go: or //line is an instruction to the compiler, and this one stands in the wrong place, has the wrong words, or is for the runtime only.",
    zh: "以 //go：或 //line 开头的注释是给编译器的指令，这一条位置不对、写法不对，或只供运行时使用。",
    wrong: Example::go("//go:systemstack\nfunc f() {}"),
    right: Example::go("//go:nosplit\nfunc f() {}"),
}
TooManyErrors {
    shapes: ["too many errors"],
    en: "The compiler stops after ten errors, the assembler after eleven; -e reports all.",
    zh: "编译器报告十个错误后停止，汇编器是十一个；-e 报告全部。",
    wrong: Example::go("var a, b, c, d, e, f, g, h, i, j = z0, z1, z2, z3, z4, z5, z6, z7, z8, z9"),
    right: Example::go("var a, b = 1, 2"),
}
}
