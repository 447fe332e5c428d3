//! Reads the text form back: functions as [`crate::print::dump_state`] prints them.
//!
//! The plain dump of [`crate::print::dump`] is read too; then free lists and the cache of constants are
//! empty and variables are known by name and type only.

use std::sync::Arc;

use cranelift_entity::EntityRef;
use minigo_base::{Pos, PosBase};
use minigo_obj::SymTable;

use crate::block::{BlockKind, Edge, Likely};
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, StringData, VarClass, VarData};
use crate::op::{AuxKind, Op};
use crate::profile::Profile;
use crate::ty::{Kind, Type, TypeNames};
use crate::value::{Aux, ValAndOff};

/// One function as it stood after one pass.
pub struct Dump {
    /// The pass.
    pub pass: String,
    /// The function.
    pub func: Func,
}

/// Reads one function, compiled for the Go version of `profile`: a line `== name: pass nb=… nv=…` and the lines after it.
///
/// # Errors
///
/// The number of the line that cannot be read, from 1, and why.
pub fn parse(text: &str, syms: &mut SymTable, profile: &'static Profile) -> Result<Dump, String> {
    let mut lines = text.lines().enumerate();
    let (_, header) = lines.next().ok_or("no text")?;
    let mut parser = Parser::new(header, syms, profile).map_err(|why| format!("line 1: {why}"))?;
    for (number, line) in lines {
        parser
            .line(line)
            .map_err(|why| format!("line {}: {why}: {line}", number + 1))?;
    }
    let pass = parser.pass.clone();
    Ok(Dump {
        pass,
        func: parser.finish()?,
    })
}

struct Parser<'a> {
    syms: &'a mut SymTable,
    f: Func,
    types: TypeNames,
    /// The defined types by name.
    defined: Vec<(String, Type)>,
    pass: String,
    /// The block whose values follow.
    block: Option<Block>,
    /// `aux` lines: the variable of a value whose aux is one, by value number.
    aux_vars: Vec<(Value, Var)>,
    /// `auxnum` lines: the number of the aux of a value, by value number.
    aux_numbers: Vec<(Value, u32)>,
    /// The `names` line: variables in order; none for one that stackframe dropped.
    named: Option<Vec<Option<Var>>>,
    entry: Option<Block>,
}

