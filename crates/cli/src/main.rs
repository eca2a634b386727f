//! `groma`: the command line.
#![expect(clippy::disallowed_methods, reason = "environment, clock and waiting belong to the command line")]

mod args;
mod clock;
mod commands;
mod events;
mod exit;
mod files;
mod out;
mod secrets;
mod session;
mod signals;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::of_usage(&error),
    };
    commands::run(arguments).into()
}
