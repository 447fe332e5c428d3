//! Expands a rule file into single rules: strips comments, joins continued lines and unrolls `for` groups.

use crate::Error;

/// One rule after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Line of the file on which the rule starts, from 1.
    pub number: usize,
    pub text: String,
}

enum Item {
    Rule(Line),
    Group {
        line: usize,
        vars: Vec<char>,
        /// For each iteration, one word per variable.
        rounds: Vec<Vec<String>>,
        items: Vec<Item>,
    },
}

/// Returns the rules of a file in order, with `$X` substituted.
pub(crate) fn expand(text: &str) -> Result<Vec<Line>, Error> {
    let mut lines = logical_lines(text).into_iter();
    let items = group(&mut lines, None)?;
    let mut rules = Vec::new();
    flatten(&items, &mut Vec::new(), &mut rules)?;
    Ok(rules)
}

/// Drops comments and joins continued lines. A line continues if it has an open bracket or ends with an arrow or
/// operator, or if the next one starts with an arrow, `if` or operator.
fn logical_lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.split("//").next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let continues = ["=>", "if ", "&& ", "|| "]
            .iter()
            .any(|start| line.starts_with(start));
        match lines.last_mut() {
            Some(last) if open || continues => {
                last.text.push(' ');
                last.text.push_str(line);
            }
            _ => lines.push(Line {
                number: index + 1,
                text: line.to_owned(),
            }),
        }
        let whole = &lines.last().expect("just pushed").text;
        let is_group = whole.starts_with("for ") && whole.ends_with('{');
        open = !is_group
            && (depth(whole) > 0 || ["=>", "&&", "||"].iter().any(|end| whole.ends_with(end)));
    }
    lines
}

fn depth(text: &str) -> i32 {
    let opened = text.matches(['(', '[', '{']).count() as i32;
    opened - text.matches([')', ']', '}']).count() as i32
}

/// Reads items up to the closing brace of the group opened at line `opened`, or to the end of the file.
fn group(lines: &mut std::vec::IntoIter<Line>, opened: Option<usize>) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    while let Some(line) = lines.next() {
        if line.text == "}" && opened.is_some() {
            return Ok(items);
        }
        let header = line
            .text
            .strip_prefix("for ")
            .and_then(|rest| rest.strip_suffix('{'));
        let Some(header) = header else {
            items.push(Item::Rule(line));
            continue;
        };
        let (vars, rounds) = loop_header(header).map_err(|message| Error {
            line: line.number,
            message,
        })?;
        items.push(Item::Group {
            line: line.number,
            vars,
            rounds,
            items: group(lines, Some(line.number))?,
        });
    }
    match opened {
        None => Ok(items),
        Some(line) => Err(Error {
            line,
            message: "this `for` is not closed".into(),
        }),
    }
}

/// Parses a loop header: `N W in 64 Q, 32 L`.
fn loop_header(header: &str) -> Result<(Vec<char>, Vec<Vec<String>>), String> {
    let (vars, rounds) = header
        .split_once(" in ")
        .ok_or("want `for NAMES in ITEMS {`")?;
    let mut names = Vec::new();
    for var in vars.split_whitespace() {
        match var.chars().collect::<Vec<char>>()[..] {
            [name @ 'A'..='Z'] => names.push(name),
            _ => return Err(format!("`{var}` is not one capital letter")),
        }
    }
    let mut items = Vec::new();
    for round in rounds.split(',') {
        let words: Vec<String> = round.split_whitespace().map(str::to_owned).collect();
        if words.len() != names.len() {
            return Err(format!(
                "`{}` doesn't have {} words",
                round.trim(),
                names.len()
            ));
        }
        items.push(words);
    }
    Ok((names, items))
}

fn flatten(
    items: &[Item],
    bound: &mut Vec<(char, String)>,
    rules: &mut Vec<Line>,
) -> Result<(), Error> {
    for item in items {
        match item {
            Item::Rule(line) => rules.push(Line {
                number: line.number,
                text: substitute(line.number, &line.text, bound)?,
            }),
            Item::Group {
                line,
                vars,
                rounds,
                items,
            } => {
                if let Some(var) = vars.iter().find(|&var| bound.iter().any(|b| b.0 == *var)) {
                    return Err(Error {
                        line: *line,
                        message: format!("`{var}` is already the name of an outer loop"),
                    });
                }
                for round in rounds {
                    let outer = bound.len();
                    for (&var, word) in vars.iter().zip(round) {
                        let word = substitute(*line, word, &bound[..outer])?;
                        bound.push((var, word));
                    }
                    flatten(items, bound, rules)?;
                    bound.truncate(outer);
                }
            }
        }
    }
    Ok(())
}

fn substitute(line: usize, text: &str, bound: &[(char, String)]) -> Result<String, Error> {
    let mut parts = text.split('$');
    let mut text = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let name = part.chars().next().unwrap_or(' ');
        let Some((_, word)) = bound.iter().find(|(var, _)| *var == name) else {
            return Err(Error {
                line,
                message: format!("`${name}` is not the name of a loop here"),
            });
        };
        text.push_str(word);
        text.push_str(&part[1..]);
    }
    Ok(text)
}
