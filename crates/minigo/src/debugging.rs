//! The variables of functions for debuggers: from places in terms of instructions to places by pc.

use std::collections::BTreeMap;
use std::ops::Range;

use minigo_base::{Pos, PosBase, PosTable};
use minigo_obj::debug::{BaseType, Encoding, Place, Places, Scope, Variable, VariableKind};
use minigo_obj::{FuncText, LSym, ProgId, Unit};
use minigo_ssa::amd64::Origins;
use minigo_ssa::places::{self, Point, SourceOrder, places};
use minigo_ssa::{Func, Type, VarClass};

use crate::scopes::{self, Innermost, Scopes};

/// A variable and its places in a function that is not assembled yet.
pub(crate) struct Placed {
    /// The position of the declaration.
    pos: Pos,
    name: String,
    kind: VariableKind,
    ty: Type,
    /// The name of the type.
    type_name: String,
    line: u32,
    inlined: Option<u32>,
    at_entry: Option<Slot>,
    /// The first instruction of a value, and the one behind the last.
    code: Range<ProgId>,
    ranges: Vec<(Point, Point, Slot)>,
}

/// A place, whose distance is not known yet if it is in the frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Known(Place),
    /// Bytes from the top of the autos, negative.
    Auto(i64),
}

/// Returns the variables of a function whose instructions `text` come from `origins`. Whether a variable of an inlined call
/// is a parameter is a question of its name and position.
pub(crate) fn placed(
    f: &mut Func,
    origins: &Origins,
    text: &FuncText,
    order: &SourceOrder,
    positions: &PosTable,
    is_param: impl Fn(u32, &str, Pos) -> bool,
) -> Vec<Placed> {
    let end = text.next_id();
    let start = origins.first().map_or(end, |&(prog, _)| prog);
    let all = places(f, origins, end, order);
    let f = &*f;
    let slot = |place| match place {
        places::Place::Register(reg) => Slot::Known(Place::Register(reg)),
        places::Place::Constant(value) => Slot::Known(Place::Constant(value)),
        places::Place::Slot(var) => match f.vars[var].class {
            VarClass::Auto => Slot::Auto(f.vars[var].offset),
            _ if f.vars[var].offset < 0 => Slot::Auto(f.vars[var].offset),
            VarClass::Param | VarClass::Result => Slot::Known(Place::Memory(f.vars[var].offset)),
        },
    };
    all.into_iter()
        .map(|places| {
            let data = &f.vars[places.var];
            let ranges = places.ranges.into_iter();
            let inlined = positions.base(data.pos.base()).inlined;
            let name = data.own_name();
            Placed {
                pos: data.pos,
                name: name.to_owned(),
                kind: match data.class {
                    VarClass::Param => VariableKind::Param,
                    VarClass::Result => VariableKind::Result,
                    VarClass::Auto => match inlined {
                        Some(call) if is_param(call, name, data.pos) => VariableKind::Param,
                        _ => VariableKind::Local,
                    },
                },
                ty: data.ty,
                type_name: data.ty.display(&f.type_names),
                line: match data.pos.line() {
                    0 => 0,
                    _ => positions.file_line(data.pos).1,
                },
                inlined,
                at_entry: places.at_entry.map(slot),
                code: start..end,
                ranges: ranges
                    .map(|(from, to, place)| (from, to, slot(place)))
                    .collect(),
            }
        })
        .collect()
}

fn base_type(ty: Type, name: &str) -> BaseType<'_> {
    BaseType {
        name,
        size: ty.size() as u8,
        encoding: match ty {
            ty if ty.is_boolean() => Encoding::Boolean,
            ty if ty.is_signed() => Encoding::Signed,
            _ => Encoding::Unsigned,
        },
    }
}

/// Adds the variables and their scopes to the assembled function, which still has its instructions.
pub(crate) fn add_variables(symbol: &mut LSym, placed: &[Placed], scopes: &Scopes, unit: &Unit) {
    let LSym {
        text: Some(text),
        debug: Some(debug),
        pcln: Some(pcln),
        size,
        ..
    } = symbol
    else {
        return;
    };
    let size = *size as u32;
    let mut finder = ScopeFinder::new(scopes, unit, placed);
    if !finder.numbers.is_empty() {
        finder.add_code(text, size);
        let of_call = |&call: &u32| {
            let call = &unit.inlined_calls[call as usize];
            finder.at(call.pos)
        };
        debug.scopes_of_calls = pcln.inlined_calls.iter().map(of_call).collect();
    }
    // The return address, and the caller's BP if it is saved.
    let saves_bp = minigo_obj::pcln::values(&debug.saved_bp).any(|(is_saved, _)| is_saved == 1);
    let below = if saves_bp { 16 } else { 8 };
    let place = |slot| match slot {
        Slot::Known(place) => place,
        Slot::Auto(offset) => Place::Memory(offset - below),
    };
    let pc_of = |prog: Option<ProgId>| prog.map_or(size, |prog| text[prog].pc);
    let mut places: Vec<(Range<u32>, Place)> = Vec::new();
    let mut encoded = Vec::new();
    for placed in placed {
        // The instructions behind the last are those that grow the stack.
        let Range { start, end } = placed.code;
        let last = ProgId::from_u32(end.as_u32() - 1);
        let code_end = pc_of(text[last].link());
        let pc = |point: &Point| match point.prog {
            prog if prog == end => code_end,
            prog => text[prog].pc + u32::from(point.is_inside),
        };
        places.clear();
        let mut add = |pcs: Range<u32>, slot| match places.last_mut() {
            _ if pcs.is_empty() => {}
            Some((last, known)) if last.end == pcs.start && *known == place(slot) => {
                last.end = pcs.end;
            }
            _ => places.push((pcs, place(slot))),
        };
        if let Some(slot) = placed.at_entry {
            add(
                0..if start == end {
                    code_end
                } else {
                    text[start].pc
                },
                slot,
            );
        }
        for (from, to, slot) in &placed.ranges {
            add(pc(from)..pc(to), *slot);
        }
        if let [(pcs, Place::Memory(0..))] = &mut places[..]
            && *pcs == (0..code_end)
        {
            // It is in the caller's frame.
            pcs.end = size;
        }
        debug.add(&Variable {
            name: &placed.name,
            kind: placed.kind,
            ty: base_type(placed.ty, &placed.type_name),
            line: placed.line,
            inlined: placed.inlined,
            scope: finder.at(placed.pos),
            places: Places::encode(&places, &mut encoded),
        });
    }
    debug.shrink();
    debug.scopes = finder.found;
}

