//! What auto scaling and observability configurations have in common: revisions under a name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::world::Caller;

use super::answer::{invalid, not_found, quota};
use super::arn;

/// Names per account and region.
const NAMES: usize = 10;
/// The name that every account has from the start; it does not count.
pub(super) const DEFAULT_NAME: &str = "DefaultConfiguration";

/// What every revision has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub arn: String,
    pub name: String,
    pub revision: u32,
    pub created_at: Timestamp,
    /// Set when it is deleted; it is then inactive and described for a while.
    pub deleted_at: Option<Timestamp>,
}

/// A kind of configuration that is made in revisions.
pub(super) trait Revision {
    /// The kind in the ARN.
    const KIND: &'static str;
    /// The kind in messages.
    const WORDS: &'static str;
    /// Active revisions under one name.
    const REVISIONS: usize;
    fn head(&self) -> &Head;
}

/// Whether the revision can be used.
pub(super) fn active<R: Revision>(revision: &R) -> bool {
    revision.head().deleted_at.is_none()
}

/// The active revisions of `name`, oldest first.
pub(super) fn of_name<'a, R: Revision>(all: &'a BTreeMap<String, R>, name: &str) -> Vec<&'a R> {
    let mut found: Vec<_> = all.values().filter(|each| active(*each) && each.head().name == name).collect();
    found.sort_by_key(|each| each.head().revision);
    found
}

/// Whether it is the newest active revision of its name.
pub(super) fn latest<R: Revision>(all: &BTreeMap<String, R>, one: &R) -> bool {
    of_name(all, &one.head().name).last().is_some_and(|last| last.head().arn == one.head().arn)
}

/// The ARN and revision number of a new revision, unless a quota is reached.
pub(super) fn next<R: Revision>(
    caller: &Caller,
    all: &BTreeMap<String, R>,
    name: &str,
    id: &str,
) -> Result<(String, u32), Refusal> {
    let mut names: Vec<_> = all.values().filter(|each| active(*each)).map(|each| each.head().name.as_str()).collect();
    names.retain(|other| *other != DEFAULT_NAME);
    names.sort_unstable();
    names.dedup();
    if !names.contains(&name) && name != DEFAULT_NAME && names.len() >= NAMES {
        return Err(quota(format!("You have reached the quota of {NAMES} {} names per Region.", R::WORDS)));
    }
    if of_name(all, name).len() >= R::REVISIONS {
        return Err(quota(format!(
            "You have reached the quota of {} revisions of the {} {name}.",
            R::REVISIONS,
            R::WORDS
        )));
    }
    let highest = all.values().filter(|each| each.head().name == name).map(|each| each.head().revision).max();
    let revision = highest.unwrap_or(0) + 1;
    Ok((arn::of(caller, &format!("{}/{name}/{revision}/{id}", R::KIND)), revision))
}

/// Finds by `…/name` (the latest active one), `…/name/revision` or the whole ARN; a deleted one only by its whole ARN.
pub(super) fn find<'a, R: Revision>(
    caller: &Caller,
    all: &'a BTreeMap<String, R>,
    given: &str,
) -> Result<&'a R, Refusal> {
    let missing = || not_found(format!("The {} you specified doesn't exist. ARN: {given}", R::WORDS));
    let parts = arn::parse(caller, given).filter(|parts| parts.kind == R::KIND).ok_or_else(|| not_valid::<R>(given))?;
    match parts.rest.as_slice() {
        [] => of_name(all, parts.name).pop().ok_or_else(missing),
        [number] => {
            let number: u32 = number.parse().map_err(|_| not_valid::<R>(given))?;
            of_name(all, parts.name).into_iter().find(|each| each.head().revision == number).ok_or_else(missing)
        }
        [_, _] => all.get(given).ok_or_else(missing),
        _ => Err(not_valid::<R>(given)),
    }
}

/// The text is AWS's for auto scaling configurations.
pub(super) fn not_valid<R: Revision>(given: &str) -> Refusal {
    invalid(format!("The {} ARN you specified isn't valid. ARN: '{given}'", R::WORDS))
}

/// The revisions that a list shows: active, of one name if asked, only the latest of each unless told otherwise.
pub(super) fn listed<'a, R: Revision>(
    all: &'a BTreeMap<String, R>,
    name: Option<&str>,
    latest_only: bool,
) -> Vec<&'a R> {
    let mut shown: Vec<_> =
        all.values().filter(|each| active(*each) && name.is_none_or(|name| each.head().name == name)).collect();
    shown.retain(|each| !latest_only || latest(all, *each));
    shown.sort_by(|a, b| (&a.head().name, b.head().revision).cmp(&(&b.head().name, a.head().revision)));
    shown
}
