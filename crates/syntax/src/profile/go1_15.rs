//! Go 1.15, and Go 1.10, which differs in nothing here.

use super::Profile;
use crate::pragma::PragmaFlags;

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    expecting: "expecting",
    kinds_of_tokens: false,
    names_lists: false,
    type_params: false,
    late_imports: false,
    checks_import_paths: false,
    keeps_unnamed_funcs: false,
    late_positions: true,
    checks_calls: true,
    checks_fallthrough: false,
    checks_files: true,
    short_texts: false,
    unknown_directives: PragmaFlags::BUILD.with(PragmaFlags::UINTPTR_KEEPALIVE),
    linkname_std: false,
    by_first_error: false,
    relative_directives: false,
    all_files: false,
};
