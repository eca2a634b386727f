//! `groma unlock`

use model::Sources;

use crate::{
    args::Global,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

/// Shows who holds the lock, asks, and ends it. A run that lives on is fenced off: it stops before its next call.
pub(crate) async fn run(global: &Global, out: &Out, environment: &str, auto_approve: bool) -> Exit {
    let session = match Session::open(global, out, environment, "unlock").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    unlocked(&session, out, auto_approve).unwrap_or_else(|problem| out.problem(&problem))
}

fn unlocked(session: &Session, out: &Out, auto_approve: bool) -> Result<Exit, Problem> {
    let store = session.home.store();
    let failed = |error: store::StoreError| Problem::engine(error.into(), Sources::default());
    let Some(holder) = store.holder().map_err(failed)? else {
        out.text(&format!("Nobody holds the lock on {}.\n", store.place()));
        return Ok(Exit::Done);
    };
    out.text(&format!("The lock on {} is held by {holder}.\n", store.place()));
    if !auto_approve {
        match out.ask("End it? If that run lives, it stops before its next call.") {
            Some(true) => {}
            Some(false) => return Ok(Exit::Failed),
            None => return Ok(out.nobody("unlock")),
        }
    }
    store.unlock(&holder).map_err(failed)?;
    out.text("It is free; the next run finds out what became of the calls that were under way.\n");
    Ok(Exit::Done)
}
