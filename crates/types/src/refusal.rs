//! Names of features of Go that minigo doesn't have.

use minigo_syntax::ast::ExprKind;

use crate::ty::Types;

/// Returns the name of the feature that an expression of an unsupported kind uses.
pub(crate) fn feature_name(kind: ExprKind) -> &'static str {
    match kind {
        ExprKind::CompositeLit { .. } | ExprKind::KeyValue { .. } => "composite literals",
        ExprKind::FuncLit { .. } => "closures",
        ExprKind::Index { .. } | ExprKind::List(_) => "indexing",
        ExprKind::Slice { .. } | ExprKind::SliceType(_) => "slices",
        ExprKind::Assert { .. } => "type assertions",
        ExprKind::TypeSwitchGuard { .. } => "type switches",
        ExprKind::ArrayType { .. } => "arrays",
        ExprKind::DotsType(_) => "variadic functions",
        ExprKind::StructType(_) => "structs",
        ExprKind::InterfaceType(_) => "interfaces",
        ExprKind::FuncType { .. } => "function values",
        ExprKind::MapType { .. } => "maps",
        _ => "channels",
    }
}

/// Returns the name of what a package has with one defined type more than there may be.
pub(crate) fn too_many_types() -> String {
    format!("more than {} defined types", Types::MAX_DEFINED)
}
