//! Scripted trouble: what the cloud does wrong, on which calls, by a small TOML.
//!
//! ```toml
//! role_propagation = "10s"              # a new role cannot be assumed for so long
//! stop = { at = 3, when = "after" }     # at the third mutating call answer nothing more until released
//!
//! [[rule]]
//! on   = "ecr:Put*"                     # service:Operation, `*` stands for anything
//! nth  = [1, 2]                         # of the calls that match; left out: all of them
//! does = "throttle"                     # throttle, fail (500), lose (done, answer lost), reset (not done, cut),
//!                                       # hang (not done, no answer until released)
//!
//! [[rule]]
//! on      = "rds:DeleteDBInstance"
//! does    = "refuse"                    # without effect, in these words
//! code    = "InvalidDBInstanceState"
//! message = "Instance orders is not in available state."
//! ```

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};

use crate::glob;
use crate::refusal::Refusal;
use crate::service::{self, Service};
use crate::world::Settings;

/// The script.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trouble {
    #[serde(deserialize_with = "duration")]
    pub role_propagation: SignedDuration,
    pub stop: Option<Stop>,
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// Where the cloud stops, so that a test can kill its client at an exact place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Counts the mutating calls that the model accepts, from 1.
    pub at: u64,
    pub when: When,
}

/// Whether the call at which the cloud stops has had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Before,
    After,
}

/// Trouble with the calls that match.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `service:Operation`, where `*` stands for anything.
    pub on: String,
    /// Which of the matching calls, from 1; empty: all.
    #[serde(default)]
    pub nth: Vec<u64>,
    pub does: Does,
    /// How the service says no, where it is to refuse.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub message: String,
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    /// Refused for its rate, without effect.
    Throttle,
    /// Refused with status 500, without effect.
    Fail,
    /// Done, but the answer is lost.
    Lose,
    /// Not done, and the connection is cut.
    Reset,
    /// Not done, and neither answered nor cut until somebody releases it.
    Hang,
    /// Refused in the words of the rule, without effect.
    Refuse,
}

/// The trouble in store for one call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    Fine,
    Refused(Refusal),
    Trouble(Does),
    Stop(When),
}

/// A script with its counts.
#[derive(Debug, Default)]
pub(crate) struct Running {
    script: Trouble,
    mutating: u64,
    matched: BTreeMap<usize, u64>,
}

impl Trouble {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// What TOML or the script's form forbids, with its place.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings { role_propagation: self.role_propagation }
    }
}

impl Running {
    pub(crate) fn new(script: Trouble) -> Self {
        Self { script, ..Self::default() }
    }

    /// Counts a call and says what becomes of it.
    pub(crate) fn fate(&mut self, service: Service, operation: &str) -> Fate {
        let name = format!("{}:{operation}", service.name());
        let mut fate = Fate::Fine;
        for (index, rule) in self.script.rules.iter().enumerate().filter(|(_, rule)| glob::fits(&rule.on, &name)) {
            let count = self.matched.entry(index).or_default();
            *count += 1;
            if fate == Fate::Fine && (rule.nth.is_empty() || rule.nth.contains(count)) {
                fate = match rule.does {
                    Does::Refuse => Fate::Refused(Refusal::new(&rule.code, rule.message.as_str())),
                    does => Fate::Trouble(does),
                };
            }
        }
        if service::reads(operation) {
            return fate;
        }
        self.mutating += 1;
        match self.script.stop {
            Some(stop) if stop.at == self.mutating => Fate::Stop(stop.when),
            _ => fate,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.script.settings()
    }

    /// The number of mutating calls so far.
    pub(crate) fn mutating(&self) -> u64 {
        self.mutating
    }
}

/// The refusal of a call whose rate is too high.
pub(crate) fn throttled(service: Service) -> Refusal {
    match service {
        Service::Ec2 => Refusal::new("RequestLimitExceeded", "Request limit exceeded.").status(503),
        Service::S3 => Refusal::new("SlowDown", "Please reduce your request rate."),
        Service::Iam | Service::Sts => Refusal::new("Throttling", "Rate exceeded"),
        _ => Refusal::new("ThrottlingException", "Rate exceeded"),
    }
}

/// The refusal of a call that AWS fails to serve.
pub(crate) fn failed(service: Service) -> Refusal {
    if service == Service::S3 {
        return Refusal::new("InternalError", "We encountered an internal error. Please try again.");
    }
    Refusal::new(
        "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
    )
    .status(500)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, calls: &[(Service, &str)], expected: &[Fate]) {
        let mut running = Running::new(Trouble::parse(script).unwrap());
        let fates: Vec<_> = calls.iter().map(|(service, operation)| running.fate(*service, operation)).collect();
        assert_eq!(fates, expected);
    }

    #[test]
    fn a_rule_counts_the_calls_it_matches() {
        check(
            "[[rule]]\non = 'ecr:Put*'\nnth = [2]\ndoes = 'lose'",
            &[
                (Service::Ecr, "PutImage"),
                (Service::Ecr, "CreateRepository"),
                (Service::Ecr, "PutLifecyclePolicy"),
                (Service::Ecr, "PutImage"),
            ],
            &[Fate::Fine, Fate::Fine, Fate::Trouble(Does::Lose), Fate::Fine],
        );
    }

    #[test]
    fn a_rule_refuses_in_its_own_words() {
        check(
            "[[rule]]\non = 'rds:Delete*'\nnth = [1]\ndoes = 'refuse'\ncode = 'InvalidDBInstanceState'\nmessage = 'not now'",
            &[(Service::Rds, "DeleteDBInstance"), (Service::Rds, "DeleteDBInstance")],
            &[Fate::Refused(Refusal::new("InvalidDBInstanceState", "not now")), Fate::Fine],
        );
    }

    #[test]
    fn a_stop_counts_mutating_calls_alone() {
        check(
            "stop = { at = 2, when = 'before' }",
            &[(Service::Iam, "CreateRole"), (Service::Iam, "GetRole"), (Service::Iam, "DeleteRole")],
            &[Fate::Fine, Fate::Fine, Fate::Stop(When::Before)],
        );
    }
}
