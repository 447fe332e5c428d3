//! The functions of the WebAssembly module. A page puts a request into the memory that [`request`] returns, calls [`run`],
//! and reads [`result_len`] bytes at the address that it returns.
//!
//! A panic ends in a trap, after which the instance is of no more use. What it says is then the result, which [`result`]
//! finds; its status is 101, as that of the command.
//!
//! Exported names have to be unique in a program, which the compiler can't know: hence `unsafe`.
#![allow(unsafe_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The bytes of the request.
static REQUEST: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// The text of the last result.
static RESULT: Mutex<String> = Mutex::new(String::new());

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a request of `len` bytes of UTF-8 and returns its address.
#[unsafe(no_mangle)]
pub extern "C" fn request(len: usize) -> *const u8 {
    let mut request = locked(&REQUEST);
    request.clear();
    request.resize(len, 0);
    request.as_ptr()
}

/// Does the request and returns the address of the result, which stays until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> *const u8 {
    std::panic::set_hook(Box::new(|info| {
        *locked(&RESULT) = format!("101\ninternal compiler error: {info}\n");
    }));
    locked(&RESULT).clear();
    let request = std::mem::take(&mut *locked(&REQUEST));
    let text = crate::run(&String::from_utf8_lossy(&request));
    *locked(&RESULT) = text;
    result()
}

/// Returns the address of the result.
#[unsafe(no_mangle)]
pub extern "C" fn result() -> *const u8 {
    locked(&RESULT).as_ptr()
}

/// Returns the length of the result in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn result_len() -> usize {
    locked(&RESULT).len()
}
