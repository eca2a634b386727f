//! Where the decoded bytes of a TOML string lie in the file.

/// The text between the quotes, with the way back to its source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Start and end of the content in the file.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// As in [`model::Expression::offsets`]; empty when decoded and source bytes run side by side.
    pub(crate) offsets: Vec<(u32, u32)>,
    /// Escapes that only TOML 1.1 knows, as ranges in the file.
    pub(crate) newer_escapes: Vec<(usize, usize)>,
}

/// Places the content of the string whose source, quotes included, starts at `at` in the file. Source without quotes
/// (recovered from a syntax error) is its own content.
pub(crate) fn placed(source: &str, at: usize) -> Placed {
    let (quotes, escapes) = match source.as_bytes() {
        [b'"', b'"', b'"', _, _, _, ..] => (3, true),
        [b'\'', b'\'', b'\'', _, _, _, ..] => (3, false),
        [b'"', .., b'"'] if source.len() > 1 => (1, true),
        [b'\'', .., b'\''] if source.len() > 1 => (1, false),
        _ => (0, false),
    };
    let mut content = &source[quotes..source.len() - quotes];
    let mut start = at + quotes;
    if quotes == 3 {
        // A newline right after the opening quotes does not count.
        let trimmed = content.strip_prefix("\r\n").or_else(|| content.strip_prefix('\n')).unwrap_or(content);
        start += content.len() - trimmed.len();
        content = trimmed;
    }
    let mut placed = Placed { start, end: start + content.len(), offsets: Vec::new(), newer_escapes: Vec::new() };
    if escapes && content.contains('\\') {
        placed.walk(content);
    }
    placed
}

impl Placed {
    fn walk(&mut self, content: &str) {
        let (mut decoded, mut read) = (0, 0);
        self.note(0, 0);
        while let Some(backslash) = content[read..].find('\\') {
            decoded += backslash;
            read += backslash;
            let (taken, made) = escape(&content[read..]);
            if content[read..].starts_with("\\e") || content[read..].starts_with("\\x") {
                self.newer_escapes.push((self.start + read, self.start + read + taken));
            }
            self.note(decoded, read);
            decoded += made;
            read += taken;
            self.note(decoded, read);
        }
    }

    fn note(&mut self, decoded: usize, read: usize) {
        let pair = (decoded as u32, (self.start + read) as u32);
        match self.offsets.last_mut() {
            Some(last) if last.0 == pair.0 => *last = pair,
            _ => self.offsets.push(pair),
        }
    }
}

/// How many bytes an escape takes in the source and how many it makes.
fn escape(source: &str) -> (usize, usize) {
    let digits = |count: usize| {
        let made = source.get(2..2 + count).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        made.map_or((2, 1), |character| (2 + count, character.len_utf8()))
    };
    match source.as_bytes().get(1) {
        Some(b'u') => digits(4),
        Some(b'U') => digits(8),
        Some(b'x') => digits(2),
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            // The end of the line, its newline and all white space after it are dropped.
            let rest = source[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            (source.len() - rest.len(), 0)
        }
        // An unknown escape is a syntax error, told as such; only the places must hold.
        Some(_) => (1 + source[1..].chars().next().map_or(0, char::len_utf8), 1),
        None => (1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes with the library and compares each decoded character with the source at the place found for it.
    fn check(source: &str, expected: &str) {
        let document = format!("key = {source}");
        let (table, errors) = toml::de::DeTable::parse_recoverable(&document);
        assert_eq!(errors, [], "{source}");
        let value = &table.get_ref()["key"];
        let text = value.get_ref().as_str().unwrap();
        let place = placed(&document[value.span()], value.span().start);
        let expression = model::Expression {
            text: text.to_owned(),
            span: model::Span::new(model::FileId(0), place.start, place.end),
            offsets: place.offsets,
            sees: Default::default(),
        };
        let seen: Vec<&str> = text
            .char_indices()
            .map(|(at, character)| &document[expression.locate(at..at + character.len_utf8()).range()])
            .collect();
        assert_eq!(seen.join("·"), expected, "{source}");
    }

    #[test]
    fn each_decoded_character_has_its_place() {
        check(r"'a${b}'", "a·$·{·b·}");
        check(r#""a\tb""#, r"a·\t·b");
        check(r#""\u00e9x\U0001F600y""#, r"\u00e9·x·\U0001F600·y");
        check("'''\na\n'b'''", "a·\n·'·b");
        check("\"\"\"\nab \\\n   c\\\"d\"\"\"", "a·b· \\\n   ·c·\\\"·d");
        check("'''\r\na\r\nb'''", "a·\r·\n·b");
        check("\"\"\"\r\na\\tb\r\nc\\\r\n  d\"\"\"", "a·\\t·b·\r·\n·c\\\r\n  ·d");
        check("\"\"\"a\"\"\"", "a");
        check("\"é\"", "é");
        check("''", "");
    }
}
