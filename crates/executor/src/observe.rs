//! Reads what exists: many at once, grouped by type and region.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{FuturesUnordered, StreamExt};
use model::{Address, Live, Observed, Value};
use provider::{AnyResource, Clock, Failure, FailureKind, Identity, Provider};

use crate::{
    Options,
    context::place,
    limits::{Slots, service},
    reads::{is_passing, pause},
};

/// One resource to be read by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRequest {
    pub address: Address,
    pub type_name: String,
    pub region: String,
    pub id: String,
}

/// One natural name to be looked up before something is created under it.
#[derive(Debug, Clone, PartialEq)]
pub struct NameRequest {
    pub address: Address,
    pub type_name: String,
    pub region: String,
    /// The attributes of the natural name; all known.
    pub identity: BTreeMap<String, Value>,
}

/// One data instance to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRead {
    pub address: Address,
    pub region: String,
    /// All known.
    pub arguments: BTreeMap<String, Value>,
}

/// Everything that one round of reads is to find out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Requests {
    /// What stands in state or is to be imported.
    pub resources: Vec<ReadRequest>,
    pub names: Vec<NameRequest>,
    pub data: Vec<DataRead>,
}

/// A read that failed, with all it was about.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    pub addresses: BTreeSet<Address>,
    pub failure: Failure,
}

/// What reads are made with.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub provider: &'a dyn Provider,
    pub clock: &'a dyn Clock,
    pub identity: &'a Identity,
    pub options: &'a Options,
}

/// Tries of a read that fails in passing.
const TRIES: u32 = 5;

enum Found {
    Resources(Vec<(Address, Option<Live>)>),
    Namesake(Address, Option<Live>),
    Data(Address, BTreeMap<String, Value>),
}

/// Reads everything that is asked for. What could not be read is in neither map of the answer and named in the list.
pub async fn observe(reader: Reader<'_>, requests: &Requests) -> (Observed, Vec<Unread>) {
    let slots = Slots::new(reader.options);
    let (reader, slots) = (&reader, &slots);
    let mut reads = FuturesUnordered::new();
    for (group, ids) in groups(&requests.resources) {
        reads.push(Box::pin(async move { resources(reader, slots, group, ids).await }) as Read<'_>);
    }
    for request in &requests.names {
        reads.push(Box::pin(namesake(reader, slots, request)));
    }
    for request in &requests.data {
        reads.push(Box::pin(data(reader, slots, request)));
    }
    let mut observed = Observed::default();
    let mut unread = Vec::new();
    while let Some(read) = reads.next().await {
        match read {
            Ok(Found::Resources(found)) => observed.resources.extend(found),
            Ok(Found::Namesake(address, Some(live))) => drop(observed.namesakes.insert(address, live)),
            Ok(Found::Namesake(_, None)) => {}
            Ok(Found::Data(address, attributes)) => drop(observed.data.insert(address, Value::Map(attributes))),
            Err(failed) => unread.push(failed),
        }
    }
    unread.sort_by(|a, b| a.addresses.cmp(&b.addresses));
    (observed, unread)
}

type Read<'a> = futures::future::BoxFuture<'a, Result<Found, Unread>>;
type Group<'a> = (&'a str, &'a str);

/// Requests by type and region.
fn groups(requests: &[ReadRequest]) -> BTreeMap<Group<'_>, Vec<&ReadRequest>> {
    let mut groups: BTreeMap<Group<'_>, Vec<&ReadRequest>> = BTreeMap::new();
    for request in requests {
        groups.entry((&request.type_name, &request.region)).or_default().push(request);
    }
    groups
}