type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    fn new(header: &str, syms: &'a mut SymTable, profile: &'static Profile) -> Parsed<Parser<'a>> {
        let rest = header
            .strip_prefix("== ")
            .ok_or("no `== name: pass nb= nv=`")?;
        let (name, rest) = rest.split_once(": ").ok_or("no pass")?;
        let (rest, n_values) = rest.rsplit_once(" nv=").ok_or("no nv=")?;
        let (pass, n_blocks) = rest.rsplit_once(" nb=").ok_or("no nb=")?;
        let sym = syms.own(name);
        let mut f = Func::new(
            name,
            sym,
            Pos::NONE,
            Arc::new(TypeNames::default()),
            profile,
            Box::default(),
        );
        f.stage = profile.stage_after(pass);
        f.reserve_ids(number(n_blocks)?, number(n_values)?);
        let mut types = TypeNames::default();
        types.empty_interface = profile.empty_interface;
        Ok(Parser {
            syms,
            f,
            types,
            defined: Vec::new(),
            pass: pass.to_owned(),
            block: None,
            aux_vars: Vec::new(),
            aux_numbers: Vec::new(),
            named: None,
            entry: None,
        })
    }

    fn line(&mut self, line: &str) -> Parsed<()> {
        if let Some(value) = line.strip_prefix("    ") {
            return self.value(value);
        }
        let (word, rest) = line
            .trim_start()
            .split_once(' ')
            .unwrap_or((line.trim_start(), ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        match word {
            "func" => self.func(&words),
            "var" => self.var(&words),
            "entry" => {
                self.entry = Some(block(words.first().ok_or("no block")?)?);
                Ok(())
            }
            "free" => self
                .f
                .set_free_values(words.into_iter().map(value).collect::<Parsed<_>>()?),
            "freeb" => self
                .f
                .set_free_blocks(words.into_iter().map(block).collect::<Parsed<_>>()?),
            "const" => {
                let (c, values) = words.split_first().ok_or("no constant")?;
                self.f.set_cached_constants(
                    number(c)?,
                    values.iter().map(|v| value(v)).collect::<Parsed<_>>()?,
                );
                Ok(())
            }
            "names" => {
                let var = |word: &&str| {
                    Ok(if *word == "-1" {
                        None
                    } else {
                        Some(self.var_at(word)?)
                    })
                };
                self.named = Some(words.iter().map(var).collect::<Parsed<_>>()?);
                Ok(())
            }
            "aux" => {
                let [v, var] = words[..] else {
                    return Err("want a value and a variable".into());
                };
                let var = self.var_at(var)?;
                self.aux_vars.push((value(v)?, var));
                Ok(())
            }
            "type" => {
                let [name, kind, vargen] = words[..] else {
                    return Err("want a name, a kind and a number".into());
                };
                let kind = Kind::from_name(kind).ok_or("unknown kind")?;
                self.define(name, kind, number(vargen)?).map(|_| ())
            }
            "inlined" => {
                let [base, index] = words[..] else {
                    return Err("want a base and an index".into());
                };
                let calls = Arc::make_mut(&mut self.f.inlined_calls);
                calls[PosBase::new(number(base)?)] = Some(number(index)?);
                Ok(())
            }
            "auxnum" => {
                let [v, n] = words[..] else {
                    return Err("want a value and a number".into());
                };
                self.aux_numbers.push((value(v)?, number(n)?));
                Ok(())
            }
            "auxnums" => {
                let [last, none] = words[..] else {
                    return Err("want two numbers".into());
                };
                self.f.n_aux_numbers = number(last)?;
                if none != "0" {
                    self.f.aux_numbers.insert(Aux::None, number(none)?);
                }
                Ok(())
            }
            "flags" => {
                let b = block(words.first().ok_or("no block")?)?;
                self.f[b].flags_live_at_end = true;
                Ok(())
            }
            "home" => self.home(&words),
            "name" => self.name(rest),
            _ => self.block_line(word, rest),
        }
    }

    fn func(&mut self, words: &[&str]) -> Parsed<()> {
        for word in words {
            match word.split_once('=') {
                Some(("args", n)) => self.f.args_size = number(n)?,
                Some(("stack", n)) => self.f.stack_size = number(n)?,
                Some(("nosplit", yes)) => self.f.nosplit = yes == "true",
                Some(("end", at)) => self.f.end_pos = pos(at)?,
                _ => self.f.pos = pos(word.strip_prefix('@').ok_or("unknown word")?)?,
            }
        }
        Ok(())
    }

    fn var(&mut self, words: &[&str]) -> Parsed<()> {
        let [name, class, ty @ .., offset, used, at] = words else {
            return Err("want six words".into());
        };
        let class = match *class {
            "param" => VarClass::Param,
            "result" => VarClass::Result,
            _ => VarClass::Auto,
        };
        let data = VarData {
            name: (*name).to_owned(),
            class,
            ty: self.ty(&ty.join(" "))?,
            pos: pos(at.strip_prefix('@').ok_or("no position")?)?,
            offset: number(offset)?,
            used: *used == "true",
        };
        self.f.vars.push(data);
        Ok(())
    }

    fn var_at(&self, word: &str) -> Parsed<Var> {
        let index: usize = number(word)?;
        self.f
            .vars
            .is_valid(Var::new(index))
            .then(|| Var::new(index))
            .ok_or_else(|| format!("no variable {index}"))
    }

    /// Returns the variable `name[type]`, made if there is none.
    fn slot(&mut self, text: &str) -> Parsed<Var> {
        let (name, ty) = text
            .strip_suffix(']')
            .and_then(|text| text.split_once('['))
            .ok_or("no slot")?;
        let ty = self.ty(ty)?;
        let known = self
            .f
            .vars
            .iter()
            .find(|(_, data)| data.name == name && data.ty == ty)
            .map(|(var, _)| var);
        Ok(known.unwrap_or_else(|| {
            let name = name.to_owned();
            let class = VarClass::Auto;
            self.f.vars.push(VarData {
                name,
                class,
                ty,
                pos: Pos::NONE,
                offset: 0,
                used: true,
            })
        }))
    }

    fn home(&mut self, words: &[&str]) -> Parsed<()> {
        let register =
            |word: &str| -> Parsed<Option<u8>> { Ok(u8::try_from(number::<i64>(word)?).ok()) };
        let (v, home) = match words {
            [v, "reg", n] => (v, Location::Register(register(n)?.ok_or("no register")?)),
            [v, "slot", "-1"] => (v, Location::None),
            [v, "slot", n] => (v, Location::Slot(self.var_at(n)?)),
            [v, "results", regs @ ..] => (v, Location::Results(regs.len() as u8)),
            [v, "pair", a, b] => (v, Location::Pair(register(a)?, register(b)?)),
            _ => return Err("unknown home".into()),
        };
        self.f.homes[value(v)?] = home;
        Ok(())
    }

    fn name(&mut self, rest: &str) -> Parsed<()> {
        let (slot, values) = rest.split_once(' ').ok_or("no values")?;
        let values = values
            .strip_prefix('[')
            .and_then(|list| list.strip_suffix(']'))
            .ok_or("no list")?;
        let values = values
            .split_whitespace()
            .map(value)
            .collect::<Parsed<Vec<Value>>>()?;
        let listed = self
            .named
            .as_ref()
            .and_then(|named| named.get(self.f.names.len()).copied().flatten());
        let var = match listed {
            Some(var) => {
                self.qualify(var, slot);
                var
            }
            None => self.slot(slot)?,
        };
        self.f.names.push(var);
        self.f.named_values[var] = values;
        Ok(())
    }

    /// Adopts the name of `slot` for `var` if it is the same with a package in front, which `var` lines leave out.
    fn qualify(&mut self, var: Var, slot: &str) {
        let name = slot.split_once('[').map_or(slot, |(name, _)| name);
        let data = &mut self.f.vars[var];
        let package = name.strip_suffix(data.name.as_str());
        if package.is_some_and(|package| package.ends_with('.')) {
            data.name = name.to_owned();
        }
    }

    fn block_line(&mut self, word: &str, rest: &str) -> Parsed<()> {
        let b = block(word.strip_suffix(':').ok_or("unknown line")?)?;
        let (long, rest) = rest.split_once(" @").ok_or("no position")?;
        let (at, rest) = rest.split_once(" preds").ok_or("no preds")?;
        let (preds, succs) = rest.split_once(" succs").ok_or("no succs")?;
        let edges = |list: &str| {
            list.split_whitespace()
                .map(edge)
                .collect::<Parsed<Vec<Edge>>>()
        };
        let likely = match long {
            _ if long.ends_with(" (likely)") => Likely::Likely,
            _ if long.ends_with(" (unlikely)") => Likely::Unlikely,
            _ => Likely::Unknown,
        };
        let mut words = long.split_whitespace();
        let kind = words.next().ok_or("no kind")?;
        let kind = BlockKind::ALL
            .into_iter()
            .find(|k| k.to_string() == kind)
            .ok_or("unknown kind")?;
        let controls = words
            .skip_while(|word| word.starts_with('{'))
            .take_while(|word| word.starts_with('v'))
            .map(value)
            .collect::<Parsed<Vec<Value>>>()?;
        let data = &mut self.f[b];
        data.kind = kind;
        data.pos = pos(at)?;
        data.likely = likely;
        data.allocated = true;
        data.preds = edges(preds)?.into();
        data.succs = edges(succs)?.into();
        if let [control, ..] = controls[..] {
            self.f.set_control(b, control);
        }
        if let [_, second] = controls[..] {
            self.f.set_second_control(b, second);
        }
        self.f.layout.push(b);
        self.block = Some(b);
        Ok(())
    }

    /// `v7 = Op <type> {aux} [auxint] args : home (names) uN @pos`.
    fn value(&mut self, line: &str) -> Parsed<()> {
        let b = self.block.ok_or("a value before the first block")?;
        let (line, at) = line.rsplit_once(" @").ok_or("no position")?;
        let (line, _uses) = line.rsplit_once(" u").ok_or("no uses")?;
        let (v, line) = line.split_once(" = ").ok_or("no value")?;
        let (op, line) = line.split_once(" <").ok_or("no type")?;
        let (ty, mut line) = line.split_once('>').ok_or("no type")?;
        let (v, op, ty) = (
            value(v)?,
            Op::from_name(op).ok_or("unknown operation")?,
            self.ty(ty)?,
        );
        let aux = match line.strip_prefix(" {") {
            None => Aux::None,
            Some(rest) => {
                let end = aux_end(rest).ok_or("no end of aux")?;
                line = &rest[end + 1..];
                self.aux(op, &rest[..end])?
            }
        };
        let mut aux_int = 0;
        if let Some(rest) = line.strip_prefix(" [") {
            let (text, rest) = rest.split_once(']').ok_or("no end of aux")?;
            line = rest;
            aux_int = aux_integer(text)?;
        }
        let (line, home) = line
            .split_once(" : ")
            .map_or((line, None), |(line, rest)| (line, Some(rest)));
        let args = line.split(" (").next().unwrap_or("").split_whitespace();
        let (args, temporary): (Vec<&str>, Vec<&str>) = args.partition(|arg| arg.starts_with('v'));
        let args = args
            .into_iter()
            .map(value)
            .collect::<Parsed<Vec<Value>>>()?;
        self.f.set_op(v, op);
        let data = &mut self.f[v];
        (data.ty, data.block, data.pos) = (ty, b.into(), pos(at)?);
        (data.aux, data.aux_int) = (aux, aux_int);
        self.f.add_args(v, &args);
        self.f[b].values.push(v);
        if let Some(home) = home.and_then(|text| text.split(" (").next())
            && self.f.homes[v] == Location::None
        {
            self.f.homes[v] = self.location(home)?;
        }
        if let [temporary] = temporary[..] {
            let register = temporary.strip_prefix("tmp=");
            let register = register.and_then(|name| self.f.profile.registers.number(name));
            self.f.homes[v] = Location::Temporary(register.ok_or("no argument")?);
        }
        Ok(())
    }

    fn location(&mut self, text: &str) -> Parsed<Location> {
        let register = |name: &str| self.f.profile.registers.number(name);
        if let Some((a, b)) = text
            .strip_prefix('<')
            .and_then(|t| t.strip_suffix('>'))
            .and_then(|t| t.split_once(','))
        {
            return Ok(Location::Pair(register(a), register(b)));
        }
        match register(text) {
            Some(r) => Ok(Location::Register(r)),
            None => Ok(Location::Slot(self.slot(text)?)),
        }
    }

    fn aux(&mut self, op: Op, text: &str) -> Parsed<Aux> {
        Ok(match op.info().aux {
            AuxKind::Typ | AuxKind::TypSize => Aux::Type(self.ty(text)?),
            AuxKind::String => {
                let quoted = text
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'))
                    .ok_or("no string")?;
                let sym = self.syms.reserved("go", format_args!("string.{text}"));
                let content = unquote(quoted);
                let strings = &mut self.f.strings;
                let known = strings.iter().position(|known| known.sym == sym);
                let index = known.unwrap_or_else(|| {
                    strings.push(StringData {
                        sym,
                        len: content.len() as i64,
                        text: text.into(),
                    });
                    strings.len() - 1
                });
                Aux::Str(index as u32)
            }
            _ if matches!(
                op,
                Op::Arg
                    | Op::ArgIntReg
                    | Op::LocalAddr
                    | Op::VarDef
                    | Op::VarKill
                    | Op::VarLive
                    | Op::FwdRef
            ) =>
            {
                let text = match op {
                    Op::ArgIntReg => text.split('+').next().unwrap_or(text),
                    _ => text,
                };
                let known = self
                    .f
                    .vars
                    .iter()
                    .find(|(_, data)| data.name == text)
                    .map(|(var, _)| var);
                match known {
                    Some(var) => Aux::Var(var),
                    None => Aux::Var(self.slot(&format!("{text}[int32]"))?),
                }
            }
            _ if let Some(b) = self.jump_table(text) => Aux::JumpTable(b),
            // The name in the dump has no package; an `aux` line identifies the variable.
            _ if !text.contains(['.', ':']) => Aux::Var(
                self.f
                    .vars
                    .iter()
                    .find(|(_, data)| data.name == text)
                    .ok_or("unknown variable")?
                    .0,
            ),
            _ => Aux::Sym(self.syms.lookup(text)),
        })
    }

    /// The block of the function whose jump table has that symbol.
    fn jump_table(&self, text: &str) -> Option<Block> {
        let (start, number) = text.rsplit_once(".jump")?;
        let is_own = start.strip_prefix("main.") == Some(&self.f.name);
        number.parse().ok().filter(|_| is_own).map(Block::from_u32)
    }

    fn ty(&mut self, text: &str) -> Parsed<Type> {
        if text.ends_with(",mem") {
            let list: Parsed<Vec<Type>> = text.split(',').map(|ty| self.ty(ty)).collect();
            return Ok(self.types.results(&list?));
        }
        if let Some((first, second)) = text.split_once(',') {
            return Ok(Type::tuple(self.ty(first)?, self.ty(second)?));
        }
        if let Some(elem) = text.strip_prefix('*') {
            return Ok(self.ty(elem)?.pointer_to());
        }
        if let Some(kind) = Kind::from_name(text) {
            return Ok(Type::basic(kind));
        }
        if text.strip_prefix("[]") == Some(self.types.empty_interface) {
            return Ok(Type::SLICE);
        }
        if text == self.types.empty_interface {
            return Ok(Type::INTERFACE);
        }
        match text {
            "byte" => return Ok(Type::BYTE),
            "rune" => return Ok(Type::RUNE),
            "error" => return Ok(Type::ERROR),
            "io.Writer" => return Ok(Type::WRITER),
            "os.File" => return Ok(Type::FILE_PTR.elem()),
            _ => {}
        }
        if let Some((len, elem)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            return Ok(Type::array(self.ty(elem)?, number(len)?));
        }
        let known = self.defined.iter().find(|(name, _)| name == text);
        if let Some(&(_, ty)) = known {
            return Ok(ty);
        }
        // A defined type: the plain dump leaves out the underlying type, so int64 stands for all.
        self.define(text, Kind::Int64, 0)
    }

    /// Returns the defined type of that name and kind; `vargen` distinguishes types of one name.
    fn define(&mut self, name: &str, kind: Kind, vargen: u32) -> Parsed<Type> {
        let ty = Type::basic(kind).defined(self.types.add(name, vargen));
        self.defined.push((name.to_owned(), ty));
        Ok(ty)
    }

    fn finish(mut self) -> Parsed<Func> {
        for (v, var) in self.aux_vars {
            self.f[v].aux = Aux::Var(var);
        }
        for (v, n) in self.aux_numbers {
            let aux = self.f[v].aux;
            self.f.aux_numbers.insert(aux, n);
        }
        self.f.entry = match self.entry {
            Some(entry) => entry,
            None => *self.f.layout.first().ok_or("no blocks")?,
        };
        self.f.type_names = Arc::new(self.types);
        Ok(self.f)
    }
}

/// Returns the length of an aux text up to its closing brace; strings are quoted.
fn aux_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quoted => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn aux_integer(text: &str) -> Parsed<i64> {
    if let Some((val, off)) = text
        .strip_prefix("val=")
        .and_then(|text| text.split_once(",off="))
    {
        return Ok(ValAndOff::new(number(val)?, number(off)?)
            .ok_or("value and offset too large")?
            .0);
    }
    match text {
        "true" => Ok(1),
        "false" => Ok(0),
        _ => number(text),
    }
}

/// Undoes the escapes of a quoted string that dumps use.
fn unquote(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let plain = if c == '\\' {
            let escape = rest.chars().next().unwrap_or('\\');
            rest = rest.get(escape.len_utf8()..).unwrap_or("");
            let digits = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let code = rest.get(..digits).unwrap_or("");
            rest = &rest[code.len()..];
            match (escape, u32::from_str_radix(code, 16)) {
                ('x', Ok(code)) => {
                    bytes.push(code as u8);
                    continue;
                }
                (_, Ok(code)) => char::from_u32(code).unwrap_or(escape),
                ('n', _) => '\n',
                ('t', _) => '\t',
                ('r', _) => '\r',
                ('a', _) => '\x07',
                ('b', _) => '\x08',
                ('f', _) => '\x0c',
                ('v', _) => '\x0b',
                _ => escape,
            }
        } else {
            c
        };
        bytes.extend(plain.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}

fn number<T: std::str::FromStr>(text: &str) -> Parsed<T> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}

fn value(text: &str) -> Parsed<Value> {
    Ok(Value::new(number(
        text.strip_prefix('v')
            .ok_or_else(|| format!("{text:?} is no value"))?,
    )?))
}

fn block(text: &str) -> Parsed<Block> {
    Ok(Block::new(number(
        text.strip_prefix('b')
            .ok_or_else(|| format!("{text:?} is no block"))?,
    )?))
}

fn edge(text: &str) -> Parsed<Edge> {
    let (b, index) = text.split_once('.').ok_or("no edge")?;
    Ok(Edge {
        block: block(b)?,
        index: number(index)?,
    })
}

fn pos(text: &str) -> Parsed<Pos> {
    let (text, mark) = text
        .split_at_checked(text.len().wrapping_sub(1))
        .ok_or("no position")?;
    let mut parts = text.split(':').map(number::<u32>);
    let mut next = || parts.next().unwrap_or_else(|| Err("no position".into()));
    let at = Pos::new(PosBase::new(next()? as usize), next()?, next()?);
    Ok(match mark {
        "+" => at.with_is_stmt(),
        "-" => at.with_not_stmt(),
        _ => at,
    })
}
