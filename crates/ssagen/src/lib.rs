//! minigo-ssagen.
