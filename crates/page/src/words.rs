//! The words of pages, in all languages.

use minigo_story::Text;
use minigo_story::why::Who;
use serde_json::{Map, Value, json};

macro_rules! words {
    ($($name:literal: $en:literal, $zh:literal;)*) => {
        &[$(($name, Text { en: $en, zh: $zh })),*]
    };
}

const WORDS: &[(&str, Text)] = words! {
    "source": "Source", "源码";
    "graph": "Blocks", "基本块";
    "pass": "Pass", "趟";
    "passes": "Passes", "各趟";
    "listing": "Listing", "汇编清单";
    "frame": "Frame", "栈帧";
    "before": "before", "执行前";
    "search": "search: v12, b3, 0x2b, :7, text", "搜索：v12、b3、0x2b、:7、文本";
    "searching": "Search", "搜索";
    "func": "Function", "函数";
    "help": "Keys", "按键";
    "details": "details", "细节";
    "close": "Close", "关闭";
    "unpin": "Remove pin", "取消固定";
    "blocks": "blocks", "块";
    "values": "values", "值";
    "changed": "lines changed", "行有变化";
    "same": "nothing changed", "没有变化";
    "skipped": "not recorded", "未记录";
    "history": "history", "历史";
    "lives": "lives", "存续";
    "toEnd": "to the end", "到最后";
    "home": "in", "位于";
    "uses": "used by", "被用于";
    "none": "nothing", "无";
    "line": "line", "行";
    "notHere": "not in this pass", "本趟中不存在";
    "wasHere": "changed in", "变化于";
    "folded": "open loops", "展开循环";
    "fold": "fold loops", "折叠循环";
    "notWritten": "not yet written", "尚未写入";
    "dead": "not read any more", "不再被读";
    "until": "live until", "存活至";
    "read": "read", "读";
    "written": "written", "写";
    "address": "address taken", "取地址";
    "size": "bytes", "字节";
    "what": "part", "内容";
    "state": "state", "状态";
    "noFrame": "Frames of functions this large are shown at calls only.", "如此大的函数只在调用处显示栈帧。";
    "more": "more characters", "个字符未显示";
    "hand": "hand-written: no passes", "手写汇编：没有编译趟";
};

/// Keys and what they do.
const KEYS: &[(&str, Text)] = words! {
    "n b": "next, previous pass that changed something", "下一个、上一个有变化的趟";
    "N B": "next, previous pass", "下一趟、上一趟";
    "↑ ↓ Home End": "move in a list", "在列表中移动";
    "Enter": "pin what is there, or remove the pin", "固定或取消固定";
    "Esc": "remove all pins", "取消全部固定";
    "/": "search; Enter goes on", "搜索；回车继续";
    "g": "go to a line of the source", "跳到源码某行";
    "x": "show use counts, positions, predecessors", "显示使用计数、位置、前驱";
    "[ ]": "previous, next function", "上一个、下一个函数";
    "l": "English, Chinese", "英文、中文";
    "?": "these keys", "本帮助";
};

/// Returns all words for the script: each in English and Chinese.
pub(crate) fn words() -> Value {
    let both = |text: &Text| json!([text.en, text.zh]);
    let words: Map<String, Value> = WORDS
        .iter()
        .map(|(name, text)| ((*name).to_owned(), both(text)))
        .collect();
    let keys: Vec<Value> = KEYS
        .iter()
        .map(|(keys, text)| json!([keys, text.en, text.zh]))
        .collect();
    let who = Who::ALL.map(|who| both(&who.word()));
    json!({"words": words, "keys": keys, "who": who})
}
