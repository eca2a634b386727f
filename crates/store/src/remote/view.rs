//! State and journal as they belong together, read without any lock.

use std::collections::BTreeMap;

use crate::{
    Entry, StoreError,
    remote::{
        RemoteStore,
        chain::{self, Content, Link},
        state::{self, Kept},
    },
};

/// How often a journal with a hole is read again before the hole is believed: a list of several pages is not of one moment.
const LOOKS: usize = 3;

/// What was read.
pub(crate) struct View {
    pub(crate) kept: Option<Kept>,
    /// Of all epochs that are not settled, in order, also those that the state already holds.
    pub(crate) entries: Vec<Entry>,
    /// The number of the last entry of each link; zero for a seal.
    pub(crate) links: BTreeMap<Link, u64>,
    /// Epochs whose chains end with a seal.
    pub(crate) sealed: Vec<u64>,
    /// Links of settled epochs, unread.
    pub(crate) settled: Vec<Link>,
}

/// The state is read before and after the journal: a write in between changes its etag, and two writes never have the same.
pub(crate) fn read(store: &RemoteStore) -> Result<View, StoreError> {
    let mut before = state::read(store)?;
    let mut looks = 1;
    loop {
        let view = journal(store, before.as_ref());
        let after = state::read(store)?;
        let same = before.as_ref().map(|kept| &kept.etag) == after.as_ref().map(|kept| &kept.etag);
        before = after;
        match view {
            _ if !same => {}
            // What was listed and is gone was covered by the state: deletes come after that write.
            Ok(view) => return Ok(View { kept: before, ..view }),
            Err(StoreError::DamagedJournal { .. }) if looks < LOOKS => looks += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The journal beside a state that cannot be read.
pub(crate) fn journal_alone(store: &RemoteStore) -> Result<View, StoreError> {
    journal(store, None)
}

fn journal(store: &RemoteStore, kept: Option<&Kept>) -> Result<View, StoreError> {
    let (settled_before, through) = kept.map_or((0, 0), |kept| (kept.fence.settled, kept.stored.state.folded_through));
    let names = store.shelf().list(chain::JOURNAL)?;
    let mut links: Vec<Link> = names.iter().filter_map(|name| Link::parse(name)).collect();
    links.sort_unstable();
    let (settled, links): (Vec<Link>, Vec<Link>) = links.into_iter().partition(|link| link.epoch < settled_before);
    let names: Vec<String> = links.iter().map(|link| link.name()).collect();
    let mut view = View { kept: None, entries: Vec::new(), links: BTreeMap::new(), sealed: Vec::new(), settled };
    let mut newest: Option<Link> = None;
    for (link, object) in links.into_iter().zip(store.shelf().get_all(&names)?) {
        let Some(object) = object else { continue };
        let place = store.shelf().at(&link.name());
        let entries = match chain::decode(&place, &object.bytes)? {
            Content::Seal => {
                view.sealed.push(link.epoch);
                Vec::new()
            }
            Content::Entries(entries) => entries,
        };
        let last = entries.last().map_or(0, |entry| entry.n);
        view.links.insert(link, last);
        if last > through {
            follows(&place, link, newest, &entries, &view.entries, through)?;
            newest = Some(link);
            view.entries.extend(entries);
        }
    }
    Ok(view)
}

/// Whether a link with news is the next one after another, in its epoch and in its numbers.
fn follows(
    place: &str,
    link: Link,
    newest: Option<Link>,
    entries: &[Entry],
    before: &[Entry],
    through: u64,
) -> Result<(), StoreError> {
    let damaged = |reason| Err(StoreError::DamagedJournal { place: place.to_owned(), line: 1, reason });
    if let Some(newest) = newest.filter(|newest| newest.epoch == link.epoch && newest.n + 1 != link.n) {
        return damaged(format!("the object {} before it is missing", Link { n: newest.n + 1, ..link }.name()));
    }
    let news = entries.iter().find(|entry| entry.n > through).map_or(0, |entry| entry.n);
    match before.last() {
        Some(before) if before.n >= news => damaged(format!("entry {news} comes after entry {}", before.n)),
        _ => Ok(()),
    }
}
