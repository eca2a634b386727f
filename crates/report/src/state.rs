//! What is recorded, for people.

use model::{Address, Recorded, State};

use crate::Style;

/// One line for each resource: address, id, and its condition unless it is ready.
pub fn state_list(_state: &State, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as JSON.
pub fn state_list_json(_state: &State) -> String {
    String::new()
}

/// One resource with its attributes; secrets stay `(secret)`.
pub fn state_show(_address: &Address, _recorded: &Recorded, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as JSON, without fingerprints.
pub fn state_show_json(_address: &Address, _recorded: &Recorded) -> String {
    String::new()
}
