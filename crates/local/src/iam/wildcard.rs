//! Patterns with `*` and `?`, as policies and filters use them.

/// Whether a pattern with `*` and `?` covers a text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // The set of pattern positions that the text so far can have reached.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip_stars(&pattern, &mut reached);
    for character in text {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match wanted {
                '*' => next[at] = true,
                '?' => next[at + 1] = true,
                exact if *exact == character => next[at + 1] = true,
                _ => {}
            }
        }
        skip_stars(&pattern, &mut next);
        reached = next;
    }
    reached[pattern.len()]
}

fn skip_stars(pattern: &[char], reached: &mut [bool]) {
    for (at, wanted) in pattern.iter().enumerate() {
        if reached[at] && *wanted == '*' {
            reached[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards() {
        let yes = [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("s3:*", "s3:getobject"), ("**", "x"), ("a", "a")];
        let no = [("a?c", "ac"), ("a*c", "abd"), ("s3:*", "ec2:x"), ("", "x"), ("a", "ab")];
        assert!(yes.iter().all(|(pattern, text)| matches(pattern, text)));
        assert!(!no.iter().any(|(pattern, text)| matches(pattern, text)));
    }
}
