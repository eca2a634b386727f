//! Finds out what became of calls whose answers were lost. Runs under the lock, before anything is planned.

use std::{collections::BTreeMap, time::Duration};

use model::{Address, Condition, Health, Live};
use provider::{AnyResource, Call, Clock, Failure, FailureKind, Identity, Place, Provider, Token};
use store::{Answer, Intent, Ledger, StoreError, Verb};

use crate::{
    Event, Options, Resolution,
    context::place,
    make::sought,
    observe::{ReadRequest, Reader, Requests, Unread, observe},
    reads::{is_passing, pause},
    remove::without,
    run::milliseconds,
};

/// Tries of one question.
const TRIES: u32 = 6;
/// Calls after one delete.
const ROUNDS: usize = 200;

/// What recovery works with.
#[derive(Clone, Copy)]
pub struct Recovery<'a> {
    pub provider: &'a dyn Provider,
    pub clock: &'a dyn Clock,
    pub ledger: &'a Ledger<'a>,
    pub identity: &'a Identity,
}

/// One call of an earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    pub address: Address,
    pub operation: String,
    /// A failure leaves it open: the run must not plan before it is known.
    pub resolution: Result<Resolution, Failure>,
}

/// Resolves every open intent, oldest first, and writes the state.
///
/// # Errors
/// The journal or state cannot be written.
pub async fn resolve(recovery: Recovery<'_>, emit: &(dyn Fn(Event) + Sync)) -> Result<Vec<Resolved>, StoreError> {
    let mut resolved = Vec::new();
    let begun = recovery.clock.now();
    for intent in recovery.ledger.open_intents() {
        // An earlier resolution may have closed this one too.
        if !recovery.ledger.open_intents().iter().any(|open| open.n == intent.n) {
            continue;
        }
        let (address, operation) = (intent.address.clone(), intent.operation.clone());
        emit(Event::Resolving { address: address.clone(), operation: operation.clone() });
        let resolution = one(recovery, &intent, begun, emit).await;
        let resolution = match resolution {
            Err(Stop::Store(error)) => return Err(error),
            Err(Stop::Call(failure)) => Err(failure),
            Ok(resolution) => {
                let (address, operation) = (address.clone(), operation.clone());
                emit(Event::Resolved { address, operation, resolution: resolution.clone() });
                Ok(resolution)
            }
        };
        resolved.push(Resolved { address, operation, resolution });
    }
    recovery.ledger.save(|_| {})?;
    resolved.extend(await_visible(recovery, emit).await);
    Ok(resolved)
}

/// What was made moments ago may not be visible yet, and would be planned as gone and made again. Reads until each
/// unfinished resource shows, or its type's window has passed: then it is gone. Gives those that could not be looked at.
async fn await_visible(recovery: Recovery<'_>, emit: &(dyn Fn(Event) + Sync)) -> Vec<Resolved> {
    let Recovery { provider, clock, identity, .. } = recovery;
    let window = |type_name: &str| provider.resource(type_name).map_or(0, AnyResource::consistency_window);
    let state = recovery.ledger.state();
    let unfinished =
        state.resources.iter().filter(|(_, one)| one.condition == Condition::Incomplete && !one.id.is_empty());
    let mut hidden: Vec<ReadRequest> = unfinished
        .map(|(address, recorded)| ReadRequest {
            address: address.clone(),
            type_name: recorded.type_name.clone(),
            region: recorded.region.clone(),
            id: recorded.id.clone(),
        })
        .collect();
    let (since, options) = (clock.now(), Options::standard());
    for tried in 0.. {
        let requests = Requests { resources: std::mem::take(&mut hidden), ..Requests::default() };
        let (observed, unread) = observe(Reader { provider, clock, identity, options: &options }, &requests).await;
        if !unread.is_empty() {
            return unread.into_iter().flat_map(unseen).collect();
        }
        let waited = clock.now().saturating_sub(since);
        hidden = requests.resources;
        hidden.retain(|one| {
            let is_missing = observed.resources.get(&one.address).is_some_and(Option::is_none);
            is_missing && waited < Duration::from_secs(window(&one.type_name))
        });
        if hidden.is_empty() {
            return Vec::new();
        }
        for one in &hidden {
            let (word, elapsed) = ("not visible yet".to_owned(), milliseconds(waited));
            emit(Event::Waiting { address: one.address.clone(), word, elapsed });
        }
        clock.sleep(pause(tried)).await;
    }
    unreachable!("the loop ends by returning")
}

/// The resources of a look that failed.
fn unseen(unread: Unread) -> impl Iterator<Item = Resolved> {
    let Unread { addresses, failure } = unread;
    addresses.into_iter().map(move |address| Resolved {
        address,
        operation: failure.operation.clone(),
        resolution: Err(failure.clone()),
    })
}

