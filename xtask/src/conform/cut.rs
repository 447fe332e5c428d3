//! Functions cut out of packages: each with the constants, types, variables and functions that it refers to, as a program
//! of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use minigo_fuzz::go_mutations::tokens;

/// A function of a package.
#[derive(Clone, Copy)]
pub struct Cut<'a> {
    package: &'a Package,
    func: usize,
}

impl Cut<'_> {
    /// Returns the file that it is from.
    pub fn file(&self) -> &Path {
        &self.package.files[self.package.decls[self.func].file]
    }

    /// Returns its name.
    pub fn name(&self) -> &str {
        self.package.decls[self.func].func.as_deref().unwrap_or("")
    }

    /// Returns it with everything that it refers to as a program.
    pub fn whole(&self) -> String {
        self.package.program(self.func, false)
    }

    /// Returns it with everything that it refers to as a program in which other functions have no bodies.
    pub fn alone(&self) -> String {
        self.package.program(self.func, true)
    }
}

/// Reads Go files. Those of each folder are a package.
pub fn packages(files: &[PathBuf]) -> Vec<Package> {
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for file in files {
        let folder = file.parent().unwrap_or(Path::new(""));
        folders.entry(folder).or_default().push(file);
    }
    let folders = folders.into_values();
    folders.map(|files| Package::read(&files)).collect()
}

/// A declaration at package level: a function, a group of constants, or one of a group of types or variables.
struct Decl {
    file: usize,
    text: String,
    /// The name of a function.
    func: Option<String>,
    /// The length of a function up to its body.
    head: usize,
    /// The names that it refers to.
    words: BTreeSet<String>,
}

/// The imports of a file: the lines, by the names that they declare.
type Imports = BTreeMap<String, String>;

/// The files of a folder.
#[derive(Default)]
pub struct Package {
    files: Vec<PathBuf>,
    imports: Vec<Imports>,
    decls: Vec<Decl>,
    /// The declarations of a name. There is one for each system.
    names: BTreeMap<String, Vec<usize>>,
}

impl Package {
    fn read(files: &[&PathBuf]) -> Package {
        let mut package = Package::default();
        for &file in files {
            let Ok(text) = std::fs::read_to_string(file) else {
                continue;
            };
            package.files.push(file.clone());
            package.imports.push(Imports::new());
            package.add(&tokens(&text));
        }
        package
    }

    /// Adds the declarations of the last file.
    fn add(&mut self, tokens: &[String]) {
        let mut at = 0;
        while at < tokens.len() {
            let end = end_of_line(tokens, at, tokens.len());
            let keyword = tokens[at].as_str();
            match keyword {
                "func" | "const" | "var" | "type" | "import" => {
                    let group = at..end;
                    self.add_group(tokens, keyword, start_of_comment(tokens, at), group);
                    at = end;
                }
                _ => at += 1,
            }
        }
    }

    fn add_group(&mut self, tokens: &[String], keyword: &str, comment: usize, group: Range<usize>) {
        let first = next_word(tokens, group.start + 1);
        let grouped = tokens.get(first).is_some_and(|token| token == "(");
        match keyword {
            "func" if grouped => {}
            "func" => self.add_func(tokens, comment, group),
            "const" => {
                let specs = specs(tokens, first, group.end);
                let names = specs
                    .iter()
                    .flat_map(|spec| declared(&tokens[spec.clone()]));
                let names = names.collect();
                self.add_decl(tokens[group].concat(), None, 0, names);
            }
            _ => {
                let specs = specs(tokens, first, group.end);
                for spec in specs {
                    let text = tokens[spec.clone()].concat();
                    if keyword == "import" {
                        self.add_import(&text);
                        continue;
                    }
                    let names = declared(&tokens[spec]);
                    self.add_decl(format!("{keyword} {text}"), None, 0, names);
                }
            }
        }
    }

    fn add_import(&mut self, text: &str) {
        let Some((before, rest)) = text.split_once('"') else {
            return;
        };
        let path = rest.split('"').next().unwrap_or(rest);
        let last = path.rsplit('/').next().unwrap_or(path);
        let name = match before.trim() {
            "" => last,
            name => name,
        };
        let line = format!("import {before}\"{path}\"\n");
        let imports = self.imports.last_mut().expect("a file");
        imports.insert(name.to_owned(), line);
    }

    fn add_func(&mut self, tokens: &[String], comment: usize, group: Range<usize>) {
        let name = next_word(tokens, group.start + 1);
        let Some(name) = tokens.get(name).filter(|name| is_name(name)).cloned() else {
            return;
        };
        let mut depth = 0;
        let body = group.clone().find(|&at| {
            depth += depth_of(&tokens[at]);
            // The type of a parameter or a result may have braces, too.
            let before = tokens[..at]
                .iter()
                .rev()
                .find(|token| !token.trim().is_empty());
            let is_type = before.is_some_and(|token| token == "struct" || token == "interface");
            depth == 1 && tokens[at] == "{" && !is_type
        });
        let whole = tokens[comment..group.end].concat();
        let head = tokens[comment..body.unwrap_or(group.end)].concat().len();
        let names = vec![name.clone()];
        self.add_decl(whole, Some(name), head, names);
    }

