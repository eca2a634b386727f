//! `file` and its like: inside the project folder, remembered for later runs of the same expression.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{Files, evaluate::Memo};

/// The files as seen from one folder.
pub(crate) struct Reader<'r> {
    pub(crate) files: &'r dyn Files,
    /// Relative to the project folder.
    pub(crate) folder: &'r str,
    pub(crate) memo: &'r Memo,
}

impl Reader<'_> {
    /// A file's path in the project and its bytes. A path is relative to this folder, or else to the project folder.
    pub(crate) fn bytes(&self, path: &str) -> Result<(String, Vec<u8>), String> {
        let mut failed = None;
        for candidate in self.candidates(path)? {
            match self.files.read(&candidate) {
                Ok(bytes) => {
                    self.memo.remember_file(candidate.clone(), recorded(&bytes));
                    return Ok((candidate, bytes));
                }
                Err(why) => failed = failed.or(Some(why)),
            }
        }
        Err(format!("cannot read {path:?}: {}", failed.unwrap_or_else(|| "there is no such file".to_owned())))
    }

    /// A file's path in the project and its text.
    pub(crate) fn text(&self, path: &str) -> Result<(String, String), String> {
        let (found, bytes) = self.bytes(path)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok((found, text)),
            Err(_) => Err(format!("{path:?} is no UTF-8 text; `filebase64` reads any file")),
        }
    }

    /// The files below a folder, relative to it.
    pub(crate) fn below(&self, folder: &str) -> Result<Vec<String>, String> {
        for candidate in self.candidates(folder)? {
            let listed = self.files.list(&candidate).unwrap_or_default();
            let prefix = if candidate.is_empty() { String::new() } else { format!("{candidate}/") };
            let mut files: Vec<String> =
                listed.iter().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect();
            files.sort();
            if !files.is_empty() {
                self.memo.remember_file(format!("{candidate}/"), listed.join("\n"));
                return Ok(files);
            }
        }
        Ok(Vec::new())
    }

    fn candidates(&self, path: &str) -> Result<Vec<String>, String> {
        let beside = joined(self.folder, path);
        let from_project = joined("", path);
        let mut candidates: Vec<String> = [beside, from_project].into_iter().flatten().collect();
        candidates.dedup();
        if path.starts_with('/') || candidates.is_empty() {
            return Err(format!("{path:?} is outside the project folder"));
        }
        Ok(candidates)
    }
}

/// The path inside the project; nothing when it leads outside.
pub(crate) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

const ENCODED: &str = "data:;base64,";

/// File contents as text: as they are, or marked base64 when they are not UTF-8.
fn recorded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with(ENCODED) => text.to_owned(),
        _ => format!("{ENCODED}{}", BASE64_STANDARD.encode(bytes)),
    }
}

/// The files that an earlier evaluation used, as [`crate::Evaluator::files_read`] gave them: enough to evaluate it again.
#[derive(Debug, Clone, Copy)]
pub struct RecordedFiles<'a>(pub &'a BTreeMap<String, String>);

impl Files for RecordedFiles<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let text = self.0.get(path).ok_or_else(|| "it was not there when the plan was made".to_owned())?;
        match text.strip_prefix(ENCODED) {
            Some(encoded) => BASE64_STANDARD.decode(encoded).map_err(|error| error.to_string()),
            None => Ok(text.clone().into_bytes()),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let listed = self.0.get(&format!("{folder}/"));
        listed
            .map(|lines| lines.lines().map(str::to_owned).collect())
            .ok_or_else(|| "it was not there when the plan was made".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (folder, path, expected) in [
            ("modules/a", "x.json", Some("modules/a/x.json")),
            ("modules/a", "../b/x.json", Some("modules/b/x.json")),
            ("modules/a", "./x//y", Some("modules/a/x/y")),
            ("modules/a", "../../../x", None),
            ("", "..", None),
        ] {
            assert_eq!(joined(folder, path).as_deref(), expected, "{folder} {path}");
        }
    }
}
