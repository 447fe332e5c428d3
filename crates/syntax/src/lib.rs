//! minigo-syntax.
