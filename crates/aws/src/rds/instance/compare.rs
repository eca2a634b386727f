//! When what is written and what lives are the same to AWS.

use model::Value;

/// Whether a written version means the live one: its first parts alone, or an older minor version of the same.
pub(super) fn same_version(wanted: &Value, live: &Value) -> bool {
    let (Some(wanted), Some(live)) = (wanted.as_text(), live.as_text()) else { return wanted == live };
    if wanted == live || live.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.')) {
        return true;
    }
    let parts = |text: &str| text.rsplit_once('.').map(|(major, minor)| (major.to_owned(), minor.parse::<u32>().ok()));
    match (parts(wanted), parts(live)) {
        (Some((one, Some(wanted))), Some((other, Some(live)))) => one == other && live > wanted,
        _ => false,
    }
}

/// Whether there is as much storage as is written.
pub(super) fn enough(wanted: &Value, live: &Value) -> bool {
    match (wanted.as_i64(), live.as_i64()) {
        (Some(wanted), Some(live)) => live >= wanted,
        _ => wanted == live,
    }
}

/// Whether a written key means the live one's ARN. What an alias means cannot be seen here, and no instance is replaced
/// on suspicion.
pub(super) fn same_key(wanted: &Value, live: &Value) -> bool {
    let (Some(wanted), Some(live)) = (wanted.as_text(), live.as_text()) else { return wanted == live };
    let is_alias = wanted.starts_with("alias/") || wanted.contains(":alias/");
    wanted == live || is_alias || live.rsplit_once('/').is_some_and(|(_, id)| id == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(compare: fn(&Value, &Value) -> bool, wanted: &str, live: &str) -> bool {
        compare(&wanted.into(), &live.into())
    }

    #[test]
    fn a_part_of_a_version_means_all_that_begin_with_it() {
        assert!(same(same_version, "16", "16.3"));
        assert!(same(same_version, "8.0", "8.0.35"));
        assert!(!same(same_version, "1", "16.3"));
        assert!(!same(same_version, "16", "17.1"));
    }

    #[test]
    fn only_an_older_minor_version_is_behind() {
        assert!(same(same_version, "16.3", "16.4"));
        assert!(same(same_version, "16.9", "16.10"));
        assert!(!same(same_version, "16.4", "16.3"));
        assert!(!same(same_version, "16.3", "17.4"));
        assert!(!same(same_version, "8.0.35", "8.4.40"));
        assert!(!same(same_version, "16.3", "16.x"));
    }

    #[test]
    fn storage_only_grows() {
        assert!(enough(&Value::from(20_i64), &Value::from(40_i64)));
        assert!(!enough(&Value::from(40_i64), &Value::from(20_i64)));
        assert!(!enough(&Value::from(40_i64), &Value::Null));
    }

    #[test]
    fn a_key_has_several_names() {
        let arn = "arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert!(same(same_key, arn, arn));
        assert!(same(same_key, "1234abcd-12ab-34cd-56ef-1234567890ab", arn));
        assert!(same(same_key, "alias/orders", arn));
        assert!(same(same_key, "arn:aws:kms:us-east-2:123456789012:alias/orders", arn));
        assert!(!same(same_key, "90ab", arn));
    }
}
