//! The check of calls whose arguments don't fit the caller's frame. They would overwrite its saved BP, return address
//! and own arguments.

use minigo_obj::{As, Attrs};

use super::Function;

pub(super) fn check(function: &mut Function) {
    let f = function.f;
    if function.moves_sp || f.frame_size < 0 {
        return;
    }
    for (id, pushed) in function.with_pushed() {
        let prog = &f[id];
        let Some(callee) = prog.to.name.sym().filter(|_| prog.as_ == As::CALL) else {
            continue;
        };
        let symbol = function.package.syms.name(callee);
        let Some(&args) = function.package.args_of.get(symbol) else {
            continue;
        };
        let room = function.frame + pushed;
        let (file, line) = function.place(prog);
        // Arguments of ABIInternal functions are in registers.
        if args as i64 <= room || function.package.selected.has(file, line) {
            continue;
        }
        let nosplit = if f.attrs.has(Attrs::NOSPLIT) {
            "NOSPLIT "
        } else {
            ""
        };
        let callee = function.package.syms.own_part(symbol).unwrap_or(symbol);
        function.report(
            prog,
            &format!("CALL of {callee} in a {nosplit}frame of {room}: its arguments do not fit"),
            &format!("{room} bytes, as TEXT states {}", function.stated()),
            &format!("{args} bytes for parameters and results of {callee}"),
            "state a frame that has room for them at 0(SP), or jump to the function instead",
        );
    }
}
