//! Regular expressions.

use std::collections::BTreeMap;

use model::Value;
use regex::{Captures, Regex};

use super::{Call, Fault, Function, Given};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("regex", "pattern, text", regex),
    Function::stop("regexall", "pattern, text", regexall),
    Function::stop("replace", "text, part, replacement", replace),
];

fn pattern(call: &Call<'_>, index: usize, pattern: &str) -> Given<Regex> {
    Regex::new(pattern).map_err(|error| {
        let why = error.to_string();
        let last = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let detail = if call.exposed {
            "no regular expression".to_owned()
        } else {
            format!("{pattern:?} is no regular expression: {last}")
        };
        Fault::at(index, detail)
    })
}

fn regex(call: &Call<'_>) -> Given {
    let (source, text) = (call.text(0)?, call.text(1)?);
    let pattern = pattern(call, 0, &source)?;
    let captures = pattern.captures(&text).ok_or_else(|| {
        Fault::at(1, "the pattern is not found").hint("`regexall` gives an empty list instead; `can(regex(…))` tells")
    })?;
    Ok(found(&pattern, &captures))
}

fn regexall(call: &Call<'_>) -> Given {
    let (source, text) = (call.text(0)?, call.text(1)?);
    let pattern = pattern(call, 0, &source)?;
    Ok(Value::List(pattern.captures_iter(&text).map(|captures| found(&pattern, &captures)).collect()))
}

/// The whole match; with groups a list of them; with named groups a map.
fn found(pattern: &Regex, captures: &Captures<'_>) -> Value {
    let group = |index: usize| captures.get(index).map_or(Value::Null, |group| group.as_str().into());
    let names: BTreeMap<String, Value> = pattern
        .capture_names()
        .enumerate()
        .filter_map(|(index, name)| Some((name?.to_owned(), group(index))))
        .collect();
    match captures.len() {
        1 => group(0),
        _ if !names.is_empty() => Value::Map(names),
        count => Value::List((1..count).map(group).collect()),
    }
}

/// A part between slashes is a regular expression, and `$1` or `${name}` stand for its groups.
fn replace(call: &Call<'_>) -> Given {
    let (text, part, replacement) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let between_slashes = part.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    Ok(match between_slashes {
        Some(source) => pattern(call, 1, source)?.replace_all(&text, &*replacement).into_owned().into(),
        None => text.replace(&*part, &replacement).into(),
    })
}
