//! The services that are served, and how a request names them.

use serde_json::Value;

use crate::refusal::Answer;
use crate::world::{Caller, World};
use crate::{apprunner, dynamodb, ec2, ecr, iam, logs, rds, s3, secretsmanager, ssm, sts};

/// One AWS service of the local cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    AppRunner,
    DynamoDb,
    Ec2,
    Ecr,
    Iam,
    Logs,
    Rds,
    S3,
    SecretsManager,
    Ssm,
    Sts,
}

impl Service {
    /// All of them, sorted by name.
    pub const ALL: &'static [Self] = &[
        Self::AppRunner,
        Self::DynamoDb,
        Self::Ec2,
        Self::Ecr,
        Self::Iam,
        Self::Logs,
        Self::Rds,
        Self::S3,
        Self::SecretsManager,
        Self::Ssm,
        Self::Sts,
    ];

    /// The name in the scope of a signature and in the names of the models.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppRunner => "apprunner",
            Self::DynamoDb => "dynamodb",
            Self::Ec2 => "ec2",
            Self::Ecr => "ecr",
            Self::Iam => "iam",
            Self::Logs => "logs",
            Self::Rds => "rds",
            Self::S3 => "s3",
            Self::SecretsManager => "secretsmanager",
            Self::Ssm => "ssm",
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
            "secretsmanager" => Some(Self::SecretsManager),
            "AmazonSSM" => Some(Self::Ssm),
            _ => None,
        }
    }

    /// The service whose API version a request names in `Version`.
    pub(crate) fn of_version(version: &str) -> Option<Self> {
        match version {
            "2016-11-15" => Some(Self::Ec2),
            "2010-05-08" => Some(Self::Iam),
            "2011-06-15" => Some(Self::Sts),
            "2014-10-31" => Some(Self::Rds),
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
            Self::Rds => rds::call(world, caller, operation, input),
            Self::S3 => s3::call(world, caller, operation, input),
            Self::SecretsManager => secretsmanager::call(world, caller, operation, input),
            Self::Ssm => ssm::call(world, caller, operation, input),
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
    rds::tick(world, caller);
    secretsmanager::tick(world, caller);
    ssm::tick(world, caller);
    apprunner::tick(world, caller);
}

/// Whether the operation only reads; everything else is logged, counted, and may be stopped by scripted trouble.
pub(crate) fn reads(operation: &str) -> bool {
    const READS: &[&str] =
        &["Assume", "BatchCheck", "BatchGet", "Describe", "Filter", "Get", "Head", "List", "Query", "Scan"];
    READS.iter().any(|prefix| operation.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn every_operation_of_the_models_is_served() {
        let mut unserved = Vec::new();
        for service in Service::ALL {
            for operation in Model::of(*service).operations.keys() {
                let mut world = World::new(0, jiff::Timestamp::UNIX_EPOCH);
                let caller = Caller::new("123456789012", "us-east-2");
                let answer = service.call(&mut world, &caller, "", operation, &serde_json::json!({}));
                let unknown = |code: &str| ["InvalidAction", "UnknownOperationException"].contains(&code);
                if answer.is_err_and(|refusal| unknown(&refusal.code)) {
                    unserved.push(format!("{}:{operation}", service.name()));
                }
            }
        }
        assert_eq!(unserved, Vec::<String>::new());
    }

    /// A service that serves more than its model holds could never be asked for it.
    #[test]
    fn nothing_else_is_served() {
        let operation = regex::Regex::new("\"([A-Z][A-Za-z]+)\"\\s*(?:\\||=>)").unwrap();
        for service in Service::ALL {
            let path = format!("{}/src/{}/mod.rs", env!("CARGO_MANIFEST_DIR"), service.name());
            let source = std::fs::read_to_string(path).unwrap();
            let known = &Model::of(*service).operations;
            let served = operation.captures_iter(&source).map(|found| found[1].to_owned());
            let unknown: Vec<_> = served.filter(|name| !known.contains_key(name)).collect();
            assert_eq!(unknown, Vec::<String>::new(), "{}", service.name());
        }
    }
}
