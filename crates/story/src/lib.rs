//! What minigo says about programs to people who want to know why: explanations of messages and terms, and drawings of
//! frames, hints.
//!
//! Takes facts, gives text in two languages; decides nothing about a program. [`explain::Topic`] has an entry for every code
//! of messages, for terms and for articles, each with examples that the command compiles when it shows them.
//! [`frame::frame`] reads an assembled function. gc's own messages are never translated.

pub mod explain;
pub mod frame;
pub mod hint;
pub mod json;
mod lang;
pub mod record;
pub mod why;

pub use lang::{Lang, Text};
