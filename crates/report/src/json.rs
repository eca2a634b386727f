//! The plan as JSON, in the order of execution.

use model::Plan;

/// The plan as JSON, in the order of execution.
pub fn plan_json(_plan: &Plan) -> String {
    String::new()
}
