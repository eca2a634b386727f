//! What is expected stands in files; `GROMA_ACCEPT=1` writes what is seen instead.

#![expect(clippy::disallowed_methods, reason = "a test asks the environment what it is to do")]

use std::env;
use std::fs;
use std::path::Path;

use similar::TextDiff;

/// Holds what is seen against a file; an empty text stands for no file. `Some` is the difference, for a person. Texts with
/// the same `form` are the same.
pub fn compare<Form: PartialEq>(file: &Path, seen: &str, form: impl Fn(&str) -> Form) -> Option<String> {
    let expected = fs::read_to_string(file).unwrap_or_default();
    if form(&expected) == form(seen) {
        return None;
    }
    if env::var_os("GROMA_ACCEPT").is_some() {
        let done = if seen.is_empty() { fs::remove_file(file) } else { fs::write(file, seen) };
        done.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return None;
    }
    let difference = TextDiff::from_lines(expected.as_str(), seen);
    let shown = difference.unified_diff().context_radius(4).header("expected", "seen").to_string();
    Some(format!("{}\n{shown}", file.display()))
}
