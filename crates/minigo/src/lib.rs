//! minigo-minigo.
