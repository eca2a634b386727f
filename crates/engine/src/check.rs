//! Everything that stands in the way of a destroy, from reads alone.

use std::collections::BTreeMap;

use model::{Action, Address, Plan, State};
use planner::BlockerFact;

use crate::{Engine, Error, Wish};

/// What a destroy would do and what keeps it from that.
#[derive(Debug, Clone)]
pub struct Check {
    pub plan: Plan,
    /// By resource, with the names of holders where they are known; empty when nothing stands in the way.
    pub blocked: BTreeMap<Address, Vec<BlockerFact>>,
    /// What stays for a while after the deletion, and how nothing stays; it is in nobody's way.
    pub lasting: BTreeMap<Address, Vec<BlockerFact>>,
}

impl Engine<'_> {
    /// Plans a destroy without the lock and collects every blocker, the protections of lifecycles among them.
    ///
    /// # Errors
    /// Failed reads, or a plan that other rules refuse.
    pub async fn check_destroy(&self, wish: &Wish) -> Result<Check, Error> {
        let wish = Wish { checks: true, ..wish.clone() };
        let identity = self.identify().await?;
        let state = self.state()?.unwrap_or_else(|| self.fresh(&identity));
        self.check_state(&state, &identity)?;
        let fingerprinter = self.fingerprinter()?;
        let desired = self.desired_for(&wish, &identity).await?;
        let given = self.given(&desired.graph, &fingerprinter).await;
        let observed = self.look(&desired.graph, &state, &identity).await?;
        let plan = self.planned(&wish, &desired, &state, &observed, &given.secrets, &fingerprinter)?;
        let mut facts = self.facts(&plan, &state, &identity).await?;
        protections(&plan, &state, &mut facts);
        let lasting = planner::lasting(&plan, &facts, &wish.lifts);
        let (mut plan, mut blocked) = planner::sift(plan, &facts, &wish.lifts);
        for (address, facts) in &mut blocked {
            facts
                .iter_mut()
                .flat_map(|fact| &mut fact.held_by)
                .for_each(|id| *id = planner::holder(&plan, address, id));
        }
        plan.warnings.splice(0..0, desired.warnings);
        plan.warnings.extend(self.caveats()?);
        Ok(Check { plan, blocked, lasting })
    }
}

/// `prevent_destroy`, written or recorded, comes first.
fn protections(plan: &Plan, state: &State, facts: &mut BTreeMap<Address, Vec<BlockerFact>>) {
    for (address, change) in plan.changes.iter().filter(|(_, change)| change.action == Action::Delete) {
        let recorded = state.resources.get(address).is_some_and(|recorded| recorded.lifecycle.prevent_destroy);
        if recorded || change.lifecycle.prevent_destroy {
            let fact = BlockerFact {
                what: "protected by `prevent_destroy`".to_owned(),
                toml: Some("lifecycle = { prevent_destroy = false }".to_owned()),
                ..BlockerFact::default()
            };
            facts.entry(address.clone()).or_default().insert(0, fact);
        }
    }
}
