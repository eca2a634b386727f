//! The plan for a terminal.

use model::Plan;

use crate::Style;

/// The plan, readable without colour, at most `width` columns.
pub fn plan_text(_plan: &Plan, _style: Style, _width: usize) -> String {
    String::new()
}
