//! Steps that change the state alone, and reads of data.

use std::collections::{BTreeMap, BTreeSet};

use model::{Action, Condition, Live, Recorded};
use provider::{Failure, FailureKind};

use crate::{
    converge::Goods,
    evaluate,
    reads::{is_passing, pause},
    recorded::without_content,
    run::{Run, Step, Task, milliseconds},
};

impl Task<'_> {
    /// Moves, records or forgets.
    pub(crate) async fn record(&self) -> Step {
        self.moved()?;
        match self.change.action {
            Action::Forget => self.forget(),
            Action::Move => self.retag().await,
            _ => self.note(),
        }
    }

    /// It lives on and is no longer ours.
    fn forget(&self) -> Step {
        self.run.context.ledger.note_record(&self.change.address, |_| None)?;
        self.run.facts.gone(&self.change.address);
        Ok(())
    }

    /// The address is part of the ownership tags.
    async fn retag(&self) -> Step {
        let recorded = self.run.context.ledger.recorded(&self.change.address);
        if let (true, Some(recorded), Some(live)) = (self.schema().taggable, recorded, &self.change.observed) {
            let place = self.place(&recorded.region);
            let goods = Goods {
                // Nothing of it is sent but tags, and still the type reads all of it; the state has no secrets.
                values: self.values().await?,
                planned: BTreeSet::new(),
                token: recorded.create_token.clone(),
                write_only: false,
                timeout: self.schema().timeouts.update,
                phases: &[provider::retry::RetryPhase::Update],
            };
            self.converge(&place, &recorded.id, &goods, live.clone()).await?;
        }
        self.note()
    }

    /// What is written already holds: the state catches up.
    fn note(&self) -> Step {
        let change = self.change;
        let gone = change.id.is_none() && change.observed.is_none();
        self.run.context.ledger.note_record(&change.address, |old| {
            let old = old.cloned().unwrap_or_default();
            if gone {
                let left = Recorded { id: String::new(), ..old };
                return (!left.deposed.is_empty()).then_some(left);
            }
            let applied = change.applied(change.want.clone());
            let computed = change.observed.as_ref().map(|live: &Live| self.computed(live));
            Some(Recorded {
                type_name: self.schema().name.to_owned(),
                id: change.id.clone().unwrap_or(old.id),
                region: change.region.clone(),
                // Only what is whole is moved or recorded; an unfinished one is finished.
                condition: Condition::Ready,
                applied: applied.into_iter().map(|(name, value)| (name, without_content(value))).collect(),
                computed: computed.unwrap_or(old.computed),
                dependencies: change.dependencies.clone(),
                lifecycle: change.lifecycle.clone(),
                timeouts: change.timeouts.clone(),
                delete_arguments: change.delete_arguments.clone(),
                create_token: old.create_token,
                deposed: old.deposed,
            })
        })?;
        Ok(())
    }
}

/// Reads data that had to wait for resources.
pub(crate) async fn read_data(run: &Run<'_>, change: &model::Change, rank: u32) -> Step {
    let address = &change.address;
    let unknown = || Failure::new(FailureKind::Bug, &address.type_name, "the provider does not know this data type");
    let source = run.context.provider.data(&address.type_name).ok_or_else(unknown)?;
    let schema = source.schema();
    let arguments = evaluate::values(
        run.plan,
        change,
        |name| schema.attribute(name),
        &BTreeMap::new(),
        &run.facts,
        run.context.fingerprinter,
    )?;
    let attributes = match schema.local {
        Some(local) => local(&arguments).map_err(|finding| {
            Failure::new(FailureKind::Refused, &address.type_name, format!("{}: {}", finding.path, finding.detail))
        })?,
        None => ask(run, source, change, &arguments, rank).await?,
    };
    run.facts.read(address, attributes);
    Ok(())
}

async fn ask(
    run: &Run<'_>,
    source: &dyn provider::AnyData,
    change: &model::Change,
    arguments: &BTreeMap<String, model::Value>,
    rank: u32,
) -> Step<BTreeMap<String, model::Value>> {
    let service = change.address.type_name.split('_').next().unwrap_or_default();
    let place = run.context.place(&change.region);
    let since = run.now();
    for tried in 0.. {
        let slot = run.slots.take(service, rank).await;
        let answer = source.read(&place, arguments).await;
        drop(slot);
        match answer {
            Ok(attributes) => return Ok(attributes),
            Err(failure) if is_passing(&failure) && tried < 5 => {
                let elapsed = milliseconds(run.now().saturating_sub(since));
                let word = failure.message;
                run.emit(crate::Event::Waiting { address: change.address.clone(), word, elapsed });
                run.wait(pause(tried), crate::Left::Untouched).await?;
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    unreachable!("the loop ends by returning")
}
