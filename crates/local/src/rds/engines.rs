//! Engine versions.

use serde_json::{Value, json};

use super::catalogue::{DEFAULT_MAJORS, MAJORS, Major};
use super::given::{flag, text};
use super::page::{page, passes};
use super::refusals::invalid;
use crate::refusal::{Answer, Refusal};
use crate::world::Caller;

/// One version that instances can have.
#[derive(Clone, Copy)]
pub(super) struct Version {
    pub(super) major: &'static Major,
    /// Its place among the minors.
    minor: usize,
}

impl Version {
    pub(super) fn text(self) -> String {
        format!("{}.{}", self.major.version, self.major.minors[self.minor])
    }

    /// Newer versions of the same major, and the defaults of newer majors.
    pub(super) fn targets(self) -> Vec<Version> {
        let own = (self.minor + 1..self.major.minors.len()).map(|minor| Version { minor, ..self });
        let place = |major: &Major| MAJORS.iter().position(|one| one.family == major.family);
        let newer = MAJORS.iter().filter(|major| major.engine == self.major.engine && place(major) > place(self.major));
        own.chain(newer.flat_map(all_of)).collect()
    }

    fn view(self, caller: &Caller) -> Value {
        let Major { engine, version, family, .. } = *self.major;
        let targets = self.targets().into_iter().map(|target| {
            json!({
                "Engine": engine,
                "EngineVersion": target.text(),
                "Description": format!("{} {}", brand(engine), target.text()),
                "AutoUpgrade": false,
                "IsMajorVersionUpgrade": target.major.family != family,
            })
        });
        json!({
            "Engine": engine,
            "MajorEngineVersion": version,
            "EngineVersion": self.text(),
            "DBParameterGroupFamily": family,
            "DBEngineDescription": brand(engine),
            "DBEngineVersionDescription": format!("{} {}-R1", brand(engine), self.text()),
            "DBEngineVersionArn": null,
            "ValidUpgradeTarget": targets.collect::<Vec<_>>(),
            "ExportableLogTypes": log_types(engine),
            "SupportsLogExportsToCloudwatchLogs": true,
            "SupportsReadReplica": true,
            "SupportedEngineModes": ["provisioned"],
            "SupportedFeatureNames": [],
            "Status": "available",
            "SupportsParallelQuery": false,
            "SupportsGlobalDatabases": false,
            "SupportsBabelfish": false,
            "SupportsCertificateRotationWithoutRestart": true,
            "SupportedCACertificateIdentifiers": ["rds-ca-rsa2048-g1", "rds-ca-ecc384-g1", "rds-ca-rsa4096-g1"],
            "TagList": [],
            "SupportsIntegrations": caller.partition == "aws",
        })
    }
}

pub(super) fn brand(engine: &str) -> &'static str {
    if engine == "mysql" { "MySQL" } else { "PostgreSQL" }
}

/// The logs that an engine can send to CloudWatch.
pub(super) fn log_types(engine: &str) -> &'static [&'static str] {
    match engine {
        "mysql" => &["audit", "error", "general", "slowquery"],
        _ => &["postgresql", "upgrade", "iam-db-auth-error"],
    }
}

fn all_of(major: &'static Major) -> impl Iterator<Item = Version> {
    (0..major.minors.len()).map(move |minor| Version { major, minor })
}

/// The version taken for an engine and what is written of its version: all of it, the major part, or nothing.
pub(super) fn resolve(engine: &str, written: Option<&str>) -> Result<Version, Refusal> {
    let Some((_, newest)) = DEFAULT_MAJORS.iter().find(|(name, _)| *name == engine) else {
        return Err(invalid(format!("Invalid DB engine: {engine}")));
    };
    let written = written.unwrap_or(newest);
    let majors = || MAJORS.iter().filter(|major| major.engine == engine);
    if let Some(major) = majors().find(|major| major.version == written) {
        let minor = major.minors.iter().position(|minor| *minor == major.default).unwrap_or_default();
        return Ok(Version { major, minor });
    }
    let exact = majors().flat_map(all_of).find(|version| version.text() == written);
    exact.ok_or_else(|| {
        Refusal::new("InvalidParameterCombination", format!("Cannot find version {written} for {engine}"))
    })
}

pub(super) fn describe(caller: &Caller, input: &Value) -> Answer {
    let wanted = |member: &str, value: &str| text(input, member).is_none_or(|wanted| wanted == value);
    let default = |version: &Version| {
        let of_engine = DEFAULT_MAJORS.iter().any(|(_, major)| *major == version.major.version);
        of_engine || text(input, "EngineVersion").is_some() || text(input, "DBParameterGroupFamily").is_some()
    };
    let mut found = Vec::new();
    for version in MAJORS.iter().flat_map(all_of) {
        let is_default = version.major.minors[version.minor] == version.major.default;
        let named = wanted("EngineVersion", &version.text()) || wanted("EngineVersion", version.major.version);
        let listed = wanted("Engine", version.major.engine)
            && named
            && wanted("DBParameterGroupFamily", version.major.family)
            && (flag(input, "DefaultOnly") != Some(true) || is_default && default(&version));
        if listed && passes(input, |filter| values(version, filter))? {
            found.push((format!("{} {:>9}", version.major.engine, version.text()), version.view(caller)));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    page(input, "DBEngineVersions", found)
}

fn values(version: Version, filter: &str) -> Option<Vec<String>> {
    let value = match filter {
        "db-parameter-group-family" => version.major.family.to_owned(),
        "engine" => version.major.engine.to_owned(),
        "engine-mode" => "provisioned".to_owned(),
        "engine-version" => version.text(),
        "status" => "available".to_owned(),
        _ => return None,
    };
    Some(vec![value])
}
