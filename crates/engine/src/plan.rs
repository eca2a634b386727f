//! From what is written, recorded and observed to a plan. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Diagnostic, Fingerprinter, Observed, Plan, Secret, SecretSource, State,
    fault::{Fault, is_planted},
    graph::Import,
};
use planner::{BlockerFact, Request};
use provider::Identity;

use crate::{Desired, Engine, Error, Lifts, Planned, error::busy, sources, stages};

/// What a run is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub scope: Scope,
    pub lifts: Lifts,
    /// Further imports, as if `[import."ADDR"] id = "…"` were written.
    pub imports: BTreeMap<Address, String>,
    /// Only what stands in the way of a destroy is asked for ([`Engine::check_destroy`]).
    pub checks: bool,
    /// Stages that a rollout has passed: what they hold is withheld no longer.
    pub passed: BTreeSet<String>,
    /// Further moves, as if they were written under `[moved]`.
    pub moves: Vec<(String, String)>,
}

/// How much of the environment a run is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub destroy: bool,
    /// Empty: everything.
    pub targets: Vec<String>,
    pub replace: Vec<Address>,
}

impl Engine<'_> {
    /// Makes a plan without the lock: the journal is folded in memory, and what may be old is said.
    ///
    /// # Errors
    /// Mistakes in TOML, refusals, failed reads.
    pub async fn plan(&self, wish: &Wish) -> Result<Planned, Error> {
        let identity = self.identify().await?;
        let loaded = store::load(self.store)?;
        let (state, open) = match loaded {
            Some(loaded) => (loaded.state, loaded.open),
            None => (self.fresh(&identity), Vec::new()),
        };
        self.check_state(&state, &identity)?;
        let fingerprinter = self.fingerprinter()?;
        let (mut plan, _) = self.decide(wish, &state, &identity, &fingerprinter).await?;
        let holder = self.store.holder()?;
        let unfinished = told(&open);
        plan.warnings.extend(notes(holder.as_ref().map(busy), &unfinished));
        Ok(Planned { plan, state, identity, unfinished, busy: holder })
    }

    /// What a reader should know of its view: another run is going on, or an earlier one left something open.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn caveats(&self) -> Result<Vec<Diagnostic>, Error> {
        let open = store::load(self.store)?.map(|loaded| loaded.open).unwrap_or_default();
        Ok(notes(self.store.holder()?.as_ref().map(busy), &told(&open)))
    }

    pub(crate) fn fingerprinter(&self) -> Result<Fingerprinter, Error> {
        Ok(Fingerprinter::new(&self.store.fingerprint_key()?).teaching(self.scrubber))
    }

    /// The plan for a state, with the blockers of what it removes looked at; and the secrets it was made with.
    pub(crate) async fn decide(
        &self,
        wish: &Wish,
        state: &State,
        identity: &Identity,
        fingerprinter: &Fingerprinter,
    ) -> Result<(Plan, BTreeMap<SecretSource, Secret>), Error> {
        let mut desired = self.desired_for(wish, identity).await?;
        add_wishes(&mut desired, wish);
        let given = self.given(&desired.graph, fingerprinter).await;
        let observed = self.look(&desired.graph, state, identity).await?;
        let plan = match self.planned(wish, &desired, state, &observed, &given.secrets, fingerprinter) {
            Err(Error::Diagnostics(mut refusals)) if wish.scope.destroy => {
                // Everything that stands in the way is said at once.
                let checked = Wish { checks: true, ..wish.clone() };
                let plan = self.planned(&checked, &desired, state, &observed, &given.secrets, fingerprinter);
                if let Err(Error::Diagnostics(others)) = self.admitted(wish, plan?, state, identity).await {
                    refusals.extend(others);
                }
                return Err(Error::Diagnostics(refusals));
            }
            plan => plan?,
        };
        let plan = if wish.scope.destroy { plan } else { stages::held(plan, &desired.graph, &wish.passed) };
        let mut plan = self.admitted(wish, plan, state, identity).await?;
        self.examine(&mut plan, &desired.graph, identity).await?;
        let mut plan = self.gated(plan, &desired.graph, identity).await?;
        plan.warnings.splice(0..0, desired.warnings);
        planner::verify(&plan).map_err(Error::Unsound)?;
        Ok((plan, given.secrets))
    }

    /// A destroy goes on with the state alone when the TOML cannot be evaluated any more.
    pub(crate) async fn desired_for(&self, wish: &Wish, identity: &Identity) -> Result<Desired, Error> {
        match self.desired(identity).await {
            Err(Error::Diagnostics(mistakes)) if wish.scope.destroy => {
                let summary = "the TOML cannot be evaluated";
                let name = &self.loaded.name;
                let detail = "what the state has recorded decides what goes, and how".to_owned();
                let hint = format!("`groma validate {name}` shows the mistakes ({})", mistakes.len());
                let warnings = vec![Diagnostic::warning(summary, detail, None).hint(hint)];
                let mut desired = Desired { warnings, ..Desired::default() };
                let environment = &mut desired.graph.scopes.environment;
                environment.name.clone_from(&self.loaded.name);
                environment.region.clone_from(&self.loaded.settings().region);
                environment.account = Some(identity.account.clone());
                environment.partition.clone_from(&identity.partition);
                desired.graph.settings = self.loaded.settings().clone();
                Ok(desired)
            }
            desired => desired,
        }
    }

    pub(crate) fn planned(
        &self,
        wish: &Wish,
        desired: &Desired,
        state: &State,
        observed: &Observed,
        secrets: &BTreeMap<SecretSource, Secret>,
        fingerprinter: &Fingerprinter,
    ) -> Result<Plan, Error> {
        let request = self.request(wish, secrets, fingerprinter);
        planner::plan(&desired.graph, state, observed, self.provider.schemas(), &request)
            .map_err(|error| Error::Diagnostics(error.diagnostics))
    }

    pub(crate) fn request<'r>(
        &'r self,
        wish: &Wish,
        secrets: &BTreeMap<SecretSource, Secret>,
        fingerprinter: &'r Fingerprinter,
    ) -> Request<'r> {
        Request {
            targets: wish.scope.targets.clone(),
            replace: wish.scope.replace.clone(),
            destroy: wish.scope.destroy,
            checks: wish.checks,
            secrets: secrets.clone(),
            files: self.files,
            sources: &self.loaded.sources,
            made_by: self.version.to_owned(),
            world: self.world,
            lifts: wish.lifts.clone(),
            fingerprinter: Some(fingerprinter),
            sources_digest: sources::digest(self.loaded),
        }
    }

    /// The second look, at what stands in the way of deletions.
    async fn admitted(&self, wish: &Wish, plan: Plan, state: &State, identity: &Identity) -> Result<Plan, Error> {
        if is_planted(Fault::BlockersUnasked) {
            return Ok(plan);
        }
        let facts = self.facts(&plan, state, identity).await?;
        planner::admit(plan, &facts, &wish.lifts).map_err(Error::Diagnostics)
    }

    /// What the provider says stands in the way of each deletion.
    pub(crate) async fn facts(
        &self,
        plan: &Plan,
        state: &State,
        identity: &Identity,
    ) -> Result<BTreeMap<Address, Vec<BlockerFact>>, Error> {
        let found = executor::blockers(self.reader(identity), plan, state).await;
        let mut facts: BTreeMap<Address, Vec<BlockerFact>> = BTreeMap::new();
        let mut failed = Vec::new();
        for (removal, blockers) in found {
            match blockers {
                Ok(blockers) => facts.entry(removal.address).or_default().extend(blockers.into_iter().map(fact)),
                Err(failure) => failed.push((removal.address.to_string(), failure)),
            }
        }
        if !failed.is_empty() {
            return Err(Error::Unread(failed));
        }
        Ok(facts)
    }
}

