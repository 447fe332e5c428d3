//! minigo-link.
