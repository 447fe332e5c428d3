//! minigo-rules.
