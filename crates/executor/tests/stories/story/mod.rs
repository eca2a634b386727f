//! Runs whole stories on the simulated cloud: plan, apply, crash, recover, apply again.

mod desired;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use executor::{
    Context, Event, NameRequest, OnFailure, Options, Outcome, ReadRequest, Reader, Recovery, Requests, Stop, apply,
    observe, resolve,
};
use futures::future::{Either, select};
use model::{Diagnostic, Fingerprinter, Graph, Observed, Plan, Secret, SecretSource, Sources, State, state::World};
use planner::Request;
use provider::{
    Identity, Provider, Token,
    sim::{self, SimCloud, SimSecrets, Trouble, VirtualClock},
};
use store::{Holder, Ledger, MemoryStore, StateStore};

pub(crate) use desired::graph;
pub(crate) use words::json;

/// One project over one cloud, run after run.
pub(crate) struct Story {
    pub(crate) cloud: SimCloud,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) secrets: SimSecrets,
    pub(crate) events: Mutex<Vec<Event>>,
    pub(crate) stop: Stop,
    pub(crate) options: Options,
    /// Calls that were sent without being announced.
    unannounced: Arc<Mutex<Vec<String>>>,
    identity: Identity,
    tokens: AtomicU64,
}

/// What came of one run.
#[derive(Debug)]
pub(crate) enum Ran {
    Outcome(Box<(Plan, Outcome)>),
    /// The process ended in the middle.
    Killed,
    /// There is no plan.
    Refused(Vec<Diagnostic>),
}

struct NoFiles;

impl lang::Files for NoFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("there is no {path}"))
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

impl Story {
    pub(crate) fn new() -> Self {
        let ten = NonZeroUsize::new(10).unwrap();
        let story = Self {
            cloud: SimCloud::new(),
            store: Arc::default(),
            clock: Arc::new(VirtualClock::at(Duration::from_secs(1_000_000))),
            secrets: SimSecrets::default(),
            events: Mutex::default(),
            stop: Stop::default(),
            options: Options { parallelism: ten, per_service: ten, on_failure: OnFailure::FinishIndependent },
            unannounced: Arc::default(),
            identity: sim::identity(),
            tokens: AtomicU64::new(0),
        };
        story.cloud.world().clock = Some(Arc::clone(&story.clock));
        let (store, unannounced) = (Arc::clone(&story.store), Arc::clone(&story.unannounced));
        story.cloud.watch(move |operation| {
            if !is_announced(&store, operation) {
                unannounced.lock().unwrap().push(operation.to_owned());
            }
        });
        story
    }

    /// One run of the program: lock, recover, read, plan, apply.
    pub(crate) async fn run(&self, desired: &str, destroy: bool) -> Ran {
        match select(pin!(self.whole_run(desired, destroy)), pin!(self.cloud.stopped())).await {
            Either::Left((ran, _)) => ran,
            Either::Right(_) => {
                self.cloud.restart();
                Ran::Killed
            }
        }
    }

    async fn whole_run(&self, desired: &str, destroy: bool) -> Ran {
        let fresh = State { lineage: "lineage".to_owned(), region: "here-1".to_owned(), ..State::default() };
        let ledger = Ledger::open(self.store.lock(&Holder::default()).unwrap(), fresh).unwrap();
        let emit = |event| self.events.lock().unwrap().push(event);
        let recovery =
            Recovery { provider: &self.cloud, clock: &*self.clock, ledger: &ledger, identity: &self.identity };
        let resolved = resolve(recovery, &emit).await.unwrap();
        assert!(resolved.iter().all(|one| one.resolution.is_ok()), "{resolved:?}");
        let graph = graph(desired);
        let observed = self.observe(&graph, &ledger.state()).await;
        let fingerprinter = Fingerprinter::new(b"key");
        let plan = match self.plan(&graph, &ledger.state(), &observed, destroy, &fingerprinter) {
            Ok(plan) => plan,
            Err(diagnostics) => return Ran::Refused(diagnostics),
        };
        planner::verify(&plan).unwrap();
        let tokens = || Token(format!("token-{}", self.tokens.fetch_add(1, Ordering::SeqCst)));
        let context = Context {
            provider: &self.cloud,
            secrets: &self.secrets,
            clock: &*self.clock,
            ledger: &ledger,
            fingerprinter: &fingerprinter,
            tokens: &tokens,
            identity: &self.identity,
            differing: &planner::differing,
            options: self.options,
            stop: &self.stop,
        };
        // A plan survives its file.
        let plan: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        let outcome = apply(&plan, &context, &emit).await;
        Ran::Outcome(Box::new((plan, outcome)))
    }

