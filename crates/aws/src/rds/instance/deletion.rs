//! What a deletion needs: no protection, and a word on the last snapshot.

use std::collections::BTreeMap;

use aws_sdk_rds::operation::delete_db_instance::builders::DeleteDBInstanceFluentBuilder;
use model::{Live, Value};
use provider::{Blocker, Failure, Place};

use super::{
    super::common::{found, reads},
    update::identifier,
};
use crate::client::Client;

/// The request, with what is written about the last snapshot and the backups.
pub(super) fn request(
    delete: DeleteDBInstanceFluentBuilder,
    arguments: &BTreeMap<String, Value>,
) -> DeleteDBInstanceFluentBuilder {
    delete
        .skip_final_snapshot(skips(arguments))
        .set_final_db_snapshot_identifier(snapshot(arguments).map(str::to_owned))
        .set_delete_automated_backups(arguments.get("delete_automated_backups").and_then(Value::as_flag))
}

/// What stops a deletion.
pub(super) async fn blockers(
    client: &Client,
    place: &Place,
    live: &Live,
    arguments: &BTreeMap<String, Value>,
) -> Result<Vec<Blocker>, Failure> {
    let protection = is_protected(live).then(|| Blocker {
        what: "deletion protection is on".to_owned(),
        toml: Some("deletion_protection = false".to_owned()),
        flag: Some("--allow-unprotect".to_owned()),
        ..Blocker::default()
    });
    let last = last_snapshot(client, place, live, arguments).await?;
    Ok(protection.into_iter().chain(last).collect())
}

pub(super) fn is_protected(live: &Live) -> bool {
    live.attributes.get("deletion_protection") == Some(&Value::Flag(true))
}

fn skips(arguments: &BTreeMap<String, Value>) -> bool {
    arguments.get("skip_final_snapshot") == Some(&Value::Flag(true))
}

/// The last snapshot that is to be made; a flag that skips it wins.
fn snapshot(arguments: &BTreeMap<String, Value>) -> Option<&str> {
    let written = arguments.get("final_db_snapshot_identifier").and_then(Value::as_text);
    written.filter(|_| !skips(arguments))
}

/// What AWS wants to know of the last snapshot before it deletes.
async fn last_snapshot(
    client: &Client,
    place: &Place,
    live: &Live,
    arguments: &BTreeMap<String, Value>,
) -> Result<Option<Blocker>, Failure> {
    const NONE: &str = "no final snapshot is made";
    let skipped = |what: String| Blocker {
        what,
        toml: Some("skip_final_snapshot = true".to_owned()),
        flag: Some("--skip-final-snapshot".to_owned()),
        lost: Some(NONE.to_owned()),
        ..Blocker::default()
    };
    if skips(arguments) {
        return Ok(Some(Blocker { cleared: true, ..skipped(NONE.to_owned()) }));
    }
    let named = |name: String| Some(format!("final_db_snapshot_identifier = \"{name}\""));
    let Some(name) = snapshot(arguments) else {
        let also = named(format!("{}-final", identifier(live)));
        return Ok(Some(Blocker { also, ..skipped("no final snapshot is named".to_owned()) }));
    };
    let call = reads(client, place).describe_db_snapshots().db_snapshot_identifier(name).send();
    let gone = &["DBSnapshotNotFound", "DBSnapshotNotFoundFault"];
    let taken = found("rds:DescribeDBSnapshots", gone, call).await?;
    let taken = taken.is_some_and(|taken| !taken.db_snapshots().is_empty());
    let what = format!("a snapshot has the name of the final one, `{name}`, already");
    Ok(taken.then(|| Blocker { also: named(format!("{name}-2")), ..skipped(what) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Recorder;

    /// Whether the last snapshot is skipped, its name, and whether backups go too.
    #[track_caller]
    fn check(arguments: &[(&str, Value)], expected: (bool, Option<&str>, Option<bool>)) {
        let cloud = Recorder::new();
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let request = request(reads(&cloud.client, &cloud.place).delete_db_instance(), &arguments);
        let (skips, name) = (request.get_skip_final_snapshot(), request.get_final_db_snapshot_identifier());
        assert_eq!(
            (*skips, name.as_deref(), *request.get_delete_automated_backups()),
            (Some(expected.0), expected.1, expected.2)
        );
    }

    #[test]
    fn nothing_is_skipped_unasked() {
        check(&[], (false, None, None));
        check(&[("skip_final_snapshot", false.into())], (false, None, None));
        check(&[("delete_automated_backups", false.into())], (false, None, Some(false)));
    }

    #[test]
    fn what_skips_the_snapshot_takes_its_name_away() {
        let name = ("final_db_snapshot_identifier", Value::from("orders-last"));
        check(std::slice::from_ref(&name), (false, Some("orders-last"), None));
        check(&[name, ("skip_final_snapshot", true.into())], (true, None, None));
    }
}
