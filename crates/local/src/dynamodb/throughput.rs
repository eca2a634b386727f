//! Changes of billing mode and throughput.

use jiff::{SignedDuration, Timestamp};

use super::budget::{next_allowed, spoken, today};
use super::capacity::{Provisioned, WARM, Warm};
use super::indexes;
use super::refusals::{internal, invalid, limit, parameter};
use super::schedule::{self, Step};
use super::table::{Capacity, Mode, OnDemand, Table, Units};
use super::update::UpdateTable;
use crate::refusal::Refusal;

/// Decreases per UTC day; after that one per hour.
const DECREASES: usize = 4;

/// The changes of billing mode and throughput, of the table and its indexes, and how long they take together.
/// No steps: nothing changes.
pub(super) fn steps(
    table: &mut Table,
    now: Timestamp,
    asked: &UpdateTable,
) -> Result<(SignedDuration, Vec<Step>), Refusal> {
    asked.capacity.refuse_empty()?;
    let target = asked.billing_mode.unwrap_or(table.billing.mode);
    let switches = target != table.billing.mode;
    let mut steps = Vec::new();
    if switches {
        steps.push(Step::Billing(target));
    }
    if let Some(units) = asked.capacity.provisioned_throughput.map(Provisioned::units) {
        refuse_units(target)?;
        if !switches {
            refuse_unchanged(&table.capacity, units, "the table", now)?;
        }
        steps.push(Step::Provisioned(None, units));
    } else if switches && target == Mode::Provisioned {
        return Err(parameter(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        ));
    }
    if let Some(limits) = asked.capacity.on_demand_throughput {
        asked.capacity.refuse_misplaced(target)?;
        steps.push(Step::OnDemand(None, table.capacity.on_demand.changed_by(limits)));
    }
    steps.extend(index_steps(table, now, asked, target, switches)?);
    let duration = if switches { switch_duration(table, target) } else { schedule::CAPACITY };
    table.billing.switched |= switches;
    Ok((duration, steps))
}

fn refuse_units(target: Mode) -> Result<(), Refusal> {
    if target == Mode::PayPerRequest {
        return Err(parameter(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        ));
    }
    Ok(())
}

fn switch_duration(table: &Table, target: Mode) -> SignedDuration {
    match (table.billing.switched, target) {
        (true, _) => schedule::LATER_SWITCH,
        (false, Mode::Provisioned) => schedule::FIRST_TO_PROVISIONED,
        (false, Mode::PayPerRequest) => schedule::FIRST_TO_ON_DEMAND,
    }
}

/// The steps for the indexes. A switch to provisioned must name every index.
fn index_steps(
    table: &mut Table,
    now: Timestamp,
    asked: &UpdateTable,
    target: Mode,
    switches: bool,
) -> Result<Vec<Step>, Refusal> {
    let mut steps = Vec::new();
    for update in asked.index_updates() {
        let name = &update.index_name;
        let known = table.global_index(name).map(|index| index.capacity.clone());
        let capacity = known.ok_or_else(|| indexes::no_index(&table.name, name))?;
        update.capacity.refuse_empty()?;
        if let Some(units) = update.capacity.provisioned_throughput.map(Provisioned::units) {
            update.capacity.check_index(target, name)?;
            if !switches {
                refuse_unchanged(&capacity, units, &format!("the index {name}"), now)?;
            }
            steps.push(Step::Provisioned(Some(name.clone()), units));
        }
        if let Some(limits) = update.capacity.on_demand_throughput {
            steps.push(Step::OnDemand(Some(name.clone()), capacity.on_demand.changed_by(limits)));
        }
    }
    if switches && target == Mode::Provisioned {
        let named =
            |name: &String| steps.iter().any(|step| matches!(step, Step::Provisioned(Some(of), _) if of == name));
        if let Some(index) = table.global_indexes.iter().find(|index| !named(&index.name)) {
            return Err(parameter(format!("ProvisionedThroughput must be specified for index: {}", index.name)));
        }
    }
    Ok(steps)
}

