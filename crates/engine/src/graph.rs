//! From sources to the graph, reading the data that expansion asks for.

use std::collections::BTreeMap;

use config::{DataRequest, Expansion, Known, Reading};
use executor::{DataRead, Reader, Requests};
use model::{Address, Diagnostic, Value};
use provider::{Failure, Identity};

use crate::{Desired, Engine, Error};

impl Engine<'_> {
    /// Expands the environment; data is read in rounds until there is no more to read.
    pub(crate) async fn desired(&self, identity: &Identity) -> Result<Desired, Error> {
        let mut data = BTreeMap::new();
        loop {
            let known = Known { account: Some(&identity.account), data: &data, reading: Reading::Asked };
            let expanded = config::expand(self.loaded, &known, self.files, self.provider.schemas());
            let expanded = expanded.map_err(Error::Diagnostics)?;
            match expanded.expansion {
                Expansion::Graph(graph) => return Ok(Desired { graph: *graph, warnings: expanded.warnings }),
                Expansion::NeedsData(requests) => data.extend(self.read_data(identity, &requests).await?),
            }
        }
    }

    async fn read_data(&self, identity: &Identity, wanted: &[DataRequest]) -> Result<BTreeMap<Address, Value>, Error> {
        let read = |request: &DataRequest| DataRead {
            address: request.address.clone(),
            region: request.region.clone(),
            arguments: request.arguments.clone(),
        };
        let requests = Requests { data: wanted.iter().map(read).collect(), ..Requests::default() };
        let (observed, unread) = executor::observe(self.reader(identity), &requests).await;
        let mistakes: Vec<Diagnostic> = unread
            .iter()
            .flat_map(|unread| unread.addresses.iter().map(|address| (address, &unread.failure)))
            .map(|(address, failure)| data_mistake(wanted, address, failure))
            .collect();
        if mistakes.is_empty() { Ok(observed.data) } else { Err(Error::Diagnostics(mistakes)) }
    }

    pub(crate) fn reader<'e>(&'e self, identity: &'e Identity) -> Reader<'e> {
        Reader { provider: self.provider, clock: self.clock, identity, options: &self.options }
    }
}

fn data_mistake(wanted: &[DataRequest], address: &Address, failure: &Failure) -> Diagnostic {
    let span = wanted.iter().find(|request| request.address == *address).map(|request| request.span);
    let mut diagnostic = Diagnostic::error("data cannot be read", format!("`{address}`: {failure}"), span);
    diagnostic.hints.extend(failure.causes.iter().cloned());
    diagnostic
}
