//! The places of the program's variables at each instruction, for debuggers.
//!
//! Values know their variables, so a variable is where its last value is: in a register, in a slot, or it is a constant.
//! Optimization makes that false where values are computed earlier or later than the program says, are shared, or not
//! computed at all. A place is only named where none of this happened; there is no place where anything is in doubt.
//! Variables that are not optimized are in their slots from their first assignment on.

mod changes;
mod enter;
mod flow;
mod order;
mod place;
mod search;
mod states;
mod stops;

use minigo_obj::ProgId;

use crate::amd64::Origins;
use crate::entity::Var;
use crate::func::Func;

use self::enter::enter;
use self::flow::Flow;
pub use self::order::SourceOrder;
pub use self::place::{Place, Places, Point};
use self::stops::Graph;

/// Variables times values beyond which no places are looked for.
const LIMIT: usize = 1 << 21;

/// Returns the places of the program's variables in `f`, whose instructions come from `origins`. Requires all passes.
pub fn places(f: &mut Func, origins: &Origins, end: ProgId, order: &SourceOrder) -> Vec<Places> {
    let mut vars: Vec<Var> = f
        .vars
        .iter()
        .filter(|(_, data)| {
            is_visible(data.own_name()) && (data.ty.is_integer() || data.ty.is_boolean())
        })
        .map(|(var, _)| var)
        .collect();
    if vars.len() * f.num_values() > LIMIT {
        let nowhere = |var| Places {
            var,
            at_entry: None,
            ranges: Vec::new(),
        };
        return vars.into_iter().map(nowhere).collect();
    }
    if vars.is_empty() {
        return Vec::new();
    }
    vars.sort_unstable();
    let graph = Graph::new(f);
    let entered = enter(f, &vars, order, &graph);
    Flow::new(f, &vars, entered).places(origins, end)
}

/// Reports whether a variable has a name in the program.
fn is_visible(name: &str) -> bool {
    !name.starts_with(['.', '~']) && name != "_"
}
