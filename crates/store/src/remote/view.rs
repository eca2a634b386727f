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
#[derive(Default)]
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
    /// What ends the journal before its end.
    pub(crate) damage: Option<Damage>,
}

/// A journal that cannot be read to its end.
pub(crate) struct Damage {
    pub(crate) error: StoreError,
    /// From the damage on: what cannot be read, and what stands behind it.
    pub(crate) links: Vec<Link>,
}

/// The state is read before and after the journal: a write in between changes its etag, and two writes never have the same.
pub(crate) fn read(store: &RemoteStore) -> Result<View, StoreError> {
    let mut before = state::read(store)?;
    let mut looks = 1;
    loop {
        let mut view = journal(store, before.as_ref())?;
        let after = state::read(store)?;
        let same = before.as_ref().map(|kept| &kept.etag) == after.as_ref().map(|kept| &kept.etag);
        before = after;
        match view.damage.take() {
            _ if !same => {}
            // What was listed and is gone was covered by the state: deletes come after that write.
            None => return Ok(View { kept: before, ..view }),
            Some(_) if looks < LOOKS => looks += 1,
            Some(damage) => return Err(damage.error),
        }
    }
}

/// As much of the journal as can be read, beside a state or none.
pub(crate) fn journal(store: &RemoteStore, kept: Option<&Kept>) -> Result<View, StoreError> {
    let (settled_before, through) = kept.map_or((0, 0), |kept| (kept.fence.settled, kept.stored.state.folded_through));
    let names = store.shelf().list(chain::JOURNAL)?;
    let mut links: Vec<Link> = names.iter().filter_map(|name| Link::parse(name)).collect();
    links.sort_unstable();
    let (settled, links): (Vec<Link>, Vec<Link>) = links.into_iter().partition(|link| link.epoch < settled_before);
    let names: Vec<String> = links.iter().map(|link| link.name()).collect();
    let mut view = View { settled, ..View::default() };
    let mut newest: Option<Link> = None;
    for (link, object) in links.into_iter().zip(store.shelf().get_all(&names)?) {
        let Some(object) = object else { continue };
        let place = store.shelf().at(&link.name());
        match view.take(&place, link, &object.bytes, &mut newest, through) {
            Err(error @ StoreError::DamagedJournal { .. }) => view.ends_at(link, error),
            taken => taken?,
        }
    }
    Ok(view)
}

impl View {
    fn take(
        &mut self,
        place: &str,
        link: Link,
        bytes: &[u8],
        newest: &mut Option<Link>,
        through: u64,
    ) -> Result<(), StoreError> {
        let entries = match chain::decode(place, bytes)? {
            Content::Seal => {
                self.sealed.push(link.epoch);
                Vec::new()
            }
            Content::Entries(entries) => entries,
        };
        if let Some(damage) = self.damage.as_mut().filter(|_| !entries.is_empty()) {
            damage.links.push(link);
            self.links.insert(link, 0);
            return Ok(());
        }
        let last = entries.last().map_or(0, |entry| entry.n);
        if last > through {
            follows(place, link, *newest, &entries, &self.entries, through)?;
            *newest = Some(link);
            self.entries.extend(entries);
        }
        self.links.insert(link, last);
        Ok(())
    }

    /// The first damage is the one that is told.
    fn ends_at(&mut self, link: Link, error: StoreError) {
        self.links.insert(link, 0);
        self.damage.get_or_insert_with(|| Damage { error, links: Vec::new() }).links.push(link);
    }
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
    // Without a state, what stood before the first may have gone with it.
    match before.last().map_or(through, |before| before.n) {
        0 => Ok(()),
        before if news == before + 1 => Ok(()),
        before => damaged(format!("entry {news} comes after entry {before}")),
    }
}
