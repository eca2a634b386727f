//! Pure decisions: what is written, what the last run recorded and what lives become a [`Plan`].
//!
//! Never waits, opens no file, asks no clock; equal inputs give equal bytes.

mod admit;
mod decide;
mod destroy;
mod diff;
mod differing;
mod drift;
mod edges;
mod evaluate;
mod moves;
mod order;
mod outputs;
mod recover;
mod remember;
mod replace;
mod request;
mod target;
mod verify;
mod view;
mod withhold;

#[cfg(test)]
mod tests;

pub use admit::{BlockerFact, admit, holder, lasting, sift};
pub use differing::differing;
pub use drift::{Drift, Drifted, drift};
pub use recover::{Placed, Undecided, lineages, place};
pub use remember::remember;
pub use request::{Lift, PlanError, Request};
pub use verify::verify;
pub use withhold::withhold;

use model::{Graph, Observed, Plan, Schemas, State};

/// Decides what to do so that what lives becomes what is written.
///
/// # Errors
/// Every refusal at once: what cannot be evaluated, protections that stand, names that are taken.
pub fn plan(
    desired: &Graph,
    recorded: &State,
    observed: &Observed,
    schemas: &Schemas,
    request: &Request<'_>,
) -> Result<Plan, PlanError> {
    decide::plan(desired, recorded, observed, schemas, request)
}
