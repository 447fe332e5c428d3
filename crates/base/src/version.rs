//! What differs between the Go versions whose listings minigo prints.

/// A Go version as data: passes, preprocessor and printer read its fields and never compare versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoVersion {
    /// As given to `-go`: `1.15`.
    pub name: &'static str,
    /// The number after the point: build constraints ask for `go1.1` up to it.
    pub release: u32,
    /// TEXT lines and headers of Go functions carry `ABIInternal`.
    pub abi_internal: bool,
    /// Stack maps are announced by `PCDATA $1, $n`; before, by `PCDATA $0, $n`.
    pub stack_map_pcdata: i64,
    /// Every call is announced, not only one whose stack map differs from the last one's.
    pub stack_map_at_each_call: bool,
    /// Positions carry statement marks. Without, spills, restores and copies print the line before them, and
    /// the first statement does not move to the first instruction.
    pub statement_marks: bool,
    /// A panic call is followed by UNDEF; later, by a NOP where the function ends.
    pub undef_after_panic: bool,
    /// An empty endless loop contains a NOP, and its jump has a line of its own.
    pub nop_in_empty_loop: bool,
    /// `PCDATA $0, $-2` and `$-1` mark unsafe points around the stack check.
    pub unsafe_points: bool,
    /// Jumps are kept off 32-byte boundaries (the JCC erratum).
    pub aligned_jumps: bool,
    /// Reads of memory get `XCHGL AX, AX` marks for inlined calls.
    pub inline_marks: bool,
    /// `FUNCDATA $0` describes the argument words even when nothing is a pointer.
    pub args_bitmap: bool,
    /// A package always has a generated `init` function with an `initdone·` guard.
    pub guarded_init: bool,
    /// The concrete DWARF symbols of functions are printed.
    pub dwarf_symbols: bool,
    /// A symbol holds the package's name.
    pub package_name_symbol: bool,
    /// Descriptors of declared types (`type.*`) hold a function that compares values. Their earlier form is not made.
    pub type_descriptors: bool,
    /// Relocation kinds include RISC-V's calls, so that the numbers of those after it are one higher.
    pub riscv_relocs: bool,
}

impl GoVersion {
    /// Go 1.10: the version of the articles.
    pub const GO1_10: GoVersion = GoVersion {
        name: "1.10",
        release: 10,
        abi_internal: false,
        stack_map_pcdata: 0,
        stack_map_at_each_call: true,
        statement_marks: false,
        undef_after_panic: true,
        nop_in_empty_loop: false,
        unsafe_points: false,
        aligned_jumps: false,
        inline_marks: false,
        args_bitmap: true,
        guarded_init: true,
        dwarf_symbols: true,
        package_name_symbol: false,
        type_descriptors: false,
        riscv_relocs: false,
    };

    /// Go 1.15: the default.
    pub const GO1_15: GoVersion = GoVersion {
        name: "1.15",
        release: 15,
        abi_internal: true,
        stack_map_pcdata: 1,
        stack_map_at_each_call: false,
        statement_marks: true,
        undef_after_panic: false,
        nop_in_empty_loop: true,
        unsafe_points: true,
        aligned_jumps: true,
        inline_marks: true,
        args_bitmap: false,
        guarded_init: false,
        dwarf_symbols: false,
        package_name_symbol: true,
        type_descriptors: true,
        riscv_relocs: true,
    };

    /// All versions, oldest first.
    pub const ALL: [GoVersion; 2] = [GoVersion::GO1_10, GoVersion::GO1_15];

    /// The version with that name: `1.15`, `go1.15` or `1.15.15`.
    pub fn parse(name: &str) -> Option<GoVersion> {
        let name = name.strip_prefix("go").unwrap_or(name);
        Self::ALL.into_iter().find(|version| {
            name.strip_prefix(version.name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

impl Default for GoVersion {
    fn default() -> Self {
        GoVersion::GO1_15
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_parse_with_prefix_and_patch_level() {
        assert_eq!(GoVersion::parse("go1.15.15"), Some(GoVersion::GO1_15));
        assert_eq!(GoVersion::parse("1.10"), Some(GoVersion::GO1_10));
        assert_eq!(GoVersion::parse("1.1"), None);
        assert_eq!(GoVersion::parse("1.155"), None);
    }
}
