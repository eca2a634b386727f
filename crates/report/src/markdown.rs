//! The plan for a pull request.

use model::Plan;

/// The plan for a pull request.
pub fn plan_markdown(_plan: &Plan) -> String {
    String::new()
}
