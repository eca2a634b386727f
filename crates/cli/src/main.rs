//! `groma`: the command line.
#![expect(clippy::disallowed_methods, reason = "environment, clock and waiting belong to the command line")]

mod args;
mod clock;
mod commands;
mod events;
mod exit;
mod files;
mod home;
mod out;
mod secrets;
mod session;
mod signals;
mod waits;
mod world;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, error::ErrorKind};
use model::fault;

fn main() -> ExitCode {
    exit::on_panic();
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::of_usage(&error),
    };
    if let Err(unknown) = plant_fault() {
        return exit::of_usage(&unknown);
    }
    commands::run(arguments).into()
}

/// Makes the mistake that a test asks for; a release build makes none.
fn plant_fault() -> Result<(), clap::Error> {
    let name = if cfg!(debug_assertions) { std::env::var("GROMA_PLANTED_FAULT").ok() } else { None };
    name.map_or(Ok(()), |name| fault::plant(&name)).map_err(|unknown| {
        args::Arguments::command().error(ErrorKind::InvalidValue, format!("GROMA_PLANTED_FAULT: {unknown}"))
    })
}
