//! minigo-types.
