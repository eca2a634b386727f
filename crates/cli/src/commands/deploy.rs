//! `groma deploy`

use engine::Engine;
use model::Address;
use provider::Clock;
use report::{Progress, Verb};

use crate::{
    args::{Global, TextOrJson},
    events::{Listener, failure},
    exit::Exit,
    out::Out,
    session::Session,
    signals::Signals,
};

pub(crate) async fn run(global: &Global, out: &Out, environment: &str, address: Option<&str>) -> Exit {
    let session = match Session::open(global, out, environment, "deploy").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let engine = session.engine();
    match engine.running(address) {
        Ok(address) => deployed(&session, &engine, out, &address).await,
        Err(error) => session.tell(out, error),
    }
}

/// Starts it and follows it to its end, or to a signal: then it goes on by itself.
async fn followed<'s>(
    session: &'s Session,
    engine: &Engine<'_>,
    out: &Out,
    address: &Address,
    listener: &Listener<'_>,
) -> Result<(&'s Signals, Result<(), Option<executor::Problem>>), Exit> {
    let signals = session.signals(out)?;
    let ended = engine.deploy(address, &signals.stop, &|event| listener.hear(event)).await;
    Ok((signals, ended.map_err(|error| session.tell(out, error))?))
}

async fn deployed(session: &Session, engine: &Engine<'_>, out: &Out, address: &Address) -> Exit {
    let listener = Listener::new(out, TextOrJson::Text, None);
    let begun = session.clock.now();
    let (signals, ended) = match followed(session, engine, out, address, &listener).await {
        Ok(ended) => ended,
        Err(exit) => return exit,
    };
    let elapsed = session.clock.now().saturating_sub(begun);
    match ended {
        Ok(()) => {
            out.text(&format!("Deployed {address} in {}.\n", report::elapsed(elapsed)));
            Exit::Done
        }
        Err(Some(problem)) => {
            let failure = Box::new(failure(&problem, address, None));
            listener.tell(&Progress::Failed { address: address.clone(), verb: Verb::Update, elapsed, failure });
            Exit::of_blame(problem.blame())
        }
        Err(None) => {
            out.progress("The deployment goes on by itself; `groma logs` shows how.");
            signals.exit().unwrap_or(Exit::Failed)
        }
    }
}
