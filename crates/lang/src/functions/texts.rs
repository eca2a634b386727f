//! Text.

use model::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::{Call, Fault, Function, Given};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("chomp", "text", |call| Ok(call.text(0)?.trim_end_matches(['\n', '\r']).into())),
    Function::stop("endswith", "text, suffix", |call| Ok(call.text(0)?.ends_with(&*call.text(1)?).into())),
    Function::stop("indent", "spaces, text", indent),
    Function::stop("join", "separator, list, others...", join),
    Function::stop("lower", "text", |call| {
        Ok(call.text(0)?.chars().filter_map(|c| c.to_lowercase().next()).collect::<String>().into())
    }),
    Function::stop("split", "separator, text", split),
    Function::stop("startswith", "text, prefix", |call| Ok(call.text(0)?.starts_with(&*call.text(1)?).into())),
    Function::stop("strcontains", "text, part", |call| Ok(call.text(0)?.contains(&*call.text(1)?).into())),
    Function::stop("strrev", "text", |call| Ok(call.text(0)?.graphemes(true).rev().collect::<String>().into())),
    Function::stop("substr", "text, offset, length", substr),
    // Evaluated by the evaluator itself.
    Function::own("templatestring", "template, names", |_| Err(Fault::Unknown)),
    Function::stop("title", "text", title),
    Function::stop("trim", "text, characters", trim),
    Function::stop("trimprefix", "text, prefix", |call| {
        let (text, prefix) = (call.text(0)?, call.text(1)?);
        Ok(text.strip_prefix(&*prefix).unwrap_or(&text).into())
    }),
    Function::stop("trimspace", "text", |call| Ok(call.text(0)?.trim().into())),
    Function::stop("trimsuffix", "text, suffix", |call| {
        let (text, suffix) = (call.text(0)?, call.text(1)?);
        Ok(text.strip_suffix(&*suffix).unwrap_or(&text).into())
    }),
    Function::stop("upper", "text", |call| {
        Ok(call.text(0)?.chars().map(|c| single(c, c.to_uppercase())).collect::<String>().into())
    }),
];

/// The other case of a character where it is one character: `ß` stays as it is.
fn single(character: char, mut changed: impl Iterator<Item = char>) -> char {
    match (changed.next(), changed.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

fn indent(call: &Call<'_>) -> Given {
    let spaces = usize::try_from(call.whole(0)?).map_err(|_| Fault::at(0, "spaces are counted from zero"))?;
    if spaces > 10_000 {
        return Err(Fault::at(0, "that is too much space"));
    }
    Ok(call.text(1)?.replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
}

fn join(call: &Call<'_>) -> Given {
    let separator = call.text(0)?;
    let lists = (1..call.values.len()).map(|index| call.texts(index)).collect::<Given<Vec<_>>>()?;
    Ok(lists.concat().join(&separator).into())
}

fn split(call: &Call<'_>) -> Given {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|character| character.to_string().into()).collect()
    } else {
        text.split(&*separator).map(Value::from).collect()
    };
    Ok(Value::List(parts))
}

/// Counts characters as people see them; a negative offset counts from the end, a negative length takes the rest.
fn substr(call: &Call<'_>) -> Given {
    let text = call.text(0)?;
    let (offset, length) = (call.whole(1)?, call.whole(2)?);
    let characters: Vec<&str> = text.graphemes(true).collect();
    let count = characters.len();
    let start = match usize::try_from(offset) {
        Ok(start) => start.min(count),
        Err(_) => count.saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let rest = count - start;
    let taken = usize::try_from(length).map_or(rest, |length| length.min(rest));
    Ok(characters[start..start + taken].concat().into())
}

/// The first letter of every word large; words end at what is no letter, digit or `_`.
fn title(call: &Call<'_>) -> Given {
    let mut inside = false;
    let mut titled = String::new();
    for character in call.text(0)?.chars() {
        if inside {
            titled.push(character)
        } else {
            titled.push(single(character, character.to_uppercase()))
        }
        inside = if character.is_ascii() {
            character.is_ascii_alphanumeric() || character == '_'
        } else {
            character.is_alphanumeric() || !character.is_whitespace()
        };
    }
    Ok(titled.into())
}

fn trim(call: &Call<'_>) -> Given {
    let (text, characters) = (call.text(0)?, call.text(1)?);
    Ok(text.trim_matches(|character| characters.contains(character)).into())
}
