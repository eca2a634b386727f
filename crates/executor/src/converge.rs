//! Call after call, until what lives is what is wanted.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use model::{Attribute, Kind, Live, Value};
use provider::{Call, Failure, FailureKind, Place, Sent, erased::Wanted, retry::RetryPhase};
use store::{Answer, Verb};

use crate::{
    Problem,
    reads::pause,
    retry::{Tries, Verdict},
    run::{Step, Task},
    tags,
};

/// Calls of one step; no type needs as many.
const ROUNDS: usize = 100;
/// Tries of an update whose answers are lost.
const UNANSWERED: u32 = 4;
/// How often one call is sent again though reading shows no effect of it.
const IN_VAIN: u32 = 2;

/// What a resource is to become.
pub(crate) struct Goods {
    /// All written values, sealed; secrets in full.
    pub(crate) values: BTreeMap<String, Value>,
    /// The attributes that this step may change; others are left as they are.
    pub(crate) planned: BTreeSet<String>,
    /// The token of the create call, for the ownership tag.
    pub(crate) token: Option<String>,
    /// Whether write-only attributes are still to be sent.
    pub(crate) write_only: bool,
    /// Seconds that one call may take to settle.
    pub(crate) timeout: u64,
    pub(crate) phases: &'static [RetryPhase],
}

/// How far the calls of one step are.
struct Progress {
    tries: Tries,
    /// Whether write-only attributes are still to be sent.
    write_only: bool,
    /// The last call that was answered, and what lived before it.
    last: Option<(String, Live)>,
    in_vain: u32,
    sent: Vec<String>,
}

enum Next {
    Done,
    /// What lives now.
    Live(Live),
}

