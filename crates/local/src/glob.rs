//! Texts with `*`, which stands for anything.

/// Whether the whole text fits.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|tail| {
            tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| fits(rest, &tail[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let cases = [
            ("*", "a:B", true),
            ("ecr:*Policy", "ecr:SetRepositoryPolicy", true),
            ("ecr:*", "ec2:X", false),
            ("a:B", "a:BC", false),
            ("*-*", "v1-rc", true),
            ("*-*", "v1", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
