//! What a call sends, for unit tests: a client that writes requests down and has every one of them refused.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use model::{Live, Value};
use percent_encoding::percent_decode_str;
use provider::{Call, Place, Want};
use serde::de::DeserializeOwned;

use crate::{Client, Options, Transport, door::SharedDoor};

type Seen = Arc<Mutex<Vec<String>>>;

/// A client in one place, and what it was asked to send.
pub(crate) struct Recorder {
    pub(crate) client: Client,
    pub(crate) place: Place,
    seen: Seen,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        let place = Place { partition: "aws".into(), account: "123456789012".into(), region: "us-east-2".into() };
        let seen = Seen::default();
        let written = Arc::clone(&seen);
        let door = SharedDoor(Arc::new(move |request: http::Request<Bytes>| {
            let body = String::from_utf8_lossy(request.body()).into_owned();
            written.lock().expect("nobody panics while writing").push(body);
            let refusal = http::Response::builder().status(400).body(Bytes::new());
            Some(refusal.expect("a response without a body can be made"))
        }));
        let transport = Transport::Door { door, account: place.account.clone() };
        let client = run(Client::connect(Options { region: place.region.clone(), transport }));
        Self { client, place, seen }
    }

    /// The operation of a call, and the members that it sends: of a form `Name=value`, a sorted line each, without its
    /// version; of JSON as it is.
    pub(crate) fn sent(&self, call: Option<Call<'_>>) -> Vec<String> {
        let Some(call) = call else { return Vec::new() };
        let mut lines = vec![call.operation.to_owned()];
        let refused = run(call.send);
        assert!(refused.is_err(), "nothing is answered here");
        let seen = std::mem::take(&mut *self.seen.lock().expect("nobody panics while writing"));
        assert_eq!(seen.len(), 1, "one call is one request");
        if seen[0].starts_with('{') {
            lines.extend(seen);
            return lines;
        }
        let members = seen[0].split('&').map(|pair| pair.replace('+', " "));
        let members = members.map(|pair| percent_decode_str(&pair).decode_utf8_lossy().into_owned());
        lines.extend(members.filter(|pair| !pair.starts_with("Action=") && !pair.starts_with("Version=")));
        lines[1..].sort();
        lines
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// What is wanted of a resource with these arguments, of which some differ from what lives.
pub(crate) fn want<A: DeserializeOwned>(arguments: &[(&str, Value)], differing: &[&str]) -> Want<A> {
    let values: BTreeMap<String, Value> =
        arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let json = Value::Map(values.clone()).exposed_json().expect("all is known");
    Want {
        arguments: serde_json::from_value(json).expect("these are arguments of the type"),
        tags: BTreeMap::new(),
        cleared: BTreeSet::new(),
        dropped: BTreeMap::new(),
        differing: differing.iter().copied().map(str::to_owned).collect(),
        values,
        making: false,
        address: "ecr_repository.it".parse().expect("an address"),
    }
}

/// What lives, with some attributes.
pub(crate) fn live(id: &str, attributes: &[(&str, Value)]) -> Live {
    attributes.iter().fold(Live::new(id), |live, (name, value)| live.with(name, value.clone()))
}
