//! Filter patterns over plain lines: terms, phrases, `?optional` and `-excluded` ones.

use super::refusals::invalid;
use crate::refusal::Refusal;

/// A filter pattern. Terms match with their case, anywhere in the line.
pub(super) struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl Pattern {
    /// Patterns over JSON (`{ $.x = 1 }`) and columns (`[a, b]`) are not served.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pattern = Self { all: Vec::new(), any: Vec::new(), none: Vec::new() };
        let mut rest = text.trim();
        if rest.starts_with('{') || rest.starts_with('[') || rest.starts_with('%') {
            return Err(invalid("Invalid filter pattern"));
        }
        while !rest.is_empty() {
            let (list, term) = match rest.split_at(1) {
                ("?", term) => (&mut pattern.any, term),
                ("-", term) => (&mut pattern.none, term),
                _ => (&mut pattern.all, rest),
            };
            let (term, after) = match term.strip_prefix('"') {
                Some(phrase) => phrase.split_once('"').ok_or_else(|| invalid("Invalid filter pattern"))?,
                None => term.split_once(char::is_whitespace).unwrap_or((term, "")),
            };
            list.push(term.to_owned());
            rest = after.trim_start();
        }
        Ok(pattern)
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        let holds = |term: &String| line.contains(term.as_str());
        self.all.iter().all(holds)
            && !self.none.iter().any(holds)
            && (self.any.is_empty() || self.any.iter().any(holds))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn terms() {
        let cases = [
            ("", true),
            ("ERROR", true),
            ("error", false),
            ("ERROR port", true),
            ("\"port 80\"", true),
            ("\"80 port\"", false),
            ("?WARN ?ERROR", true),
            ("?WARN ?INFO", false),
            ("ERROR -port", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Pattern::parse(text).unwrap().matches("ERROR: port 80 is taken"), expected, "{text}");
        }
    }
}
