//! Draws a chain of calls that needs too much stack as a tree with the bytes of each step.

use std::fmt::Write;

use super::{CALL_SIZE, Callee};

/// Lines at the start and at the end of a long tree.
const SHOWN: usize = 20;

/// A chain of calls, linked from its end.
pub(super) struct Chain<'a> {
    pub(super) callee: Callee,
    /// Bytes left on entry.
    pub(super) limit: i32,
    pub(super) up: Option<&'a Chain<'a>>,
}

/// One call of a chain.
struct Call {
    name: String,
    /// Bytes used below the return address before the next call.
    frame: i32,
    /// Bytes left then.
    left: i32,
}

/// Returns the tree of a chain at whose end `left` bytes are left:
///
/// ```text
/// stack of main.a (nosplit): 792 bytes, 16 too few
/// main.a (nosplit)     frame 408, 384 left
/// └─ main.b (nosplit)  call 8, frame 392, -16 left
/// ```
///
/// Repeated calls of a function share a line, and the middle of a long chain is omitted.
pub(super) fn tree(chain: &Chain, left: i32, described: &dyn Fn(Callee) -> String) -> String {
    let mut calls = Vec::new();
    let mut next = Some((chain, left));
    while let Some((chain, left)) = next {
        calls.push(Call {
            name: described(chain.callee),
            frame: chain.limit - left,
            left,
        });
        next = chain.up.map(|up| (up, chain.limit + CALL_SIZE));
    }
    calls.reverse();
    // A stack check leaves bytes below the frame.
    let start = calls[0].left + calls[0].frame.max(0);
    let same = |a: &Call, b: &Call| a.name == b.name && a.frame == b.frame;
    let mut rows: Vec<(String, String)> = Vec::new();
    for (index, group) in calls.chunk_by(same).enumerate() {
        let first = &group[0];
        let last = &group[group.len() - 1];
        let indent = match index {
            0 => String::new(),
            _ => format!("{}└─ ", "   ".repeat(index - 1)),
        };
        let times = match group.len() {
            1 => String::new(),
            n => format!(" × {n}"),
        };
        let mut bytes = String::new();
        if index > 0 {
            let _ = write!(bytes, "call {CALL_SIZE}, ");
        }
        if first.frame > 0 {
            let _ = write!(bytes, "frame {}, ", first.frame);
        }
        let _ = write!(bytes, "{} left", last.left);
        rows.push((format!("{indent}{}{times}", first.name), bytes));
    }
    if rows.len() > 2 * SHOWN {
        let left_out = rows.len() - 2 * SHOWN;
        rows.splice(
            SHOWN..SHOWN + left_out,
            [(format!("… {left_out} more calls"), String::new())],
        );
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0) + 2;
    let mut text = format!(
        "stack of {}: {start} bytes, {} too few\n",
        calls[0].name, -left
    );
    for (name, bytes) in rows {
        let row = format!("{name:width$}{bytes}");
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_calls_are_one_line() {
        let names = ["main.f (nosplit)", "main.g (nosplit)", "main.h"];
        let described = |callee| match callee {
            Callee::Function(index) => names[index].to_owned(),
            _ => String::new(),
        };
        let call = |index, limit, up| Chain {
            callee: Callee::Function(index),
            limit,
            up,
        };
        let f = call(0, 792, None);
        let g = call(1, 384, Some(&f));
        let again = call(1, 176, Some(&g));
        let h = call(2, -32, Some(&again));
        assert_eq!(
            tree(&h, -32, &described),
            "stack of main.f (nosplit): 792 bytes, 32 too few\n\
             main.f (nosplit)         frame 400, 392 left\n\
             └─ main.g (nosplit) × 2  call 8, frame 200, -24 left\n   \
                └─ main.h             call 8, -32 left\n"
        );
    }
}
