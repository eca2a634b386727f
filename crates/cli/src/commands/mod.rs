//! One file for each command: load, call, show, exit code.

mod apply;
mod completions;
mod deploy;
mod destroy;
mod docs;
mod drift;
mod import;
mod init;
mod local;
mod lock;
mod logs;
mod output;
mod plan;
mod recover;
mod rollout;
mod run;
mod show;
mod state;
mod transfer;
mod unlock;
mod validate;

use crate::{
    args::{Arguments, Command},
    exit::Exit,
    out::{Out, Problem},
};

/// Runs one command.
pub(crate) fn run(arguments: Arguments) -> Exit {
    let Arguments { global, command } = arguments;
    let out = Out::new(&global);
    match command {
        Command::Init { environment, region } => init::run(&global, &out, &environment, &region),
        Command::Validate { environment, format } => validate::run(&global, &out, &environment, format),
        Command::Plan(arguments) => waiting(&out, plan::run(&global, &out, &arguments)),
        Command::Show { plan, format } => show::run(&out, &plan, format),
        Command::Apply(arguments) => waiting(&out, apply::run(&global, out.clone(), &arguments)),
        Command::Rollout { environment, auto_approve } => {
            waiting(&out, rollout::run(&global, out.clone(), &environment, auto_approve))
        }
        Command::Deploy { environment, address } => {
            waiting(&out, deploy::run(&global, &out, &environment, address.as_deref()))
        }
        Command::Logs { environment, address, follow, since } => {
            waiting(&out, logs::run(&global, &out, &environment, address.as_deref(), follow, since))
        }
        Command::Destroy(arguments) => waiting(&out, destroy::run(&global, out.clone(), &arguments)),
        Command::Output { environment, name, raw, json, reveal } => {
            let form = output::Form::of(raw, json, reveal);
            waiting(&out, output::run(&global, &out, &environment, name.as_deref(), form))
        }
        Command::State(command) => waiting(&out, state::run(&global, &out, command)),
        Command::Import { environment, address, id, auto_approve } => {
            waiting(&out, import::run(&global, out.clone(), &environment, &address, &id, auto_approve))
        }
        Command::Drift { environment, format, detailed_exitcode } => {
            waiting(&out, drift::run(&global, &out, &environment, format, detailed_exitcode))
        }
        Command::Unlock { environment, auto_approve } => {
            waiting(&out, unlock::run(&global, &out, &environment, auto_approve))
        }
        Command::Docs { type_name } => docs::run(&out, type_name.as_deref()),
        Command::Local(command) => local::run(&global, &out, command),
        Command::Completions { shell } => completions::run(&out, shell),
    }
}

/// Runs a command that waits for others.
fn waiting(out: &Out, command: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let exit = runtime.block_on(command);
            // Threads that still wait for an answer nobody needs must not hold the process.
            runtime.shutdown_background();
            exit
        }
        Err(error) => out.problem(&Problem::words("cannot start", error.to_string())),
    }
}
