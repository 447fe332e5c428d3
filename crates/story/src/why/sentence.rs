//! The sentences, in every language. A sentence that lacks a language doesn't compile.

use serde::Serialize;

use crate::lang::Lang;

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "id", rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum Sentence {
    // Values.
    Assign {
        to: String,
        value: String,
    },
    Select {
        to: String,
        value: String,
        condition: String,
    },
    Compare {
        left: String,
        right: String,
    },
    TestBits {
        left: String,
        right: String,
    },
    LoadParam {
        to: String,
        name: String,
    },
    Reload {
        to: String,
        what: String,
    },
    Spill {
        what: String,
        slot: String,
    },
    Move {
        to: String,
        what: String,
    },
    Again {
        to: String,
        value: String,
    },
    Toward {
        value: String,
    },
    StoreResult {
        number: usize,
        name: String,
        what: String,
    },
    StoreArgument {
        what: String,
        offset: i64,
        callee: String,
    },
    LoadResult {
        to: String,
        offset: i64,
        callee: String,
    },
    Call {
        callee: String,
    },
    CallRuntime {
        callee: String,
        purpose: Purpose,
    },
    NilCheck,
    Zero,
    Widen {
        to: String,
        value: String,
    },
    Divide {
        dividend: String,
        divisor: String,
    },
    MinusOne,
    Dividend,
    ClearHigh,
    HighHalf {
        left: String,
        right: String,
    },
    CarryMask {
        to: String,
    },
    MarkInlined {
        bytes: u32,
    },
    Operation {
        op: String,
    },
    // Ends of blocks.
    Branch {
        condition: String,
        target: u32,
    },
    Jump {
        target: u32,
        back: bool,
    },
    JumpTable,
    Return,
    Unreachable,
    EmptyLoop,
    KeepsReturnAddress,
    OwnFirst,
    // The stack check.
    LoadG {
        register: String,
    },
    CompareSp {
        register: String,
    },
    LowestSp,
    CompareLowest,
    CheckHuge,
    TooLittle {
        target: u32,
    },
    NotOpenHere,
    MoreStack,
    StartAgain,
    KeepParam {
        register: String,
    },
    ParamBack {
        register: String,
    },
    // The frame.
    Text {
        frame: i64,
        /// Bytes for the caller's BP.
        bp: i64,
        /// Bytes for local variables and spilled values; 0 if that isn't known.
        locals: i64,
        /// Bytes for arguments and results of calls; 0 if that isn't known.
        outgoing: i64,
        args: i64,
        /// The parameters come in registers.
        in_registers: bool,
        names: String,
    },
    NosplitInferred {
        panics: bool,
    },
    ChecksForCall {
        callee: String,
    },
    ChecksForFrame,
    NosplitAsked,
    NosplitWrapper,
    Wrapper {
        callee: String,
    },
    GeneratedEqual {
        elements: String,
    },
    GeneratedMethod,
    Initialization,
    Open {
        size: i64,
    },
    SaveBp,
    SetBp,
    RestoreBp,
    Close {
        size: i64,
    },
    AdjustPanic,
    // Maps.
    ArgsMap,
    LocalsMap,
    ObjectsMap,
    OtherTable,
    StackMap {
        index: i64,
    },
    NoStackMap,
    NoPreemption,
    Preemption,
    ArgumentsAt {
        index: i64,
    },
    // Padding.
    PadJump {
        bytes: u32,
    },
    PadCode {
        bytes: u32,
    },
    // A function that the compiler makes.
    Generated,
    ZeroAgain,
    GAgain,
    // Assembly.
    Written,
    ParamAt {
        name: String,
        offset: i64,
        sp: i64,
    },
    LocalAt {
        name: String,
        offset: i64,
        sp: i64,
    },
    ArgumentOf {
        offset: i64,
    },
    WrittenJump {
        target: u32,
    },
}

/// What a function of the runtime is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum Purpose {
    Lock,
    Unlock,
    Print,
    Space,
    NewLine,
    Divide,
    Shift,
    Panic,
    Convert,
    Compare,
    Other,
}

impl Purpose {
    /// Returns the purpose of a runtime function by its name.
    pub fn of(name: &str) -> Purpose {
        match name.strip_prefix("runtime.").unwrap_or(name) {
            "printlock" => Purpose::Lock,
            "printunlock" => Purpose::Unlock,
            "panicdivide" => Purpose::Divide,
            "panicshift" => Purpose::Shift,
            "gopanic" | "throwinit" => Purpose::Panic,
            "efaceeq" | "ifaceeq" => Purpose::Compare,
            "printsp" => Purpose::Space,
            "printnl" => Purpose::NewLine,
            own if own.starts_with("print") => Purpose::Print,
            own if own.starts_with("conv") => Purpose::Convert,
            _ => Purpose::Other,
        }
    }

