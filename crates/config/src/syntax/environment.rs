//! `[environment]`

use std::{collections::BTreeMap, sync::LazyLock};

use model::{Diagnostic, Span, Value, WrittenKind, expression::Entry, graph::Settings};
use regex::Regex;

use super::{
    call,
    literal::{Table, not_literal},
};
use crate::mistakes::Mistakes;

const WORDS: [&str; 7] = ["region", "account", "profile", "assume_role", "tags", "groma", "local"];

static REGION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$").ok());

/// Whether a text looks like an AWS region.
pub(crate) fn is_region(text: &str) -> bool {
    REGION.as_ref().is_none_or(|shape| shape.is_match(text))
}

/// The mistake of a text that is no region.
pub(crate) fn invalid_region(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error("invalid region", format!("`{text}` is no AWS region"), Some(span))
        .hint("a region looks like \"us-east-1\" (a zone like \"us-east-1a\" has one letter too many)")
}

/// Reads the entries of `[environment]`; `header` is where it stands.
pub(crate) fn environment(
    entries: BTreeMap<String, Entry>,
    header: Span,
    mistakes: &mut Mistakes,
) -> (Settings, BTreeMap<String, Entry>) {
    let table = Table { entries: &entries, span: header };
    table.only("`[environment]`", &WORDS, mistakes);
    version(table, mistakes);
    let text = |key, mistakes: &mut Mistakes| table.text(key, mistakes).map(|(text, _)| text.to_owned());
    let settings = Settings {
        region: region(table, mistakes).unwrap_or_default(),
        account: account(table, mistakes),
        profile: text("profile", mistakes),
        assume_role: text("assume_role", mistakes),
        local_images: local_images(table, mistakes),
    };
    let tags = entries.get("tags").cloned().map(|entry| call::tags(entry, mistakes)).unwrap_or_default();
    (settings, tags)
}

fn region(table: Table<'_>, mistakes: &mut Mistakes) -> Option<String> {
    if table.get("region").is_none() {
        mistakes.push(
            Diagnostic::error("missing attribute", "an environment needs `region`", Some(table.span))
                .hint("for example: region = \"us-east-1\" in `[environment]`"),
        );
        return None;
    }
    let (text, span) = table.text("region", mistakes)?;
    if !is_region(text) {
        mistakes.push(invalid_region(text, span));
        return None;
    }
    Some(text.to_owned())
}

fn account(table: Table<'_>, mistakes: &mut Mistakes) -> Option<String> {
    let written = table.get("account")?;
    let text = match &written.kind {
        WrittenKind::Value(Value::Text(text)) => text.clone(),
        WrittenKind::Value(Value::Number(number)) => {
            // As a number the account would lose its leading zeros.
            let detail = "an account is text of 12 digits, not a number";
            mistakes.push(
                Diagnostic::error("wrong type", detail, Some(written.span))
                    .hint("put it in quotes")
                    .patch(written.span, format!("\"{:0>12}\"", number.to_string())),
            );
            return None;
        }
        other => {
            mistakes.push(not_literal("`account`", "text of 12 digits", other, written.span));
            return None;
        }
    };
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = format!("`{text}` is no AWS account: an account has 12 digits");
        mistakes.push(
            Diagnostic::error("invalid account", detail, Some(written.span))
                .hint("`aws sts get-caller-identity` shows the account of your credentials"),
        );
        return None;
    }
    Some(text)
}

fn local_images(table: Table<'_>, mistakes: &mut Mistakes) -> Vec<String> {
    let Some(local) = table.get("local").and_then(|written| Table::of(written, "`local`", mistakes)) else {
        return Vec::new();
    };
    local.only("`[environment.local]`", &["images"], mistakes);
    let images = local.texts("images", mistakes);
    for (image, span) in &images {
        if image.split_once(':').is_none_or(|(name, tag)| name.is_empty() || tag.is_empty()) {
            let detail = format!("`{image}` is no image: one is `REPOSITORY:TAG`");
            mistakes.push(
                Diagnostic::error("invalid image", detail, Some(*span)).hint("for example: \"dev-chatbot:latest\""),
            );
        }
    }
    images.into_iter().map(|(image, _)| image.to_owned()).collect()
}

/// Compares `groma = ">=0.2"` with this program.
fn version(table: Table<'_>, mistakes: &mut Mistakes) {
    const OURS: &str = env!("CARGO_PKG_VERSION");
    let Some((text, span)) = table.text("groma", mistakes) else { return };
    let (Ok(wanted), Ok(ours)) = (text.parse::<semver::VersionReq>(), OURS.parse::<semver::Version>()) else {
        let detail = format!("`{text}` is no condition on a version");
        mistakes.push(
            Diagnostic::error("invalid version", detail, Some(span)).hint("for example: groma = \">=0.1, <0.3\""),
        );
        return;
    };
    if !wanted.matches(&ours) {
        let detail = format!("this environment wants groma {text}, and this is groma {OURS}");
        mistakes.push(
            Diagnostic::error("wrong version", detail, Some(span))
                .hint("install a version that fits, or change `groma` after trying this one"),
        );
    }
}
