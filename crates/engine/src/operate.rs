//! Deployments and logs of what runs.

use std::collections::BTreeMap;

use executor::{Context, Event, Problem, Stop};
use model::{Action, Address, Change, Recorded, State};
use provider::{AnyResource, LogLine, Place};

use crate::{Engine, Error};

/// How long a deployment may take, in seconds.
const LONGEST: u64 = 30 * 60;

impl Engine<'_> {
    /// The recorded resource that runs something and that a text names; without a text the only one.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn running(&self, text: Option<&str>) -> Result<Address, Error> {
        let state = self.state()?.unwrap_or_default();
        let runs: Vec<&Address> =
            state.resources.iter().filter(|(_, recorded)| self.runs(recorded)).map(|(address, _)| address).collect();
        let meant: Vec<&&Address> =
            runs.iter().filter(|address| text.is_none_or(|text| address.is_within(text))).collect();
        let listed =
            |some: &[&Address]| some.iter().map(|address| format!("`{address}`")).collect::<Vec<_>>().join(", ");
        match (meant[..].as_ref(), text) {
            ([one], _) => Ok((**one).clone()),
            ([], _) if runs.is_empty() => Err(Error::mismatch(
                "nothing that is recorded runs anything",
                "`groma state list` shows what is recorded",
            )),
            ([], _) => Err(Error::mismatch(
                format!("`{}` runs nothing or is not recorded", text.unwrap_or_default()),
                format!("there are: {}", listed(&runs)),
            )),
            _ => {
                Err(Error::mismatch("more than one resource runs something", format!("name one of: {}", listed(&runs))))
            }
        }
    }

    fn runs(&self, recorded: &Recorded) -> bool {
        !recorded.id.is_empty() && self.provider.resource(&recorded.type_name).is_some_and(AnyResource::runs)
    }

    /// Starts a deployment and follows it; nothing when the run was stopped before its end.
    ///
    /// # Errors
    /// The lock is held, or the address is not recorded. The inner one: why the deployment failed.
    pub async fn deploy(
        &self,
        address: &Address,
        stop: &Stop,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<Result<(), Option<Problem>>, Error> {
        let identity = self.identify().await?;
        let ledger = self.open(self.fresh(&identity), &identity, emit).await?;
        let state = ledger.state();
        let change = change(address, self.recorded(&state, address)?);
        let fingerprinter = self.fingerprinter()?;
        let context = Context {
            provider: self.provider,
            secrets: self.secrets,
            clock: self.clock,
            ledger: &ledger,
            fingerprinter: &fingerprinter,
            tokens: self.tokens,
            identity: &identity,
            differing: &planner::differing,
            options: self.options,
            stop,
        };
        let deployed = executor::deploy(&change, LONGEST, &context, emit).await;
        ledger.save(|_| {})?;
        Ok(deployed)
    }

    /// Lines of its logs from a time on, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// The address is not recorded, or the logs cannot be read.
    pub async fn logs(&self, address: &Address, since: i64) -> Result<Vec<LogLine>, Error> {
        let identity = self.identify().await?;
        let state = self.state()?.unwrap_or_default();
        let recorded = self.recorded(&state, address)?;
        let Some(resource) = self.provider.resource(&recorded.type_name) else { return Ok(Vec::new()) };
        let place = Place {
            region: recorded.region.clone(),
            account: identity.account.clone(),
            partition: identity.partition.clone(),
        };
        let lines = resource.logs(&place, &recorded.id, since).await;
        lines.map_err(|failure| Error::Unread(vec![(address.to_string(), failure)]))
    }

    fn recorded<'s>(&self, state: &'s State, address: &Address) -> Result<&'s Recorded, Error> {
        let found: &BTreeMap<Address, Recorded> = &state.resources;
        found
            .get(address)
            .ok_or_else(|| Error::mismatch(format!("`{address}` is not recorded"), "`groma state list` shows what is"))
    }
}

/// The deployment as a change of which only the place is known.
fn change(address: &Address, recorded: &Recorded) -> Change {
    Change { id: Some(recorded.id.clone()), ..Change::blank(address, Action::Update, &recorded.region) }
}