async fn resources(
    reader: &Reader<'_>,
    slots: &Slots,
    (type_name, region): Group<'_>,
    requests: Vec<&ReadRequest>,
) -> Result<Found, Unread> {
    let failed = |failure| Unread { addresses: requests.iter().map(|one| one.address.clone()).collect(), failure };
    let resource = known(reader, type_name).map_err(failed)?;
    let place = place(reader.identity, region);
    let ids: BTreeSet<&String> = requests.iter().map(|request| &request.id).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let found = patient(reader, slots, service_of(resource), || resource.read(&place, &ids)).await.map_err(failed)?;
    if found.len() != ids.len() {
        let words = format!("{} ids were asked for and {} answers came", ids.len(), found.len());
        return Err(failed(Failure::new(FailureKind::Bug, type_name, words)));
    }
    let by_id: BTreeMap<&String, Option<Live>> = ids.iter().zip(found).collect();
    let answer = |request: &&ReadRequest| (request.address.clone(), by_id.get(&request.id).cloned().flatten());
    Ok(Found::Resources(requests.iter().map(answer).collect()))
}

async fn namesake(reader: &Reader<'_>, slots: &Slots, request: &NameRequest) -> Result<Found, Unread> {
    let failed = |failure| Unread { addresses: BTreeSet::from([request.address.clone()]), failure };
    let resource = known(reader, &request.type_name).map_err(failed)?;
    let place = place(reader.identity, &request.region);
    let service = service_of(resource);
    let id = patient(reader, slots, service, || resource.namesake(&place, &request.identity)).await.map_err(failed)?;
    let Some(id) = id else { return Ok(Found::Namesake(request.address.clone(), None)) };
    let ids = [id];
    let found = patient(reader, slots, service, || resource.read(&place, &ids)).await.map_err(failed)?;
    Ok(Found::Namesake(request.address.clone(), found.into_iter().next().flatten()))
}

async fn data(reader: &Reader<'_>, slots: &Slots, request: &DataRead) -> Result<Found, Unread> {
    let attributes = one_data(reader, slots, request).await;
    let failed = |failure| Unread { addresses: BTreeSet::from([request.address.clone()]), failure };
    Ok(Found::Data(request.address.clone(), attributes.map_err(failed)?))
}

async fn one_data(reader: &Reader<'_>, slots: &Slots, request: &DataRead) -> Result<BTreeMap<String, Value>, Failure> {
    let type_name = &request.address.type_name;
    let unknown = || Failure::new(FailureKind::Bug, type_name, "the provider does not know this data type");
    let source = reader.provider.data(type_name).ok_or_else(unknown)?;
    if let Some(local) = source.schema().local {
        return local(&request.arguments).map_err(|finding| {
            Failure::new(FailureKind::Refused, type_name, format!("{}: {}", finding.path, finding.detail))
        });
    }
    let place = place(reader.identity, &request.region);
    let service = type_name.split('_').next().unwrap_or_default();
    patient(reader, slots, service, || source.read(&place, &request.arguments)).await
}

pub(crate) fn known<'a>(reader: &Reader<'a>, type_name: &str) -> Result<&'a dyn AnyResource, Failure> {
    let unknown = || Failure::new(FailureKind::Bug, type_name, "the provider has no verbs for this type");
    reader.provider.resource(type_name).ok_or_else(unknown)
}

pub(crate) fn service_of(resource: &dyn AnyResource) -> &'static str {
    service(resource.create_operation().0)
}

/// One read, tried again when it fails in passing.
pub(crate) async fn patient<'a, T, F: Future<Output = Result<T, Failure>> + 'a>(
    reader: &Reader<'_>,
    slots: &Slots,
    service: &str,
    read: impl Fn() -> F,
) -> Result<T, Failure> {
    for tried in 0.. {
        let slot = slots.take(service, 0).await;
        let answer = read().await;
        drop(slot);
        match answer {
            Err(failure) if is_passing(&failure) && tried + 1 < TRIES => {
                if failure.kind == FailureKind::Throttled {
                    slots.throttled(service);
                }
                reader.clock.sleep(pause(tried)).await;
            }
            answer => return answer,
        }
    }
    unreachable!("the loop ends by returning")
}
