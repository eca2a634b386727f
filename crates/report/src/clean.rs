//! Text from elsewhere, made safe for a terminal.

/// As a TOML basic string: quotes, with control and direction characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            unsafe_one if is_unsafe(unsafe_one) => out.push_str(&escape(unsafe_one)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A bare key where TOML allows one, else quoted.
pub(crate) fn key(text: &str) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { quoted(text) }
}

/// Running text: colour escapes go, tabs become spaces, other control characters are made visible; newlines stay.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => out.push('\n'),
            '\r' if matches!(characters.peek(), Some('\n') | None) => {}
            '\t' => out.push_str("    "),
            '\u{1b}' if characters.peek() == Some(&'[') => {
                characters.next();
                while characters.next_if(|next| !('\u{40}'..='\u{7e}').contains(next)).is_some() {}
                characters.next();
            }
            unsafe_one if is_unsafe(unsafe_one) => out.push_str(&escape(unsafe_one)),
            other => out.push(other),
        }
    }
    out
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escape(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_command_a_terminal() {
        assert_eq!(quoted("a\u{1b}[31m\"b\"\n"), r#""a\u001b[31m\"b\"\n""#);
        assert_eq!(quoted("\u{202e}txt"), r#""\u202etxt""#);
        assert_eq!(clean("\u{1b}[1;31mred\u{1b}[0m\ttab\r\nnext\u{7}"), "red    tab\nnext\\u0007");
        assert_eq!(clean("cut \u{1b}["), "cut ");
    }

    #[test]
    fn keys_are_bare_where_they_may() {
        assert_eq!(key("owner-team_1"), "owner-team_1");
        assert_eq!(key("a b"), "\"a b\"");
        assert_eq!(key(""), "\"\"");
    }
}
