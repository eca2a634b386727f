//! Carrying a prepared plan out, and the smaller things that change the state.

use std::collections::BTreeMap;

use executor::{Context, Event, Outcome, Stop};
use model::{Address, Recorded, State};
use planner::Drift;

use crate::{Engine, Error, Prepared, Wish, secrets::AtHand};

impl Engine<'_> {
    /// Does what the plan says and writes the state.
    pub async fn run(&self, prepared: &Prepared<'_>, stop: &Stop, emit: &(dyn Fn(Event) + Sync)) -> Outcome {
        let secrets = AtHand { given: &prepared.secrets, rest: self.secrets };
        let context = Context {
            provider: self.provider,
            secrets: &secrets,
            clock: self.clock,
            ledger: &prepared.ledger,
            fingerprinter: &prepared.fingerprinter,
            tokens: self.tokens,
            identity: &prepared.identity,
            differing: &planner::differing,
            options: self.options,
            stop,
        };
        executor::apply(&prepared.plan, &context, emit).await
    }

    /// The state as a reader sees it; nothing before the first run.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn state(&self) -> Result<Option<State>, Error> {
        Ok(store::load(self.store)?.map(|loaded| loaded.state))
    }

    /// An output as it is now, secrets in full: they are read from where they are kept. Nothing when there is no such output.
    ///
    /// # Errors
    /// As [`Engine::plan`]; and a secret that this run was not given or that is not made yet.
    pub async fn reveal(&self, name: &str) -> Result<Option<serde_json::Value>, Error> {
        let planned = self.plan(&Wish::default()).await?;
        let Some(output) = planned.plan.outputs.get(name) else { return Ok(None) };
        let refused = || {
            let hint = "give the run the secrets it is made of, and apply what is not yet made";
            Error::mismatch(format!("the output `{name}` cannot be revealed: not all of it is known"), hint)
        };
        output.after.exposed_json().map(Some).ok_or_else(refused)
    }

    /// Compares what is recorded with what lives.
    ///
    /// # Errors
    /// Failed reads, or a state of another account or region.
    pub async fn drift(&self) -> Result<(Drift, State), Error> {
        let identity = self.identify().await?;
        let state = self.state()?.unwrap_or_else(|| self.fresh(&identity));
        self.check_state(&state, &identity)?;
        let mut observed = self.look_at_recorded(&state, &identity).await?;
        let fingerprinter = self.fingerprinter()?;
        for (address, live) in &mut observed.resources {
            let recorded = state.resources.get(address);
            *live = live.take().map(|live| match recorded {
                Some(recorded) => live.hidden(&recorded.applied, &fingerprinter),
                None => live,
            });
        }
        let drift = planner::drift(&state, &observed, self.provider.schemas());
        Ok((drift, state))
    }

    /// Forgets recorded resources; they live on.
    ///
    /// # Errors
    /// An address that is not recorded, or the lock is held.
    pub fn forget(&self, addresses: &[Address]) -> Result<(), Error> {
        self.edit(addresses, |_| addresses.iter().map(|address| (address.clone(), None)).collect())
    }

    /// Whether the environment writes this resource.
    ///
    /// # Errors
    /// Mistakes in TOML, or data that cannot be read.
    pub async fn writes(&self, address: &Address) -> Result<bool, Error> {
        let identity = self.identify().await?;
        Ok(self.desired(&identity).await?.graph.resources.contains_key(address))
    }

    /// Refuses to keep a plan in a file while a secret that it needs was not given.
    ///
    /// # Errors
    /// [`Error::SecretsMissing`]
    pub async fn savable(&self, plan: &model::Plan) -> Result<(), Error> {
        self.all_given(&BTreeMap::new(), plan).await.map(drop)
    }

    /// Gives a recorded resource another address, in the state alone.
    ///
    /// # Errors
    /// The address is not recorded, the other one is, or the lock is held.
    pub fn rename(&self, from: &Address, to: &Address) -> Result<(), Error> {
        let state = self.state()?.unwrap_or_default();
        if state.resources.contains_key(to) {
            return Err(Error::mismatch(
                format!("`{to}` is recorded already"),
                "forget it first with `groma state rm`",
            ));
        }
        if from.type_name != to.type_name {
            return Err(Error::mismatch("a resource cannot change its type", "only the name and the key may differ"));
        }
        self.edit(std::slice::from_ref(from), |state| {
            let recorded = state.resources.get(from).cloned();
            BTreeMap::from([(from.clone(), None), (to.clone(), recorded)])
        })
    }

    fn edit(
        &self,
        addresses: &[Address],
        change: impl FnOnce(&State) -> BTreeMap<Address, Option<Recorded>>,
    ) -> Result<(), Error> {
        let locked = self.store.lock(self.holder)?;
        let ledger = store::Ledger::open(locked, State::default())?;
        let state = ledger.state();
        if let Some(unknown) = addresses.iter().find(|address| !state.resources.contains_key(address)) {
            return Err(Error::mismatch(format!("`{unknown}` is not recorded"), "`groma state list` shows what is"));
        }
        ledger.change(change)?;
        ledger.save(|state| self.version.clone_into(&mut state.written_by))?;
        Ok(())
    }
}
