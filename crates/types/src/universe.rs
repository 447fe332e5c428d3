//! Predeclared types and supported functions of other packages, in every version.

use crate::info::Extern;
use crate::ty::Type;

/// Predeclared types by name.
pub(crate) const TYPES: &[(&str, Type)] = &[
    ("bool", Type::BOOL),
    ("byte", Type::BYTE),
    ("complex128", Type::COMPLEX128),
    ("complex64", Type::COMPLEX64),
    ("error", Type::ERROR),
    ("float32", Type::FLOAT32),
    ("float64", Type::FLOAT64),
    ("int", Type::INT),
    ("int16", Type::INT16),
    ("int32", Type::INT32),
    ("int64", Type::INT64),
    ("int8", Type::INT8),
    ("rune", Type::RUNE),
    ("string", Type::STRING),
    ("uint", Type::UINT),
    ("uint16", Type::UINT16),
    ("uint32", Type::UINT32),
    ("uint64", Type::UINT64),
    ("uint8", Type::UINT8),
    ("uintptr", Type::UINTPTR),
];

/// Supported functions: the path of the package, the name there, the name in messages, and the function.
pub(crate) const EXTERNS: &[(&str, &str, &str, Extern)] = &[
    ("fmt", "Print", "fmt.Print", Extern::FmtPrint),
    ("fmt", "Println", "fmt.Println", Extern::FmtPrintln),
    ("os", "Exit", "os.Exit", Extern::OsExit),
];
