//! Compiler directives: `//go:noinline` and others (gc: gc/lex.go).

use minigo_base::Pos;

/// A set of directives, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PragmaFlags(pub u16);

impl PragmaFlags {
    /// `//go:noescape`: the parameters of a function without a body don't escape.
    pub const NOESCAPE: PragmaFlags = PragmaFlags(1 << 1);
    /// `//go:norace`: no annotations for the race detector.
    pub const NORACE: PragmaFlags = PragmaFlags(1 << 2);
    /// `//go:nosplit`: no stack check in the prologue. Implies [`Self::NOCHECKPTR`].
    pub const NOSPLIT: PragmaFlags = PragmaFlags(1 << 3);
    /// `//go:noinline`: calls are never inlined.
    pub const NOINLINE: PragmaFlags = PragmaFlags(1 << 4);
    /// `//go:nocheckptr`: no instrumentation of pointer arithmetic.
    pub const NOCHECKPTR: PragmaFlags = PragmaFlags(1 << 5);
    /// `//go:cgo_unsafe_args`: a pointer to one argument gives access to all.
    pub const CGO_UNSAFE_ARGS: PragmaFlags = PragmaFlags(1 << 6);
    /// `//go:uintptrescapes`: pointers converted to `uintptr` arguments escape.
    pub const UINTPTR_ESCAPES: PragmaFlags = PragmaFlags(1 << 7);
    /// `//go:systemstack`: runs on the system stack.
    pub const SYSTEMSTACK: PragmaFlags = PragmaFlags(1 << 8);
    /// `//go:nowritebarrier`: a write barrier is an error.
    pub const NOWRITEBARRIER: PragmaFlags = PragmaFlags(1 << 9);
    /// `//go:nowritebarrierrec`: a write barrier is an error here and in callees.
    pub const NOWRITEBARRIERREC: PragmaFlags = PragmaFlags(1 << 10);
    /// `//go:yeswritebarrierrec`: cancels [`Self::NOWRITEBARRIERREC`] for this function and its callees.
    pub const YESWRITEBARRIERREC: PragmaFlags = PragmaFlags(1 << 11);
    /// `//go:notinheap`: values of the type are never heap allocated.
    pub const NOTINHEAP: PragmaFlags = PragmaFlags(1 << 12);
    /// `//go:build`: a constraint, which counts in front of the package clause only.
    pub const BUILD: PragmaFlags = PragmaFlags(1 << 13);

    /// `//go:uintptrkeepalive`: what `uintptr` arguments point to stays alive.
    pub const UINTPTR_KEEPALIVE: PragmaFlags = PragmaFlags(1 << 14);

    /// Directives that may precede a function.
    pub const FUNC: PragmaFlags = PragmaFlags(0xfff).with(Self::UINTPTR_KEEPALIVE);
    /// Directives that may precede a type.
    pub const TYPE: PragmaFlags = Self::NOTINHEAP;
    /// Directives reserved for package runtime.
    pub const RUNTIME: PragmaFlags = PragmaFlags(0xf << 8);

    /// Returns the flags of the directive `go:verb`, including implied ones; no flags if the verb is unknown.
    pub fn of_verb(verb: &str) -> PragmaFlags {
        let found = VERBS.iter().find(|(known, _)| *known == verb);
        found.map_or(PragmaFlags::default(), |&(_, flags)| flags)
    }

    /// Returns the directive that stands for exactly these flags.
    pub(crate) fn verb(self) -> Option<&'static str> {
        let found = VERBS.iter().find(|(_, flags)| *flags == self);
        found.map(|&(verb, _)| verb)
    }

    /// Reports whether `self` and `other` have a flag in common.
    pub fn intersects(self, other: PragmaFlags) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the union of both sets.
    #[must_use]
    pub const fn with(self, other: PragmaFlags) -> PragmaFlags {
        PragmaFlags(self.0 | other.0)
    }

    /// Returns the flags of `self` that are not in `other`.
    #[must_use]
    pub fn without(self, other: PragmaFlags) -> PragmaFlags {
        PragmaFlags(self.0 & !other.0)
    }
}

/// Directives and their flags.
const VERBS: [(&str, PragmaFlags); 14] = {
    use PragmaFlags as P;
    [
        ("go:noescape", P::NOESCAPE),
        ("go:norace", P::NORACE),
        ("go:nosplit", P::NOSPLIT.with(P::NOCHECKPTR)),
        ("go:noinline", P::NOINLINE),
        ("go:nocheckptr", P::NOCHECKPTR),
        ("go:systemstack", P::SYSTEMSTACK),
        ("go:nowritebarrier", P::NOWRITEBARRIER),
        (
            "go:nowritebarrierrec",
            P::NOWRITEBARRIERREC.with(P::NOWRITEBARRIER),
        ),
        ("go:yeswritebarrierrec", P::YESWRITEBARRIERREC),
        ("go:cgo_unsafe_args", P::CGO_UNSAFE_ARGS.with(P::NOCHECKPTR)),
        ("go:uintptrescapes", P::UINTPTR_ESCAPES),
        ("go:uintptrkeepalive", P::UINTPTR_KEEPALIVE),
        ("go:notinheap", P::NOTINHEAP),
        ("go:build", P::BUILD),
    ]
};

/// The directives in front of one declaration.
#[derive(Clone, Debug, Default)]
pub struct PragmaData {
    /// Union of the flags of all directives.
    pub flags: PragmaFlags,
    /// The flags of each directive, and the position of its text after the slashes. Unknown directives are included.
    pub places: Vec<(PragmaFlags, Pos)>,
}

impl PragmaData {
    /// Returns the positions of directives with a flag in `unused`, to be reported as misplaced.
    pub fn misplaced(&self, unused: PragmaFlags) -> impl Iterator<Item = Pos> {
        let places = self.places.iter();
        places
            .filter(move |(flags, _)| flags.intersects(unused))
            .map(|&(_, pos)| pos)
    }
}