    fn add_decl(&mut self, text: String, func: Option<String>, head: usize, names: Vec<String>) {
        let decl = Decl {
            file: self.files.len() - 1,
            words: words(&text),
            text,
            func,
            head,
        };
        for name in names {
            self.names.entry(name).or_default().push(self.decls.len());
        }
        self.decls.push(decl);
    }

    /// Returns the functions. Methods are none.
    pub fn functions(&self) -> impl Iterator<Item = Cut<'_>> {
        let is_func = |&decl: &usize| self.decls[decl].func.is_some();
        let funcs = (0..self.decls.len()).filter(is_func);
        funcs.map(|func| Cut {
            package: self,
            func,
        })
    }

    /// Returns a function with everything that it refers to, as a program.
    fn program(&self, func: usize, alone: bool) -> String {
        let mut reached = BTreeSet::from([func]);
        let mut work = vec![func];
        let mut imports = BTreeSet::new();
        while let Some(index) = work.pop() {
            let decl = &self.decls[index];
            let of_head;
            let words = match alone && index != func && decl.func.is_some() {
                true => {
                    of_head = words(&decl.text[..decl.head]);
                    &of_head
                }
                false => &decl.words,
            };
            for word in words {
                if let Some(other) = self.declaration(word, decl.file) {
                    if reached.insert(other) {
                        work.push(other);
                    }
                } else if let Some(line) = self.imports[decl.file].get(word) {
                    imports.insert(line.as_str());
                }
            }
        }
        let mut text = "package p\n\n".to_owned();
        text.extend(imports);
        for index in reached {
            let decl = &self.decls[index];
            let whole = !alone || index == func || decl.func.is_none();
            text.push('\n');
            text.push_str(if whole {
                &decl.text
            } else {
                &decl.text[..decl.head]
            });
            text.push('\n');
        }
        text
    }

    /// Returns the declaration of a name for a file: its own if there is one.
    fn declaration(&self, name: &str, file: usize) -> Option<usize> {
        let decls = self.names.get(name)?;
        let own = decls.iter().find(|&&decl| self.decls[decl].file == file);
        own.or(decls.first()).copied()
    }
}

/// Returns the depth by which a token enters brackets.
fn depth_of(token: &str) -> i32 {
    match token {
        "(" | "[" | "{" => 1,
        ")" | "]" | "}" => -1,
        _ => 0,
    }
}

/// Returns the index of the token that ends the line of a declaration outside of brackets, at most `limit`. Go ends a line after
/// a name, a literal or a closing bracket.
fn end_of_line(tokens: &[String], start: usize, limit: usize) -> usize {
    let mut depth = 0;
    let mut may_end = false;
    for (at, token) in tokens[..limit].iter().enumerate().skip(start) {
        depth += depth_of(token);
        let is_end = token == ";" || may_end && token.trim().is_empty() && token.contains('\n');
        if at > start && (depth < 0 || depth == 0 && is_end) {
            return at;
        }
        if !token.trim().is_empty() && !token.starts_with("//") && !token.starts_with("/*") {
            let is_operand = |c: char| c.is_alphanumeric() || "_\"'`)]}".contains(c);
            may_end = token.ends_with(is_operand);
        }
    }
    limit
}

/// Returns the index of the comment lines right before a declaration.
fn start_of_comment(tokens: &[String], decl: usize) -> usize {
    let mut start = decl;
    while start >= 2 && tokens[start - 1] == "\n" && tokens[start - 2].starts_with("//") {
        start -= 2;
    }
    start
}

fn next_word(tokens: &[String], start: usize) -> usize {
    let rest = &tokens[start.min(tokens.len())..];
    let skipped = rest.iter().take_while(|token| token.trim().is_empty());
    start + skipped.count()
}

/// Returns the declarations behind a keyword: several in parentheses, or one.
fn specs(tokens: &[String], start: usize, end: usize) -> Vec<Range<usize>> {
    let mut specs = Vec::new();
    if tokens.get(start).is_none_or(|token| token != "(") {
        specs.push(start..end.max(start));
        return specs;
    }
    let mut at = start + 1;
    while at < end && tokens[at] != ")" {
        if tokens[at].trim().is_empty() || tokens[at].starts_with('/') || tokens[at] == ";" {
            at += 1;
            continue;
        }
        let spec = at..end_of_line(tokens, at, end);
        at = spec.end.max(at + 1);
        specs.push(spec);
    }
    specs
}

/// Returns the names that a declaration of a group begins with.
fn declared(spec: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    let mut tokens = spec.iter().filter(|token| !token.trim().is_empty());
    while let Some(name) = tokens.next().filter(|token| is_name(token)) {
        names.push(name.clone());
        if tokens.next().is_none_or(|token| token != ",") {
            break;
        }
    }
    names
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the names in a text that may be those of declarations.
fn words(text: &str) -> BTreeSet<String> {
    let tokens = tokens(text);
    let names = tokens.iter().enumerate().filter(|&(at, token)| {
        let selected = at > 0 && tokens[at - 1] == ".";
        is_name(token) && !selected
    });
    names.map(|(_, token)| token.clone()).collect()
}
