//! A story from its beginning to its end, with the laws looked at on the way.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use config::{Loaded, Overrides};
use engine::{Engine, Error, Scope, Wish};
use executor::{Event, OnFailure, Options, Outcome};
use model::{Diagnostic, Plan, Scrubber, SecretSource, Value, observed::ownership, state::World};
use provider::{
    Provider, Token,
    sim::{Object, SimCloud, SimSecrets},
};
use store::{Blame, Holder};

use super::{
    dice::Dice,
    environment::Environment,
    laws::{self, Breach},
    process::{Process, Watch, Wire},
    stage::{Stage, digest},
    stores::Home,
    story::{Chapter, Outside, Run, RunKind, Story, Together, Troubles},
};

/// What came of a story.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) breach: Option<Breach>,
    pub(crate) trace: Vec<String>,
    pub(crate) counts: BTreeMap<&'static str, u64>,
}

/// How one process ended.
#[derive(Debug)]
enum Ran {
    Done(Box<Outcome>),
    Planned,
    Failed(Error),
    Killed,
}

struct Theatre {
    stage: Arc<Stage>,
    home: Arc<Home>,
    cloud: SimCloud,
    tokens: AtomicU64,
    runs: AtomicU64,
    /// Names of blocks whose objects may live on unrecorded.
    free: BTreeSet<String>,
}

/// Plays a story.
pub(crate) fn play(story: &Story) -> Played {
    let stage = Arc::new(Stage::new(Dice::new(story.seed ^ 0xD1CE)));
    let cloud = SimCloud::new();
    {
        let mut world = cloud.world();
        world.lag = story.lag;
        world.clock = Some(Arc::clone(&stage.clock));
    }
    let mut theatre = Theatre {
        home: Arc::new(Home::new(story.home)),
        stage: Arc::clone(&stage),
        cloud,
        tokens: AtomicU64::new(0),
        runs: AtomicU64::new(0),
        free: BTreeSet::new(),
    };
    let breach = theatre.chapters(story).err();
    let mut notes = stage.notes();
    let breach = notes.breaches.first().cloned().or(breach);
    Played { breach, trace: std::mem::take(&mut notes.trace), counts: std::mem::take(&mut notes.counts) }
}

impl Theatre {
    fn chapters(&mut self, story: &Story) -> Result<(), Breach> {
        let mut before: Option<Chapter> = None;
        for (number, chapter) in story.chapters.iter().enumerate() {
            self.stage.note('=', &format!("chapter {}", number + 1));
            self.behind(&chapter.outside);
            let retained = chapter.environment.blocks.iter().filter(|block| block.retain);
            self.free.extend(retained.map(|block| block.name.clone()));
            if !self.is_accepted(chapter)? {
                // It is undone; what was done behind our back is not.
                let Some(before) = &before else { continue };
                self.rest(before)?;
                continue;
            }
            for together in &chapter.runs {
                self.together(chapter, together)?;
            }
            self.stage.clock.advance(chapter.pause);
            self.rest(chapter)?;
            before = Some(chapter.clone());
        }
        Ok(())
    }

    /// Whether there is a plan at all. The same is planned twice, and comes out the same.
    fn is_accepted(&self, chapter: &Chapter) -> Result<bool, Breach> {
        let wish = wish(chapter, &RunKind::Plan);
        let plan = || {
            let process = self.process(Duration::ZERO, Troubles::default(), 0);
            self.alone(&process, chapter, 10, async |engine| engine.plan(&wish).await)
        };
        let (one, other) = (plan(), plan());
        match (one, other) {
            (Some(Ok(mut one)), Some(Ok(mut other))) => {
                // Each plan of a first run brings a lineage of its own.
                (one.plan.lineage, other.plan.lineage) = (String::new(), String::new());
                let (one, other) = (json(&one.plan), json(&other.plan));
                if one != other {
                    return Err(("equal inputs, equal plans", format!("{one}\n{other}")));
                }
                Ok(true)
            }
            (Some(Err(Error::Diagnostics(mistakes))), Some(Err(Error::Diagnostics(_)))) => {
                self.stage.count("refused edits");
                for mistake in &mistakes {
                    self.stage.note('=', &format!("refused: {}: {}", mistake.summary, mistake.detail));
                }
                let expected = |mistake: &&Diagnostic| {
                    REFUSALS.contains(&mistake.summary.as_str()) || mistake.summary == "name already taken"
                };
                if let Some(unexpected) = mistakes.iter().find(|mistake| !expected(mistake)) {
                    return Err((
                        "the generator writes what can be planned",
                        format!("{}: {}", unexpected.summary, unexpected.detail),
                    ));
                }
                Ok(false)
            }
            (one, other) => Err(("a plan is made or refused", format!("{one:?}\n{other:?}"))),
        }
    }

