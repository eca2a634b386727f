//! `groma state`

use engine::{Scope, Wish};

use crate::{
    args::{Global, Recover, State, TextOrJson},
    commands::{
        lock::patiently,
        plan::address,
        recover,
        run::{Manner, confirmed},
        transfer,
    },
    events::Listener,
    exit::Exit,
    out::{Out, Problem},
    session::{MIGRATION, Session},
};

pub(crate) async fn run(global: &Global, out: &Out, command: State) -> Exit {
    let environment = match &command {
        State::List { environment, .. }
        | State::Show { environment, .. }
        | State::Mv { environment, .. }
        | State::Recover(Recover { environment, .. })
        | State::Rm { environment, .. }
        | State::Pull { environment, .. }
        | State::Push { environment, .. }
        | State::History { environment, .. }
        | State::Migrate { environment, .. } => environment.clone(),
    };
    let name = if matches!(command, State::Migrate { .. }) { MIGRATION } else { "state" };
    let session = match Session::open(global, out, &environment, name).await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let done = match command {
        State::List { json, .. } => list(&session, out, json),
        State::Show { address, json, .. } => show(&session, out, &address, json),
        State::Mv { from, to, .. } => rename(global, &session, out, &from, &to).await,
        State::Recover(arguments) => recover::run(&session, out, &arguments).await,
        State::Rm { addresses, .. } => forget(&session, out, &addresses),
        State::Pull { version, .. } => transfer::pull(&session, out, version.as_deref()),
        State::Push { file, force, .. } => transfer::push(&session, out, &file, force),
        State::History { json, .. } => transfer::history(&session, out, json),
        State::Migrate { from, auto_approve, .. } => {
            transfer::migrate(global, &session, out, from.as_deref(), auto_approve).await
        }
    };
    done.unwrap_or_else(|problem| out.problem(&problem))
}

fn told(session: &Session) -> impl Fn(engine::Error) -> Problem {
    |error| Problem::engine(error, session.sources().clone())
}

fn list(session: &Session, out: &Out, json: bool) -> Result<Exit, Problem> {
    let state = session.engine().state().map_err(told(session))?.unwrap_or_default();
    out.text(&if json { report::state_list_json(&state) } else { report::state_list(&state, out.style) });
    Ok(Exit::Done)
}

fn show(session: &Session, out: &Out, text: &str, json: bool) -> Result<Exit, Problem> {
    let address = address(text)?;
    let state = session.engine().state().map_err(told(session))?.unwrap_or_default();
    let Some(recorded) = state.resources.get(&address) else {
        return Err(Problem::words("not recorded", format!("`{address}` is not in {}", session.place())));
    };
    out.text(&match json {
        true => report::state_show_json(&address, recorded),
        false => report::state_show(&address, recorded, out.style, out.width),
    });
    Ok(Exit::Done)
}

/// Where the new address is written, the move is a plan that also writes the ownership tags; else only the state changes.
async fn rename(global: &Global, session: &Session, out: &Out, from: &str, to: &str) -> Result<Exit, Problem> {
    let (old, new) = (address(from)?, address(to)?);
    let engine = session.engine();
    let state = engine.state().map_err(told(session))?.unwrap_or_default();
    if !state.resources.contains_key(&old) {
        return Err(Problem::words("not recorded", format!("`{old}` is not in {}", session.place())));
    }
    let wish = Wish {
        scope: Scope { targets: vec![new.to_string()], ..Scope::default() },
        moves: vec![(old.to_string(), new.to_string())],
        ..Wish::default()
    };
    let listener = Listener::new(out, TextOrJson::Text, None);
    let written = engine.writes(&new).await.map_err(told(session))?;
    if !written {
        engine.rename(&old, &new).map_err(told(session))?;
        out.text(&format!("`{old}` is now `{new}` in the state; its tags follow with the next apply.\n"));
        return Ok(Exit::Done);
    }
    let prepare = async || engine.prepare(&wish, &|event| listener.hear(event)).await;
    let prepared = match patiently(session, out, prepare).await {
        Ok(prepared) => prepared,
        Err(exit) => return Ok(exit),
    };
    let local = global.local_flag();
    let manner = Manner {
        auto_approve: true,
        format: TextOrJson::Text,
        command: "state mv",
        again: format!("groma apply {}{local}", session.loaded.name),
    };
    Ok(confirmed(session, out.clone(), prepared, &manner).await)
}

fn forget(session: &Session, out: &Out, texts: &[String]) -> Result<Exit, Problem> {
    let addresses = texts.iter().map(|text| address(text)).collect::<Result<Vec<_>, _>>()?;
    session.engine().forget(&addresses).map_err(told(session))?;
    for address in &addresses {
        out.text(&format!("`{address}` is forgotten; it lives on.\n"));
    }
    Ok(Exit::Done)
}
