//! Which environments there are and which files they are made of.

use std::collections::BTreeSet;

use lang::Files;
use model::{Diagnostic, name::Name};

use crate::{paths, suggest};

const FOLDER: &str = "environments";

/// The files of one environment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    /// The folder that holds them.
    pub(super) folder: String,
    pub(super) files: Vec<String>,
    /// Where values of its variables may stand.
    pub(super) vars_file: String,
}

/// The names of all environments of a project, sorted.
pub fn environments(files: &dyn Files) -> Vec<String> {
    let names: BTreeSet<String> = files
        .list(FOLDER)
        .unwrap_or_default()
        .iter()
        .filter_map(|path| name_of(path.strip_prefix(FOLDER)?.strip_prefix('/')?))
        .collect();
    names.into_iter().collect()
}

/// The environment that a file below `environments/` belongs to.
fn name_of(path: &str) -> Option<String> {
    let stem = path.strip_suffix(".toml").filter(|stem| !stem.ends_with(".vars"))?;
    match stem.split('/').collect::<Vec<_>>()[..] {
        [name] | [name, _] => Some(name.to_owned()),
        _ => None,
    }
}

/// Finds an environment by name or path.
pub(super) fn find(environment: &str, files: &dyn Files) -> Result<Found, Box<Diagnostic>> {
    if environment.contains('/') || environment.ends_with(".toml") {
        by_path(environment, files)
    } else {
        by_name(environment, files)
    }
}

fn by_name(name: &str, files: &dyn Files) -> Result<Found, Box<Diagnostic>> {
    let file = format!("{FOLDER}/{name}.toml");
    let folder = format!("{FOLDER}/{name}");
    let listed = files.list(FOLDER).unwrap_or_default();
    let inside = children(&folder, &listed);
    match (listed.contains(&file), inside.is_empty()) {
        (true, true) => Ok(Found::file(name, &file)),
        (false, false) => Ok(Found::folder(name, &folder, inside)),
        (true, false) => {
            let detail = format!("`{name}` is both the file {file} and the folder {folder}");
            Err(Box::new(
                Diagnostic::error("unclear environment", detail, None)
                    .hint(format!("move {file} into {folder}/, or remove one of the two")),
            ))
        }
        (false, true) => Err(Box::new(unknown(name, files))),
    }
}

fn by_path(path: &str, files: &dyn Files) -> Result<Found, Box<Diagnostic>> {
    let Some(path) = paths::join("", path) else {
        let detail = format!("`{path}` lies outside of the project folder");
        return Err(Box::new(Diagnostic::error("unknown environment", detail, None)));
    };
    let stem = paths::file_name(&path);
    let name = stem.strip_suffix(".toml").unwrap_or(stem);
    if name.parse::<Name>().is_err() {
        let detail = format!("`{name}` is no name of an environment: letters, digits, `_` and `-`");
        return Err(Box::new(Diagnostic::error("invalid name", detail, None)));
    }
    let listed = files.list(paths::folder(&path)).unwrap_or_default();
    if listed.contains(&path) {
        return Ok(Found::file(name, &path));
    }
    match children(&path, &listed) {
        inside if inside.is_empty() => Err(Box::new(unknown(&path, files))),
        inside => Ok(Found::folder(name, &path, inside)),
    }
}

/// The TOML files right inside a folder, in their order; files of variables are none of them.
pub(super) fn children(folder: &str, listed: &[String]) -> Vec<String> {
    let mut found: Vec<String> = listed
        .iter()
        .filter(|path| paths::folder(path) == folder && path.ends_with(".toml") && !path.ends_with(".vars.toml"))
        .cloned()
        .collect();
    found.sort();
    found
}

fn unknown(asked: &str, files: &dyn Files) -> Diagnostic {
    let known = environments(files);
    let names = || known.iter().map(String::as_str);
    let error = Diagnostic::error("unknown environment", format!("there is no environment `{asked}`"), None);
    match (suggest::nearest(asked, names()), suggest::listed(names())) {
        (Some(near), Some(list)) => error.hint(format!("did you mean `{near}`?")).hint(format!("there are: {list}")),
        (None, Some(list)) => error.hint(format!("there are: {list}")),
        _ => error.hint("there is none yet in environments/: `groma init` makes a first one"),
    }
}

impl Found {
    fn file(name: &str, path: &str) -> Self {
        let vars_file = format!("{}.vars.toml", path.strip_suffix(".toml").unwrap_or(path));
        Self { name: name.to_owned(), folder: paths::folder(path).to_owned(), files: vec![path.to_owned()], vars_file }
    }

    fn folder(name: &str, folder: &str, files: Vec<String>) -> Self {
        Self { name: name.to_owned(), folder: folder.to_owned(), files, vars_file: format!("{folder}.vars.toml") }
    }
}
