//! Throughput as requests give it, and what must hold of it.

use serde::Deserialize;

use super::refusals::{internal, parameter};
use super::table::{Capacity, Mode, OnDemand, Units};
use crate::refusal::Refusal;

/// Warm throughput of a fresh on-demand table or index.
pub(super) const WARM: Units = Units { read: 12_000, write: 4_000 };

/// Throughput as a request gives it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    pub(super) provisioned_throughput: Option<Provisioned>,
    pub(super) on_demand_throughput: Option<OnDemand>,
    pub(super) warm_throughput: Option<Warm>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provisioned {
    read_capacity_units: i64,
    write_capacity_units: i64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Warm {
    pub(super) read_units_per_second: Option<i64>,
    pub(super) write_units_per_second: Option<i64>,
}

impl Provisioned {
    pub(super) fn units(self) -> Units {
        Units { read: self.read_capacity_units, write: self.write_capacity_units }
    }
}

impl Asked {
    /// Refuses throughput of a new table that does not fit its billing mode.
    pub(super) fn check(&self, mode: Mode) -> Result<(), Refusal> {
        self.refuse_empty()?;
        match (mode, &self.provisioned_throughput) {
            (Mode::Provisioned, None) => Err(parameter(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
            )),
            (Mode::PayPerRequest, Some(_)) => Err(parameter(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
            )),
            _ => self.refuse_misplaced(mode),
        }
    }

    /// The same for a global index.
    pub(super) fn check_index(&self, mode: Mode, index: &str) -> Result<(), Refusal> {
        self.refuse_empty()?;
        match (mode, &self.provisioned_throughput) {
            (Mode::Provisioned, None) => {
                Err(parameter(format!("ProvisionedThroughput must be specified for index: {index}")))
            }
            (Mode::PayPerRequest, Some(_)) => Err(parameter(format!(
                "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
            ))),
            _ => self.refuse_misplaced(mode),
        }
    }

    pub(super) fn refuse_empty(&self) -> Result<(), Refusal> {
        let warm = self.warm_throughput.is_some_and(|w| w.read_units_per_second.or(w.write_units_per_second).is_none());
        if warm || self.on_demand_throughput == Some(OnDemand::default()) { Err(internal()) } else { Ok(()) }
    }

    pub(super) fn refuse_misplaced(&self, mode: Mode) -> Result<(), Refusal> {
        if mode == Mode::Provisioned && self.on_demand_throughput.is_some() {
            return Err(parameter("OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST"));
        }
        let default = match self.provisioned_throughput {
            Some(provisioned) => provisioned.units(),
            None => WARM,
        };
        self.warm_throughput.map_or(Ok(()), |warm| warm.over(default).map(|_| ()))
    }
}

impl Warm {
    /// The new warm throughput; it can only be raised.
    pub(super) fn over(self, current: Units) -> Result<Units, Refusal> {
        let read = self.read_units_per_second.unwrap_or(current.read);
        let write = self.write_units_per_second.unwrap_or(current.write);
        let lower = |member: &str, asked: i64, has: i64| {
            parameter(format!(
                "Requested WarmThroughput.{member} value ({asked}) is lower than the current value ({has})"
            ))
        };
        if read < current.read {
            return Err(lower("ReadUnitsPerSecond", read, current.read));
        }
        if write < current.write {
            return Err(lower("WriteUnitsPerSecond", write, current.write));
        }
        Ok(Units { read, write })
    }
}

impl OnDemand {
    /// These limits after a request: -1 clears one, absent leaves it.
    pub(super) fn changed_by(self, asked: OnDemand) -> OnDemand {
        let merge = |old: Option<i64>, new: Option<i64>| new.or(old).filter(|&limit| limit != -1);
        OnDemand {
            max_read_request_units: merge(self.max_read_request_units, asked.max_read_request_units),
            max_write_request_units: merge(self.max_write_request_units, asked.max_write_request_units),
        }
    }
}

/// The throughput of a new table or index, whose request has been checked.
pub(super) fn first(mode: Mode, asked: &Asked, limits: OnDemand) -> Capacity {
    let provisioned = asked.provisioned_throughput.map(Provisioned::units).unwrap_or_default();
    let base = if mode == Mode::Provisioned { provisioned } else { WARM };
    Capacity {
        provisioned,
        increased: None,
        decreased: Vec::new(),
        on_demand: limits.changed_by(asked.on_demand_throughput.unwrap_or_default()),
        warm: asked.warm_throughput.and_then(|warm| warm.over(base).ok()).unwrap_or(base),
        warming: false,
    }
}
