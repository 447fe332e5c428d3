//! Go 1.27.

use super::Profile;
use crate::pragma::PragmaFlags;

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    expecting: "expected",
    kinds_of_tokens: true,
    names_lists: true,
    type_params: true,
    late_imports: true,
    checks_import_paths: true,
    keeps_unnamed_funcs: true,
    late_positions: false,
    checks_calls: false,
    checks_fallthrough: true,
    checks_files: false,
    short_texts: true,
    unknown_directives: PragmaFlags::NOTINHEAP,
    linkname_std: true,
    by_first_error: true,
    relative_directives: true,
    all_files: true,
};
