//! The models' patterns, which are Java's regular expressions.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex::Regex;

/// Whether the whole text fits the pattern.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let looking = LOOKING_AHEAD.iter().find(|(look_ahead, ..)| *look_ahead == pattern);
    let (pattern, never) = looking.map_or((pattern, None), |(_, rest, never)| (*rest, Some(never)));
    compiled(pattern).is_none_or(|regex| regex.is_match(text)) && never.is_none_or(|never| never.find(text).is_none())
}

/// The patterns that look ahead, which our expressions cannot: what is left of each, and what may not stand in the text.
const LOOKING_AHEAD: &[(&str, &str, Never)] = &[
    ("^(?!aws:).+", ".+", Never::First("aws:")),
    ("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", Never::Anywhere("--")),
];

enum Never {
    First(&'static str),
    Anywhere(&'static str),
}

impl Never {
    fn find(&self, text: &str) -> Option<usize> {
        match self {
            Self::First(part) => text.starts_with(part).then_some(0),
            Self::Anywhere(part) => text.find(part),
        }
    }
}

fn compiled(pattern: &str) -> Option<Regex> {
    static COMPILED: OnceLock<Mutex<BTreeMap<String, Option<Regex>>>> = OnceLock::new();
    let mut known = COMPILED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(pattern.to_owned()).or_insert_with(|| Regex::new(&translated(pattern)).ok()).clone()
}

/// Java's short classes mean ASCII, and `matches` means the whole text.
fn translated(pattern: &str) -> String {
    let mut text = String::from(r"\A(?:");
    let pattern = pattern.replace(r"\p{Print}", r"[\x20-\x7E]");
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match (letter, if letter == '\\' { letters.next() } else { None }) {
            ('\\', Some('w')) => text.push_str("[A-Za-z0-9_]"),
            ('\\', Some('W')) => text.push_str("[^A-Za-z0-9_]"),
            ('\\', Some('d')) => text.push_str("[0-9]"),
            ('\\', Some('s')) => text.push_str(r"[ \t\n\x0B\f\r]"),
            ('\\', Some('S')) => text.push_str(r"[^ \t\n\x0B\f\r]"),
            ('\\', Some(other)) => text.extend(['\\', other]),
            (letter, _) => text.push(letter),
        }
    }
    text + r")\z"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::Model;
    use crate::service::Service;

    #[test]
    fn every_pattern_of_the_models_can_be_said() {
        let mut unsaid: BTreeSet<_> = BTreeSet::new();
        for service in Service::ALL {
            let patterns = Model::of(*service).shapes.values().filter_map(|shape| shape.pattern.as_ref());
            unsaid.extend(patterns.filter(|pattern| Regex::new(&translated(pattern)).is_err()));
        }
        let looking: BTreeSet<_> = LOOKING_AHEAD.iter().map(|(pattern, ..)| pattern.to_string()).collect();
        assert_eq!(unsaid.into_iter().cloned().collect::<BTreeSet<String>>(), looking);
    }

    #[test]
    fn looking_ahead_is_done_by_hand() {
        assert!(fits("^(?!aws:).+", "team"));
        assert!(!fits("^(?!aws:).+", "aws:team"));
        assert!(!fits("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", "a--b"));
    }

    #[test]
    fn the_whole_text_must_fit_and_short_classes_are_ascii() {
        assert!(fits(r"[\w+=,.@-]+", "a_role+x"));
        assert!(!fits(r"[\w+=,.@-]+", "a role"));
        assert!(!fits(r"[\w+=,.@-]+", "rôle"));
        assert!(!fits(r"a|b", "ab"));
    }
}
