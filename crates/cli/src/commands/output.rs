//! `groma output`

use model::Sources;

use crate::{
    args::Global,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

/// How outputs are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Json,
    /// Without quotes and newline.
    Raw,
    /// The same, with secrets read from where they are kept.
    Revealed,
}

impl Form {
    /// By the flags, which exclude each other.
    pub(crate) fn of(raw: bool, json: bool, reveal: bool) -> Self {
        match (raw, json, reveal) {
            (_, _, true) => Self::Revealed,
            (true, ..) => Self::Raw,
            (_, true, _) => Self::Json,
            _ => Self::Table,
        }
    }
}

pub(crate) async fn run(global: &Global, out: &Out, environment: &str, name: Option<&str>, form: Form) -> Exit {
    let session = match Session::open(global, out, environment, "output").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    if let Some(name) = name.filter(|_| form == Form::Revealed) {
        return reveal(&session, out, name).await;
    }
    let mut outputs = match session.engine().state() {
        Ok(state) => state.map(|state| state.outputs).unwrap_or_default(),
        Err(error) => return session.tell(out, error),
    };
    session.caveats(out);
    let Some(name) = name else {
        let text = match form == Form::Json {
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
    if form == Form::Raw {
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
    if form == Form::Json {
        out.text(&format!("{}\n", serde_json::to_string_pretty(&output.value).unwrap_or_default()));
    } else {
        outputs.retain(|other, _| other == name);
        out.text(&report::outputs_text(&outputs, out.style, out.width));
    }
    Exit::Done
}

/// The one command whose purpose is to print a secret: it goes to the output as it is, and nowhere else.
async fn reveal(session: &Session, out: &Out, name: &str) -> Exit {
    match session.engine().reveal(name).await {
        Ok(Some(serde_json::Value::String(text))) => out.bare(&text),
        Ok(Some(other)) => out.bare(&other.to_string()),
        Ok(None) => {
            let detail = format!("`{}` declares no output `{name}`", session.loaded.name);
            return out.problem(&Problem::words("unknown output", detail));
        }
        Err(error) => return session.tell(out, error),
    }
    Exit::Done
}