enum Stop {
    Call(Failure),
    Store(StoreError),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Call(failure)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn one(
    recovery: Recovery<'_>,
    intent: &Intent,
    begun: Duration,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<Resolution, Stop> {
    let unknown = || Failure::new(FailureKind::Bug, &intent.type_name, "this groma does not know the type");
    let resource = recovery.provider.resource(&intent.type_name).ok_or_else(unknown)?;
    let place = place(recovery.identity, &intent.region);
    match intent.verb {
        Verb::Create => created(recovery, resource, &place, intent, sent_before(recovery, intent, begun)).await,
        Verb::Update => {
            recovery.ledger.answer(Answer::unknown(intent.n))?;
            Ok(Resolution::Doubtful)
        }
        Verb::Dismantle | Verb::Delete | Verb::Sweep => deleted(recovery, resource, &place, intent, emit).await,
    }
}

/// When a call was sent at the latest, by the clock of this run. A state that several machines share holds the times of their
/// clocks, which may be far apart; what is sure is that the call was sent before this run began.
fn sent_before(recovery: Recovery<'_>, intent: &Intent, begun: Duration) -> Duration {
    let is_shared = recovery.ledger.is_shared();
    if is_shared { begun } else { Duration::from_secs(intent.at).min(begun) }
}

/// Asks until it is found or the call is older than the window within which it must show.
async fn created(
    recovery: Recovery<'_>,
    resource: &dyn AnyResource,
    place: &Place,
    intent: &Intent,
    sent: Duration,
) -> Result<Resolution, Stop> {
    let token = Token(intent.token.clone().unwrap_or_default());
    let sought = sought(intent, &token, &recovery.ledger.state().lineage);
    let end = sent + Duration::from_secs(resource.consistency_window());
    for tried in 0.. {
        let found = patient(recovery, || resource.find(place, &sought)).await?;
        if let Some(id) = found {
            recovery.ledger.answer(Answer::done(intent.n, Some(id.clone()), None))?;
            return Ok(Resolution::Made { id });
        }
        if recovery.clock.now() >= end {
            recovery.ledger.answer(Answer::no_effect(intent.n, None))?;
            return Ok(Resolution::NotMade);
        }
        recovery.clock.sleep(pause(tried)).await;
    }
    unreachable!("the loop ends by returning")
}

/// What is gone is swept and leaves the state; what is still there is planned anew.
async fn deleted(
    recovery: Recovery<'_>,
    resource: &dyn AnyResource,
    place: &Place,
    intent: &Intent,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<Resolution, Stop> {
    let ids = [intent.id.clone().unwrap_or_default()];
    let live = at_rest(recovery, resource, place, intent, emit).await?;
    if live.is_some() {
        recovery.ledger.answer(Answer::no_effect(intent.n, None))?;
        return Ok(Resolution::StillThere);
    }
    if intent.verb == Verb::Sweep {
        // The delete before it is open as long: that one sweeps, and forgets when all is swept.
        recovery.ledger.answer(Answer::no_effect(intent.n, None))?;
        return Ok(Resolution::Gone);
    }
    if let Some(lived) = &intent.lived {
        sweep(recovery, resource, place, intent, lived).await?;
    }
    recovery.ledger.record(&intent.address, |old| without(old?, &ids[0], &intent.region))?;
    recovery.ledger.answer(Answer::no_effect(intent.n, None))?;
    Ok(Resolution::Gone)
}

/// What lives once nothing runs there any more. A delete under way must end here: planned as it stands it would be
/// gone before anybody knows what it leaves behind.
async fn at_rest(
    recovery: Recovery<'_>,
    resource: &dyn AnyResource,
    place: &Place,
    intent: &Intent,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<Option<Live>, Stop> {
    let ids = [intent.id.clone().unwrap_or_default()];
    let (since, longest) = (recovery.clock.now(), Duration::from_secs(resource.schema().timeouts.delete));
    for tried in 0.. {
        let live = patient(recovery, || resource.read(place, &ids)).await?.into_iter().next().flatten();
        let waited = recovery.clock.now().saturating_sub(since);
        let word = match live.as_ref().map(|live| &live.health) {
            Some(Health::Busy(word)) if waited < longest => word.clone(),
            _ => return Ok(live),
        };
        emit(Event::Waiting { address: intent.address.clone(), word, elapsed: milliseconds(waited) });
        recovery.clock.sleep(pause(tried)).await;
    }
    unreachable!("the loop ends by returning")
}

async fn sweep(
    recovery: Recovery<'_>,
    resource: &dyn AnyResource,
    place: &Place,
    delete: &Intent,
    lived: &Live,
) -> Result<(), Stop> {
    let mut done = 0;
    while let Some(call) = resource.sweep(place, lived, done).filter(|_| done < ROUNDS) {
        let Call { operation, send, .. } = call;
        let intent = Intent {
            at: recovery.clock.now().as_secs(),
            verb: Verb::Sweep,
            operation: operation.to_owned(),
            lived: None,
            ..delete.clone()
        };
        let n = recovery.ledger.intend(intent)?;
        match send.await {
            Err(failure) if !failure.is_not_found() => {
                let answer = Answer::no_effect(n, failure.code.clone());
                recovery.ledger.answer(answer)?;
                return Err(failure.into());
            }
            _ => recovery.ledger.answer(Answer::done(n, None, None))?,
        }
        done += 1;
    }
    Ok(())
}

/// One question, asked again when it fails in passing.
async fn patient<T, F: Future<Output = Result<T, Failure>>>(
    recovery: Recovery<'_>,
    ask: impl Fn() -> F,
) -> Result<T, Failure> {
    for tried in 0.. {
        match ask().await {
            Err(failure) if is_passing(&failure) && tried + 1 < TRIES => recovery.clock.sleep(pause(tried)).await,
            answer => return answer,
        }
    }
    unreachable!("the loop ends by returning")
}

/// What is still open, by address, for a reader that resolves nothing.
pub fn unfinished(open: &[Intent]) -> BTreeMap<&Address, Vec<&str>> {
    let mut calls: BTreeMap<&Address, Vec<&str>> = BTreeMap::new();
    for intent in open {
        calls.entry(&intent.address).or_default().push(&intent.operation);
    }
    calls
}
