//! minigo for web pages: requests in, results out, as text.
//!
//! [`run`] takes a request, which is the line of a command and then the source files, and returns the exit status of the
//! command and what it prints. As a WebAssembly module the crate exports four functions (`exports`) and
//! imports none, so that a page needs nothing but the module.
//!
//! ```
//! let listing = minigo_web::run("build -S -go 1.15\n-- x.go --\npackage p\n\nfunc f() {}\n");
//! assert!(listing.starts_with("0\n\"\".f STEXT nosplit size=1 "));
//!
//! let wrong = minigo_web::run("build -S\n-- x.go --\npackage p\n\nfunc f() { x := 1 }\n");
//! assert_eq!(wrong, "1\nx.go:3:12: x declared but not used\n");
//! ```

mod answer;
#[cfg(target_family = "wasm")]
mod exports;
mod request;

use minigo::{Built, Failure};

use request::{Request, What};

/// Does a request. The first line of the result is the exit status: 0 for success, 1 for errors in the program, 2 for a
/// request that is wrong. Then comes what the command prints.
pub fn run(request: &str) -> String {
    match Request::parse(request) {
        Ok(request) => answer(&request),
        Err(why) => format!("2\nminigo: {why}\n"),
    }
}

fn answer(request: &Request) -> String {
    match text(request) {
        Ok(text) => format!("0\n{text}"),
        Err(failure) => refusal(&failure, request),
    }
}

fn text(request: &Request) -> Result<String, Failure> {
    let compile = || minigo::compile(&request.sources, &request.options());
    match request.what {
        What::Listing => Ok(listing(&compile()?)),
        What::Look => Ok(answer::look(&compile()?, request)),
        What::Frame => answer::frame(&compile()?, request),
        What::See => answer::page(request),
    }
}

/// Returns the answer to a request that fails.
fn refusal(failure: &Failure, request: &Request) -> String {
    let (status, prefix) = match failure {
        Failure::Program(_) => (1, ""),
        Failure::Environment(_) => (2, "minigo: "),
    };
    match request.what {
        What::Listing => format!("{status}\n{prefix}{failure}\n"),
        What::Look | What::Frame | What::See => {
            format!("{status}\n{}", answer::messages(failure, request))
        }
    }
}

/// Returns the listing of a package, Go files first.
fn listing(built: &Built) -> String {
    let mut text = String::new();
    for piece in built.listing() {
        text.push_str(&piece);
    }
    text.push_str(built.assembly_listing());
    text
}
