//! A plan under the lock, ready to be shown, confirmed and run.

use std::collections::{BTreeMap, BTreeSet};

use executor::{Event, Recovery};
use model::{
    Address, Condition, Fingerprinter, Live, Plan, Secret, SecretSource, State, Value,
    fault::{Fault, is_planted},
    state::World,
};
use provider::{Failure, Identity};
use store::{Ledger, LockedStore};

use crate::{Engine, Error, plan::Wish, sources};

/// A plan whose lock is held. Dropping it gives the lock back and changes nothing.
pub struct Prepared<'a> {
    pub plan: Plan,
    pub identity: Identity,
    pub(crate) ledger: Ledger<'a>,
    pub(crate) fingerprinter: Fingerprinter,
    pub(crate) secrets: BTreeMap<SecretSource, Secret>,
}

impl<'a> Engine<'a> {
    /// Lock, fold, resolve what an earlier run left open, read, plan. `emit` hears of the resolving.
    ///
    /// # Errors
    /// The lock is held, mistakes, refusals, failed reads, missing secrets.
    pub async fn prepare(&self, wish: &Wish, emit: &(dyn Fn(Event) + Sync)) -> Result<Prepared<'a>, Error> {
        let identity = self.identify().await?;
        let ledger = self.open(self.fresh(&identity), &identity, emit).await?;
        let fingerprinter = self.fingerprinter()?;
        let (plan, secrets) = self.decide(wish, &ledger.state(), &identity, &fingerprinter).await?;
        if !wish.scope.destroy {
            self.all_given(&secrets, &plan).await?;
        }
        Ok(Prepared { plan, identity, ledger, fingerprinter, secrets })
    }

    /// A saved plan under the lock: it must belong to this state, and what decided it must still live as it did.
    ///
    /// # Errors
    /// As [`Engine::prepare`], and every difference by name.
    pub async fn prepare_saved(&self, mut plan: Plan, emit: &(dyn Fn(Event) + Sync)) -> Result<Prepared<'a>, Error> {
        let identity = self.identify().await?;
        self.check_saved(&plan, &identity)?;
        // A first run takes the lineage over that the plan has shown.
        let first = State { lineage: plan.lineage.clone(), ..self.fresh(&identity) };
        let ledger = self.open(first, &identity, emit).await?;
        let state = ledger.state();
        let same = state.lineage == plan.lineage && state.serial == plan.serial;
        if !same && !is_planted(Fault::StalePlanApplied) {
            return Err(Error::mismatch(
                "the state has changed since the plan was made",
                "make a new plan and review it again",
            ));
        }
        let fingerprinter = self.fingerprinter()?;
        self.check_observed(&plan, &state, &identity, &fingerprinter).await?;
        self.read_secret_data(&mut plan, &state, &identity, &fingerprinter).await?;
        let secrets = self.all_given(&BTreeMap::new(), &plan).await?;
        Ok(Prepared { plan, identity, ledger, fingerprinter, secrets })
    }

    /// Reads the data again of which a plan file holds no more than fingerprints.
    async fn read_secret_data(
        &self,
        plan: &mut Plan,
        state: &State,
        identity: &Identity,
        fingerprinter: &Fingerprinter,
    ) -> Result<(), Error> {
        let secret = plan.scopes.data.iter_mut().filter(|(_, value)| value.has_secret());
        let secret: Vec<(&Address, &mut Value)> = secret.collect();
        if secret.is_empty() {
            return Ok(());
        }
        let graph = self.desired(identity).await?.graph;
        let mut read = graph.scopes.data.clone();
        // What refers to resources is read with them.
        if secret.iter().any(|(address, _)| !read.contains_key(*address)) {
            read.extend(self.look(&graph, state, identity).await?.data);
        }
        let mut changed = Vec::new();
        for (address, planned) in secret {
            match read.remove(address).map(|read| read.sealed(fingerprinter)) {
                Some(read) if read == *planned => *planned = read,
                _ => changed.push(address.to_string()),
            }
        }
        if changed.is_empty() { Ok(()) } else { Err(changed_since(&changed)) }
    }

    /// Looks again at what decided a plan that has waited for its confirmation.
    ///
    /// # Errors
    /// What has changed meanwhile, by name.
    pub async fn look_again(&self, prepared: &Prepared<'_>) -> Result<(), Error> {
        let state = prepared.ledger.state();
        self.check_observed(&prepared.plan, &state, &prepared.identity, &prepared.fingerprinter).await
    }

    pub(crate) async fn open(
        &self,
        first: State,
        identity: &Identity,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<Ledger<'a>, Error> {
        let locked = self.store.lock(self.holder)?;
        self.opened(locked, first, identity, emit).await
    }

    /// The ledger of a store that is locked already, with what was left open resolved.
    pub(crate) async fn opened(
        &self,
        locked: Box<dyn LockedStore + 'a>,
        first: State,
        identity: &Identity,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<Ledger<'a>, Error> {
        let ledger = Ledger::open(locked, first)?;
        self.check_state(&ledger.state(), identity)?;
        // What was made moments ago and left unfinished may not show yet, though nothing is open.
        let unfinished = ledger.state().resources.values().any(|one| one.condition == Condition::Incomplete);
        if unfinished || !ledger.open_intents().is_empty() {
            let recovery = Recovery { provider: self.provider, clock: self.clock, ledger: &ledger, identity };
            let resolved = executor::resolve(recovery, emit).await?;
            let left: Vec<(String, Failure)> = resolved
                .into_iter()
                .filter_map(|one| Some((format!("{} ({})", one.address, one.operation), one.resolution.err()?)))
                .collect();
            if !left.is_empty() {
                return Err(Error::Unresolved(left));
            }
        }
        // Also where nothing is left to be done, the next reader finds it whole.
        ledger.fold()?;
        Ok(ledger)
    }

    fn check_saved(&self, plan: &Plan, identity: &Identity) -> Result<(), Error> {
        let remake = "make a new plan and review it again";
        if plan.world != self.world {
            let (made, now) = (plan.world.as_str(), World::as_str(self.world));
            return Err(Error::mismatch(
                format!("the plan was made for world {made}, and this run is in {now}"),
                remake,
            ));
        }
        if plan.account.as_ref().is_some_and(|account| *account != identity.account) {
            let made = plan.account.clone().unwrap_or_default();
            let now = &identity.account;
            return Err(Error::mismatch(
                format!("the plan was made for account {made}, and this run is in {now}"),
                remake,
            ));
        }
        if plan.sources_digest != sources::digest(self.loaded) {
            return Err(Error::mismatch("the TOML or its variables have changed since the plan was made", remake));
        }
        Ok(())
    }

    /// Reads exactly what decided the plan: what lived, and what was recorded and did not show.
    async fn check_observed(
        &self,
        plan: &Plan,
        state: &State,
        identity: &Identity,
        fingerprinter: &Fingerprinter,
    ) -> Result<(), Error> {
        let decided: BTreeMap<&Address, &Live> =
            plan.shown().filter_map(|change| Some((&change.address, change.observed.as_ref()?))).collect();
        let lived = decided.iter().map(|(address, live)| executor::ReadRequest {
            address: (*address).clone(),
            type_name: address.type_name.clone(),
            region: plan.changes[*address].region.clone(),
            id: live.id.clone(),
        });
        let missed = plan.shown().filter(|change| change.observed.is_none()).filter_map(|change| {
            let recorded = state.resources.get(&change.address).filter(|recorded| !recorded.id.is_empty())?;
            Some(executor::ReadRequest {
                address: change.address.clone(),
                type_name: recorded.type_name.clone(),
                region: recorded.region.clone(),
                id: recorded.id.clone(),
            })
        });
        let missed: Vec<executor::ReadRequest> = missed.collect();
        let gone: BTreeSet<Address> = missed.iter().map(|request| request.address.clone()).collect();
        let resources = lived.chain(missed);
        let requests = executor::Requests { resources: resources.collect(), ..executor::Requests::default() };
        let (observed, unread) = executor::observe(self.reader(identity), &requests).await;
        if !unread.is_empty() {
            let told = unread.into_iter().flat_map(|unread| {
                let failure = unread.failure;
                unread.addresses.into_iter().map(move |address| (address.to_string(), failure.clone()))
            });
            return Err(Error::Unread(told.collect()));
        }
        let mut observed = observed.resources;
        let back = gone.into_iter().filter(|address| observed.get(address).is_some_and(Option::is_some));
        let back: Vec<String> = back.map(|address| address.to_string()).collect();
        let changed = decided
            .iter()
            .filter(|(address, decided)| {
                let live = observed.remove(**address).flatten();
                live.map(|live| live.hidden(&decided.attributes, fingerprinter)).as_ref() != Some(**decided)
            })
            .map(|(address, _)| address.to_string());
        let mut changed: Vec<String> = changed.chain(back).collect();
        changed.sort();
        if changed.is_empty() { Ok(()) } else { Err(changed_since(&changed)) }
    }
}

fn changed_since(changed: &[String]) -> Error {
    let summary = format!("changed since the plan was made: {}", changed.join(", "));
    Error::mismatch(summary, "make a new plan and review it again")
}
