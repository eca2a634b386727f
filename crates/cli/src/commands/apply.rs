//! `groma apply`

use std::path::Path;

use crate::{
    args::{self, Global},
    commands::{
        lock::patiently,
        plan::wish,
        run::{Manner, confirmed},
        show,
    },
    events::Listener,
    exit::Exit,
    out::Out,
    session::Session,
};

pub(crate) async fn run(global: &Global, out: Out, arguments: &args::Apply) -> Exit {
    let file = Path::new(&arguments.environment);
    // A relative path of a plan is relative to where it is typed, not to `-C`.
    if file.is_file() && file.extension().is_none_or(|extension| extension != "toml") {
        return saved(global, out, arguments, file).await;
    }
    let wish = match wish(&arguments.reach, &arguments.lifting, false) {
        Ok(wish) => wish,
        Err(problem) => return out.problem(&problem),
    };
    let session = match Session::open(global, &out, &arguments.environment, "apply").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let listener = Listener::new(&out, arguments.format, None);
    let engine = session.engine();
    match patiently(&session, &out, async || engine.prepare(&wish, &|event| listener.hear(event)).await).await {
        Ok(prepared) => {
            let manner = manner(arguments, global, &arguments.environment);
            confirmed(&session, out.clone(), prepared, &manner).await
        }
        Err(exit) => exit,
    }
}

async fn saved(global: &Global, out: Out, arguments: &args::Apply, file: &Path) -> Exit {
    let plan = match show::read(file) {
        Ok(plan) => plan,
        Err(problem) => return out.problem(&problem),
    };
    let environment = plan.environment.clone();
    let session = match Session::open(global, &out, &environment, "apply").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let listener = Listener::new(&out, arguments.format, None);
    let engine = session.engine();
    let prepare = async || engine.prepare_saved(plan.clone(), &|event| listener.hear(event)).await;
    match patiently(&session, &out, prepare).await {
        Ok(prepared) => {
            // A saved plan was reviewed: that is the approval.
            let manner = Manner { auto_approve: true, ..manner(arguments, global, &environment) };
            confirmed(&session, out.clone(), prepared, &manner).await
        }
        Err(exit) => exit,
    }
}

fn manner(arguments: &args::Apply, global: &Global, environment: &str) -> Manner {
    let local = global.local_flag();
    Manner {
        auto_approve: arguments.auto_approve,
        format: arguments.format,
        command: "apply",
        again: format!("groma apply {environment}{local}"),
    }
}
