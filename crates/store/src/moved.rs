//! What a state leaves behind where it was before it moved.

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// `moved.json`
#[derive(Serialize, Deserialize)]
pub(crate) struct Moved {
    to: String,
}

impl Moved {
    pub(crate) fn text(to: &str) -> Result<String, StoreError> {
        let text = serde_json::to_string(&Self { to: to.to_owned() });
        Ok(text.map_err(|error| StoreError::Unwritable { reason: error.to_string() })? + "\n")
    }

    /// The error of whoever looks for the state at the old place.
    pub(crate) fn told(place: String, text: &[u8]) -> StoreError {
        match serde_json::from_slice(text) {
            Ok(Self { to }) => StoreError::Moved { place, to },
            Err(error) => StoreError::DamagedState {
                place: format!("{place}/moved.json"),
                path: ".".to_owned(),
                reason: error.to_string(),
            },
        }
    }
}
