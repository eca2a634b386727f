//! Reads the files of an environment, then of every module it calls, each folder once.

use std::collections::BTreeMap;

use lang::Files;
use model::{Diagnostic, FileId, Schemas, Span, expression::Entry};

use super::{
    Loaded,
    environments::{Found, children},
};
use crate::{
    mistakes::Mistakes,
    read, suggest,
    syntax::{Environment, Merged, Module},
};

/// Fills in the root and all modules.
pub(super) fn load(loaded: &mut Loaded, found: &Found, files: &dyn Files, schemas: &Schemas, mistakes: &mut Mistakes) {
    let mut loader = Loader { loaded, files, schemas, mistakes };
    let (mut merged, broken) = loader.merge(&found.files, true);
    let first_line = loader.loaded.sources.get(FileId(0)).and_then(|file| file.text.lines().next());
    let start = Span::new(FileId(0), 0, first_line.map_or(0, str::len));
    let name = loader.loaded.name.clone();
    loader.loaded.environment = Environment::of(&mut merged, &name, start, broken, loader.mistakes);
    let root = Module::of(&mut merged, &found.folder, loader.mistakes);
    loader.calls(&root, &mut Vec::new());
    loader.loaded.root = root;
}

struct Loader<'a> {
    loaded: &'a mut Loaded,
    files: &'a dyn Files,
    schemas: &'a Schemas,
    mistakes: &'a mut Mistakes,
}

impl Loader<'_> {
    /// The sections of several files as one, and whether one of them could not be read.
    fn merge(&mut self, paths: &[String], root: bool) -> (Merged, bool) {
        let types: Vec<&str> = self.schemas.resources.keys().copied().collect();
        let mut merged = Merged::default();
        let mut broken = false;
        for path in paths {
            match self.file(path) {
                Some(entries) => merged.add(entries, root, &types, self.mistakes),
                None => broken = true,
            }
        }
        self.loaded.broken |= broken;
        (merged, broken)
    }

    fn file(&mut self, path: &str) -> Option<BTreeMap<String, Entry>> {
        let text = match self.files.read(path).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.loaded.sources.add(path, text);
                let detail = "the file is not UTF-8 text from here on";
                self.mistakes.push(Diagnostic::error(
                    "TOML syntax error",
                    detail,
                    Some(Span::new(file, good, good + char::REPLACEMENT_CHARACTER.len_utf8())),
                ));
                return None;
            }
            Err(error) => {
                let detail = format!("{path}: {error}");
                self.mistakes.push(Diagnostic::error("file not readable", detail, None));
                return None;
            }
        };
        let file = self.loaded.sources.add(path, text.as_str());
        let parsed = read::parse(file, &text);
        self.mistakes.extend(parsed.diagnostics);
        (!parsed.broken).then_some(parsed.entries)
    }

    /// Loads what a module calls. `path` holds the folders on the way here.
    fn calls(&mut self, module: &Module, path: &mut Vec<String>) {
        for call in module.calls.values() {
            if let Some(start) = path.iter().position(|folder| *folder == call.folder) {
                let mut round = path[start..].to_vec();
                round.push(call.folder.clone());
                let detail = format!("these modules contain each other without end: {}", round.join(" → "));
                self.mistakes.push(
                    Diagnostic::error("module cycle", detail, Some(call.source_span))
                        .hint("move what both need into a module that neither of them calls"),
                );
                self.loaded.broken = true;
            } else if !self.loaded.modules.contains_key(&call.folder) {
                self.module(&call.folder, call.source_span, path);
            }
        }
    }

    fn module(&mut self, folder: &str, source: Span, path: &mut Vec<String>) {
        let paths = children(folder, &self.files.list(folder).unwrap_or_default());
        if paths.is_empty() {
            self.loaded.broken = true;
            self.mistakes.push(self.not_found(folder, source));
            return;
        }
        let (mut merged, broken) = self.merge(&paths, false);
        let mut module = Module::of(&mut merged, folder, self.mistakes);
        module.broken = broken;
        // Known before its calls are followed: a module that two others call is loaded once.
        self.loaded.modules.insert(folder.to_owned(), module.clone());
        path.push(folder.to_owned());
        self.calls(&module, path);
        path.pop();
    }

    fn not_found(&self, folder: &str, source: Span) -> Diagnostic {
        let above = crate::paths::folder(folder);
        let listed = self.files.list(above).unwrap_or_default();
        let folders: Vec<&str> =
            listed.iter().filter(|path| path.ends_with(".toml")).map(|path| crate::paths::folder(path)).collect();
        let detail = format!("there is no TOML file in the folder {folder}");
        let error = Diagnostic::error("module not found", detail, Some(source));
        match suggest::nearest(folder, folders) {
            Some(near) => error.hint(format!("did you mean the folder {near}?")),
            None => error.hint("`source` names a folder, relative to the file that holds it"),
        }
    }
}
