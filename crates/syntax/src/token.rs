//! Tokens, operators and their precedence (gc: syntax/tokens.go).

use std::fmt;

/// A token. The texts are those in gc's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Token {
    Eof,
    Name,
    Literal,
    /// Any binary or unary operator but `*` and `<-`.
    Operator,
    AssignOp,
    IncOp,
    Assign,
    Define,
    Arrow,
    Star,
    Lparen,
    Lbrack,
    Lbrace,
    Rparen,
    Rbrack,
    Rbrace,
    Comma,
    Semi,
    Colon,
    Dot,
    DotDotDot,
    Break,
    Case,
    Chan,
    Const,
    Continue,
    Default,
    Defer,
    Else,
    Fallthrough,
    For,
    Func,
    Go,
    Goto,
    If,
    Import,
    Interface,
    Map,
    Package,
    Range,
    Return,
    Select,
    Struct,
    Switch,
    Type,
    Var,
}

impl Token {
    /// Returns the token as source, or its kind if its text varies.
    pub(crate) fn text(self) -> &'static str {
        use Token::*;
        match self {
            Eof => "EOF",
            Name => "name",
            Literal => "literal",
            Operator => "op",
            AssignOp => "op=",
            IncOp => "opop",
            Assign => "=",
            Define => ":=",
            Arrow => "<-",
            Star => "*",
            Lparen => "(",
            Lbrack => "[",
            Lbrace => "{",
            Rparen => ")",
            Rbrack => "]",
            Rbrace => "}",
            Comma => ",",
            Semi => ";",
            Colon => ":",
            Dot => ".",
            DotDotDot => "...",
            Break => "break",
            Case => "case",
            Chan => "chan",
            Const => "const",
            Continue => "continue",
            Default => "default",
            Defer => "defer",
            Else => "else",
            Fallthrough => "fallthrough",
            For => "for",
            Func => "func",
            Go => "go",
            Goto => "goto",
            If => "if",
            Import => "import",
            Interface => "interface",
            Map => "map",
            Package => "package",
            Range => "range",
            Return => "return",
            Select => "select",
            Struct => "struct",
            Switch => "switch",
            Type => "type",
            Var => "var",
        }
    }

    /// Reports whether the token is a keyword.
    pub(crate) fn is_keyword(self) -> bool {
        self as u8 >= Token::Break as u8
    }

    /// Returns the name of an expected token in messages: a word for punctuation that is easily overlooked.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Token::Comma => "comma",
            Token::Semi => "semicolon or newline",
            _ => self.text(),
        }
    }

    /// Returns the keyword spelled `text`, if any.
    pub(crate) fn keyword(text: &[u8]) -> Option<Token> {
        use Token::*;
        Some(match text {
            b"break" => Break,
            b"case" => Case,
            b"chan" => Chan,
            b"const" => Const,
            b"continue" => Continue,
            b"default" => Default,
            b"defer" => Defer,
            b"else" => Else,
            b"fallthrough" => Fallthrough,
            b"for" => For,
            b"func" => Func,
            b"go" => Go,
            b"goto" => Goto,
            b"if" => If,
            b"import" => Import,
            b"interface" => Interface,
            b"map" => Map,
            b"package" => Package,
            b"range" => Range,
            b"return" => Return,
            b"select" => Select,
            b"struct" => Struct,
            b"switch" => Switch,
            b"type" => Type,
            b"var" => Var,
            _ => return None,
        })
    }
}

/// Kinds of basic literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LitKind {
    /// `1`, `0x1f`, `1_000`.
    Int,
    /// `1.5`, `1e3`, `0x1p-2`.
    Float,
    /// `1i`, `0x1p2i`.
    Imag,
    /// `'a'`.
    Rune,
    /// `"a"` and the raw form between back quotes.
    String,
}

/// A unary or binary operator. The node that holds it determines which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `!`
    Not,
    /// `<-`, receive
    Recv,
    /// `||`
    OrOr,
    /// `&&`
    AndAnd,
    /// `==`
    Eql,
    /// `!=`
    Neq,
    /// `<`
    Lss,
    /// `<=`
    Leq,
    /// `>`
    Gtr,
    /// `>=`
    Geq,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `*`, also indirection and pointer types
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `&`, also address-of
    And,
    /// `&^`
    AndNot,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `~`, in constraints of type parameters
    Tilde,
}

impl Operator {
    /// Returns the operator as source.
    pub fn text(self) -> &'static str {
        use Operator::*;
        match self {
            Not => "!",
            Recv => "<-",
            OrOr => "||",
            AndAnd => "&&",
            Eql => "==",
            Neq => "!=",
            Lss => "<",
            Leq => "<=",
            Gtr => ">",
            Geq => ">=",
            Add => "+",
            Sub => "-",
            Or => "|",
            Xor => "^",
            Mul => "*",
            Div => "/",
            Rem => "%",
            And => "&",
            AndNot => "&^",
            Shl => "<<",
            Shr => ">>",
            Tilde => "~",
        }
    }

    /// Returns the precedence as a binary operator, from 1 (`||`) to 5 (`*`); 0 for unary-only operators.
    pub fn precedence(self) -> u8 {
        use Operator::*;
        match self {
            Not | Recv | Tilde => 0,
            OrOr => 1,
            AndAnd => 2,
            Eql | Neq | Lss | Leq | Gtr | Geq => 3,
            Add | Sub | Or | Xor => 4,
            Mul | Div | Rem | And | AndNot | Shl | Shr => 5,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
