//! The places of a function's arguments in both calling conventions: on the stack for assembly, in registers for compiled
//! code (cmd/compile/abi-internal.md).

use minigo_syntax::ast::{Field, List};

use crate::places::Places;
use crate::pointers::WordClass;
use crate::{Arguments, Kind, Result, Scope, Shape, Type, Types};

const WORD: u64 = 8;

/// The registers of integers and pointers, in the order in which they are assigned.
const INTEGER: [&str; 9] = ["AX", "BX", "CX", "DI", "SI", "R8", "R9", "R10", "R11"];

/// The registers of floating-point numbers.
const FLOAT: [&str; 15] = [
    "X0", "X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8", "X9", "X10", "X11", "X12", "X13", "X14",
];

/// The arguments of a function in both calling conventions.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The size of parameters and results on the stack in bytes, as TEXT states it.
    pub args_size: u64,
    /// The parameters, then the results.
    pub args: Vec<Arg>,
    /// Register convention: the size of the arguments that are on the stack nevertheless, in bytes.
    pub stack_size: u64,
    /// Register convention: the size of the area where the callee may keep its parameters, in bytes.
    pub spill_size: u64,
    /// The words of the arguments that hold pointers: of the parameters, then of the results.
    pub pointers: [Vec<u64>; 2],
    /// The places of the parameters' words, as tracebacks read them.
    pub places: Vec<u8>,
}

/// A parameter or result.
#[derive(Clone, Debug)]
pub struct Arg {
    /// The name: `arg`, `arg1` and `ret`, `ret1` for those without one.
    pub name: String,
    /// The type in messages.
    pub typ: String,
    /// Whether it is a result.
    pub is_result: bool,
    /// The offset from FP, in bytes.
    pub offset: u64,
    /// The numbers and pointers that it consists of.
    pub parts: Vec<Part>,
    /// Register convention: its offset in the arguments on the stack or, if it is in registers, in the area where the
    /// callee may keep it. Results in registers have none.
    pub home: Option<u64>,
}

/// A number or pointer of an argument, which assembly can load or store.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name, as in `name+8(FP)`.
    pub name: String,
    /// The type in messages.
    pub typ: String,
    /// The offset from FP, in bytes.
    pub offset: u64,
    /// The size in bytes, which may be 0.
    pub size: u64,
    /// The register; none for arguments on the stack.
    pub register: Option<&'static str>,
}

impl Call {
    /// Lays out the arguments of a function type.
    ///
    /// # Errors
    /// A type without a size.
    pub fn new(
        types: &mut Types,
        scope: Scope,
        params: List<Field>,
        results: List<Field>,
    ) -> Result<Call> {
        let arguments = Arguments::new(types, scope, params, results)?;
        let mut call = Call {
            args_size: arguments.size,
            ..Call::default()
        };
        let mut assigned = Assigned::default();
        let mut spilled = 0;
        let mut places = Places::default();
        for (index, root) in arguments.roots.iter().enumerate() {
            if root.is_result && !call.args.last().is_some_and(|arg| arg.is_result) {
                assigned.next_list();
            }
            let next = arguments.roots.get(index + 1);
            let end = next.map_or(arguments.vars.len(), |next| next.var);
            let vars = &arguments.vars[root.var..end];
            let whole = &vars[0];
            let layout = types.layout(root.typ)?;
            let registers = assigned.registers(types, root.typ)?;
            let home = match &registers {
                None => Some(assigned.on_stack(layout.size, layout.align)),
                Some(_) if root.is_result => None,
                Some(_) => {
                    let home = u64::next_multiple_of(spilled, layout.align);
                    spilled = home + layout.size;
                    Some(home)
                }
            };
            let parts = vars.iter().filter(|var| matches!(var.kind, Kind::Bytes(_)));
            let mut registers = registers.unwrap_or_default().into_iter();
            let parts = parts.map(|var| Part {
                name: var.name.clone(),
                typ: var.typ.to_string(),
                offset: var.offset,
                size: var.size,
                register: (var.size > 0).then(|| registers.next()).flatten(),
            });
            call.args.push(Arg {
                name: whole.name.clone(),
                typ: whole.typ.to_string(),
                is_result: root.is_result,
                offset: whole.offset,
                parts: parts.collect(),
                home,
            });
            if !root.is_result {
                places.visit(types, root.typ, whole.offset, 0)?;
            }
            let pointers = &mut call.pointers[usize::from(root.is_result)];
            types.add_pointers(root.typ, whole.offset, pointers)?;
        }
        call.places = places.finish();
        call.stack_size = assigned.stack.next_multiple_of(WORD);
        call.spill_size = spilled.next_multiple_of(WORD);
        Ok(call)
    }
}

/// The registers and the stack that arguments have so far.
#[derive(Default)]
struct Assigned {
    integers: usize,
    floats: usize,
    /// The bytes on the stack.
    stack: u64,
}

impl Assigned {
    /// Begins the results, which have all registers again.
    fn next_list(&mut self) {
        (self.integers, self.floats) = (0, 0);
        self.stack = self.stack.next_multiple_of(WORD);
    }

    fn on_stack(&mut self, size: u64, align: u64) -> u64 {
        let offset = self.stack.next_multiple_of(align);
        self.stack = offset + size;
        offset
    }

    /// Returns the registers of an argument, or none if there aren't enough.
    fn registers(&mut self, types: &mut Types, typ: Type) -> Result<Option<Vec<&'static str>>> {
        let before = (self.integers, self.floats);
        let mut registers = Vec::new();
        let fits = types.layout(typ)?.size > 0 && self.assign(types, typ, &mut registers)?;
        if !fits {
            (self.integers, self.floats) = before;
        }
        Ok(fits.then_some(registers))
    }

    /// Adds the registers of a value. Reports whether there are enough.
    fn assign(
        &mut self,
        types: &mut Types,
        typ: Type,
        registers: &mut Vec<&'static str>,
    ) -> Result<bool> {
        if types.layout(typ)?.size == 0 {
            return Ok(true);
        }
        let (integers, floats) = match types.shape(typ)? {
            Shape::Word(_) if types.word_class(typ)? == WordClass::Float => (0, 1),
            Shape::Word(_) => (1, 0),
            Shape::Complex(_) => (0, 2),
            Shape::String | Shape::Interface | Shape::EmptyInterface => (2, 0),
            Shape::Slice => (3, 0),
            Shape::Array(1, elem, _) => return self.assign(types, elem, registers),
            Shape::Array(..) => return Ok(false),
            Shape::Struct(fields) => {
                for (_, field, _) in fields {
                    if !self.assign(types, field, registers)? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
        };
        let integers = INTEGER.get(self.integers..self.integers + integers);
        let floats = FLOAT.get(self.floats..self.floats + floats);
        let (Some(integers), Some(floats)) = (integers, floats) else {
            return Ok(false);
        };
        self.integers += integers.len();
        self.floats += floats.len();
        registers.extend(integers.iter().chain(floats));
        Ok(true)
    }
}
