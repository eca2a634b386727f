//! `groma import`

use std::collections::BTreeMap;

use engine::{Scope, Wish};

use crate::{
    args::{Global, TextOrJson},
    commands::{
        lock::patiently,
        plan::address,
        run::{Manner, confirmed},
    },
    events::Listener,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

pub(crate) async fn run(
    global: &Global,
    out: Out,
    environment: &str,
    text: &str,
    id: &str,
    auto_approve: bool,
) -> Exit {
    let address = match address(text) {
        Ok(address) => address,
        Err(problem) => return out.problem(&problem),
    };
    let session = match Session::open(global, &out, environment, "import").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let engine = session.engine();
    match engine.state() {
        Ok(state) if state.as_ref().is_some_and(|state| state.resources.contains_key(&address)) => {
            let detail = format!("`{address}` is in the state already; `groma state rm` forgets it");
            return out.problem(&Problem::words("nothing to import", detail));
        }
        Ok(_) => {}
        Err(error) => return session.tell(&out, error),
    }
    let wish = Wish {
        scope: Scope { targets: vec![address.to_string()], ..Scope::default() },
        imports: BTreeMap::from([(address, id.to_owned())]),
        ..Wish::default()
    };
    let listener = Listener::new(&out, TextOrJson::Text, None);
    match patiently(&session, &out, async || engine.prepare(&wish, &|event| listener.hear(event)).await).await {
        Ok(prepared) => {
            let local = global.local_flag();
            let manner = Manner {
                auto_approve,
                format: TextOrJson::Text,
                command: "import",
                again: format!("groma apply {environment}{local}"),
            };
            confirmed(&session, out.clone(), prepared, &manner).await
        }
        Err(exit) => exit,
    }
}
