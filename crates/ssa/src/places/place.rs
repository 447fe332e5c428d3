//! The form of the result.

use minigo_obj::{ProgId, Reg};

use crate::entity::Var;

/// A point between instructions: the beginning of one, or inside it, where its effects are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The instruction; one behind the last for the end of the function.
    pub prog: ProgId,
    /// The point is behind the first byte.
    pub is_inside: bool,
}

/// A place that holds the value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A register.
    Register(Reg),
    /// The slot of a variable.
    Slot(Var),
    /// None: the value is known.
    Constant(i64),
}

/// The places of a variable, in order, each from one point to another.
#[derive(Clone, Debug)]
pub struct Places {
    /// The variable.
    pub var: Var,
    /// The place from the beginning of the function to its first value.
    pub at_entry: Option<Place>,
    /// The places at values.
    pub ranges: Vec<(Point, Point, Place)>,
}
