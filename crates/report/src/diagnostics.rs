//! Mistakes in rustc's manner.

use model::{Diagnostic, Sources};

use crate::Style;

/// All diagnostics, errors first in file order, with a closing count line.
pub fn diagnostics(_diagnostics: &[Diagnostic], _sources: &Sources, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as JSON, with places instead of spans.
pub fn diagnostics_json(_diagnostics: &[Diagnostic], _sources: &Sources) -> String {
    String::new()
}