fn fact(blocker: provider::Blocker) -> BlockerFact {
    let provider::Blocker { what, held_by, toml, flag, also, lost, cleared } = blocker;
    BlockerFact { what, held_by, toml, flag, also, lost, cleared }
}

/// Each resource with its calls that have no answer yet.
fn told(open: &[store::Intent]) -> Vec<String> {
    let unfinished = executor::unfinished(open);
    unfinished.iter().map(|(address, calls)| format!("{address} ({})", calls.join(", "))).collect()
}

fn notes(busy: Option<String>, unfinished: &[String]) -> Vec<Diagnostic> {
    let busy = busy.map(|sentence| Diagnostic::warning("another run is going on", sentence, None));
    let unfinished = (!unfinished.is_empty()).then(|| {
        let detail = format!("{}; the next apply resolves it", unfinished.join(", "));
        Diagnostic::warning("an earlier run is unfinished", detail, None)
    });
    busy.into_iter().chain(unfinished).collect()
}

fn add_wishes(desired: &mut Desired, wish: &Wish) {
    for (address, id) in &wish.imports {
        let Some(resource) = desired.graph.resources.get(address) else { continue };
        let id = model::Written::value(id.as_str().into(), resource.span);
        let import = Import { address: address.clone(), id, span: resource.span };
        desired.graph.imports.insert(address.clone(), import);
    }
    for (from, to) in &wish.moves {
        let span =
            to.parse().ok().and_then(|address: Address| desired.graph.resources.get(&address)).map(|found| found.span);
        if let Some(span) = span {
            desired.graph.moved.push(model::graph::Moved { from: from.clone(), to: to.clone(), span });
        }
    }
}