    async fn observe(&self, graph: &Graph, state: &State) -> Observed {
        let recorded = state.resources.iter().filter(|(_, recorded)| !recorded.id.is_empty());
        let resources = recorded.map(|(address, recorded)| ReadRequest {
            address: address.clone(),
            type_name: recorded.type_name.clone(),
            region: recorded.region.clone(),
            id: recorded.id.clone(),
        });
        let imports = graph.imports.values().filter(|import| !state.resources.contains_key(&import.address));
        let imports = imports.map(|import| ReadRequest {
            address: import.address.clone(),
            type_name: import.address.type_name.clone(),
            region: "here-1".to_owned(),
            id: match &import.id.kind {
                model::WrittenKind::Value(value) => value.as_text().unwrap().to_owned(),
                other => panic!("{other:?}"),
            },
        });
        let resources = resources.chain(imports);
        let names = graph.resources.values().filter(|resource| !state.resources.contains_key(&resource.address));
        let names = names.filter_map(|resource| {
            let schema = self.cloud.schemas().resource(&resource.address.type_name)?;
            let identity = schema
                .natural_name
                .iter()
                .map(|name| ((*name).to_owned(), model::Value::from(resource.address.name.as_str())));
            Some(NameRequest {
                address: resource.address.clone(),
                type_name: resource.address.type_name.clone(),
                region: "here-1".to_owned(),
                identity: identity.collect(),
            })
        });
        let names = names.filter(|request| !request.identity.is_empty()).collect();
        let requests = Requests { resources: resources.collect(), names, data: Vec::new() };
        let reader =
            Reader { provider: &self.cloud, clock: &*self.clock, identity: &self.identity, options: &self.options };
        let (observed, unread) = observe(reader, &requests).await;
        assert_eq!(unread, []);
        observed
    }

    fn plan(
        &self,
        graph: &Graph,
        state: &State,
        observed: &Observed,
        destroy: bool,
        fingerprinter: &Fingerprinter,
    ) -> Result<Plan, Vec<Diagnostic>> {
        let secret = |(source, text): (&SecretSource, &String)| {
            (source.clone(), Secret::new(text.clone(), vec![source.clone()]))
        };
        let request = Request {
            targets: Vec::new(),
            replace: Vec::new(),
            destroy,
            checks: false,
            secrets: self.secrets.0.iter().map(secret).collect(),
            files: &NoFiles,
            sources: &Sources::default(),
            made_by: "test".to_owned(),
            world: World::Local,
            lifts: BTreeSet::new(),
            fingerprinter: Some(fingerprinter),
            sources_digest: String::new(),
        };
        planner::plan(graph, state, observed, self.cloud.schemas(), &request).map_err(|error| error.diagnostics)
    }

    pub(crate) fn state(&self) -> State {
        store::load(&*self.store).unwrap().map(|loaded| loaded.state).unwrap_or_default()
    }

    /// Runs until a run finds nothing to do; the laws hold then.
    pub(crate) async fn converge(&self, desired: &str, destroy: bool) -> Result<(), String> {
        for _ in 0..4 {
            match self.run(desired, destroy).await {
                Ran::Outcome(ran) if ran.0.steps.is_empty() && ran.1.is_complete() => return self.laws(),
                Ran::Outcome(ran) if !ran.1.is_complete() => return Err(format!("{:?}", ran.1)),
                Ran::Outcome(_) | Ran::Killed => {}
                Ran::Refused(diagnostics) => return Err(format!("{diagnostics:?}")),
            }
            self.clock.advance(Duration::from_secs(600));
        }
        Err("four runs were not enough".to_owned())
    }

    /// Nothing live is unrecorded, nothing is there twice, nothing went before its users, every call was announced.
    pub(crate) fn laws(&self) -> Result<(), String> {
        let state = self.state();
        let mut recorded: BTreeMap<&str, usize> = BTreeMap::new();
        for one in state.resources.values() {
            let ids = one.deposed.iter().map(|old| old.id.as_str()).chain([one.id.as_str()]);
            ids.filter(|id| !id.is_empty()).for_each(|id| *recorded.entry(id).or_default() += 1);
        }
        let world = self.cloud.world();
        let live: BTreeMap<&str, usize> = world.objects.keys().map(|id| (id.as_str(), 1)).collect();
        let open = store::load(&*self.store).unwrap().map(|loaded| loaded.open).unwrap_or_default();
        let must_be_empty = [
            ("breaches", format!("{:?}", world.breaches)),
            ("leftovers", format!("{:?}", world.leftovers.iter().collect::<Vec<_>>())),
            ("unannounced", format!("{:?}", self.unannounced.lock().unwrap())),
            ("open", format!("{open:?}")),
        ];
        for (what, found) in must_be_empty {
            if found != "[]" {
                return Err(format!("{what}: {found}"));
            }
        }
        if recorded == live { Ok(()) } else { Err(format!("recorded {recorded:?}\nlive {live:?}")) }
    }

    /// One run in words.
    pub(crate) async fn told(&self, desired: &str) -> Vec<String> {
        self.events.lock().unwrap().clear();
        let ran = self.run(desired, false).await;
        let mut lines: Vec<String> = self.events.lock().unwrap().iter().filter_map(words::line).collect();
        match ran {
            Ran::Killed => lines.push("killed".to_owned()),
            Ran::Refused(diagnostics) => lines.extend(diagnostics.into_iter().map(|one| one.detail)),
            Ran::Outcome(_) => {}
        }
        lines
    }
}

/// Whether the journal on disk holds an intent for this operation without an answer.
fn is_announced(store: &MemoryStore, operation: &str) -> bool {
    let entries = store::codec::decode_entries("journal", store.journal_text().as_bytes()).unwrap();
    let mut open = BTreeMap::new();
    for entry in entries {
        match entry.event {
            store::Event::Intent(intent) => drop(open.insert(entry.n, intent.operation)),
            store::Event::Result(answer) => drop(open.remove(&answer.of)),
            store::Event::Record(_) | store::Event::Changed(_) => {}
        }
    }
    open.values().any(|announced| announced == operation)
}

/// One runtime for tests that are not async themselves.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A story with trouble at some calls of its first run.
pub(crate) fn troubled(troubles: &[(u64, Trouble)]) -> Story {
    let story = Story::new();
    story.cloud.world().troubles.extend(troubles.iter().copied());
    story
}
