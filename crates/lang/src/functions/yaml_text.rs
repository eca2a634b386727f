//! Values to YAML text: block style with quoted text, as Terraform writes it.

use std::{collections::BTreeMap, fmt::Write};

use model::Value;

use super::json;

pub(super) fn encode(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::List(items) if !items.is_empty() => list(&mut out, items, 0),
        Value::Map(entries) if !entries.is_empty() => map(&mut out, entries, 0),
        scalar => leaf(&mut out, scalar, 1),
    }
    out
}

fn map(out: &mut String, entries: &BTreeMap<String, Value>, depth: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        quote(out, key, None);
        out.push(':');
        match value {
            Value::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                indent(out, depth + 1);
                map(out, inner, depth + 1);
            }
            Value::List(items) if !items.is_empty() => {
                out.push('\n');
                indent(out, depth);
                list(out, items, depth);
            }
            scalar => {
                out.push(' ');
                leaf(out, scalar, depth + 1);
            }
        }
    }
}

fn list(out: &mut String, items: &[Value], depth: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        out.push_str("- ");
        match item {
            Value::Map(inner) if !inner.is_empty() => map(out, inner, depth + 1),
            Value::List(inner) if !inner.is_empty() => list(out, inner, depth + 1),
            scalar => leaf(out, scalar, depth + 1),
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.push_str(&"  ".repeat(depth));
}

/// A scalar or an empty collection with the end of its line. Plain text of more lines stands as a block.
fn leaf(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Text(text) if text.contains('\n') && fits_block(text) => return block(out, text, depth),
        Value::Text(text) => quote(out, text, Some(depth)),
        other => out.push_str(&json::encode(other)),
    }
    out.push('\n');
}

fn printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && !matches!(character, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

fn fits_block(text: &str) -> bool {
    text.chars().all(printable) && !text.ends_with(' ') && !text.contains(" \n")
}

fn block(out: &mut String, text: &str, depth: usize) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    let (body, end) = match text.strip_suffix('\n') {
        None => (text, "-"),
        Some(body) if body.is_empty() || body.ends_with('\n') => (body, "+"),
        Some(body) => (body, ""),
    };
    out.push_str(end);
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Text in double quotes; at this depth lines longer than 80 are broken at a space.
fn quote(out: &mut String, text: &str, depth: Option<usize>) {
    const WIDEST: usize = 80;
    let line_start = |out: &str| out.rfind('\n').map_or(0, |at| at + 1);
    let mut column = out[line_start(out)..].chars().count() + 1;
    out.push('"');
    let characters: Vec<char> = text.chars().collect();
    let mut after_space = false;
    for (index, character) in characters.iter().enumerate() {
        let inside = index > 0 && index + 1 < characters.len();
        match depth {
            Some(depth) if *character == ' ' && !after_space && column > WIDEST && inside => {
                out.push('\n');
                indent(out, depth);
                column = 2 * depth;
                if characters[index + 1] == ' ' {
                    out.push('\\');
                    column += 1;
                }
            }
            _ => {
                let before = out.len();
                escape(out, *character);
                column += out[before..].chars().count();
            }
        }
        after_space = *character == ' ';
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    let short = match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        plain if printable(plain) => return out.push(plain),
        other => {
            let code = u32::from(other);
            // Writing to a String cannot fail.
            let _ = match code {
                0..=0xFF => write!(out, "\\x{code:02X}"),
                0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
                _ => write!(out, "\\U{code:08X}"),
            };
            return;
        }
    };
    out.push_str(short);
}
