//! Brings a resource into being, or to what is wanted: one create, then whatever calls the type still names.

use std::collections::{BTreeMap, BTreeSet};

use model::{Action, Health, Live, Secret, SecretSource, Value, WrittenKind};
use provider::{Failure, FailureKind, Goal, Place, retry::RetryPhase};

use crate::{
    Problem,
    converge::Goods,
    evaluate,
    make::Creation,
    run::{Step, Task},
    settle::{Verdict, Wait},
};

impl Task<'_> {
    /// Does the step; gives the id.
    pub(crate) async fn put(&self) -> Step<String> {
        self.moved()?;
        let values = self.values().await?;
        match self.change.action {
            Action::Create | Action::Replace(_) => self.make(values).await,
            _ => self.bring(values).await,
        }
    }

    /// Everything that is written, with secrets in full.
    pub(crate) async fn values(&self) -> Step<BTreeMap<String, Value>> {
        let run = self.run;
        let generated = self.generated().await?;
        Ok(evaluate::values(
            run.plan,
            self.change,
            |name| self.schema().attribute(name),
            &generated,
            &run.facts,
            run.context.fingerprinter,
        )?)
    }

    /// The secrets that this resource keeps and that are made rather than given, by attribute: the one that lives, else a new one.
    async fn generated(&self) -> Step<BTreeMap<String, Secret>> {
        let mut made = BTreeMap::new();
        for (name, written) in &self.change.residuals {
            let WrittenKind::Secret(source @ SecretSource::Generate { .. }) = &written.kind else { continue };
            let planned = self.change.want.get(name);
            let kept = match planned {
                Some(Value::Secret(planned)) if planned.fingerprint.is_some() => self.living(name, planned).await?,
                _ => None,
            };
            let secret = match kept {
                Some(kept) => kept,
                None => self.fresh(name, source).await?,
            };
            made.insert(name.clone(), Secret::new(secret.expose().unwrap_or_default(), vec![source.clone()]));
        }
        Ok(made)
    }

    /// The secret that the plan has seen alive; read again where the plan comes from a file and holds no more than its fingerprint.
    async fn living(&self, name: &str, planned: &Secret) -> Step<Option<Secret>> {
        let (None, Some(id)) = (planned.expose(), &self.change.id) else { return Ok(Some(planned.clone())) };
        let place = self.place(&self.change.region);
        let live = self.read(&place, id).await?.and_then(|mut live| live.attributes.remove(name));
        Ok(match live {
            Some(Value::Secret(live)) if live.expose().is_some() => Some(live),
            _ => None,
        })
    }

    async fn fresh(&self, name: &str, source: &SecretSource) -> Step<Secret> {
        let missing = |reason: String| Problem::SecretMissing { attribute: name.to_owned(), reason };
        let mut made = self.run.context.secrets.read(std::slice::from_ref(source)).await;
        let made = made.remove(source).unwrap_or_else(|| Err("nothing was made".to_owned()));
        Ok(made.map_err(missing)?)
    }

    /// Creates it, waits for it, sends what the create left to do.
    async fn make(&self, values: BTreeMap<String, Value>) -> Step<String> {
        let place = self.place(&self.change.region);
        let token = (self.run.context.tokens)();
        let goods = Goods {
            planned: values.keys().cloned().collect(),
            values,
            token: Some(token.0.clone()),
            write_only: false,
            timeout: self.change.timeouts.create.unwrap_or(self.schema().timeouts.create),
            phases: &[RetryPhase::Create, RetryPhase::Update],
        };
        let typed = self.resource.want(self.wanted(&goods, goods.planned.clone()))?;
        let intent = self.create_intent(&goods, &token);
        let made = self.create(&Creation { place: &place, typed: &*typed, token: &token, intent }).await?;
        let operation = made.operation.as_deref();
        self.settle_created(&place, &made.id, operation, goods.timeout).await?;
        let live = self.read_present(&place, &made.id).await?;
        let live = self.converge(&place, &made.id, &goods, live).await?;
        self.finish(&made.id, &goods, &live)
    }

    /// Changes what lives, or finishes or takes over what does.
    async fn bring(&self, values: BTreeMap<String, Value>) -> Step<String> {
        let place = self.place(&self.change.region);
        let before = self.run.context.ledger.recorded(&self.change.address).filter(|recorded| !recorded.id.is_empty());
        let id =
            self.change.id.clone().or(before.as_ref().map(|recorded| recorded.id.clone())).ok_or_else(|| {
                Failure::new(FailureKind::Bug, self.schema().name, "the plan names no id to be changed")
            })?;
        let new = self.change.action == Action::Finish;
        let defaults = self.schema().timeouts;
        let create = self.change.timeouts.create.unwrap_or(defaults.create);
        let update = self.change.timeouts.update.unwrap_or(defaults.update);
        let goods = Goods {
            planned: self.planned(),
            values,
            token: before.as_ref().and_then(|recorded| recorded.create_token.clone()),
            write_only: true,
            // What an earlier run did not finish may be wanted otherwise by now.
            timeout: if new { create.max(update) } else { update },
            phases: if new { &[RetryPhase::Create, RetryPhase::Update] } else { &[RetryPhase::Update] },
        };
        if matches!(self.change.action, Action::Import | Action::Adopt) {
            self.take_over(&id, &goods)?;
        }
        let live = self.quiet(&place, &id, &goods).await?;
        match self.converge(&place, &id, &goods, live).await {
            Ok(live) => self.finish(&id, &goods, &live),
            Err(halt) => {
                self.restore(before.as_ref(), &halt)?;
                Err(halt)
            }
        }
    }

    /// What lives, with nothing under way any more.
    async fn quiet(&self, place: &Place, id: &str, goods: &Goods) -> Step<Live> {
        let observed = self.change.observed.as_ref();
        let busy = observed.is_none_or(|live| matches!(live.health, Health::Busy(_)));
        if self.change.action == Action::Finish {
            // A failure of what an earlier run sent is not the end: what is wanted may be another thing by now.
            let wait = Wait { place, id, operation: None, goal: Goal::Present, timeout: goods.timeout };
            if let Verdict::Failed { failure, tainted: true } = self.settle(wait).await? {
                self.taint()?;
                return Err(failure.into());
            }
            return self.read_present(place, id).await;
        }
        // A secret in the plan is a fingerprint alone, and the type compares what lives.
        match observed.filter(|live| !busy && !live.has_secret()) {
            Some(live) => Ok(live.clone()),
            None => {
                let wait = Wait { place, id, operation: None, goal: Goal::Present, timeout: goods.timeout };
                self.settle(wait).await?;
                self.read_present(place, id).await
            }
        }
    }

    /// The attributes that the plan shows as changing, or could not compare yet. A secret that was compared and is the same
    /// is not sent again.
    fn planned(&self) -> BTreeSet<String> {
        let shown = self.change.differences.iter().map(|difference| attribute_of(&difference.path).to_owned());
        let open = self.change.residuals.keys().filter(|name| !self.change.want.get(*name).is_some_and(is_compared));
        shown.chain(open.cloned()).collect()
    }

    async fn settle_created(&self, place: &Place, id: &str, operation: Option<&str>, timeout: u64) -> Step {
        match self.settle(Wait { place, id, operation, goal: Goal::Present, timeout }).await? {
            Verdict::Ready => Ok(()),
            Verdict::Failed { failure, tainted } => {
                if tainted {
                    self.taint()?;
                }
                Err(failure.into())
            }
        }
    }
}

/// Whether a plan could tell this value from what lives.
fn is_compared(value: &Value) -> bool {
    value.is_known() && !value.any(&mut |leaf| matches!(leaf, Value::Secret(secret) if secret.fingerprint.is_none()))
}

/// The first name of a path like `tags["team"]` or `health_check_configuration.interval`.
fn attribute_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}
