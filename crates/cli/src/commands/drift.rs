//! `groma drift`

use planner::Drifted;

use crate::{
    args::{Global, TextOrJson},
    exit::Exit,
    out::Out,
    session::Session,
};

pub(crate) async fn run(
    global: &Global,
    out: &Out,
    environment: &str,
    format: TextOrJson,
    detailed_exitcode: bool,
) -> Exit {
    let session = match Session::open(global, out, environment, "drift").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    session.caveats(out);
    let (drift, state) = match session.engine().drift().await {
        Ok(found) => found,
        Err(error) => return session.tell(out, error),
    };
    let list: Vec<report::Drift> = drift
        .entries
        .into_iter()
        .map(|(address, found)| report::Drift {
            id: state.resources.get(&address).map(|recorded| recorded.id.clone()).unwrap_or_default(),
            address,
            place: None,
            found: match found {
                Drifted::Gone => report::Drifted::Gone,
                Drifted::Changed(differences) => report::Drifted::Differs(differences),
            },
        })
        .collect();
    let checked = state.resources.values().filter(|recorded| !recorded.id.is_empty()).count();
    out.text(&match format {
        TextOrJson::Text => report::drift_text(&list, checked, out.style, out.width),
        TextOrJson::Json => report::drift_json(&list, checked),
    });
    if detailed_exitcode && !list.is_empty() { Exit::Differences } else { Exit::Done }
}
