//! The preprocessor: `#include`, `#define` with and without arguments, `#undef`, `#ifdef`, `#line`.
//!
//! It works on tokens, not on text. Macros in use and included files form a stack, and tokens come from its top.
//! Errors here end reading at once, as in gc. Source: gc asm/internal/lex/input.go.

use std::rc::Rc;

use minigo_base::literal::unquote;
use minigo_base::unicode::quote;
use minigo_base::{Pos, PosBase, PosTable};

use super::Includes;
use super::hint::missing_include;
use super::line_cache::Key;
use super::scan::{Reader, Scanner};
use super::token::{Atom, Atoms, Kind, Macro, Token};
use crate::dialect::Assembly;

/// The largest number of macros in use and included files.
const MAX_DEPTH: usize = 100;

/// An error that ends reading, with its place in front.
#[derive(Debug)]
pub(super) struct Fatal(pub String);

type Result<T> = std::result::Result<T, Fatal>;

/// A source of tokens.
enum Source<'a> {
    File(Scanner<'a>),
    /// The body of a macro, on the line and in the file where it is used.
    Macro {
        tokens: Rc<[Token]>,
        next: usize,
        line: u32,
        base: PosBase,
    },
}

/// Assembly text after preprocessing.
pub(super) struct Input<'a> {
    pub atoms: Atoms,
    /// The number of uses of macros.
    pub macro_uses: u32,
    /// A macro was defined or removed since this was cleared.
    pub macros_changed: bool,
    /// Messages of the scanner. Reading goes on after them.
    pub messages: Vec<String>,
    pub files: &'a mut PosTable,
    assembly: &'static Assembly,
    includes: Includes<'a>,
    stack: Vec<Source<'a>>,
    beginning_of_line: bool,
    /// For each open `#ifdef`, whether its text is read.
    ifdefs: Vec<bool>,
    /// The text of the last token returned.
    text: Atom,
    peeked: Option<Token>,
}