    /// One run that nobody disturbs, and then there is nothing left to do.
    fn rest(&self, chapter: &Chapter) -> Result<(), Breach> {
        self.home.deliver();
        // Whoever had the lease has it no more.
        self.stage.clock.advance(Duration::from_secs(100));
        let run = Run {
            kind: RunKind::Apply,
            later: Duration::ZERO,
            ahead: Duration::ZERO,
            parallelism: 10,
            troubles: Troubles::default(),
        };
        let process = self.process(Duration::ZERO, Troubles::default(), 0);
        self.stage.note('=', "one undisturbed run");
        let theirs = tagged(&self.cloud.world());
        let ran = self.one(&process, chapter, &run);
        match &ran {
            Ran::Done(outcome) if outcome.is_complete() => {}
            other => return Err(("one more run is enough", told(other))),
        }
        self.stage.count("laws checked");
        let kept = tagged(&self.cloud.world());
        let lost = theirs.iter().find(|(id, token)| !kept.contains_key(*id) && self.lives(id, token));
        if let Some((id, _)) = lost {
            return Err(("only what was written is owned", format!("{id} has lost a tag of somebody else")));
        }
        laws::after_rest(&self.cloud.world(), &*self.home.quiet(), &chapter.environment, chapter.destroys, &self.free)?;
        laws::secrets_nowhere(&self.stage, &secrets(chapter.secrets))?;
        let process = self.process(Duration::ZERO, Troubles::default(), 0);
        let wish = wish(chapter, &RunKind::Plan);
        match self.alone(&process, chapter, 10, async |engine| engine.plan(&wish).await) {
            Some(Ok(planned)) if planned.plan.steps.is_empty() => Ok(()),
            Some(Ok(planned)) => Err(("the next plan is empty", shown(&planned.plan))),
            other => Err(("the next plan is empty", format!("{other:?}"))),
        }
    }

    fn lives(&self, id: &str, token: &str) -> bool {
        self.cloud.world().objects.get(id).is_some_and(|object| object.token == token)
    }

    /// One or two processes.
    fn together(&self, chapter: &Chapter, together: &Together) -> Result<(), Breach> {
        let begin = self.stage.now();
        let processes: Vec<Arc<Process>> = (together.iter().enumerate())
            .map(|(who, run)| {
                self.stage.note(
                    '=',
                    &format!("{} {:?} at {:?}, {:?} ahead", ['a', 'b'][who % 2], run.kind, run.later, run.ahead),
                );
                self.process(run.ahead, run.troubles.clone(), who)
            })
            .collect();
        let ran: Vec<Ran> = if let ([process], [run]) = (&processes[..], &together[..]) {
            vec![self.one(process, chapter, run)]
        } else {
            together.iter().enumerate().for_each(|(who, run)| self.stage.enter(who, begin + run.later));
            thread::scope(|scope| {
                let threads: Vec<_> = (processes.iter().zip(together))
                    .map(|(process, run)| scope.spawn(|| self.in_turns(process, chapter, run)))
                    .collect();
                self.stage.start();
                threads
                    .into_iter()
                    .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            })
        };
        for (run, ran) in together.iter().zip(&ran) {
            self.stage.note('=', &told(ran));
            acceptable(run, ran)?;
        }
        let cut = together.iter().any(|run| run.troubles.power_cut) && ran.iter().any(|ran| matches!(ran, Ran::Killed));
        if cut {
            self.home.cut(&self.stage);
        }
        if self.stage.roll(2) == 0 {
            self.home.deliver();
        }
        self.stage.count("laws checked");
        laws::after_run(&self.cloud.world(), &*self.home.quiet(), &self.free)?;
        laws::secrets_nowhere(&self.stage, &secrets(chapter.secrets))
    }

    fn in_turns(&self, process: &Arc<Process>, chapter: &Chapter, run: &Run) -> Ran {
        let stage = Arc::clone(&self.stage);
        let _leave = Leave(&stage);
        stage.begin(process.who);
        self.enacted(process, chapter, run)
    }

    fn one(&self, process: &Arc<Process>, chapter: &Chapter, run: &Run) -> Ran {
        self.stage.enter(process.who, self.stage.now());
        self.stage.start();
        self.in_turns(process, chapter, run)
    }