/// The scopes of a function that have variables.
struct ScopeFinder<'a> {
    scopes: &'a Scopes,
    unit: &'a Unit<'a>,
    /// The number of each, by inlined call and number in the package.
    numbers: BTreeMap<(Option<u32>, usize), u32>,
    found: Vec<Scope>,
    /// The scopes of the last file that was asked for, and the last answer.
    last: Option<(PosBase, Range<usize>, Innermost)>,
}

impl<'a> ScopeFinder<'a> {
    fn new(scopes: &'a Scopes, unit: &'a Unit, placed: &[Placed]) -> ScopeFinder<'a> {
        let mut finder = ScopeFinder {
            scopes,
            unit,
            numbers: BTreeMap::new(),
            found: Vec::new(),
            last: None,
        };
        for placed in placed {
            if let Some(scope) = finder.innermost(placed.pos) {
                let inlined = finder.inlined(placed.pos);
                finder.numbers.insert((inlined, scope), 0);
            }
        }
        // Outer scopes have smaller numbers.
        for (number, value) in finder.numbers.values_mut().enumerate() {
            *value = number as u32;
        }
        let found = finder.numbers.keys().map(|&(inlined, scope)| Scope {
            parent: finder.used(inlined, scopes.parent(scope)),
            inlined,
            code: Vec::new(),
        });
        finder.found = found.collect();
        finder
    }

    fn inlined(&self, pos: Pos) -> Option<u32> {
        self.unit.files.base(pos.base()).inlined
    }

    /// Returns the innermost scope with variables that is a scope or contains it.
    fn used(&self, inlined: Option<u32>, mut scope: Option<usize>) -> Option<u32> {
        while let Some(index) = scope {
            if let Some(&number) = self.numbers.get(&(inlined, index)) {
                return Some(number);
            }
            scope = self.scopes.parent(index);
        }
        None
    }

    /// Returns the innermost scope at a position.
    fn innermost(&mut self, pos: Pos) -> Option<usize> {
        if pos.line() == 0 {
            return None;
        }
        let (base, place) = (pos.base(), scopes::place(pos));
        let of_file = match &self.last {
            Some((last, of_file, innermost)) if *last == base => {
                if innermost.places.contains(&place) {
                    return innermost.scope;
                }
                of_file.clone()
            }
            _ => self.scopes.of_file(&self.unit.files.base(base).filename),
        };
        let near = self.last.as_ref().and_then(|(_, _, last)| last.scope);
        let near = near.unwrap_or(of_file.start);
        let innermost = self.scopes.innermost(of_file.clone(), place, near);
        let scope = innermost.scope;
        self.last = Some((base, of_file, innermost));
        scope
    }

    /// Returns the innermost scope with variables at a position.
    fn at(&mut self, pos: Pos) -> Option<u32> {
        let scope = self.innermost(pos);
        self.used(self.inlined(pos), scope)
    }

    /// Adds the code of a function of `size` bytes to its scopes.
    fn add_code(&mut self, text: &FuncText, size: u32) {
        let mut next = Some(FuncText::TEXT);
        let (mut last_place, mut scopes) = (None, Vec::new());
        while let Some(id) = next {
            let p = &text[id];
            next = p.link();
            let end = next.map_or(size, |next| text[next].pc);
            if p.pos.line() == 0 || end <= p.pc {
                continue;
            }
            let place = (p.pos.base(), p.pos.line(), p.pos.col());
            if last_place.replace(place) != Some(place) {
                scopes.clear();
                self.add_around(p.pos, &mut scopes);
            }
            for &number in &scopes {
                let code = &mut self.found[number as usize].code;
                match code.last_mut() {
                    Some(last) if last.end >= p.pc => last.end = end,
                    _ => code.push(p.pc..end),
                }
            }
        }
    }

    /// Adds all scopes with variables that contain a position; those of an inlined call are in those of its position.
    fn add_around(&mut self, mut pos: Pos, around: &mut Vec<u32>) {
        loop {
            let mut scope = self.at(pos);
            while let Some(number) = scope {
                around.push(number);
                scope = self.found[number as usize].parent;
            }
            match self.inlined(pos) {
                Some(call) => pos = self.unit.inlined_calls[call as usize].pos,
                None => return,
            }
        }
    }
}
