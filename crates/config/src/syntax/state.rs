//! `[state]`: where the state of a team lies.

use std::{collections::BTreeMap, sync::LazyLock};

use model::{
    Diagnostic, Span,
    expression::Entry,
    graph::{S3Home, StateHome},
};
use regex::Regex;

use super::{
    environment::{invalid_region, is_region},
    literal::Table,
};
use crate::mistakes::Mistakes;

/// The names of general purpose buckets (S3 user guide, "General purpose bucket naming rules").
static BUCKET: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$").ok());

/// What both an object's key and a parameter's name take without trouble; that name has 15 levels at most, three of them ours.
static KEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("^[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64}){0,7}$").ok());

fn fits(shape: &LazyLock<Option<Regex>>, text: &str) -> bool {
    shape.as_ref().is_none_or(|shape| shape.is_match(text))
}

/// Reads the entries of `[state]`; `header` is where it stands.
pub(crate) fn state(
    entries: &BTreeMap<String, Entry>,
    header: Span,
    own: (&str, &str),
    mistakes: &mut Mistakes,
) -> StateHome {
    let table = Table { entries, span: header };
    table.only("`[state]`", &["s3"], mistakes);
    match table.get("s3").map(|written| Table::of(written, "`s3`", mistakes)) {
        Some(s3) => s3.and_then(|s3| home(s3, own, mistakes)).map_or(StateHome::Unclear, StateHome::S3),
        None if entries.is_empty() => StateHome::Files,
        None => StateHome::Unclear,
    }
}

/// What is not written follows from the environment's name and region.
fn home(s3: Table<'_>, (environment, region): (&str, &str), mistakes: &mut Mistakes) -> Option<S3Home> {
    s3.only("`s3`", &["bucket", "key", "region"], mistakes);
    let region = s3.text("region", mistakes).map_or(Some(region), |(text, span)| {
        if is_region(text) {
            return Some(text);
        }
        mistakes.push(invalid_region(text, span));
        None
    });
    let key = key(s3, environment, mistakes);
    let bucket = bucket(s3, mistakes)?;
    Some(S3Home { bucket, key: key?, region: region?.to_owned() })
}

fn bucket(s3: Table<'_>, mistakes: &mut Mistakes) -> Option<String> {
    if s3.get("bucket").is_none() {
        let detail = "a state in S3 needs `bucket`";
        mistakes.push(
            Diagnostic::error("missing attribute", detail, Some(s3.span))
                .hint("for example: s3 = { bucket = \"example-groma-state\" }, a bucket that keeps versions"),
        );
        return None;
    }
    let (text, span) = s3.text("bucket", mistakes)?;
    if fits(&BUCKET, text) && !text.contains("..") {
        return Some(text.to_owned());
    }
    let detail = format!("`{text}` is no name of a bucket");
    mistakes.push(
        Diagnostic::error("invalid bucket", detail, Some(span))
            .hint("3 to 63 of a-z, 0-9, `-` and `.`; the name alone, without s3:// and without a key"),
    );
    None
}

/// By default each environment has one of its own.
fn key(s3: Table<'_>, environment: &str, mistakes: &mut Mistakes) -> Option<String> {
    if s3.get("key").is_none() {
        return Some(format!("groma/{environment}"));
    }
    let (text, span) = s3.text("key", mistakes)?;
    if fits(&KEY, text) && !text.split('/').any(|part| part == "." || part == "..") {
        return Some(text.to_owned());
    }
    let detail = format!("`{text}` cannot be what the keys of a state's objects begin with");
    mistakes.push(Diagnostic::error("invalid key", detail, Some(span)).hint(
        "up to 8 parts of letters, digits, `_`, `.` and `-`, with `/` between them: \"shop/dev\"; groma adds /state.json",
    ));
    None
}
