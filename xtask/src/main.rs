//! The project's everyday verbs: `cargo xtask check | gen`.
#![expect(clippy::print_stderr, reason = "a tool for developers that talks to a terminal")]

use std::process::ExitCode;

mod limits;
mod models;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["gen"] => models::run(false).and_then(|()| limits::run(false)),
        ["gen", "--check"] => limits::run(true),
        ["gen", "limits"] => limits::run(false),
        _ => Err("usage: cargo xtask gen [--check | limits]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
