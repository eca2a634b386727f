//! `groma destroy`

use crate::{
    args::{self, Global, Reach},
    commands::{
        plan::wish,
        run::{Manner, confirmed},
    },
    events::Listener,
    exit::Exit,
    out::Out,
    session::Session,
};

pub(crate) async fn run(global: &Global, out: Out, arguments: &args::Destroy) -> Exit {
    let reach = Reach { targets: arguments.targets.clone(), replace: Vec::new() };
    let wish = match wish(&reach, &arguments.lifting, true) {
        Ok(wish) => wish,
        Err(problem) => return out.problem(&problem),
    };
    let session = match Session::open(global, &arguments.environment, "destroy").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let engine = session.engine();
    if arguments.check {
        return match engine.plan(&wish).await {
            Ok(planned) => {
                out.text(&report::plan_text(&planned.plan, out.style, out.width));
                out.text("Nothing stands in the way.\n");
                Exit::Done
            }
            Err(engine::Error::Diagnostics(blockers)) => {
                out.diagnostics(&blockers, session.sources());
                Exit::Differences
            }
            Err(error) => session.tell(&out, error),
        };
    }
    let listener = Listener::new(&out, arguments.format, None);
    match engine.prepare(&wish, &|event| listener.hear(event)).await {
        Ok(prepared) => {
            let local = if global.local { " --local" } else { "" };
            let manner = Manner {
                auto_approve: arguments.auto_approve,
                format: arguments.format,
                command: "destroy",
                again: format!("groma destroy {}{local}", arguments.environment),
            };
            confirmed(&session, out.clone(), prepared, &manner).await
        }
        Err(error) => session.tell(&out, error),
    }
}
