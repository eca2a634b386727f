//! Copies of the project's environments and modules, so that a run changes nothing here.

use std::fs;
use std::path::Path;

use crate::command::root;

/// `environments/` and `modules/` alone, in a folder that is emptied before.
///
/// # Errors
/// When something cannot be removed or copied.
pub(crate) fn fresh_copy(target: &Path) -> Result<(), String> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(|error| format!("cannot empty {}: {error}", target.display()))?;
    }
    fs::create_dir_all(target).map_err(|error| format!("cannot make {}: {error}", target.display()))?;
    for folder in ["environments", "modules"] {
        let source = root().join(folder);
        if source.is_dir() {
            copy(&source, &target.join(folder)).map_err(|error| format!("cannot copy {folder}: {error}"))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_name() == ".groma" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
