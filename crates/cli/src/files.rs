//! The project folder on disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use lang::Files;

/// Reads below one folder.
#[derive(Debug, Clone)]
pub(crate) struct DiskFiles {
    root: PathBuf,
}

/// Folders that never hold what an environment is made of.
const PASSED_OVER: &[&str] = &[".git", ".groma", "target", "node_modules", ".terraform"];

impl DiskFiles {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.root.join(path)).map_err(|error| words(&error))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        walk(&self.root, &self.root.join(folder), &mut found).map_err(|error| words(&error))?;
        found.sort();
        Ok(found)
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !PASSED_OVER.iter().any(|passed| name == *passed) {
                walk(root, &entry.path(), found)?;
            }
        } else if let Ok(path) = entry.path().strip_prefix(root) {
            let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            found.push(parts.join("/"));
        }
    }
    Ok(())
}
