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
    MarkInlined,
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
        saves_bp: bool,
        args: i64,
        names: String,
    },
    NosplitInferred,
    NosplitAsked,
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
    Divide,
    Shift,
    Panic,
    Convert,
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
            Purpose::Divide => "the divisor is 0: panics",
            Purpose::Shift => "the shift count is negative: panics",
            Purpose::Panic => "panics",
            Purpose::Convert => "makes the value an interface's, in memory of its own",
            Purpose::Other => "a part of Go that is a function of the runtime",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Purpose::Lock => "其他 goroutine 等这次打印结束",
            Purpose::Unlock => "其他 goroutine 可以打印了",
            Purpose::Print => "打印参数",
            Purpose::Divide => "除数为 0：panic",
            Purpose::Shift => "移位数为负：panic",
            Purpose::Panic => "panic",
            Purpose::Convert => "把值放进自己的内存，转成接口",
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
            MarkInlined => "no bytes: stands for an inlined call, for tracebacks".into(),
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
            EmptyLoop => "does nothing: a place of its own, for debuggers and tracebacks".into(),
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
                saves_bp,
                args,
                names,
            } => {
                let bp = if *saves_bp { ", 8 of them for BP" } else { "" };
                let names = if names.is_empty() {
                    String::new()
                } else {
                    format!(": {names}")
                };
                format!("frame of {frame} bytes{bp}; {args} bytes of arguments and results{names}")
            }
            NosplitInferred => {
                "NOSPLIT inferred: calls nothing, frame below 128 bytes, so no stack check".into()
            }
            NosplitAsked => "NOSPLIT asked for: no stack check".into(),
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
            Generated => {
                "a function that the compiler makes for what is converted to interfaces".into()
            }
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
            MarkInlined => "不占字节：代表一次被内联的调用，供回溯使用".into(),
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
            EmptyLoop => "什么也不做：给调试器和回溯一个位置".into(),
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
                saves_bp,
                args,
                names,
            } => {
                let bp = if *saves_bp {
                    "（其中 8 字节存 BP）"
                } else {
                    ""
                };
                let names = if names.is_empty() {
                    String::new()
                } else {
                    format!("：{names}")
                };
                format!("栈帧 {frame} 字节{bp}；参数与结果 {args} 字节{names}")
            }
            NosplitInferred => {
                "推断出 NOSPLIT：不调用别的函数，栈帧小于 128 字节，所以不检查栈".into()
            }
            NosplitAsked => "要求了 NOSPLIT：不检查栈".into(),
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
            Generated => "编译器为转换成接口的值生成的函数".into(),
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

fn en_bytes(n: u32) -> String {
    match n {
        1 => "1 byte".to_owned(),
        n => format!("{n} bytes"),
    }
}
