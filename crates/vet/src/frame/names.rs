//! The checks of functions whose TEXT names a package, or no package at all, which go vet ignores.

use minigo_obj::{Attrs, FuncText};

use super::Function;

pub(super) fn check(function: &mut Function) {
    let f = function.f;
    let package = function.package;
    let symbol = package.syms.name(f.sym);
    let Some((prefix, name)) = symbol.rsplit_once('.') else {
        return without_dot(function, symbol);
    };
    let is_other = package.syms.own_part(symbol) != Some(name) && prefix != package.path;
    let Some(declared) = package.declared.get(name).filter(|_| is_other) else {
        return;
    };
    // A function of another package may have the same name.
    if package.defined.contains(&package.syms.own_name(name)) || prefix.contains('/') {
        return;
    }
    let text = &f[FuncText::TEXT];
    if prefix != package.name {
        function.report(
            text,
            &format!(
                "this is not the function {name} of package {}",
                package.name
            ),
            &format!("TEXT {prefix}\u{b7}{name}(SB)"),
            &format!("TEXT \u{b7}{name}(SB)"),
            "leave the package's name out, as it is the one that is being built",
        );
    }
    if let Ok(arguments) = declared
        && f.args_size != FuncText::ARGS_SIZE_UNKNOWN
        && i64::from(f.args_size) != arguments.size as i64
    {
        let (have, want) = (f.args_size, arguments.size);
        function.args_are_wrong = true;
        function.report(
            text,
            &format!("wrong argument size {have}; expected $...-{want}"),
            &function.stated(),
            &format!("${}-{want}", f.frame_size),
            "the second number is the bytes of all parameters and results",
        );
    }
}

/// Reports a function without a middle dot that has the name of a Go function which no assembly defines.
fn without_dot(function: &mut Function, name: &str) {
    let package = function.package;
    let is_own = package.defined.contains(&package.syms.own_name(name));
    let is_static = function.f.attrs.has(Attrs::STATIC);
    if is_static || is_own || !package.declared.contains_key(name) {
        return;
    }
    let text = &function.f[FuncText::TEXT];
    function.report(
        text,
        &format!("this is not the Go function {name}: its name has no middle dot"),
        &format!("TEXT {name}(SB), a function of C"),
        &format!("TEXT \u{b7}{name}(SB)"),
        "put the middle dot (U+00B7) in front, which stands for the package",
    );
}
