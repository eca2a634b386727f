//! Earlier states, as far as the bucket keeps versions.

use crate::{
    StoreError, codec,
    remote::{RemoteStore, state::STATE},
};

/// A state as it once was, without the journal of its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The bucket's name for it, which [`RemoteStore::past`] takes.
    pub version: String,
    /// In seconds since the Unix epoch, by the server's clock.
    pub written: u64,
    pub serial: u64,
    /// The version of groma that wrote it.
    pub written_by: String,
    /// How many it records.
    pub resources: usize,
}

impl RemoteStore {
    /// The newest states that were written, newest first, from at most `count` versions; nothing when the bucket keeps none.
    /// One that was only taken under a new epoch is not another state.
    ///
    /// # Errors
    /// They cannot be read, or one is damaged or of a newer format.
    pub fn history(&self, count: usize) -> Result<Option<Vec<Past>>, StoreError> {
        if !self.shelf().keeps_versions()? {
            return Ok(None);
        }
        let mut past: Vec<Past> = Vec::new();
        for version in self.shelf().versions(STATE, count)? {
            let Some(text) = self.past(&version.id)? else { continue };
            let state = codec::decode_state(&self.shelf().at(STATE), &text)?.state;
            let entry = Past {
                version: version.id,
                written: version.written,
                serial: state.serial,
                written_by: state.written_by,
                resources: state.resources.len(),
            };
            // Of several with one serial the oldest is the one that was meant.
            past.pop_if(|newer| newer.serial == entry.serial);
            past.push(entry);
        }
        Ok(Some(past))
    }

    /// The text of an earlier state; nothing when its version is gone.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn past(&self, version: &str) -> Result<Option<String>, StoreError> {
        let bytes = self.shelf().get_version(STATE, version)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}
