//! The check of accesses to memory outside the frame and the arguments that TEXT states.

use minigo_obj::amd64::{Access, accesses};
use minigo_obj::{Addr, AddrKind, As, Attrs, FuncText, NameKind, Prog, Reg};

use super::Function;

/// The size of saved BP and return address in bytes. Functions may read them, and may take any address.
const SAVED: i64 = 16;

pub(super) fn check(function: &mut Function) {
    if function.moves_sp || function.f.frame_size < 0 {
        return;
    }
    let f = function.f;
    for (id, pushed) in function.with_pushed() {
        let prog = &f[id];
        if matches!(prog.as_, As::TEXT | As::FUNCDATA | As::PCDATA | As::NOP) {
            continue;
        }
        for (operand, mut access) in accesses(prog, f.rest(prog)) {
            if !matches!(operand.kind, AddrKind::Mem | AddrKind::Addr) || operand.index.is_some() {
                continue;
            }
            if access.masked {
                access.size = 1;
            }
            match operand.name.kind() {
                NameKind::Param => argument(function, prog, &operand, &access),
                NameKind::Auto => local(function, prog, &operand, &access, pushed),
                NameKind::None if operand.reg == Reg::SP => {
                    hardware(function, prog, &operand, &access, pushed);
                }
                _ => {}
            }
        }
    }
}

fn bytes(n: i64) -> String {
    match n {
        0 => "the address".to_owned(),
        1 => "a byte".to_owned(),
        n => format!("{n} bytes"),
    }
}

/// Checks `x+8(FP)`.
fn argument(function: &mut Function, prog: &Prog, operand: &Addr, access: &Access) {
    let f = function.f;
    let args = i64::from(f.args_size);
    let declared = function.package.declared.get(&function.name);
    // go vet already compares the declaration with TEXT, and names with offsets.
    let other_mistake = match declared {
        Some(Ok(arguments)) => arguments.size as i64 != args,
        Some(Err(_)) => true,
        None => function.args_are_wrong,
    };
    // As for go vet, 0 is no statement about a NOSPLIT function.
    let unstated =
        f.args_size == FuncText::ARGS_SIZE_UNKNOWN || args == 0 && f.attrs.has(Attrs::NOSPLIT);
    if unstated || other_mistake {
        return;
    }
    let (start, end) = (operand.offset, operand.offset.saturating_add(access.size));
    let lowest = if access.writes { 0 } else { -SAVED };
    if start >= lowest && end <= args {
        return;
    }
    let name = operand.name.local().map_or("", |local| f.local_name(local));
    let text = format!("{name}{start:+}(FP)");
    function.report(
        prog,
        &format!("{text} is outside of the arguments"),
        &format!("{} at {start}(FP)", bytes(access.size)),
        &format!(
            "offsets from 0 to {args}, as TEXT states {}",
            function.stated()
        ),
        "state the bytes of all parameters and results behind the frame size, or mend the offset",
    );
}

/// Checks `x-8(SP)`, which is relative to the top of the frame.
fn local(function: &mut Function, prog: &Prog, operand: &Addr, access: &Access, pushed: i64) {
    let (start, end) = (operand.offset, operand.offset.saturating_add(access.size));
    let room = function.frame + pushed;
    if start >= -room && end <= 0 {
        return;
    }
    let f = function.f;
    let name = operand.name.local().map_or("", |local| f.local_name(local));
    let text = format!("{name}{start:+}(SP)");
    let hint = if end > 0 {
        "above the frame are the saved BP, the return address and the arguments, which FP addresses"
    } else {
        "state a larger frame"
    };
    function.report(
        prog,
        &format!("{text} is outside of the frame"),
        &format!("{} at {start} from its top", bytes(access.size)),
        &format!(
            "offsets from {} to 0, as TEXT states {}",
            -room,
            function.stated()
        ),
        hint,
    );
}

/// Checks `8(SP)`, which is relative to SP itself.
fn hardware(function: &mut Function, prog: &Prog, operand: &Addr, access: &Access, pushed: i64) {
    let (start, end) = (operand.offset, operand.offset.saturating_add(access.size));
    let room = function.frame + pushed;
    let limit = if access.writes { room } else { room + SAVED };
    let fits = start >= 0 && end <= limit;
    if access.size == 0
        || fits
        || function.f.attrs.has(Attrs::NOFRAME)
        || function.is_known(prog, "(SP)")
    {
        return;
    }
    let hint = match start {
        ..0 => "below SP everything may be overwritten at any time: state a larger frame",
        _ => "above the frame are the saved BP and the return address: state a larger frame",
    };
    function.report(
        prog,
        &format!("{start}(SP) is outside of the frame"),
        &format!("{} at {start}(SP)", bytes(access.size)),
        &format!(
            "offsets from 0 to {room}, as TEXT states {}",
            function.stated()
        ),
        hint,
    );
}
