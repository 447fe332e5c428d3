//! minigo-obj.
