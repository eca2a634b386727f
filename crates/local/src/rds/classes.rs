//! Instance classes, and which can be ordered.

use serde_json::{Value, json};

use super::catalogue::CLASSES;
use super::engines;
use super::given::text;
use super::page::page;
use crate::refusal::Answer;
use crate::world::Caller;

/// Whether RDS has this class: `db.t3.micro`.
pub(super) fn exists(class: &str) -> bool {
    let parts = class.strip_prefix("db.").and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(family, size)| CLASSES.iter().any(|(name, sizes)| *name == family && sizes.contains(&size)))
}

pub(super) fn describe(caller: &Caller, input: &Value) -> Answer {
    let version = engines::resolve(text(input, "Engine").unwrap_or_default(), text(input, "EngineVersion"))?;
    let wanted = text(input, "DBInstanceClass");
    let all = CLASSES.iter().flat_map(|(family, sizes)| sizes.iter().map(move |size| format!("db.{family}.{size}")));
    let listed = all.filter(|class| wanted.is_none_or(|wanted| wanted == class));
    let options = listed.flat_map(|class| {
        ["gp2", "gp3"].map(|storage| {
            let shown = view(caller, version.major.engine, &version.text(), &class, storage);
            (format!("{class} {storage}"), shown)
        })
    });
    let mut options: Vec<_> = options.collect();
    options.sort_by(|one, other| one.0.cmp(&other.0));
    page(input, "OrderableDBInstanceOptions", options)
}

fn view(caller: &Caller, engine: &str, version: &str, class: &str, storage: &str) -> Value {
    let zones = ["a", "b", "c"].map(|letter| json!({ "Name": format!("{}{letter}", caller.region) }));
    json!({
        "Engine": engine,
        "EngineVersion": version,
        "DBInstanceClass": class,
        "LicenseModel": license(engine),
        "AvailabilityZones": zones,
        "MultiAZCapable": true,
        "ReadReplicaCapable": true,
        "Vpc": true,
        "SupportsStorageEncryption": true,
        "StorageType": storage,
        "SupportsIops": false,
        "SupportsStorageThroughput": false,
        "SupportsEnhancedMonitoring": true,
        "SupportsIAMDatabaseAuthentication": true,
        "SupportsPerformanceInsights": true,
        "MinStorageSize": 20,
        "MaxStorageSize": 65_536,
        "SupportedEngineModes": ["provisioned"],
        "SupportsStorageAutoscaling": true,
        "SupportsKerberosAuthentication": true,
        "OutpostCapable": false,
        "SupportsGlobalDatabases": false,
        "SupportedNetworkTypes": ["IPV4", "DUAL"],
        "SupportsClusters": false,
    })
}

pub(super) fn license(engine: &str) -> &'static str {
    if engine == "mysql" { "general-public-license" } else { "postgresql-license" }
}