    fn enacted(&self, process: &Arc<Process>, chapter: &Chapter, run: &Run) -> Ran {
        self.stage.count("runs");
        let wish = wish(chapter, &run.kind);
        let emit = |event: Event| {
            if let Ok(text) = serde_json::to_string(&event) {
                process.stage.notes().written.push(text);
            }
        };
        let work = async |engine: &Engine<'_>| match run.kind {
            RunKind::Plan => engine.plan(&wish).await.map(|planned| {
                process.stage.notes().written.push(json(&planned.plan));
                Ran::Planned
            }),
            RunKind::Saved => {
                let planned = engine.plan(&wish).await?;
                let text = json(&planned.plan);
                process.stage.notes().written.push(text.clone());
                engine.savable(&planned.plan).await?;
                let plan: Plan = serde_json::from_str(&text).expect("a plan survives its file");
                // Somebody reviews it, and others work meanwhile.
                engine.clock.sleep(Duration::from_secs(30)).await;
                let prepared = engine.prepare_saved(plan, &emit).await?;
                self.carried_out(process, engine, &prepared, &emit).await
            }
            _ => {
                let prepared = engine.prepare(&wish, &emit).await?;
                self.carried_out(process, engine, &prepared, &emit).await
            }
        };
        match self.driven(process, chapter, run.parallelism, work) {
            None => Ran::Killed,
            Some(Ok(ran)) => ran,
            Some(Err(error)) => {
                let hints = error.hints().join("\n");
                process.stage.notes().written.push(format!("{error}\n{error:?}\n{hints}"));
                Ran::Failed(error)
            }
        }
    }

    async fn carried_out(
        &self,
        process: &Process,
        engine: &Engine<'_>,
        prepared: &engine::Prepared<'_>,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<Ran, Error> {
        process.note(&format!("plan {} {}", digest(json(&prepared.plan).as_bytes()), shown(&prepared.plan)));
        let outcome = engine.run(prepared, &process.stop, emit).await;
        process.stage.notes().written.push(format!("{outcome:?}"));
        Ok(Ran::Done(Box::new(outcome)))
    }

    /// A process that has the stage for itself.
    fn alone<T>(
        &self,
        process: &Arc<Process>,
        chapter: &Chapter,
        parallelism: usize,
        work: impl AsyncFnOnce(&Engine<'_>) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        self.stage.enter(process.who, self.stage.now());
        self.stage.start();
        let stage = Arc::clone(&self.stage);
        let _leave = Leave(&stage);
        self.driven(process, chapter, parallelism, work)
    }

    /// All that a process is made of, and its work.
    fn driven<T>(
        &self,
        process: &Arc<Process>,
        chapter: &Chapter,
        parallelism: usize,
        work: impl AsyncFnOnce(&Engine<'_>) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) as usize;
        let cloud = self.cloud.over(Wire(Arc::clone(process)));
        let store = self.home.store(process, run);
        let [env, variable] = secrets(chapter.secrets);
        let secrets = SimSecrets(BTreeMap::from([(SecretSource::Env("PW".to_owned()), env)]));
        let files = Folder(chapter.environment.files());
        let loaded = loaded(&files, &cloud, variable);
        let scrubber = Scrubber::default();
        let clock = Watch(Arc::clone(process));
        let tokens = || Token(format!("token-{}", self.tokens.fetch_add(1, Ordering::SeqCst)));
        let holder = Holder { owner: process.letter.to_string(), command: "apply".to_owned(), ..Holder::default() };
        let many = NonZeroUsize::new(parallelism).unwrap_or(NonZeroUsize::MIN);
        let engine = Engine {
            loaded: &loaded,
            files: &files,
            provider: &cloud,
            store: &*store,
            secrets: &secrets,
            scrubber: &scrubber,
            clock: &clock,
            tokens: &tokens,
            holder: &holder,
            world: World::Local,
            options: Options { parallelism: many, per_service: many, on_failure: OnFailure::FinishIndependent },
            version: "simulation",
        };
        process.drive(work(&engine))
    }

    fn process(&self, ahead: Duration, troubles: Troubles, who: usize) -> Arc<Process> {
        Process::new(&self.stage, &self.home, who, ahead, troubles)
    }

    /// What others do.
    fn behind(&self, outside: &[Outside]) {
        let mut world = self.cloud.world();
        for one in outside {
            self.stage.note('=', &format!("behind our back: {one:?}"));
            let of = |name: &str| -> Vec<String> {
                let is = |object: &Object| {
                    let address = object.tags.get(ownership::ADDRESS).map(String::as_str).unwrap_or_default();
                    address.split(['.', '/']).any(|part| part == name)
                };
                world.objects.iter().filter(|(_, object)| is(object)).map(|(id, _)| id.clone()).collect()
            };
            match one {
                Outside::Delete(name) => of(name).iter().for_each(|id| drop(world.objects.remove(id))),
                Outside::Grow(name, size) => {
                    for id in of(name) {
                        let object = world.objects.get_mut(&id).expect("it was just seen");
                        object.attributes.insert("size".to_owned(), (*size as i64).into());
                    }
                }
                Outside::Untag(name) => {
                    for id in of(name) {
                        let object = world.objects.get_mut(&id).expect("it was just seen");
                        object.tags.retain(|key, _| !key.starts_with("groma:"));
                    }
                }
                Outside::Tag(name) => {
                    for id in of(name) {
                        let object = world.objects.get_mut(&id).expect("it was just seen");
                        object.tags.insert("theirs".to_owned(), "v0".to_owned());
                    }
                }
                Outside::Make(name, size) => {
                    let attributes: BTreeMap<String, Value> = BTreeMap::from([
                        ("name".to_owned(), name.as_str().into()),
                        ("size".to_owned(), (*size as i64).into()),
                    ]);
                    let object = Object { type_name: "sim_named".to_owned(), attributes, ..Object::default() };
                    world.objects.entry(name.clone()).or_insert(object);
                }
            }
        }
    }
}

/// What has a tag of somebody else, with the tokens that tell it from what comes after it.
fn tagged(world: &provider::sim::World) -> BTreeMap<String, String> {
    let tagged = world.objects.iter().filter(|(_, object)| object.tags.contains_key("theirs"));
    tagged.map(|(id, object)| (id.clone(), object.token.clone())).collect()
}

/// Gives the turn away for good, also when something panics.
struct Leave<'s>(&'s Stage);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// What the planner refuses of what people may write.
const REFUSALS: [&str; 6] = [
    "would be replaced instead of taken over",
    "nothing to import",
    "something in use would be deleted first",
    "replacement cannot be created first",
    "looks like a move",
    "changes that wait for each other",
];

