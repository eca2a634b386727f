//! Nothing that stands in a file makes loading or expanding panic, and what is told points into the text.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod fixture;

use std::{fs, path::Path};

use config::{Overrides, Reading};
use fixture::Folder;

fn project(folder: &Path) -> Folder {
    fn walk(root: &Path, at: &Path, into: &mut Folder) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                into.0.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut files = Folder::default();
    walk(folder, folder, &mut files);
    files
}

/// Loads and expands, and follows every place that is told.
fn run(files: &Folder) {
    let loaded = config::load("dev", &Overrides::default(), files, &fixture::schemas());
    for reading in [Reading::Asked, Reading::Never] {
        let found = match fixture::expand(&loaded, reading, files) {
            Ok((_, warnings)) => warnings,
            Err(found) => {
                assert!(found.iter().any(model::Diagnostic::is_error));
                found
            }
        };
        for diagnostic in found {
            let labels = diagnostic.labels.iter().map(|label| label.span);
            let patch = diagnostic.patch.iter().map(|patch| patch.span);
            for span in diagnostic.span.into_iter().chain(labels).chain(patch) {
                let text = &loaded.sources.get(span.file).unwrap().text;
                assert!(text.get(span.range()).is_some(), "{diagnostic:?} in {text}");
            }
        }
    }
}

#[test]
fn any_part_of_a_project_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wrong");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    for (index, folder) in folders.iter().enumerate() {
        let whole = project(folder);
        for (path, bytes) in &whole.0 {
            // Cut at different places in each case, so that together they are everywhere.
            for cut in (index % 67..bytes.len()).step_by(67) {
                let mut files = whole.clone();
                files.0.insert(path.clone(), bytes[..cut].to_vec());
                run(&files);
                let mut files = whole.clone();
                let changed = [&bytes[..cut], "é\"{".as_bytes(), &bytes[cut..]].concat();
                files.0.insert(path.clone(), changed);
                run(&files);
                let mut files = whole.clone();
                let without = [&bytes[..cut], &bytes[(cut + 3).min(bytes.len())..]].concat();
                files.0.insert(path.clone(), without);
                run(&files);
            }
        }
    }
}
