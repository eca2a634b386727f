//! The world: everything that exists in the local cloud, as plain values.
//!
//! Services are functions over it. Time, ids and randomness come from here, so equal calls give equal worlds.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{apprunner, dynamodb, ec2, ecr, iam, logs, rds, s3, secretsmanager, ssm, sts};

/// Who calls, and where: what a service function knows beside its input.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// For example `us-east-2`; IAM is kept in the account, not in a region.
    pub region: String,
    /// `aws`, `aws-cn` or `aws-us-gov`, by the region.
    pub partition: &'static str,
}

impl Caller {
    /// A caller by account and region; the partition follows from the region.
    pub fn new(account: &str, region: &str) -> Self {
        let partition = match region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        Self { account: account.to_owned(), region: region.to_owned(), partition }
    }
}

/// All accounts, the clock and the source of ids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    pub clock: Timestamp,
    /// Counts the ids given out; together with `seed` it makes each one.
    pub ids: u64,
    pub seed: u64,
    pub accounts: BTreeMap<String, Account>,
    /// How this run's cloud misbehaves; not part of what exists, so it is not saved.
    #[serde(skip)]
    pub settings: Settings,
}

/// What scripted trouble asks of the services themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// How long a role cannot be assumed after its creation.
    pub role_propagation: SignedDuration,
}

/// One AWS account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    pub iam: iam::Iam,
    pub sts: sts::Sts,
    pub regions: BTreeMap<String, Region>,
}

/// The regional services of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Region {
    pub ecr: ecr::Ecr,
    pub dynamodb: dynamodb::DynamoDb,
    pub logs: logs::Logs,
    pub apprunner: apprunner::AppRunner,
    pub ec2: ec2::Ec2,
    pub rds: rds::Rds,
    pub s3: s3::S3,
    pub secretsmanager: secretsmanager::SecretsManager,
    pub ssm: ssm::Ssm,
}

impl World {
    pub fn new(seed: u64, clock: Timestamp) -> Self {
        Self { clock, ids: 0, seed, accounts: BTreeMap::new(), settings: Settings::default() }
    }

    /// The world's time. Served over HTTP it follows the wall clock; in process the client moves it.
    pub fn now(&self) -> Timestamp {
        self.clock
    }

    /// Moves the clock on; whatever becomes due is done by each service's `tick` before the next call.
    pub fn advance(&mut self, by: SignedDuration) {
        self.clock += by;
    }

    /// `length` lower-case hex digits (at most 64), never the same twice in one world.
    pub fn hex(&mut self, length: usize) -> String {
        self.ids += 1;
        let digest = Sha256::digest(format!("{}:{}", self.seed, self.ids));
        let mut text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        text.truncate(length);
        text
    }

    /// A random-looking UUID from [`World::hex`].
    pub fn uuid(&mut self) -> String {
        let h = self.hex(32);
        format!("{}-{}-4{}-8{}-{}", &h[..8], &h[8..12], &h[13..16], &h[17..20], &h[20..32])
    }

    pub fn account(&mut self, caller: &Caller) -> &mut Account {
        self.accounts.entry(caller.account.clone()).or_default()
    }

    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        self.account(caller).regions.entry(caller.region.clone()).or_default()
    }
}
