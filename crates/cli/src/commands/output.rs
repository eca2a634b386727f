//! `groma output`

use model::Sources;

use crate::{
    args::Global,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

pub(crate) async fn run(
    global: &Global,
    out: &Out,
    environment: &str,
    name: Option<&str>,
    raw: bool,
    json: bool,
) -> Exit {
    let session = match Session::open(global, environment, "output").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let mut outputs = match session.engine().state() {
        Ok(state) => state.map(|state| state.outputs).unwrap_or_default(),
        Err(error) => return session.tell(out, error),
    };
    session.caveats(out);
    let Some(name) = name else {
        let text = match json {
            true => report::outputs_json(&outputs),
            false => report::outputs_text(&outputs, out.style, out.width),
        };
        out.text(&text);
        return Exit::Done;
    };
    let Some(output) = outputs.get(name) else {
        let known: Vec<&str> = outputs.keys().map(String::as_str).collect();
        let known =
            if known.is_empty() { "there are none".to_owned() } else { format!("there are {}", known.join(", ")) };
        let detail = format!("no output `{name}` is recorded in {}; {known}", session.place());
        return out.problem(&Problem::words("unknown output", detail));
    };
    if raw {
        return match report::output_raw(name, output) {
            Ok(text) => {
                out.text(&text);
                Exit::Done
            }
            Err(diagnostic) => {
                out.problem(&Problem::Diagnostics { list: vec![*diagnostic], sources: Sources::default() })
            }
        };
    }
    if json {
        out.text(&format!("{}\n", serde_json::to_string_pretty(&output.value).unwrap_or_default()));
    } else {
        outputs.retain(|other, _| other == name);
        out.text(&report::outputs_text(&outputs, out.style, out.width));
    }
    Exit::Done
}
