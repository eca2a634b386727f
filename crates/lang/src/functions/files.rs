//! Files of the project.

use base64::{Engine, prelude::BASE64_STANDARD};
use model::Value;
use regex::Regex;

use super::{Call, Fault, Function, Given};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("basename", "path", basename),
    Function::stop("dirname", "path", dirname),
    Function::stop("file", "path", |call| {
        call.reader.text(&call.text(0)?).map(|(_, text)| text.into()).map_err(Fault::file)
    }),
    Function::stop("filebase64", "path", |call| Ok(BASE64_STANDARD.encode(bytes(call)?).into())),
    Function::stop("fileexists", "path", |call| Ok(call.reader.bytes(&call.text(0)?).is_ok().into())),
    Function::stop("fileset", "folder, pattern", fileset),
    // Evaluated by the evaluator itself.
    Function::own("templatefile", "path, names", |_| Err(Fault::Unknown)),
];

/// The bytes of the file that the first argument names.
pub(super) fn bytes(call: &Call<'_>) -> Given<Vec<u8>> {
    call.reader.bytes(&call.text(0)?).map(|(_, bytes)| bytes).map_err(Fault::file)
}

fn basename(call: &Call<'_>) -> Given {
    let path = call.text(0)?;
    let trimmed = path.trim_end_matches('/');
    Ok(match trimmed.rsplit('/').next() {
        _ if path.is_empty() => ".",
        _ if trimmed.is_empty() => "/",
        last => last.unwrap_or_default(),
    }
    .into())
}

/// Everything before the last slash, cleaned of `.`, `..` and doubled slashes.
fn dirname(call: &Call<'_>) -> Given {
    let path = call.text(0)?;
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    Ok(cleaned(folder).into())
}

fn cleaned(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            other => parts.push(other),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The files below a folder whose path matches a pattern, sorted.
fn fileset(call: &Call<'_>) -> Given {
    let pattern = call.text(1)?;
    let matcher = Regex::new(&glob(&pattern)).map_err(|_| Fault::at(1, format!("{pattern:?} is no pattern")))?;
    let files = call.reader.below(&call.text(0)?).map_err(Fault::file)?;
    Ok(files.into_iter().filter(|path| matcher.is_match(path)).map(Value::from).collect::<Vec<_>>().into())
}

/// `*` and `?` stay within a folder, `**` crosses folders, `{a,b}` and `[a-z]` choose.
fn glob(pattern: &str) -> String {
    let mut regex = String::from("^");
    let mut rest = pattern;
    let mut choices = 0;
    while let Some(character) = rest.chars().next() {
        let (translated, taken) = match character {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            '{' => {
                choices += 1;
                ("(?:".to_owned(), 1)
            }
            '}' if choices > 0 => {
                choices -= 1;
                (")".to_owned(), 1)
            }
            ',' if choices > 0 => ("|".to_owned(), 1),
            '[' => match rest.find(']') {
                Some(end) => (rest[..=end].replace("[!", "[^"), end + 1),
                None => ("\\[".to_owned(), 1),
            },
            other => (regex::escape(other.encode_utf8(&mut [0; 4])), other.len_utf8()),
        };
        regex.push_str(&translated);
        rest = &rest[taken..];
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_globs() {
        let paths = ["a.json", "b/a.json", "b/c/d.json", "x.yaml", "ab.json"];
        for (pattern, expected) in [
            ("*.json", vec!["a.json", "ab.json"]),
            ("**/*.json", vec!["a.json", "b/a.json", "b/c/d.json", "ab.json"]),
            ("?.json", vec!["a.json"]),
            ("*.{json,yaml}", vec!["a.json", "x.yaml", "ab.json"]),
            ("[a-w]*.json", vec!["a.json", "ab.json"]),
            ("b/**", vec!["b/a.json", "b/c/d.json"]),
        ] {
            let matcher = Regex::new(&glob(pattern)).unwrap();
            let found: Vec<_> = paths.iter().copied().filter(|path| matcher.is_match(path)).collect();
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
