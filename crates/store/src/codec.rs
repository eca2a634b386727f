//! The texts on disk: the state as sorted JSON, the journal as JSON lines.

use model::State;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Entry, FORMAT, Intent, StoreError, Stored, upgrade};

/// What fences the writers of a state that several machines share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fence {
    /// Of the lease that it was written under; only grows.
    pub(crate) epoch: u64,
    /// The journals of earlier epochs hold nothing that the state does not.
    pub(crate) settled: u64,
    /// Whose state it is: two environments that share a key by mistake must not take each other's resources for their own.
    #[serde(default)]
    pub(crate) environment: String,
}

/// The state file: the state's own members first, so that a diff reads well.
#[derive(Serialize)]
struct StateOut<'a> {
    #[serde(flatten)]
    state: &'a State,
    #[serde(skip_serializing_if = "<[Intent]>::is_empty")]
    open: &'a [Intent],
    #[serde(skip_serializing_if = "Option::is_none")]
    fence: Option<&'a Fence>,
}

#[derive(Serialize)]
struct LineOut<'a> {
    format: u32,
    #[serde(flatten)]
    entry: &'a Entry,
}

/// The text of a state file, with a line feed at its end.
///
/// # Errors
/// [`StoreError::Unwritable`], which only a mistake in groma can bring about.
pub fn encode_state(stored: &Stored) -> Result<String, StoreError> {
    encode_fenced(stored, None)
}

/// As [`encode_state`], with its fence.
pub(crate) fn encode_fenced(stored: &Stored, fence: Option<&Fence>) -> Result<String, StoreError> {
    let state = State { format: FORMAT, ..stored.state.clone() };
    let file = StateOut { state: &state, open: &stored.open, fence };
    let unwritable = |error: serde_json::Error| StoreError::Unwritable { reason: error.to_string() };
    Ok(serde_json::to_string_pretty(&file).map_err(unwritable)? + "\n")
}

/// Reads a state file of this or an older format. `place` is its path, for errors.
///
/// # Errors
/// It is damaged or newer than this program.
pub fn decode_state(place: &str, text: &str) -> Result<Stored, StoreError> {
    decode_fenced(place, text).map(|(stored, _)| stored)
}

/// As [`decode_state`], with its fence; a state that was written without one was fenced by nobody.
pub(crate) fn decode_fenced(place: &str, text: &str) -> Result<(Stored, Fence), StoreError> {
    let damaged = |path: String, reason: String| StoreError::DamagedState { place: place.to_owned(), path, reason };
    let json = serde_json::from_str(text).map_err(|error| damaged(".".to_owned(), error.to_string()))?;
    let mut json = upgrade::upgrade(place, json, upgrade::STATE)?;
    // Taken apart by hand: a flattened member would lose the path in errors.
    let open = json.as_object_mut().and_then(|members| members.shift_remove("open"));
    let open = open.map(parse).transpose().map_err(|(path, reason)| damaged(format!("open{path}"), reason))?;
    let fence = json.as_object_mut().and_then(|members| members.shift_remove("fence"));
    let fence = fence.map(parse).transpose().map_err(|(path, reason)| damaged(format!("fence{path}"), reason))?;
    let state = parse(json).map_err(|(path, reason)| damaged(path, reason))?;
    Ok((Stored { state, open: open.unwrap_or_default() }, fence.unwrap_or_default()))
}

/// One line for each entry, each with its line feed.
///
/// # Errors
/// As [`encode_state`].
pub fn encode_entries(entries: &[Entry]) -> Result<String, StoreError> {
    let mut text = String::new();
    for entry in entries {
        let line = serde_json::to_string(&LineOut { format: FORMAT, entry });
        text.push_str(&line.map_err(|error| StoreError::Unwritable { reason: error.to_string() })?);
        text.push('\n');
    }
    Ok(text)
}

/// Reads a journal. A last line without its line feed was never finished and is left out: nothing was sent after it.
///
/// # Errors
/// Any other line is damaged, or newer than this program.
pub fn decode_entries(place: &str, bytes: &[u8]) -> Result<Vec<Entry>, StoreError> {
    match readable_entries(place, bytes) {
        (entries, None) => Ok(entries),
        (_, Some(error)) => Err(error),
    }
}

/// As [`decode_entries`], with what stands before the first line that cannot be read.
pub(crate) fn readable_entries(place: &str, bytes: &[u8]) -> (Vec<Entry>, Option<StoreError>) {
    let mut entries: Vec<Entry> = Vec::new();
    for (index, line) in bytes[..whole_lines(bytes)].split_inclusive(|byte| *byte == b'\n').enumerate() {
        match decode_entry(place, index + 1, line, entries.last()) {
            Ok(entry) => entries.push(entry),
            Err(error) => return (entries, Some(error)),
        }
    }
    (entries, None)
}

fn decode_entry(place: &str, number: usize, line: &[u8], before: Option<&Entry>) -> Result<Entry, StoreError> {
    let damaged = |reason| StoreError::DamagedJournal { place: place.to_owned(), line: number, reason };
    let text = std::str::from_utf8(line).map_err(|_| damaged("it is not UTF-8".to_owned()))?;
    let json = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    let json = upgrade::upgrade(&format!("{place}, line {number}"), json, upgrade::ENTRY)?;
    let entry: Entry = parse(json).map_err(|(path, reason)| damaged(format!("at `{path}`: {reason}")))?;
    match before.filter(|before| before.n >= entry.n) {
        Some(before) => Err(damaged(format!("entry {} comes after entry {}", entry.n, before.n))),
        None => Ok(entry),
    }
}

/// The length of a journal without an unfinished last line.
pub fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

fn parse<T: DeserializeOwned>(json: serde_json::Value) -> Result<T, (String, String)> {
    serde_path_to_error::deserialize(json).map_err(|error| (error.path().to_string(), error.inner().to_string()))
}