fn wish(chapter: &Chapter, kind: &RunKind) -> Wish {
    let targets = match kind {
        RunKind::Target(name) => chapter.environment.block(name).map(|block| {
            let module = if block.in_module { "module.web." } else { "" };
            format!("{module}{}.{name}", block.kind.type_name())
        }),
        _ => None,
    };
    let scope = Scope { destroy: chapter.destroys, targets: targets.into_iter().collect(), replace: Vec::new() };
    Wish { scope, ..Wish::default() }
}

/// A disturbed run may fail, but not by a mistake of ours, and not because its plan is refused that was accepted before.
fn acceptable(run: &Run, ran: &Ran) -> Result<(), Breach> {
    let bug = match ran {
        Ran::Done(outcome) => outcome.blame() == Some(Blame::Bug),
        Ran::Failed(Error::Diagnostics(mistakes)) => {
            let by_trouble = |summary: &str| summary == "data cannot be read" || summary == "target that names nothing";
            !mistakes.iter().all(|mistake| by_trouble(&mistake.summary))
        }
        Ran::Failed(Error::Mismatch { .. }) => run.kind != RunKind::Saved,
        Ran::Failed(error) => !matches!(error.blame(), Blame::World | Blame::Locked),
        Ran::Planned | Ran::Killed => false,
    };
    if bug { Err(("no run fails by a mistake of ours", told(ran))) } else { Ok(()) }
}

fn told(ran: &Ran) -> String {
    match ran {
        Ran::Done(outcome) if outcome.is_complete() => "done".to_owned(),
        Ran::Done(outcome) => format!("ended with {outcome:?}"),
        Ran::Failed(error) => format!("failed: {error}: {error:?}"),
        Ran::Planned => "planned".to_owned(),
        Ran::Killed => "killed".to_owned(),
    }
}

/// The steps of a plan in short.
fn shown(plan: &Plan) -> String {
    let steps: Vec<String> = plan.steps.iter().map(|step| format!("{:?} {}", step.id.phase, step.id.address)).collect();
    steps.join("; ")
}

fn json(plan: &Plan) -> String {
    serde_json::to_string(plan).expect("a plan can be written")
}

/// The secrets of a chapter: of the environment variable, of the root's variable.
fn secrets(version: usize) -> [String; 2] {
    [format!("correct horse {version} battery"), format!("Tr0ub4dor&{version}/hunter")]
}

fn loaded(files: &Folder, cloud: &SimCloud, variable: String) -> Loaded {
    let overrides = Overrides { env_vars: BTreeMap::from([("pw".to_owned(), variable)]), ..Overrides::default() };
    config::load("dev", &overrides, files, cloud.schemas())
}

/// Files in memory.
struct Folder(BTreeMap<String, String>);

impl lang::Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let inside = |path: &&String| folder.is_empty() || path.starts_with(&format!("{folder}/"));
        Ok(self.0.keys().filter(inside).cloned().collect())
    }
}

/// The environment of a chapter, for whoever reads of a failure.
pub(crate) fn told_environment(environment: &Environment) -> String {
    environment.files().iter().map(|(path, text)| format!("==== {path}\n{text}\n")).collect()
}
