//! `groma validate`

use model::words::count;
use model::{Diagnostic, Severity};

use crate::{
    args::{Global, TextOrJson},
    exit::Exit,
    out::Out,
    session,
};

pub(crate) fn run(global: &Global, out: &Out, environment: &str, format: TextOrJson) -> Exit {
    let (loaded, files) = session::load(global, environment);
    let found = engine::validate(&loaded, &files, &aws::schemas());
    let (list, valid): (Vec<Diagnostic>, bool) = match found {
        Ok(warnings) => (warnings, true),
        Err(mistakes) => (mistakes, false),
    };
    match format {
        TextOrJson::Json => out.text(&report::diagnostics_json(&list, &loaded.sources)),
        TextOrJson::Text => {
            out.diagnostics(&list, &loaded.sources);
            if valid {
                let files = loaded.sources.iter().count();
                let warnings = list.iter().filter(|found| found.severity == Severity::Warning).count();
                let warned = match warnings {
                    0 => String::new(),
                    some => format!(", {}", count(some, "warning")),
                };
                let files = count(files, "file");
                out.text(&format!("`{}` is valid ({files}{warned}).\n", loaded.name));
            }
        }
    }
    if valid { Exit::Done } else { Exit::Failed }
}
