//! The census: what exists in a world, sorted and readable, without secrets.

use serde_json::{Map, Value, json};

use crate::ecr;
use crate::world::{Account, Region, World};

/// Members whose values are the user's own and may be secret: the census shows their keys alone.
const VALUES_HIDDEN: &[&str] = &[
    "MasterUserPassword",
    "RuntimeEnvironmentVariables",
    "events",
    "items",
    "master_password",
    "object_body",
    "parameter_value",
    "secret_binary",
    "secret_string",
];

/// Everything that exists, by account, region and service; what is empty is left out.
pub(crate) fn of(world: &World) -> Value {
    let accounts = world.accounts.iter().map(|(id, held)| (id.clone(), account(held)));
    json!({ "clock": world.clock.to_string(), "accounts": filled(accounts) })
}

fn account(account: &Account) -> Value {
    let regions = filled(account.regions.iter().map(|(name, held)| (name.clone(), region(held))));
    let iam = shown(&account.iam);
    filled([("iam".to_owned(), iam), ("regions".to_owned(), regions)])
}

fn region(region: &Region) -> Value {
    let services = [
        ("apprunner", shown(&region.apprunner)),
        ("dynamodb", shown(&region.dynamodb)),
        ("ec2", shown(&region.ec2)),
        ("ecr", ecr::census(&region.ecr)),
        ("logs", shown(&region.logs)),
        ("rds", shown(&region.rds)),
        ("s3", shown(&region.s3)),
        ("secretsmanager", shown(&region.secretsmanager)),
        ("ssm", shown(&region.ssm)),
    ];
    filled(services.map(|(name, census)| (name.to_owned(), census)))
}

/// A service's state as its census: sorted by key, values that may be secret hidden; nothing for a service never used.
fn shown<State: serde::Serialize + Default>(state: &State) -> Value {
    let mut value = serde_json::to_value(state).unwrap_or_default();
    if serde_json::to_value(State::default()).is_ok_and(|unused| unused == value) {
        return Value::Null;
    }
    tidy(&mut value);
    value
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if VALUES_HIDDEN.contains(&name.as_str()) {
                    hide(member);
                } else {
                    tidy(member);
                }
            }
            members.retain(|_, member| !is_empty(member));
            members.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => members.values_mut().for_each(|member| *member = Value::from("(hidden)")),
        Value::Array(items) => *value = Value::from(format!("({} hidden)", items.len())),
        other => *other = Value::from("(hidden)"),
    }
}

pub(crate) fn filled(entries: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(entries.into_iter().filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::world::Caller;

    #[test]
    fn what_exists_is_named_and_no_value_of_the_user_s_is_shown() {
        let mut world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        let caller = Caller::new("123456789012", "us-east-2");
        let mut call = |service: Service, operation: &str, input: Value| {
            service.call(&mut world, &caller, "", operation, &input).unwrap();
        };
        let image = json!({
            "ImageIdentifier": "public.ecr.aws/aws-containers/hello-app-runner:latest",
            "ImageRepositoryType": "ECR_PUBLIC",
            "ImageConfiguration": { "RuntimeEnvironmentVariables": { "KEY": "planted" } },
        });
        call(
            Service::AppRunner,
            "CreateService",
            json!({ "ServiceName": "web-service", "SourceConfiguration": { "ImageRepository": image } }),
        );
        call(Service::Logs, "CreateLogGroup", json!({ "logGroupName": "audit" }));
        call(Service::Logs, "CreateLogStream", json!({ "logGroupName": "audit", "logStreamName": "s" }));
        let event = json!({ "timestamp": 1_767_225_600_000_i64, "message": "planted" });
        let events = json!({ "logGroupName": "audit", "logStreamName": "s", "logEvents": [event] });
        call(Service::Logs, "PutLogEvents", events);
        let shown = of(&world).to_string();
        for name in ["web-service", "KEY", "audit"] {
            assert!(shown.contains(name), "{name}: {shown}");
        }
        assert!(!shown.contains("planted"), "{shown}");
    }
}