impl<'a> Input<'a> {
    pub(super) fn new(
        name: &str,
        text: Reader<'a>,
        files: &'a mut PosTable,
        includes: Includes<'a>,
        own_prefix: &str,
        assembly: &'static Assembly,
    ) -> Input<'a> {
        let base = files.add_file(name);
        Input {
            atoms: Atoms::new(own_prefix, assembly),
            macro_uses: 0,
            macros_changed: false,
            messages: Vec::new(),
            files,
            assembly,
            includes,
            stack: vec![Source::File(Scanner::new(
                name,
                text,
                base,
                assembly.sees_build_lines,
            ))],
            beginning_of_line: true,
            ifdefs: Vec::new(),
            text: Atoms::EMPTY,
            peeked: None,
        }
    }

    /// Defines a macro without arguments, like `-D name=value`.
    pub(super) fn predefine(&mut self, name: &str, value: &str) {
        let mut scanner = Scanner::new(
            "command line",
            Box::new(value.as_bytes()),
            self.base(),
            self.assembly.sees_build_lines,
        );
        let mut body = Vec::new();
        loop {
            let token = scanner.next(&mut self.atoms, &mut self.messages);
            if token.kind == Kind::Eof {
                break;
            }
            body.push(self.symbolic(token));
        }
        let name = self.atoms.get(name);
        self.atoms[name].macro_ = Some(Rc::new(Macro {
            args: None,
            body: body.into(),
        }));
    }

    /// The line of the last token.
    pub(super) fn line(&self) -> u32 {
        match self.top() {
            Source::File(scanner) => scanner.line,
            Source::Macro { line, .. } => *line,
        }
    }

    /// The base of the last token's position.
    pub(super) fn base(&self) -> PosBase {
        match self.top() {
            Source::File(scanner) => scanner.base,
            Source::Macro { base, .. } => *base,
        }
    }

    /// The name of the current file in messages.
    pub(super) fn file(&self) -> &str {
        &self.files.base(self.base()).filename
    }

    /// Sets `keys` to those of the next lines up to the first long one. Returns their number: 0 if the next tokens
    /// don't come from the beginning of a line of a file.
    pub(super) fn short_lines(&mut self, keys: &mut [Key]) -> usize {
        if !self.beginning_of_line || !self.enabled() || self.peeked.is_some() {
            return 0;
        }
        match self.stack.last_mut() {
            Some(Source::File(scanner)) => scanner.short_lines(keys, &mut self.messages),
            _ => 0,
        }
    }

    /// Returns the label of a line of [`Self::short_lines`] that has nothing else.
    pub(super) fn label(&mut self, len: usize) -> Option<Atom> {
        let label = match self.stack.last() {
            Some(Source::File(scanner)) => scanner.label(len, &mut self.atoms)?,
            _ => return None,
        };
        self.atoms[label].macro_.is_none().then_some(label)
    }

    /// Marks the beginning of a line, for [`Self::is_line_before`].
    pub(super) fn begin_line(&mut self) {
        if let Some(Source::File(scanner)) = self.stack.last_mut() {
            scanner.begin_line();
        }
    }

    /// Skips a line of [`Self::short_lines`].
    pub(super) fn skip_line(&mut self, len: usize) {
        if let Some(Source::File(scanner)) = self.stack.last_mut() {
            scanner.skip_line(len);
            self.text = self.atoms.character(b'\n');
        }
    }

    /// Reports whether exactly `len` bytes were read since [`Self::begin_line`].
    pub(super) fn is_line_before(&self, len: usize) -> bool {
        match self.top() {
            Source::File(scanner) => scanner.is_line_before(len),
            Source::Macro { .. } => false,
        }
    }

    fn top(&self) -> &Source<'a> {
        self.stack.last().expect("the first file stays")
    }

    fn fatal<T>(&self, message: impl std::fmt::Display) -> Result<T> {
        Err(Fatal(format!("{}:{}: {message}", self.file(), self.line())))
    }

    fn fatal_got<T>(&self, message: &str, got: Token) -> Result<T> {
        let got = quote(self.atoms.text(got.text).as_bytes());
        self.fatal(format_args!("{message} ; got {got}"))
    }

    /// Returns the next token, without looking at macros and directives.
    fn raw(&mut self) -> Token {
        loop {
            let n_sources = self.stack.len();
            let token = match self.stack.last_mut().expect("the first file stays") {
                Source::File(scanner) => scanner.next(&mut self.atoms, &mut self.messages),
                Source::Macro { tokens, next, .. } => match tokens.get(*next) {
                    Some(&token) => {
                        *next += 1;
                        token
                    }
                    None => Token {
                        kind: Kind::Eof,
                        text: Atoms::EMPTY,
                    },
                },
            };
            if token.kind != Kind::Eof || n_sources == 1 {
                return token;
            }
            self.stack.pop();
        }
    }

    fn enabled(&self) -> bool {
        self.ifdefs.last().copied().unwrap_or(true)
    }

    /// Returns the next token of the program.
    pub(super) fn next(&mut self) -> Result<Token> {
        if let Some(token) = self.peeked.take() {
            self.text = token.text;
            return Ok(token);
        }
        let mut nesting = 0;
        while nesting < MAX_DEPTH {
            let token = self.raw();
            match token.kind {
                Kind::Punct('#') => {
                    if !self.beginning_of_line {
                        return self.fatal(
                            "'#' must be first item on line\n\thint: comments begin with //",
                        );
                    }
                    self.beginning_of_line = self.directive()?;
                    if !self.assembly.sees_build_lines {
                        continue;
                    }
                    self.text = token.text;
                    return Ok(token);
                }
                Kind::Ident => {
                    if let Some(macro_) = &self.atoms[token.text].macro_ {
                        let macro_ = Rc::clone(macro_);
                        nesting += 1;
                        self.invoke(token.text, &macro_)?;
                        continue;
                    }
                }
                Kind::Eof if !self.ifdefs.is_empty() => {
                    return self.fatal("unclosed #ifdef or #ifndef");
                }
                _ => {}
            }
            self.beginning_of_line = token.kind == Kind::NEWLINE;
            if self.enabled() {
                self.text = token.text;
                return Ok(token);
            }
        }
        self.fatal("recursive macro invocation")
    }

    /// Reads a directive after its `#`. Reports whether the next token begins a line.
    fn directive(&mut self) -> Result<bool> {
        let word = self.raw();
        if word.kind != Kind::Ident {
            return self.fatal_got("expected identifier after '#'", word);
        }
        let name = self.atoms.text(word.text).to_owned();
        let always = matches!(&*name, "else" | "endif" | "ifdef" | "ifndef" | "line");
        if !self.enabled() && !always {
            return Ok(false);
        }
        match &*name {
            "define" => self.define()?,
            "else" => self.else_()?,
            "endif" => self.endif()?,
            "ifdef" => self.ifdef(true)?,
            "ifndef" => self.ifdef(false)?,
            "include" => self.include()?,
            "line" => self.line_directive()?,
            "undef" => self.undef()?,
            _ => return self.fatal(format_args!("unexpected token after '#': {name}")),
        }
        Ok(true)
    }

    fn expect_newline(&mut self, directive: &str) -> Result<()> {
        let token = self.raw();
        if token.kind == Kind::NEWLINE {
            return Ok(());
        }
        self.fatal_got(&format!("expected newline after {directive}"), token)
    }

    fn macro_name(&mut self) -> Result<Atom> {
        let token = self.raw();
        if token.kind != Kind::Ident {
            return self.fatal_got("expected identifier after # directive", token);
        }
        Ok(token.text)
    }

    /// Returns a token for the body of a macro: symbols have their final names.
    fn symbolic(&self, token: Token) -> Token {
        Token {
            text: self.atoms[token.text].symbol_text,
            ..token
        }
    }

    fn define(&mut self) -> Result<()> {
        self.macros_changed = true;
        let name = self.macro_name()?;
        let macro_ = self.definition(name)?;
        if self.atoms[name].macro_.is_some() {
            let name = self.atoms.text(name);
            return self.fatal(format_args!("redefinition of macro: {name}"));
        }
        self.atoms[name].macro_ = Some(macro_.into());
        Ok(())
    }

    /// Reads arguments and body of a macro. A parenthesis right after the name begins arguments; after a blank, it
    /// begins the body.
    fn definition(&mut self, name: Atom) -> Result<Macro> {
        let mut token = self.raw();
        let adjacent = match self.top() {
            Source::File(scanner) => scanner.adjacent,
            Source::Macro { .. } => true,
        };
        let mut args = None;
        let mut body = Vec::new();
        if matches!(token.kind, Kind::NEWLINE | Kind::Eof) {
            return Ok(Macro {
                args,
                body: body.into(),
            });
        }
        if token.kind == Kind::Punct('(') && adjacent {
            args = Some(self.formal_args(name)?);
            token = self.raw();
        }
        while token.kind != Kind::NEWLINE {
            if token.kind == Kind::Eof {
                let name = self.atoms.text(name);
                return self.fatal(format_args!(
                    "missing newline in definition for macro: {name}"
                ));
            }
            if token.kind == Kind::Punct('\\') {
                token = self.raw();
                if !matches!(token.kind, Kind::NEWLINE | Kind::Punct('\\')) {
                    let name = self.atoms.text(name);
                    return self.fatal(format_args!(
                        "can only escape \\ or \\n in definition for macro: {name}"
                    ));
                }
            }
            body.push(self.symbolic(token));
            token = self.raw();
        }
        Ok(Macro {
            args,
            body: body.into(),
        })
    }

    fn formal_args(&mut self, name: Atom) -> Result<Rc<[Atom]>> {
        let mut args: Vec<Atom> = Vec::new();
        let mut accept_arg = true;
        loop {
            let token = self.raw();
            let problem = match token.kind {
                Kind::Punct(')') => return Ok(args.into()),
                Kind::Punct(',') if !accept_arg => {
                    accept_arg = true;
                    continue;
                }
                Kind::Ident if accept_arg => {
                    accept_arg = false;
                    if !args.contains(&token.text) {
                        args.push(token.text);
                        continue;
                    }
                    let arg = self.atoms.text(token.text);
                    format!("duplicate argument {arg} in definition for macro:")
                }
                Kind::Punct(',') | Kind::Ident => "bad syntax in definition for macro:".to_owned(),
                _ => "bad definition for macro:".to_owned(),
            };
            let name = self.atoms.text(name);
            return self.fatal(format_args!("{problem} {name}"));
        }
    }

    /// Pushes the body of a macro with its arguments on the stack.
    fn invoke(&mut self, name: Atom, macro_: &Macro) -> Result<()> {
        self.macro_uses += 1;
        let Some(formals) = &macro_.args else {
            return self.push_tokens(Rc::clone(&macro_.body));
        };
        let token = self.raw();
        if token.kind != Kind::Punct('(') {
            // Without arguments, it is only a name. In gc, the next token has the wrong text.
            self.peeked = Some(Token {
                kind: token.kind,
                text: self.text,
            });
            let name = Token {
                kind: Kind::MacroName,
                text: name,
            };
            return self.push_tokens([name].into());
        }
        let actuals = self.actual_args(name, formals.len())?;
        let mut tokens = Vec::new();
        for &token in &*macro_.body {
            let formal = formals
                .iter()
                .position(|&formal| token.kind == Kind::Ident && formal == token.text);
            // As in gc, an empty argument doesn't replace the name.
            match formal.map(|index| &actuals[index]) {
                Some(actual) if !actual.is_empty() => tokens.extend_from_slice(actual),
                _ => tokens.push(token),
            }
        }
        self.push_tokens(tokens.into())
    }

    fn push_tokens(&mut self, tokens: Rc<[Token]>) -> Result<()> {
        let source = Source::Macro {
            tokens,
            next: 0,
            line: self.line(),
            base: self.base(),
        };
        self.push(source)
    }

    fn push(&mut self, source: Source<'a>) -> Result<()> {
        if self.stack.len() > MAX_DEPTH {
            return self.fatal("input recursion");
        }
        self.stack.push(source);
        Ok(())
    }

    /// Reads the `n` arguments of a macro up to the closing parenthesis.
    fn actual_args(&mut self, name: Atom, n: usize) -> Result<Vec<Vec<Token>>> {
        let mut args = vec![Vec::new()];
        let mut nesting = 0;
        loop {
            let token = self.raw();
            match token.kind {
                Kind::Eof | Kind::NEWLINE => {
                    let name = self.atoms.text(name);
                    return self
                        .fatal(format_args!("unterminated arg list invoking macro: {name}"));
                }
                Kind::Punct(')') if nesting == 0 => break,
                Kind::Punct(',') if nesting == 0 => {
                    args.push(Vec::new());
                    continue;
                }
                Kind::Punct('(') => nesting += 1,
                Kind::Punct(')') => nesting -= 1,
                _ => {}
            }
            let token = self.symbolic(token);
            args.last_mut().expect("one argument at least").push(token);
        }
        if n == 0 && args.len() == 1 && args[0].is_empty() {
            args.clear();
        } else if args.len() != n {
            let name = self.atoms.text(name);
            return self.fatal(format_args!("wrong arg count for macro {name}"));
        }
        Ok(args)
    }

    fn ifdef(&mut self, wanted: bool) -> Result<()> {
        let name = self.macro_name()?;
        self.expect_newline("#if[n]def")?;
        let defined = self.atoms[name].macro_.is_some();
        let counts = self.enabled() && defined == wanted;
        self.ifdefs.push(counts);
        Ok(())
    }

    fn else_(&mut self) -> Result<()> {
        self.expect_newline("#else")?;
        let outer = match self.ifdefs.len() {
            0 => return self.fatal("unmatched #else"),
            1 => true,
            n => self.ifdefs[n - 2],
        };
        if let Some(last) = self.ifdefs.last_mut()
            && outer
        {
            *last = !*last;
        }
        Ok(())
    }

    fn endif(&mut self) -> Result<()> {
        self.expect_newline("#endif")?;
        match self.ifdefs.pop() {
            Some(_) => Ok(()),
            None => self.fatal("unmatched #endif"),
        }
    }

    fn include(&mut self) -> Result<()> {
        let token = self.raw();
        if token.kind != Kind::String {
            let got = quote(self.atoms.text(token.text).as_bytes());
            let hint = missing_include(self.atoms.text(token.text));
            return self.fatal(format_args!(
                "expected string after #include ; got {got}\n\thint: {hint}"
            ));
        }
        let name = match unquote(self.atoms.text(token.text)) {
            Ok(name) => String::from_utf8_lossy(&name).into_owned(),
            Err(error) => return self.fatal(format_args!("unquoting include file name:  {error}")),
        };
        self.expect_newline("#include")?;
        match (self.includes)(&name) {
            Ok(text) => {
                let base = self.files.add_file(&name);
                self.push(Source::File(Scanner::new(
                    &name,
                    text,
                    base,
                    self.assembly.sees_build_lines,
                )))
            }
            Err(error) => {
                let hint = missing_include(&name);
                self.fatal(format_args!("#include: {error}\n\thint: {hint}"))
            }
        }
    }

    /// Reads `#line 337 "filename"`: number and file of the next line.
    fn line_directive(&mut self) -> Result<()> {
        let token = self.raw();
        if token.kind != Kind::Int {
            return self.fatal_got("expected line number after #line", token);
        }
        let line = self.atoms.text(token.text).parse().unwrap_or(0);
        let token = self.raw();
        if token.kind != Kind::String {
            return self.fatal_got("expected file name in #line", token);
        }
        let name = match unquote(self.atoms.text(token.text)) {
            Ok(name) => String::from_utf8_lossy(&name).into_owned(),
            Err(error) => return self.fatal(format_args!("unquoting #line file name:  {error}")),
        };
        let token = self.raw();
        if token.kind != Kind::NEWLINE {
            let kind = token.kind.name();
            return self.fatal(format_args!("unexpected token at end of #line:  {kind}"));
        }
        let pos = Pos::new(self.base(), self.line() + 1, 1);
        let base = self.files.add_line_directive(pos, &name, line, 1);
        match self.stack.last_mut().expect("the first file stays") {
            Source::File(scanner) => scanner.base = base,
            Source::Macro { base: old, .. } => *old = base,
        }
        Ok(())
    }

    fn undef(&mut self) -> Result<()> {
        self.macros_changed = true;
        let name = self.macro_name()?;
        let text = self.atoms.text(name).to_owned();
        if self.atoms[name].macro_.is_none() {
            return self.fatal(format_args!("#undef for undefined macro: {text}"));
        }
        if self.raw().kind != Kind::NEWLINE {
            return self.fatal(format_args!("syntax error in #undef for macro: {text}"));
        }
        self.atoms[name].macro_ = None;
        Ok(())
    }
}
