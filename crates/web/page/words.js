// The words of the page, and its language.

const WORDS = {
  playground: ["playground", "练习场"],
  example: ["Example", "示例"],
  flags: ["Flags", "选项"],
  no_optimization: ["-N: no optimization", "-N：不优化"],
  no_inlining: ["-l: no inlining", "-l：不内联"],
  share: ["Copy link", "复制链接"],
  shared: ["The link is copied; the address has it, too.", "链接已复制，地址栏里也是它。"],
  not_copied: ["The address is the link.", "地址栏就是链接。"],
  program: ["Program", "程序"],
  own: ["your program", "你的程序"],
  source_help: [
    "A line “-- name.s --” begins another file. Esc, Tab leaves the editor.",
    "“-- name.s --” 一行开始另一个文件。按 Esc、Tab 离开编辑器。",
  ],
  listing: ["Listing", "汇编列表"],
  functions: ["Functions", "函数"],
  form: ["Form", "形式"],
  reasons: ["with reasons", "附说明"],
  plain: ["as gc prints it", "gc 原样"],
  copy: ["Copy", "复制"],
  frame: ["Frame", "栈帧"],
  frame_help: ["before the chosen instruction", "所选指令执行之前"],
  passes: ["Passes", "各趟"],
  passes_of: [(name) => `what each of them did to ${name}`, (name) => `每一趟对 ${name} 做了什么`],
  window: ["Open in a window", "在新窗口打开"],
  detail: ["The chosen instruction", "所选指令"],
  loading: ["Unpacking the compiler …", "正在解压编译器……"],
  no_start: ["The compiler doesn't start: ", "编译器无法启动："],
  compiling: ["Compiling …", "编译中……"],
  stale: ["The listing is that of the last program without errors.", "列表仍是上一个没有错误的程序的。"],
  deep: ["nested too deeply for a browser", "嵌套太深，浏览器容纳不下"],
  memory: ["needs more memory than a browser gives", "所需内存超出浏览器所给"],
  bug: [
    "This is a bug in minigo; please report it with the program.",
    "这是 minigo 的错误，请连同程序一起报告。",
  ],
  differs: ["The listing differs from gc's: ", "列表与 gc 的不同："],
  compiled: [
    (functions, bytes, time) => `${functions} functions, ${bytes} bytes of code, ${time} ms`,
    (functions, bytes, time) => `${functions} 个函数，${bytes} 字节机器码，${time} 毫秒`,
  ],
  empty: ["There are no functions.", "没有函数。"],
  size: ["size", "大小"],
  slot: ["slot", "栈位"],
  use: ["use", "用途"],
  before: ["before", "执行前："],
  frame_of: [
    (frame, args) => `frame ${frame}, arguments ${args}`,
    (frame, args) => `栈帧 ${frame}，参数 ${args}`,
  ],
  bytes: [(size) => `${size} bytes`, (size) => `${size} 字节`],
  nosplit: ["NOSPLIT", "NOSPLIT"],
  return_address: ["return address", "返回地址"],
  saved_bp: ["BP of the caller", "调用方的 BP"],
  hole: ["(alignment)", "（对齐）"],
  unnamed: ["(unnamed)", "（未命名）"],
  param: ["parameter", "参数"],
  in_registers: ["parameter, passed in a register", "参数，经寄存器传递"],
  result: [(n) => `result ${n}`, (n) => `第 ${n} 个结果`],
  local: ["local", "局部变量"],
  spill: [(values) => `spill of ${values}`, (values) => `溢出：${values}`],
  out_arg: ["argument", "参数"],
  out_result: ["result", "结果"],
  not_written: ["not yet written", "尚未写入"],
  dead: ["no longer needed", "不再需要"],
  live_until: [(pc) => `live until ${pc}`, (pc) => `活到 ${pc}`],
  read: [(pcs) => `read ${pcs}`, (pcs) => `读于 ${pcs}`],
  written: [(pcs) => `written ${pcs}`, (pcs) => `写于 ${pcs}`],
  addressed: [(pcs) => `address taken ${pcs}`, (pcs) => `取址于 ${pcs}`],
  legend: ["Who made a line", "谁生成了这一行"],
  by_go: ["a statement", "语句"],
  by_ra: ["the register allocator", "寄存器分配"],
  by_live: ["maps for the garbage collector", "垃圾回收的指针图"],
  by_split: ["the check of the stack", "栈检查"],
  by_frame: ["opening or closing the frame", "打开或关闭栈帧"],
  by_pad: ["alignment", "对齐"],
  by_run: ["a call of the runtime", "运行时调用"],
  by_asm: ["a line of assembly", "汇编源码"],
};

// Who made a line, in the words of listings.
const WHO = {
  go: ["go", "语句"],
  ra: ["ra", "寄存器"],
  live: ["live", "指针图"],
  split: ["split", "栈检查"],
  frame: ["frame", "栈帧"],
  pad: ["pad", "对齐"],
  run: ["run", "运行时"],
  asm: ["asm", "源码"],
};

const LANGUAGES = ["en", "zh"];
let language = "en";

// Returns a text in the language of the page.
function word(name, ...values) {
  const text = WORDS[name][LANGUAGES.indexOf(language)];
  return typeof text === "function" ? text(...values) : text;
}

// Puts the texts of the language into the parts of the page that have no other.
function translate() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = word(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-title]")) {
    node.title = word(node.dataset.title);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
  }
  const button = document.getElementById("language");
  [button.textContent, button.lang] = language === "zh" ? ["English", "en"] : ["中文", "zh"];
}

// Returns an element. Properties that are no properties of elements become attributes.
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && !name.includes("-")) {
      node[name] = value;
    } else if (value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

// Returns an offset as listings print it.
function offset(pc) {
  return `0x${pc.toString(16).padStart(4, "0")}`;
}
