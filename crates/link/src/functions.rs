//! The functions of an executable, for reports about addresses in it.

use object::{Object, ObjectSymbol, SymbolKind};

/// A function of an executable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name, such as `main.add`.
    pub name: String,
    /// The address of its first byte.
    pub address: u64,
    /// Bytes.
    pub size: u64,
}

/// Returns the functions of an executable that [`link`](crate::link()) made, by address.
pub fn functions(executable: &[u8]) -> Vec<Function> {
    let Ok(file) = object::File::parse(executable) else {
        return Vec::new();
    };
    let symbols = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    let mut functions: Vec<Function> = symbols
        .map(|symbol| Function {
            name: symbol.name().unwrap_or_default().to_owned(),
            address: symbol.address(),
            size: symbol.size(),
        })
        .collect();
    functions.sort_by_key(|function| function.address);
    functions
}
