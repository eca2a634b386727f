//! The journal as a chain of objects for each epoch: `journal/<epoch>/<n>`, n from 1, none written twice.

use serde::{Deserialize, Serialize};

use crate::{
    Entry, FORMAT, StoreError, codec,
    remote::{objects::Condition, shelf::Shelf},
    upgrade,
};

/// What all links begin with.
pub(crate) const JOURNAL: &str = "journal/";

/// How often a seal is tried behind a holder that still appends, which it can do only while its clock stands still.
const CHASE: usize = 100;

/// The place of one object in the journal. Sorted as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    pub(crate) epoch: u64,
    pub(crate) n: u64,
}

impl Link {
    /// Padded, so that names sort like numbers.
    pub(crate) fn name(self) -> String {
        format!("{}{:010}", prefix(self.epoch), self.n)
    }

    /// Nothing for a name that is not groma's.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (epoch, n) = name.strip_prefix(JOURNAL)?.split_once('/')?;
        let link = Self { epoch: epoch.parse().ok()?, n: n.parse().ok()? };
        (link.name() == name).then_some(link)
    }
}

fn prefix(epoch: u64) -> String {
    format!("{JOURNAL}{epoch:010}/")
}

/// What a link holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Content {
    Entries(Vec<Entry>),
    /// The chain ends here, whatever its holder believes.
    Seal,
}

#[derive(Serialize, Deserialize)]
struct SealLine {
    format: u32,
    seal: Seal,
}

#[derive(Serialize, Deserialize)]
struct Seal {
    /// The epoch of the run that wrote it.
    by: u64,
}

/// Reads a link. Objects come whole, so that a line without its end is damage here.
///
/// # Errors
/// It is damaged or newer than this program.
pub(crate) fn decode(place: &str, bytes: &[u8]) -> Result<Content, StoreError> {
    if bytes.last() != Some(&b'\n') {
        let reason = "its last line has no end".to_owned();
        return Err(StoreError::DamagedJournal { place: place.to_owned(), line: 1, reason });
    }
    let json: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    match json.filter(|json| json.get("seal").is_some()) {
        Some(json) => upgrade::upgrade(place, json, upgrade::ENTRY).map(|_| Content::Seal),
        None => codec::decode_entries(place, bytes).map(Content::Entries),
    }
}

/// Ends the chain of an epoch, so that its holder cannot append to it again. One that is sealed stays as it is.
///
/// A chain is sealed when its newest link is a seal, which is looked at after the seal is written: while it was on its way
/// the holder may have written further links, saved, and deleted the one whose name the seal then found free. The holder
/// never deletes its newest.
///
/// # Errors
/// It may not be sealed.
pub(crate) fn seal(
    shelf: Shelf<'_>,
    epoch: u64,
    by: u64,
    may: impl Fn() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let line = SealLine { format: FORMAT, seal: Seal { by } };
    let line = serde_json::to_string(&line).map_err(|error| StoreError::Unwritable { reason: error.to_string() })?;
    let line = line + "\n";
    for _ in 0..CHASE {
        let names = shelf.list(&prefix(epoch))?;
        let newest = names.iter().filter_map(|name| Link::parse(name)).max();
        if newest.map_or(Ok(false), |newest| is_seal(shelf, newest))? {
            return Ok(());
        }
        let next = Link { epoch, n: newest.map_or(1, |newest| newest.n + 1) };
        shelf.put(&next.name(), line.as_bytes(), &Condition::Absent, &may)?;
    }
    Err(StoreError::Fenced { place: shelf.0.place(), holder: None })
}

fn is_seal(shelf: Shelf<'_>, link: Link) -> Result<bool, StoreError> {
    let Some(found) = shelf.get(&link.name())? else { return Ok(false) };
    match decode(&shelf.at(&link.name()), &found.bytes) {
        // Whatever it was, a seal behind it ends the chain.
        Err(StoreError::DamagedJournal { .. }) => Ok(false),
        decoded => decoded.map(|content| content == Content::Seal),
    }
}
