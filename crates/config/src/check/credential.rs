//! Literals that look like credentials.

use model::{Diagnostic, Span};

/// A warning where a text that stands in TOML looks like something that opens doors; the text itself is not repeated.
pub(super) fn told(path: &str, text: &str, span: Span) -> Option<Diagnostic> {
    let what = kind(text)?;
    let detail = format!("`{path}` looks like {what}");
    Some(
        Diagnostic::warning("credential in plain", detail, Some(span))
            .hint("write { secret = { env = \"NAME\" } }, or give it through a variable with `secret = true`"),
    )
}

fn kind(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    if words(text).any(is_access_key) {
        return Some("an AWS access key id");
    }
    is_address_with_password(text).then_some("an address with a password in it")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric())
}

/// `AKIA…` of a user, `ASIA…` of a session: twenty upper-case letters and digits.
fn is_access_key(word: &str) -> bool {
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    word.len() == 20 && (word.starts_with("AKIA") || word.starts_with("ASIA")) && word.bytes().all(upper)
}

/// `scheme://user:password@host`
fn is_address_with_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(kind(text), expected, "{text}");
    }

    #[test]
    fn what_opens_doors_is_seen() {
        check("AKIAIOSFODNN7EXAMPLE", Some("an AWS access key id"));
        check("key=ASIAIOSFODNN7EXAMPLE;", Some("an AWS access key id"));
        check("-----BEGIN RSA PRIVATE KEY-----\nMII", Some("a private key"));
        check("postgres://app:hunter2@db:5432/app", Some("an address with a password in it"));
    }

    #[test]
    fn other_texts_are_left_alone() {
        check("AKIA", None);
        check("-----BEGIN PUBLIC KEY-----", None);
        check("https://example.com/a:b@c", None);
        check("postgres://app@db/app", None);
    }
}
