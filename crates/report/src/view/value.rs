//! Values on one line.

use model::{Secret, SecretSource, Value};

use crate::{
    clean::{clean, key, quoted},
    lines::Piece,
    style::Tone,
};

/// Longer texts are cut in the middle of a plan; JSON has them whole.
const LONGEST_TEXT: usize = 400;

/// A value in TOML's manner, on one line.
pub(crate) fn inline(value: &Value) -> Vec<Piece> {
    let mut pieces = Vec::new();
    write(value, &mut pieces);
    pieces
}

/// The same without tones.
pub(crate) fn inline_text(value: &Value) -> String {
    inline(value).into_iter().map(|piece| piece.text).collect()
}

fn write(value: &Value, pieces: &mut Vec<Piece>) {
    match value {
        Value::Null => pieces.push(Piece::quiet("(none)")),
        Value::Flag(flag) => pieces.push(Piece::plain(flag.to_string())),
        Value::Number(number) => pieces.push(Piece::plain(number.to_string())),
        Value::Text(text) => write_text(text, pieces),
        Value::Unknown(unknown) => {
            pieces.push(Piece::new(Tone::Veiled, format!("(from {})", clean(&unknown.expression))))
        }
        Value::Secret(secret) => pieces.push(Piece::new(Tone::Veiled, secret_words(secret))),
        Value::List(items) if items.is_empty() => pieces.push(Piece::plain("[]")),
        Value::List(items) => {
            pieces.push(Piece::plain("["));
            for (index, item) in items.iter().enumerate() {
                separate(index, pieces);
                write(item, pieces);
            }
            pieces.push(Piece::plain("]"));
        }
        Value::Map(entries) if entries.is_empty() => pieces.push(Piece::plain("{}")),
        Value::Map(entries) => {
            pieces.push(Piece::plain("{ "));
            for (index, (name, item)) in entries.iter().enumerate() {
                separate(index, pieces);
                pieces.push(Piece::plain(format!("{} = ", key(name))));
                write(item, pieces);
            }
            pieces.push(Piece::plain(" }"));
        }
    }
}

fn separate(index: usize, pieces: &mut Vec<Piece>) {
    if index > 0 {
        pieces.push(Piece::plain(", "));
    }
}

fn write_text(text: &str, pieces: &mut Vec<Piece>) {
    let length = text.chars().count();
    if length <= LONGEST_TEXT {
        pieces.push(Piece::plain(quoted(text)));
        return;
    }
    let start: String = text.chars().take(LONGEST_TEXT / 2).collect();
    let start = quoted(&start);
    pieces.push(Piece::plain(format!("{}…\"", start.strip_suffix('"').unwrap_or(&start))));
    pieces.push(Piece::quiet(format!(" ({length} characters)")));
}

pub(crate) fn secret_words(secret: &Secret) -> &'static str {
    if is_given(secret) { "(secret)" } else { absent_words(secret) }
}

/// A secret without its value: one that is made while applying needs none.
pub(crate) fn absent_words(secret: &Secret) -> &'static str {
    let generated = |source: &SecretSource| matches!(source, SecretSource::Generate { .. });
    match !secret.sources.is_empty() && secret.sources.iter().all(generated) {
        true => "(secret, generated)",
        false => "(secret, not given)",
    }
}

/// Whether its value or at least its fingerprint is here.
pub(crate) fn is_given(secret: &Secret) -> bool {
    secret.fingerprint.is_some() || secret.expose().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{map, secret, unknown};

    fn check(value: impl Into<Value>, expected: &str) {
        assert_eq!(inline_text(&value.into()), expected);
    }

    #[test]
    fn every_kind_reads_like_toml() {
        check(Value::Null, "(none)");
        check(true, "true");
        check(20, "20");
        check(Value::Number(model::Number::from_f64(0.5).unwrap()), "0.5");
        check("a \"b\"\n", r#""a \"b\"\n""#);
        check(Vec::<Value>::new(), "[]");
        check(vec!["a", "b"], r#"["a", "b"]"#);
        check(map([]), "{}");
        check(map([("a b", 1.into()), ("c", vec![true].into())]), r#"{ "a b" = 1, c = [true] }"#);
        check(unknown("ecr_repository.app.repository_uri"), "(from ecr_repository.app.repository_uri)");
        check(secret("hunter2hunter2"), "(secret)");
        check(Value::Secret(Secret::not_given(vec![SecretSource::Env("X".into())])), "(secret, not given)");
        check(Value::Secret(Secret::not_given(vec![SecretSource::Generate { length: 32 }])), "(secret, generated)");
    }

    #[test]
    fn very_long_texts_are_cut_with_their_length() {
        check("ä".repeat(401), &format!("\"{}…\" (401 characters)", "ä".repeat(200)));
    }
}