    fn en(self) -> &'static str {
        match self {
            Purpose::Lock => "other goroutines wait until this print is done",
            Purpose::Unlock => "other goroutines may print again",
            Purpose::Print => "prints its argument",
            Purpose::Space => "prints a space",
            Purpose::NewLine => "ends the line",
            Purpose::Divide => "the divisor is 0: panics",
            Purpose::Shift => "the shift count is negative: panics",
            Purpose::Panic => "panics",
            Purpose::Convert => "makes the value an interface's, in memory of its own",
            Purpose::Compare => "compares what two interfaces hold",
            Purpose::Other => "a part of Go that is a function of the runtime",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Purpose::Lock => "其他 goroutine 等这次打印结束",
            Purpose::Unlock => "其他 goroutine 可以打印了",
            Purpose::Print => "打印参数",
            Purpose::Space => "打印空格",
            Purpose::NewLine => "换行",
            Purpose::Divide => "除数为 0：panic",
            Purpose::Shift => "移位数为负：panic",
            Purpose::Panic => "panic",
            Purpose::Convert => "把值放进自己的内存，转成接口",
            Purpose::Compare => "比较两个接口里的值",
            Purpose::Other => "由运行时函数实现的语言功能",
        }
    }
}

impl Sentence {
    /// Returns the sentence in one language.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en(),
            Lang::Zh => self.zh(),
        }
    }

    fn en(&self) -> String {
        use Sentence::*;
        match self {
            Assign { to, value } => format!("{to} = {value}"),
            Select {
                to,
                value,
                condition,
            } => format!("{to} = {value} if {condition}, else as it is: no jump"),
            Compare { left, right } => format!("flags: {left} compared with {right}"),
            TestBits { left, right } => format!("flags: {left} & {right} compared with 0"),
            LoadParam { to, name } => format!("{to} = parameter {name}, from the caller's frame"),
            Reload { to, what } => format!("reload {what} into {to}"),
            Spill { what, slot } => {
                format!(
                    "spill {what} to its slot {slot}: it is needed again when no register holds it"
                )
            }
            Move { to, what } => format!("{what} to {to}, where it is wanted"),
            Again { to, value } => {
                format!("{to} = {value}: constants are made where they are used")
            }
            Toward { value } => format!("a step to {value}"),
            StoreResult { number, name, what } => format!("result {number}, {name} = {what}"),
            StoreArgument {
                what,
                offset,
                callee,
            } => format!("{what} to {offset}(SP), for {callee}"),
            LoadResult { to, offset, callee } => {
                format!("{to} = result of {callee}, from {offset}(SP)")
            }
            Call { callee } => {
                format!("call {callee}: pushes the return address; registers are lost")
            }
            CallRuntime { callee, purpose } => format!("call {callee}: {}", purpose.en()),
            NilCheck => "fault here if the pointer is nil".into(),
            Zero => "zero memory".into(),
            Widen { to, value } => format!("{to} = {value}, widened"),
            Divide { dividend, divisor } => {
                format!("quotient and remainder of {dividend} / {divisor}")
            }
            MinusOne => {
                "a division by -1 is a negation: the processor would fault on the smallest number"
                    .into()
            }
            Dividend => "the dividend, in two registers".into(),
            ClearHigh => "DX = 0: upper half of the dividend, or remainder".into(),
            HighHalf { left, right } => {
                format!("high half of {left} * {right}: a division by a constant")
            }
            CarryMask { to } => {
                format!("{to} = all ones if the shift count is small enough, else 0")
            }
            MarkInlined { bytes: 0 } => {
                "no bytes: stands for an inlined call, for tracebacks".into()
            }
            MarkInlined { bytes } => format!(
                "{} that do nothing: stand for an inlined call, for tracebacks",
                en_bytes(*bytes)
            ),
            Operation { op } => format!("does {op}"),
            Branch { condition, target } => format!("if {condition}: to {target:#06x}"),
            Jump {
                target,
                back: false,
            } => format!("on to {target:#06x}"),
            Jump { target, back: true } => format!("back to {target:#06x}: again"),
            JumpTable => "to the code of the case, by a table".into(),
            Return => "back to the return address".into(),
            Unreachable => "never reached: the call before doesn't return".into(),
            EmptyLoop => "does nothing: the body of an empty loop, for debuggers".into(),
            KeepsReturnAddress => {
                "never reached: keeps the return address of the call before it in this function"
                    .into()
            }
            OwnFirst => {
                "does nothing: the first instruction is the function's own, not an inlined one"
                    .into()
            }
            LoadG { register } => format!("{register} = g, the running goroutine"),
            CompareSp { register } => {
                format!("SP against stackguard0 of g, in {register} (small frame: SP itself)")
            }
            LowestSp => {
                "where SP will be, without the 128 bytes that may be below the guard".into()
            }
            CompareLowest => "that against stackguard0 of g".into(),
            CheckHuge => "a frame so large could go below address 0".into(),
            TooLittle { target } => format!("SP <= guard: to {target:#06x}, grow the stack"),
            NotOpenHere => "no bytes: notes that the frame isn't open here".into(),
            MoreStack => "doubles the stack and copies it".into(),
            StartAgain => "try again from the start".into(),
            KeepParam { register } => {
                format!("the parameter in {register} must survive the growth")
            }
            ParamBack { register } => format!("the parameter in {register} is back"),
            Text {
                frame,
                bp,
                locals,
                outgoing,
                args,
                in_registers,
                names,
            } => {
                let parts = [
                    (bp, "for BP"),
                    (locals, "for locals"),
                    (outgoing, "for arguments and results of calls"),
                ];
                let parts = parts.iter().filter(|(bytes, _)| **bytes > 0);
                let parts: Vec<String> = parts.map(|(bytes, what)| format!("{bytes} {what}")).collect();
                let parts = with_colon(": ", &parts.join(", "));
                let names = with_colon(": ", names);
                match in_registers {
                    false => format!(
                        "frame of {frame} bytes{parts}; {args} bytes of arguments and results{names}"
                    ),
                    true => format!(
                        "frame of {frame} bytes{parts}; {args} bytes of the caller's to spill parameters that come in registers{names}"
                    ),
                }
            }
            NosplitInferred { panics: false } => {
                "NOSPLIT inferred: calls nothing, frame below 128 bytes, so no stack check".into()
            }
            NosplitInferred { panics: true } => {
                "NOSPLIT inferred: calls only panics, which need no stack of this function, frame below 128 bytes".into()
            }
            ChecksForCall { callee } => {
                format!("not NOSPLIT: calls {callee}, so the stack is checked")
            }
            ChecksForFrame => {
                "not NOSPLIT: the frame has 128 bytes or more, so the stack is checked".into()
            }
            NosplitAsked => "NOSPLIT asked for: no stack check".into(),
            NosplitWrapper => "NOSPLIT: the compiler's wrappers have no stack check".into(),
            Wrapper { callee } => format!(
                "made by the compiler: takes a call in one calling convention to {callee} in the other"
            ),
            GeneratedEqual { elements } => {
                format!("made by the compiler: compares two values of type {elements}")
            }
            GeneratedMethod => {
                "made by the compiler: the method of an embedded field, for the outer type".into()
            }
            Initialization => {
                "made by the compiler: initializes package variables, in order of dependence".into()
            }
            Open { size } => format!("open: {size} bytes"),
            SaveBp => "save the caller's BP".into(),
            SetBp => "BP = where it is saved".into(),
            RestoreBp => "the caller's BP back".into(),
            Close { size } => format!("close: {size} bytes"),
            AdjustPanic => "a wrapper called while panicking isn't a caller for recover".into(),
            ArgsMap => "where pointers are in the arguments".into(),
            LocalsMap => "where pointers are in the locals".into(),
            ObjectsMap => "the variables whose address is taken".into(),
            OtherTable => "where arguments are, for tracebacks".into(),
            StackMap { index } => format!("pointer map {index} holds at the next call"),
            NoStackMap => "no pointer map here".into(),
            NoPreemption => "the goroutine can't be stopped from here".into(),
            Preemption => "the goroutine can be stopped again".into(),
            ArgumentsAt { index: -1 } => "all arguments are in their places, for tracebacks".into(),
            ArgumentsAt { index } => format!("which arguments are in their places: map {index}"),
            PadJump { bytes } => format!(
                "{}: the jump after it would cross or end at a 32-byte boundary",
                en_bytes(*bytes)
            ),
            PadCode { bytes } => format!("{}: aligns the code after it", en_bytes(*bytes)),
            Generated => "a step of a function that the compiler makes".into(),
            ZeroAgain => "X15 = 0, as compiled code expects: the other function may use it".into(),
            GAgain => "R14 = g, as compiled code expects: the other function may use it".into(),
            Written => "as written".into(),
            ParamAt { name, offset, sp } => format!("{name}+{offset}(FP) is {sp}(SP) here"),
            LocalAt { name, offset, sp } => {
                format!("{name}{offset:+}(SP), pseudo SP, is {sp}(SP) here")
            }
            ArgumentOf { offset } => {
                format!("{offset}(SP) is the processor's SP: for a call, or its result")
            }
            WrittenJump { target } => format!("as written, to {target:#06x}"),
        }
    }

    fn zh(&self) -> String {
        use Sentence::*;
        match self {
            Assign { to, value } => format!("{to} = {value}"),
            Select {
                to,
                value,
                condition,
            } => format!("若 {condition}，{to} = {value}，否则不变：不用跳转"),
            Compare { left, right } => format!("标志：比较 {left} 与 {right}"),
            TestBits { left, right } => format!("标志：比较 {left} & {right} 与 0"),
            LoadParam { to, name } => format!("{to} = 参数 {name}，取自调用方栈帧"),
            Reload { to, what } => format!("把 {what} 取回 {to}"),
            Spill { what, slot } => {
                format!("把 {what} 溢出到槽 {slot}：之后还要用，而寄存器留不住它")
            }
            Move { to, what } => format!("把 {what} 移到需要它的 {to}"),
            Again { to, value } => format!("{to} = {value}：常数在使用处生成"),
            Toward { value } => format!("为 {value} 的一步"),
            StoreResult { number, name, what } => format!("第 {number} 个结果 {name} = {what}"),
            StoreArgument {
                what,
                offset,
                callee,
            } => format!("{what} 放到 {offset}(SP)，给 {callee}"),
            LoadResult { to, offset, callee } => format!("{to} = {callee} 的结果，在 {offset}(SP)"),
            Call { callee } => format!("调用 {callee}：压入返回地址；寄存器不再保留"),
            CallRuntime { callee, purpose } => format!("调用 {callee}：{}", purpose.zh()),
            NilCheck => "指针为 nil 则在此出错".into(),
            Zero => "内存清零".into(),
            Widen { to, value } => format!("{to} = 扩展后的 {value}"),
            Divide { dividend, divisor } => format!("{dividend} / {divisor} 的商和余数"),
            MinusOne => "除以 -1 就是取负：最小的数除以 -1 会让处理器出错".into(),
            Dividend => "被除数，放在两个寄存器里".into(),
            ClearHigh => "DX = 0：被除数的高半部分，或余数".into(),
            HighHalf { left, right } => format!("{left} * {right} 的高半部分：除以常数"),
            CarryMask { to } => format!("{to} = 移位数足够小则全为 1，否则为 0"),
            MarkInlined { bytes: 0 } => "不占字节：代表一次被内联的调用，供回溯使用".into(),
            MarkInlined { bytes } => {
                format!("什么也不做的 {bytes} 字节：代表一次被内联的调用，供回溯使用")
            }
            Operation { op } => format!("执行 {op}"),
            Branch { condition, target } => format!("若 {condition}：跳到 {target:#06x}"),
            Jump {
                target,
                back: false,
            } => format!("继续到 {target:#06x}"),
            Jump { target, back: true } => format!("回到 {target:#06x}：下一轮"),
            JumpTable => "按表跳到对应 case 的代码".into(),
            Return => "回到返回地址".into(),
            Unreachable => "不会执行到：前面的调用不返回".into(),
            EmptyLoop => "什么也不做：空循环的循环体，给调试器一个位置".into(),
            KeepsReturnAddress => "不会执行到：让前面那次调用的返回地址仍在本函数之内".into(),
            OwnFirst => "什么也不做：第一条指令要属于函数自己，而不是被内联的函数".into(),
            LoadG { register } => format!("{register} = g，当前 goroutine"),
            CompareSp { register } => {
                format!("比较 SP 与 {register} 中 g 的 stackguard0（小栈帧：直接用 SP）")
            }
            LowestSp => "SP 将到的位置，扣除警戒值以下允许的 128 字节".into(),
            CompareLowest => "与 g 的 stackguard0 比较".into(),
            CheckHuge => "这么大的栈帧可能低于地址 0".into(),
            TooLittle { target } => format!("SP <= 警戒值：跳到 {target:#06x} 去扩栈"),
            NotOpenHere => "不占字节：标明此处栈帧没有打开".into(),
            MoreStack => "把栈扩大一倍并复制".into(),
            StartAgain => "从头再试".into(),
            KeepParam { register } => format!("扩栈时保留 {register} 中的参数"),
            ParamBack { register } => format!("取回 {register} 中的参数"),
            Text {
                frame,
                bp,
                locals,
                outgoing,
                args,
                in_registers,
                names,
            } => {
                let parts = [
                    (bp, "存 BP"),
                    (locals, "放局部变量"),
                    (outgoing, "放调用的参数与结果"),
                ];
                let parts = parts.iter().filter(|(bytes, _)| **bytes > 0);
                let parts: Vec<String> = parts
                    .map(|(bytes, what)| format!("{bytes} 字节{what}"))
                    .collect();
                let parts = with_colon("：", &parts.join("，"));
                let names = with_colon("：", names);
                match in_registers {
                    false => format!("栈帧 {frame} 字节{parts}；参数与结果 {args} 字节{names}"),
                    true => format!(
                        "栈帧 {frame} 字节{parts}；调用方留出 {args} 字节，供溢出由寄存器传入的参数{names}"
                    ),
                }
            }
            NosplitInferred { panics: false } => {
                "推断出 NOSPLIT：不调用别的函数，栈帧小于 128 字节，所以不检查栈".into()
            }
            NosplitInferred { panics: true } => {
                "推断出 NOSPLIT：只调用不需要本函数栈空间的 panic，栈帧小于 128 字节".into()
            }
            ChecksForCall { callee } => format!("不是 NOSPLIT：要调用 {callee}，所以检查栈"),
            ChecksForFrame => "不是 NOSPLIT：栈帧达到 128 字节，所以检查栈".into(),
            NosplitAsked => "要求了 NOSPLIT：不检查栈".into(),
            NosplitWrapper => "NOSPLIT：编译器的包装函数不检查栈".into(),
            Wrapper { callee } => {
                format!("编译器生成：把一种调用约定的调用转成另一种，再调用 {callee}")
            }
            GeneratedEqual { elements } => format!("编译器生成：比较两个 {elements} 类型的值"),
            GeneratedMethod => "编译器生成：内嵌字段的方法，供外层类型使用".into(),
            Initialization => "编译器生成：按依赖顺序初始化包级变量".into(),
            Open { size } => format!("打开：{size} 字节"),
            SaveBp => "保存调用方的 BP".into(),
            SetBp => "BP = 保存它的位置".into(),
            RestoreBp => "恢复调用方的 BP".into(),
            Close { size } => format!("关闭：{size} 字节"),
            AdjustPanic => "panic 过程中调用的包装函数不算 recover 的调用者".into(),
            ArgsMap => "参数里指针的位置".into(),
            LocalsMap => "局部变量里指针的位置".into(),
            ObjectsMap => "被取了地址的变量".into(),
            OtherTable => "参数的位置，供回溯使用".into(),
            StackMap { index } => format!("下一次调用处用指针图 {index}"),
            NoStackMap => "此处没有指针图".into(),
            NoPreemption => "从这里起 goroutine 不能被停下".into(),
            Preemption => "goroutine 又可以被停下".into(),
            ArgumentsAt { index: -1 } => "所有参数都在自己的位置，供回溯使用".into(),
            ArgumentsAt { index } => format!("哪些参数在自己的位置：图 {index}"),
            PadJump { bytes } => format!("{bytes} 字节：否则后面的跳转会跨越或止于 32 字节边界"),
            PadCode { bytes } => format!("{bytes} 字节：使后面的代码对齐"),
            Generated => "编译器生成的函数中的一步".into(),
            ZeroAgain => "X15 = 0，编译出的代码要求如此：另一个函数可能用过它".into(),
            GAgain => "R14 = g，编译出的代码要求如此：另一个函数可能用过它".into(),
            Written => "照写".into(),
            ParamAt { name, offset, sp } => format!("{name}+{offset}(FP) 在此处是 {sp}(SP)"),
            LocalAt { name, offset, sp } => {
                format!("伪 SP 的 {name}{offset:+}(SP) 在此处是 {sp}(SP)")
            }
            ArgumentOf { offset } => format!("{offset}(SP) 是硬件 SP：放调用的参数或结果"),
            WrittenJump { target } => format!("照写，跳到 {target:#06x}"),
        }
    }
}

/// Returns a text after a colon; nothing if there is none.
fn with_colon(colon: &str, text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("{colon}{text}"),
    }
}

fn en_bytes(n: u32) -> String {
    match n {
        1 => "1 byte".to_owned(),
        n => format!("{n} bytes"),
    }
}
