//! Outputs, for people and for scripts.

use std::collections::BTreeMap;

use model::{Diagnostic, state::RecordedOutput};

use crate::Style;

/// `name  value` for each output; secret ones as `(secret)`.
pub fn outputs_text(_outputs: &BTreeMap<String, RecordedOutput>, _style: Style, _width: usize) -> String {
    String::new()
}

/// `{ "name": value }`; secret ones are `{"$secret": …}`.
pub fn outputs_json(_outputs: &BTreeMap<String, RecordedOutput>) -> String {
    String::new()
}

/// One output bare, for `$(groma output NAME --raw)`.
///
/// # Errors
/// Lists, maps, secrets and unknown values have no bare form.
pub fn output_raw(_name: &str, _output: &RecordedOutput) -> Result<String, Box<Diagnostic>> {
    Ok(String::new())
}