impl Task<'_> {
    /// Sends call after call until the type names no more.
    pub(crate) async fn converge(&self, place: &Place, id: &str, goods: &Goods, mut live: Live) -> Step<Live> {
        let mut progress = Progress {
            tries: Tries::new(goods.phases),
            write_only: goods.write_only,
            last: None,
            in_vain: 0,
            sent: Vec::new(),
        };
        let mut rounds = 0;
        while rounds < ROUNDS {
            match self.advance(place, id, goods, &live, &mut progress).await? {
                Next::Done => return Ok(live),
                Next::Live(newer) => live = newer,
            }
            // A call that is refused for a while has its own end.
            rounds += usize::from(!progress.tries.is_trying());
        }
        Err(Problem::Endless { calls: progress.sent }.into())
    }

    /// Asks for the next call and sends it.
    async fn advance(
        &self,
        place: &Place,
        id: &str,
        goods: &Goods,
        live: &Live,
        progress: &mut Progress,
    ) -> Step<Next> {
        let differing = self.differing(goods, live, progress.write_only);
        let ignored = differing.iter().cloned().collect();
        let typed = self.resource.want(self.wanted(goods, differing))?;
        let Some(Call { operation, does, send, .. }) = typed.next(place, live) else { return Ok(Next::Done) };
        let words = format!("{operation} ({does})");
        if progress.last.as_ref().is_some_and(|(before, lived)| *before == words && lived == live) {
            // Nobody answers write-only attributes: sent once is enough.
            if std::mem::take(&mut progress.write_only) {
                return Ok(Next::Live(live.clone()));
            }
            if let Some(newer) = self.reread(place, id, live).await? {
                return Ok(Next::Live(newer));
            }
            progress.in_vain += 1;
            if progress.in_vain > IN_VAIN {
                return Err(Problem::Ignored { call: words, attributes: ignored }.into());
            }
        }
        let intent = self.intent(Verb::Update, operation.to_owned(), Some(id.to_owned()));
        let (n, answer) = self.send(intent, &does, send).await?;
        match answer {
            Ok(answer) => {
                progress.tries.reset();
                progress.sent.push(words.clone());
                progress.last = Some((words, live.clone()));
                self.answered(n, place, id, goods, &answer).await.map(Next::Live)
            }
            Err(failure) => self.failed(n, place, id, goods, live, failure, &mut progress.tries).await.map(Next::Live),
        }
    }

    /// Waits for what was sent and reads it back.
    async fn answered(&self, n: u64, place: &Place, id: &str, goods: &Goods, answer: &Sent) -> Step<Live> {
        self.run.answer(Answer::done(n, None, answer.operation.clone()))?;
        self.settle_present(place, id, answer.operation.as_deref(), goods.timeout).await?;
        self.read_present(place, id).await
    }

    #[expect(clippy::too_many_arguments, reason = "the call's answer with everything around it")]
    async fn failed(
        &self,
        n: u64,
        place: &Place,
        id: &str,
        goods: &Goods,
        live: &Live,
        failure: Failure,
        tries: &mut Tries,
    ) -> Step<Live> {
        if failure.kind == FailureKind::Unanswered {
            // Reading tells whether it had its effect; the type then names it again, or not.
            self.run.answer(Answer::unknown(n))?;
            tries.unanswered += 1;
            if tries.unanswered >= UNANSWERED {
                return Err(Problem::Unknown(failure).into());
            }
            self.wait(tries.pause(), "no answer yet", tries.since(self)).await?;
            self.settle_present(place, id, None, goods.timeout).await?;
            return self.read_present(place, id).await;
        }
        self.run.answer(Answer::no_effect(n, failure.code.clone()))?;
        match tries.judge(self, &failure) {
            Verdict::Again { after, word } => self.wait(after, &word, tries.since(self)).await?,
            Verdict::Final => return Err(failure.into()),
        }
        Ok(live.clone())
    }

    /// Reads may lag behind writes: looks until something is new or the window has passed.
    async fn reread(&self, place: &Place, id: &str, live: &Live) -> Step<Option<Live>> {
        let since = self.run.now();
        let window = Duration::from_secs(self.resource.consistency_window());
        for tried in 0.. {
            self.wait(pause(tried), "reading it back", since).await?;
            let newer = self.read_present(place, id).await?;
            if newer != *live {
                return Ok(Some(newer));
            }
            if self.run.now().saturating_sub(since) >= window {
                break;
            }
        }
        Ok(None)
    }

    /// Of what may change, what still differs from what lives.
    fn differing(&self, goods: &Goods, live: &Live, write_only: bool) -> BTreeSet<String> {
        let differing = (self.run.context.differing)(self.schema(), &goods.values, live);
        let still = |name: &&String| match self.schema().attribute(name) {
            Some(attribute) if hides(attribute) => write_only || (!attribute.write_only && differing.contains(*name)),
            _ => differing.contains(*name),
        };
        goods.planned.iter().filter(still).cloned().collect()
    }

    pub(crate) fn wanted(&self, goods: &Goods, differing: BTreeSet<String>) -> Wanted {
        let own = |name: &str| name == "tags" || self.schema().attribute(name).is_some_and(|spec| spec.deletion);
        let arguments = goods.values.iter().filter(|(name, _)| !own(name));
        Wanted {
            arguments: arguments.map(|(name, value)| (name.clone(), value.clone())).collect(),
            tags: self.tags(goods),
            cleared: self.change.cleared.clone(),
            dropped: self.change.dropped.clone(),
            differing,
            values: goods.values.clone(),
            making: goods.phases.contains(&RetryPhase::Create),
            address: self.change.address.clone(),
        }
    }

    /// The user's tags and ours.
    fn tags(&self, goods: &Goods) -> BTreeMap<String, String> {
        if !self.schema().taggable {
            return BTreeMap::new();
        }
        let written = goods.values.get("tags").and_then(Value::as_map).into_iter().flatten();
        let mut tags: BTreeMap<String, String> =
            written.filter_map(|(key, value)| Some((key.clone(), value.as_text()?.to_owned()))).collect();
        let plan = self.run.plan;
        tags.extend(tags::ownership(&plan.environment, &plan.lineage, &self.change.address, goods.token.as_deref()));
        tags
    }
}

/// Whether reading cannot show all of an attribute.
fn hides(attribute: &Attribute) -> bool {
    fn inside(kind: &Kind) -> bool {
        match kind {
            Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => inside(inner),
            Kind::Object(members) => members.iter().any(hides),
            _ => false,
        }
    }
    attribute.write_only || inside(&attribute.kind)
}
