//! `groma init`

use std::fs;

use crate::{
    args::Global,
    exit::Exit,
    out::{Out, Problem},
};

const TEMPLATE: &str = include_str!("init.toml");

pub(crate) fn run(global: &Global, out: &Out, environment: &str, region: &str) -> Exit {
    if environment.parse::<model::name::Name>().is_err() {
        return out.problem(&Problem::words("not a name", format!("`{environment}` cannot name an environment")));
    }
    let folder = global.directory.join("environments");
    let path = folder.join(format!("{environment}.toml"));
    if path.exists() {
        let detail = format!("`environments/{environment}.toml` is left as it is");
        return out.problem(&Problem::words("the environment exists already", detail));
    }
    let text = TEMPLATE.replace("REGION", region);
    let ignored = global.directory.join(".gitignore");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, text))
        .and_then(|()| if ignored.exists() { Ok(()) } else { fs::write(&ignored, ".groma/\n*.vars.toml\n") });
    match written {
        Ok(()) => {
            out.text(&format!(
                "Wrote environments/{environment}.toml. Next:\n\n  groma plan {environment} --local     see what it makes, on the local cloud\n  groma apply {environment} --local    make it there\n",
            ));
            Exit::Done
        }
        Err(error) => out.problem(&Problem::words("cannot write the environment", error.to_string())),
    }
}
