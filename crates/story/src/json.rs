//! JSON: documents with fields in the order in which they are written.

use std::fmt::Write;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer.
    Number(i64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, with its fields in order.
    Object(Vec<(&'static str, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::String(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Number(number)
    }
}

/// Returns an object.
pub fn object(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    Json::Object(fields.into_iter().collect())
}

/// Returns a document: what made it, the number of the form, and `fields`.
pub fn document(version: &str, fields: impl IntoIterator<Item = (&'static str, Json)>) -> String {
    let head = [("minigo", Json::from(version)), ("schema", Json::from(1))];
    let mut text = String::new();
    object(head.into_iter().chain(fields)).write(&mut text);
    text.push('\n');
    text
}

/// Returns a document as [`document`] does, whose field `name` is an array of values that are text already, separated by
/// commas.
pub fn document_of(
    version: &str,
    fields: impl IntoIterator<Item = (&'static str, Json)>,
    name: &str,
    values: &str,
) -> String {
    let text = document(version, fields);
    let open = text.trim_end().trim_end_matches('}');
    format!("{open},\"{name}\":[{values}]}}\n")
}

impl Json {
    /// Appends the value as text.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Json::String(text) => write_string(out, text),
            Json::Array(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Json::Object(fields) => {
                out.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_say_what_made_them() {
        let list = Json::Array(vec![Json::Null, Json::Bool(true), Json::from(-1)]);
        let text = document("0.1.0", [("a\"b", Json::from("\t\u{1}栈")), ("l", list)]);
        assert_eq!(
            text,
            "{\"minigo\":\"0.1.0\",\"schema\":1,\"a\\\"b\":\"\\t\\u0001栈\",\"l\":[null,true,-1]}\n"
        );
    }
}
