//! Who we are, and whether that is whom the environment and the state mean.

use model::State;
use provider::Identity;

use crate::{Engine, Error};

impl Engine<'_> {
    /// Asks who the credentials belong to and refuses any account but the pinned one, before anything else is called.
    pub(crate) async fn identify(&self) -> Result<Identity, Error> {
        let identity = self.provider.identity().await.map_err(|failure| Error::Call {
            doing: "cannot find out who the credentials belong to".to_owned(),
            failure: Box::new(failure),
        })?;
        if let Some(pinned) = &self.loaded.settings().account
            && *pinned != identity.account
        {
            return Err(Error::mismatch(
                format!(
                    "the credentials belong to account {}, but `{}` is for {pinned}",
                    identity.account, self.loaded.name
                ),
                "log in to the right account, or change `account` in `[environment]`",
            ));
        }
        Ok(identity)
    }

    /// Refuses a run whose world, account or region is not the one that the state was made in.
    pub(crate) fn check_state(&self, state: &State, identity: &Identity) -> Result<(), Error> {
        if state.resources.is_empty() {
            return Ok(());
        }
        let region = &self.loaded.settings().region;
        let elsewhere = |what: &str, recorded: &str, now: &str| {
            Error::mismatch(
                format!("the state of `{}` was made in {what} {recorded}, and this run is in {now}", self.loaded.name),
                format!("go back to {recorded}, or destroy the environment there first"),
            )
        };
        if state.world != self.world {
            return Err(elsewhere("world", state.world.as_str(), self.world.as_str()));
        }
        if let Some(account) = state.account.as_ref().filter(|account| **account != identity.account) {
            return Err(elsewhere("account", account, &identity.account));
        }
        if !region.is_empty() && state.region != *region {
            return Err(elsewhere("region", &state.region, region));
        }
        Ok(())
    }

    /// An empty state for a first run.
    pub(crate) fn fresh(&self, identity: &Identity) -> State {
        State {
            format: store::FORMAT,
            world: self.world,
            lineage: (self.tokens)().0,
            account: Some(identity.account.clone()),
            region: self.loaded.settings().region.clone(),
            written_by: self.version.to_owned(),
            ..State::default()
        }
    }
}
