//! The services that are served, and how a request names them.

use serde_json::Value;

use crate::refusal::Answer;
use crate::world::{Caller, World};
use crate::{apprunner, dynamodb, ec2, ecr, iam, logs, sts};

/// One AWS service of the local cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    AppRunner,
    DynamoDb,
    Ec2,
    Ecr,
    Iam,
    Logs,
    Sts,
}

impl Service {
    /// All of them, sorted by name.
    pub const ALL: &'static [Self] =
        &[Self::AppRunner, Self::DynamoDb, Self::Ec2, Self::Ecr, Self::Iam, Self::Logs, Self::Sts];

    /// The name in the scope of a signature and in the names of the models.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppRunner => "apprunner",
            Self::DynamoDb => "dynamodb",
            Self::Ec2 => "ec2",
            Self::Ecr => "ecr",
            Self::Iam => "iam",
            Self::Logs => "logs",
            Self::Sts => "sts",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|service| service.name() == name)
    }

    /// The part of `X-Amz-Target` before the operation, for the services that use that header.
    pub(crate) fn of_target(prefix: &str) -> Option<Self> {
        match prefix {
            "AppRunner" => Some(Self::AppRunner),
            "DynamoDB_20120810" => Some(Self::DynamoDb),
            "AmazonEC2ContainerRegistry_V20150921" => Some(Self::Ecr),
            "Logs_20140328" => Some(Self::Logs),
            _ => None,
        }
    }

    /// The service whose API version a request names in `Version`.
    pub(crate) fn of_version(version: &str) -> Option<Self> {
        match version {
            "2016-11-15" => Some(Self::Ec2),
            "2010-05-08" => Some(Self::Iam),
            "2011-06-15" => Some(Self::Sts),
            _ => None,
        }
    }

    /// Answers one call whose input the model has accepted, after everything that has become due.
    pub(crate) fn call(self, world: &mut World, caller: &Caller, key: &str, operation: &str, input: &Value) -> Answer {
        tick(world, caller);
        match self {
            Self::AppRunner => apprunner::call(world, caller, operation, input),
            Self::DynamoDb => dynamodb::call(world, caller, operation, input),
            Self::Ec2 => ec2::call(world, caller, operation, input),
            Self::Ecr => ecr::call(world, caller, operation, input),
            Self::Iam => iam::call(world, caller, operation, input),
            Self::Logs => logs::call(world, caller, operation, input),
            Self::Sts => sts::call(world, caller, key, operation, input),
        }
    }
}

/// Does what has become due in the caller's account and region.
pub(crate) fn tick(world: &mut World, caller: &Caller) {
    iam::tick(world, caller);
    ecr::tick(world, caller);
    dynamodb::tick(world, caller);
    logs::tick(world, caller);
    ec2::tick(world, caller);
    apprunner::tick(world, caller);
}

/// Whether the operation only reads; everything else is logged, counted, and may be stopped by scripted trouble.
pub(crate) fn reads(operation: &str) -> bool {
    const READS: &[&str] = &["Assume", "BatchCheck", "BatchGet", "Describe", "Filter", "Get", "List", "Query", "Scan"];
    READS.iter().any(|prefix| operation.starts_with(prefix))
}
