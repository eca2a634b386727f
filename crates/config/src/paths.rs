//! Paths inside the project folder, always with forward slashes.

/// A path relative to a folder as one relative to the project folder; nothing when it leads out of it.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The folder that holds a file; empty for the project folder itself.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(join("environments", "../modules/a/").as_deref(), Some("modules/a"));
        assert_eq!(join("", "./x").as_deref(), Some("x"));
        assert_eq!(join("environments", "../../x"), None);
        assert_eq!(join("environments", "/etc"), None);
    }
}
