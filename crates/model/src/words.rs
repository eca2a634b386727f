//! Words for people.

/// A number with its noun: `1 tag`, `3 tags`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
