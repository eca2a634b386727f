//! A whole state taken out of a store and put into one, whatever kind it is.

use model::State;

use crate::{
    Entry, Event, Folded, Holder, LockedStore, StateStore, StoreError, Stored, codec, fold, load, load_unless_moved,
};

/// What a push does about a state that does not follow from the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    Refuse,
    Replace,
}

/// The text of the whole state, journal folded in; nothing when there is none. Needs no lock.
///
/// # Errors
/// As [`StateStore::read`].
pub fn pull(store: &dyn StateStore) -> Result<Option<String>, StoreError> {
    let Some((stored, entries)) = store.read()? else { return Ok(None) };
    codec::encode_state(&fold(stored, entries).stored()).map(Some)
}

/// Writes the text of a state, with one more serial than any before.
///
/// # Errors
/// It is damaged; the lock is held; the state that is there has another lineage or holds what the text does not know of.
pub fn push(store: &dyn StateStore, holder: &Holder, text: &str, mismatch: Mismatch) -> Result<(), StoreError> {
    let new = codec::decode_state("the state to be pushed", text)?;
    let locked = store.lock(holder)?;
    put(store, locked.as_ref(), new, mismatch)
}

/// What a migration has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    pub resources: usize,
    /// Whether the new place has the old one's key: without it every secret counts as changed once.
    pub same_key: bool,
}

/// Moves a state into another store while both are locked: copies it, holds both against each other, and puts the old one
/// aside only when they say the same. A migration that was interrupted is begun again.
///
/// # Errors
/// There is nothing to be moved; as [`push`] without force; the two differ afterwards.
pub fn migrate(from: &dyn StateStore, to: &dyn StateStore, holder: &Holder) -> Result<Migrated, StoreError> {
    let (source, target) = (from.lock(holder)?, to.lock(holder)?);
    let Some((stored, entries)) = source.read()? else {
        return Err(StoreError::NothingToMove { place: from.place() });
    };
    let same_key = to.adopt_key(&from.fingerprint_key()?)?;
    if !differences(from, to)?.is_empty() {
        put(to, target.as_ref(), fold(stored, entries).stored(), Mismatch::Refuse)?;
    }
    let differing = differences(from, to)?;
    if !differing.is_empty() {
        return Err(StoreError::Unequal { one: from.place(), other: to.place(), differing });
    }
    let resources = load(to)?.map_or(0, |loaded| loaded.state.resources.len());
    source.retire(&to.place())?;
    Ok(Migrated { resources, same_key })
}

fn put(
    store: &dyn StateStore,
    locked: &dyn LockedStore,
    mut new: Stored,
    mismatch: Mismatch,
) -> Result<(), StoreError> {
    let old = match locked.read() {
        Err(StoreError::Moved { .. }) => None,
        old => old?,
    };
    if let Some((old, entries)) = old {
        let told = last_told(&old, &entries);
        let old = fold(old, entries);
        if mismatch == Mismatch::Refuse {
            follows(&store.place(), &old.state, told, &new.state)?;
        }
        let last = Folded::stored(&old).state.folded_through;
        new.state.folded_through = new.state.folded_through.max(last);
        new.state.serial = new.state.serial.max(old.state.serial);
    }
    new.state.serial += 1;
    locked.write(&new)
}

/// The number of the last entry that a state would have to know of.
fn last_told(stored: &Stored, entries: &[Entry]) -> u64 {
    let told = entries.iter().filter(|entry| !matches!(entry.event, Event::Changed(_))).map(|entry| entry.n);
    told.max().unwrap_or_default().max(stored.state.folded_through)
}

fn follows(place: &str, old: &State, told: u64, new: &State) -> Result<(), StoreError> {
    let place = place.to_owned();
    if old.lineage != new.lineage {
        return Err(StoreError::OtherLineage { place, found: new.lineage.clone(), known: old.lineage.clone() });
    }
    if new.serial < old.serial {
        let reason = format!("serial {} is there, and this one is {}", old.serial, new.serial);
        return Err(StoreError::Outdated { place, reason });
    }
    if new.folded_through < told {
        let reason = format!("its journal goes to entry {told}, and this one knows {}", new.folded_through);
        return Err(StoreError::Outdated { place, reason });
    }
    Ok(())
}

/// What two stores say differently, by meaning: serials, numbers and versions are not compared.
///
/// # Errors
/// As [`StateStore::read`].
pub fn differences(one: &dyn StateStore, other: &dyn StateStore) -> Result<Vec<String>, StoreError> {
    let (one, other) = (load_unless_moved(one)?.unwrap_or_default(), load_unless_moved(other)?.unwrap_or_default());
    let (a, b) = (&one.state, &other.state);
    let mut differing = Vec::new();
    let mut compare = |equal: bool, what: String| {
        if !equal {
            differing.push(what);
        }
    };
    compare(a.lineage == b.lineage, "lineage".to_owned());
    compare(a.world == b.world, "world".to_owned());
    compare(a.account == b.account, "account".to_owned());
    compare(a.region == b.region, "region".to_owned());
    for name in a.outputs.keys().chain(b.outputs.keys().filter(|name| !a.outputs.contains_key(*name))) {
        compare(a.outputs.get(name) == b.outputs.get(name), format!("output {name}"));
    }
    let only_there = b.resources.keys().filter(|address| !a.resources.contains_key(*address));
    for address in a.resources.keys().chain(only_there) {
        compare(a.resources.get(address) == b.resources.get(address), format!("resource {address}"));
    }
    compare(a.replaced == b.replaced, "replaced".to_owned());
    compare(one.open == other.open, "open calls".to_owned());
    Ok(differing)
}