fn refuse_unchanged(capacity: &Capacity, asked: Units, of: &str, now: Timestamp) -> Result<(), Refusal> {
    let has = capacity.provisioned;
    if has == asked {
        return Err(invalid(format!(
            "The provisioned throughput for {of} will not change. The requested value equals the current value. \
             Current ReadCapacityUnits provisioned for {of}: {}. Requested ReadCapacityUnits: {}. \
             Current WriteCapacityUnits provisioned for {of}: {}. Requested WriteCapacityUnits: {}. \
             Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
            has.read, asked.read, has.write, asked.write
        )));
    }
    if asked.read < has.read || asked.write < has.write {
        refuse_decrease(capacity, of, now)?;
    }
    Ok(())
}

/// Four decreases a day, then one per hour.
fn refuse_decrease(capacity: &Capacity, of: &str, now: Timestamp) -> Result<(), Refusal> {
    if today(&capacity.decreased, now) < DECREASES {
        return Ok(());
    }
    match next_allowed(&capacity.decreased, 1, SignedDuration::from_hours(1), now) {
        None => Ok(()),
        Some(next) => Err(limit(format!(
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first {DECREASES} \
             decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases \
             today for {of}: {}. Last decrease at {}. Next decrease can be made at {}",
            today(&capacity.decreased, now),
            capacity.decreased.last().map(|at| spoken(*at)).unwrap_or_default(),
            spoken(next)
        ))),
    }
}

/// Raises the warm throughput of the table or of indexes, which takes minutes while all stay active.
pub(super) fn warm(table: &mut Table, now: Timestamp, index: Option<&str>, asked: Warm) -> Result<(), Refusal> {
    if asked.read_units_per_second.or(asked.write_units_per_second).is_none() {
        return Err(internal());
    }
    let name = index.map(str::to_owned);
    let capacity = match index {
        Some(index) => match table.global_indexes.iter_mut().find(|known| known.name == index) {
            Some(known) => &mut known.capacity,
            None => return Err(indexes::no_index(&table.name, index)),
        },
        None => &mut table.capacity,
    };
    let units = asked.over(capacity.warm)?;
    if units != capacity.warm {
        capacity.warming = true;
        table.plan(now + schedule::WARMING, Step::Warmed(name, units));
    }
    Ok(())
}

impl Table {
    /// Runs over the capacity of the table, or of one index when it still exists.
    pub(super) fn with_capacity(&mut self, index: Option<String>, change: impl FnOnce(&mut Capacity)) {
        match index {
            None => change(&mut self.capacity),
            Some(name) => {
                if let Some(index) = self.global_index(&name) {
                    change(&mut index.capacity);
                }
            }
        }
    }

    pub(super) fn become_provisioned(&mut self, at: Timestamp, index: Option<String>, units: Units) {
        self.with_capacity(index, |capacity| {
            let old = std::mem::replace(&mut capacity.provisioned, units);
            if units.read < old.read || units.write < old.write {
                capacity.decreased.push(at);
            } else {
                capacity.increased = Some(at);
            }
            capacity.warm.read = capacity.warm.read.max(units.read);
            capacity.warm.write = capacity.warm.write.max(units.write);
        });
    }

    pub(super) fn become_billed(&mut self, at: Timestamp, mode: Mode) {
        self.billing.mode = mode;
        if mode == Mode::PayPerRequest {
            self.billing.on_demand_since = Some(at);
            let indexes = self.global_indexes.iter_mut().map(|index| &mut index.capacity);
            for capacity in indexes.chain([&mut self.capacity]) {
                capacity.provisioned = Units::default();
                capacity.warm =
                    Units { read: capacity.warm.read.max(WARM.read), write: capacity.warm.write.max(WARM.write) };
            }
        } else {
            self.global_indexes.iter_mut().for_each(|index| index.capacity.on_demand = OnDemand::default());
            self.capacity.on_demand = OnDemand::default();
        }
    }
}
