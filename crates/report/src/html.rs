//! The plan as one self-contained page.

use model::Plan;

/// The plan as one self-contained page.
pub fn plan_html(_plan: &Plan) -> String {
    String::new()
}
