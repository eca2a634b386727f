//! Size, type and speed of storage belong together.

use model::schema::Finding;

use super::{super::super::common::finding, Arguments, text, whole};

/// From this size on, GiB, `gp3` can be made faster.
const FAST_FROM: i64 = 400;

pub(super) fn check(arguments: &Arguments) -> Vec<Finding> {
    let kind = match arguments.get("storage_type") {
        None => "gp3",
        Some(written) => match written.as_text() {
            Some(kind) => kind,
            None => return Vec::new(),
        },
    };
    let Some(smallest) = smallest(kind) else {
        let detail = format!("`{kind}` is no type of storage");
        return vec![finding("storage_type", detail, "write `gp3`, `gp2`, `io1`, `io2` or `standard`")];
    };
    let Some(size) = whole(arguments, "allocated_storage") else { return Vec::new() };
    [sized(kind, size, smallest), growth(arguments, size), speed(arguments, kind, size)].into_iter().flatten().collect()
}

/// GiB.
fn smallest(kind: &str) -> Option<i64> {
    match kind {
        "gp2" | "gp3" => Some(20),
        "io1" | "io2" => Some(100),
        "standard" => Some(5),
        _ => None,
    }
}

fn sized(kind: &str, size: i64, smallest: i64) -> Option<Finding> {
    let largest = if kind == "standard" { 3072 } else { 65_536 };
    let detail = format!("storage of type `{kind}` has {smallest} to {largest} GiB");
    let hint = if size < smallest { format!("write {smallest} or more") } else { format!("write {largest} or less") };
    (size < smallest || size > largest).then(|| finding("allocated_storage", detail, &hint))
}

fn growth(arguments: &Arguments, size: i64) -> Option<Finding> {
    let detail = "storage grows up to a size that is above `allocated_storage`";
    let hint = "write more, or leave it out: then it does not grow";
    whole(arguments, "max_allocated_storage")
        .filter(|most| *most <= size)
        .map(|_| finding("max_allocated_storage", detail, hint))
}

fn speed(arguments: &Arguments, kind: &str, size: i64) -> Option<Finding> {
    let written = ["iops", "storage_throughput"].into_iter().find(|name| arguments.contains_key(*name));
    match (kind, written) {
        ("io1" | "io2", _) if !arguments.contains_key("iops") => {
            let detail = format!("storage of type `{kind}` needs `iops`");
            Some(finding("storage_type", detail, "write `iops`, or take `gp3`"))
        }
        ("gp2" | "standard", Some(name)) => {
            let detail = format!("storage of type `{kind}` has the speed that comes with its size");
            Some(finding(name, detail, &format!("leave `{name}` out, or take `gp3` or `io2`")))
        }
        ("gp3", _) if size < FAST_FROM && is_open(arguments) => {
            let faster = [("iops", 3000), ("storage_throughput", 125)];
            let (name, base) =
                faster.into_iter().find(|(name, base)| whole(arguments, name).is_some_and(|it| it != *base))?;
            let detail = format!("below {FAST_FROM} GiB `gp3` has {base} of `{name}`, and no other");
            Some(finding(name, detail, &format!("leave it out, or write {FAST_FROM} GiB or more")))
        }
        _ => None,
    }
}

/// The commercial engines have other sizes.
fn is_open(arguments: &Arguments) -> bool {
    text(arguments, "engine").is_some_and(|engine| ["mariadb", "mysql", "postgres"].contains(&engine))
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[track_caller]
    fn check(kind: &str, size: i64, more: &[(&str, i64)], expected: &[&str]) {
        let mut arguments = vec![("storage_type", kind.into()), ("allocated_storage", size.into())];
        arguments.extend(more.iter().map(|(name, number)| (*name, (*number).into())));
        assert_eq!(said(&arguments), expected);
    }

    #[test]
    fn each_type_has_its_sizes() {
        check("gp3", 20, &[], &[]);
        check("io2", 20, &[("iops", 1000)], &["allocated_storage: storage of type `io2` has 100 to 65536 GiB"]);
        check("standard", 5, &[], &[]);
        check("standard", 4000, &[], &["allocated_storage: storage of type `standard` has 5 to 3072 GiB"]);
        check("gp4", 20, &[], &["storage_type: `gp4` is no type of storage"]);
    }

    #[test]
    fn speed_goes_with_type_and_size() {
        check("io1", 100, &[], &["storage_type: storage of type `io1` needs `iops`"]);
        check("gp2", 100, &[("iops", 1000)], &["iops: storage of type `gp2` has the speed that comes with its size"]);
        check("gp3", 100, &[("iops", 3000)], &[]);
        check("gp3", 100, &[("iops", 4000)], &["iops: below 400 GiB `gp3` has 3000 of `iops`, and no other"]);
        check("gp3", 400, &[("iops", 12000), ("storage_throughput", 500)], &[]);
    }

    #[test]
    fn growth_ends_above_the_start() {
        let expected = "max_allocated_storage: storage grows up to a size that is above `allocated_storage`";
        check("gp3", 20, &[("max_allocated_storage", 20)], &[expected]);
    }
}
