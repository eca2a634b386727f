//! What stands in the way of a destroy.

use model::{Address, Place};

use crate::Style;

/// A resource that cannot be deleted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub address: Address,
    pub id: String,
    pub place: Option<Place>,
    pub blockers: Vec<BlockerText>,
}

/// One thing in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockerText {
    /// "3 images (1.2 GB)"
    pub what: String,
    /// Ids or ARNs of who holds it.
    pub held_by: Vec<String>,
    /// The TOML line that clears it: `force_delete = true`.
    pub toml: Option<String>,
    /// The flag that clears it: `--delete-images`.
    pub flag: Option<String>,
}

/// `command` is what was run, for the next command: `groma destroy dev`.
pub fn blockers_text(_blocked: &[Blocked], _command: &str, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as JSON.
pub fn blockers_json(_blocked: &[Blocked]) -> String {
    String::new()
}
