//! Every operation with inputs made up from its model: whatever it answers can be written, and nothing breaks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::*;
use crate::model::{Kind, Reference, Shape};
use crate::world::{Caller, World};

/// Texts that fit one pattern or another.
const TEXTS: &[&str] = &[
    "app-1",
    "123456789012",
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}"#,
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}"#,
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}"#,
    r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}"#,
    "arn:aws:iam::123456789012:role/app-1",
    "arn:aws:apprunner:us-east-2:123456789012:service/app-1/00000000000000000000000000000001",
    "123456789012.dkr.ecr.us-east-2.amazonaws.com/app-1:latest",
    "/",
    "1",
    "apprunner.amazonaws.com",
    "2026-01-01T00:00:00Z",
];

/// The text to begin with for members whose form the model does not tell.
const HINTS: &[(&str, &str)] = &[
    ("AssumeRolePolicyDocument", TEXTS[2]),
    ("PolicyDocument", TEXTS[3]),
    ("policyText", TEXTS[4]),
    ("lifecyclePolicyText", TEXTS[5]),
    (
        "imageManifest",
        r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"size":1},"layers":[]}"#,
    ),
    ("RoleArn", TEXTS[6]),
    ("DomainName", "app.example.com"),
];

/// Inputs whose members must go together.
fn by_hand(operation: &str) -> Option<Value> {
    Some(match operation {
        "CreateTable" => json!({
            "TableName": "app-1",
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "BillingMode": "PAY_PER_REQUEST",
        }),
        "PutItem" => json!({ "TableName": "app-1", "Item": { "id": { "S": "one" } } }),
        "GetItem" | "DeleteItem" => json!({ "TableName": "app-1", "Key": { "id": { "S": "one" } } }),
        "CreateService" => json!({
            "ServiceName": "app-1",
            "SourceConfiguration": {
                "ImageRepository": { "ImageIdentifier": "public.ecr.aws/aws-containers/hello-app-runner:latest", "ImageRepositoryType": "ECR_PUBLIC" },
            },
        }),
        "CreateBucket" => json!({
            "Bucket": "app-1",
            "CreateBucketConfiguration": { "LocationConstraint": "us-east-2" },
        }),
        "PutObject" => json!({ "Bucket": "app-1", "Key": "app-1", "Body": "aGVsbG8=" }),
        "GetObject" | "HeadObject" | "DeleteObject" => json!({ "Bucket": "app-1", "Key": "app-1" }),
        "PutRetentionPolicy" => json!({ "logGroupName": "app-1", "retentionInDays": 30 }),
        _ => return None,
    })
}

/// Which members an input has.
#[derive(Debug, Clone, Copy)]
enum Members {
    Required,
    All,
}

struct Sweep {
    world: World,
    members: Members,
    /// What earlier answers said, by the names of members: the ids and ARNs of what was made.
    told: BTreeMap<String, String>,
    answered: BTreeSet<String>,
    mistakes: Vec<String>,
}

impl Sweep {
    fn made(&self, model: &Model, reference: &Reference, name: &str, depth: usize) -> Value {
        let shape = model.at(reference);
        let inner = |inner: &Option<Reference>| {
            inner.as_ref().map(|inner| self.made(model, inner, name, depth + 1)).unwrap_or_default()
        };
        match shape.kind {
            Kind::Structure => self.structure(model, shape, depth),
            Kind::List => json!([inner(&shape.member)]),
            Kind::Map => json!({ "key-1": inner(&shape.value) }),
            Kind::String => json!(self.text(shape, name)),
            Kind::Integer | Kind::Long => json!(shape.min.unwrap_or(5.0) as i64),
            Kind::Float | Kind::Double => json!(1.5),
            Kind::Boolean => json!(true),
            Kind::Blob => json!("aGVsbG8="),
            Kind::Timestamp => json!("2026-01-01T00:00:00Z"),
        }
    }

    fn structure(&self, model: &Model, shape: &Shape, depth: usize) -> Value {
        let all = matches!(self.members, Members::All) && depth < 4;
        let chosen = shape.members.iter().filter(|(name, _)| all || shape.required.contains(*name));
        let made = chosen.map(|(name, member)| (name.clone(), self.made(model, member, name, depth + 1)));
        Value::Object(made.collect::<Map<_, _>>())
    }

    fn text(&self, shape: &Shape, name: &str) -> String {
        let fits = |text: &&str| {
            let length = text.chars().count() as f64;
            let lengths = shape.min.is_none_or(|min| length >= min) && shape.max.is_none_or(|max| length <= max);
            lengths && shape.pattern.as_ref().is_none_or(|pattern| pattern::fits(pattern, text))
        };
        let told = if name == "ResourceArn" || name == "resourceArn" {
            self.told.get("*arn")
        } else {
            self.told.get(&name.to_lowercase())
        };
        let hints = HINTS.iter().filter(|(member, _)| *member == name).map(|(_, text)| *text);
        let enumerated = shape.values.first().map(String::as_str);
        let mut candidates =
            enumerated.into_iter().chain(told.map(String::as_str)).chain(hints).chain(TEXTS.iter().copied());
        candidates.find(fits).map_or_else(|| "x".repeat(shape.min.unwrap_or(1.0) as usize), str::to_owned)
    }

    /// Remembers the texts of an answer.
    fn listen(&mut self, name: &str, answer: &Value) {
        match answer {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.listen(name, member)),
            Value::Array(items) => items.iter().for_each(|item| self.listen(name, item)),
            Value::String(text) if text.starts_with("arn:") => {
                self.told.insert(name.to_lowercase(), text.clone());
                self.told.insert("*arn".to_owned(), text.clone());
            }
            _ => {}
        }
    }

    /// Runs every operation of a service: first what makes, then what reads and changes, last what takes away.
    fn run(&mut self, service: Service) {
        let model = Model::of(service);
        let rank = |name: &str| match name {
            name if ["Create", "Put", "Set", "Attach"].iter().any(|verb| name.starts_with(verb)) => 0,
            name if ["Delete", "Detach", "BatchDelete", "Disassociate"].iter().any(|verb| name.starts_with(verb)) => 2,
            _ => 1,
        };
        let mut operations: Vec<_> = model.operations.values().collect();
        operations.sort_by_key(|operation| rank(&operation.name));
        for operation in operations {
            self.call(service, model, operation);
            self.world.advance(SignedDuration::from_mins(10));
        }
    }

    fn call(&mut self, service: Service, model: &'static Model, operation: &'static Operation) {
        let made = operation.input.as_ref().map(|input| self.structure(model, model.at(input), 0)).unwrap_or_default();
        let input = by_hand(&operation.name).unwrap_or(made);
        let call =
            Call { service, model, operation, key: "123456789012".to_owned(), region: "us-east-2".to_owned(), input };
        let caller = Caller::new(&call.key, &call.region);
        let answer =
            call.check().and_then(|()| service.call(&mut self.world, &caller, &call.key, &operation.name, &call.input));
        if let Ok(answer) = &answer {
            self.listen("", answer);
        }
        let response = respond(&call, answer, "id");
        let name = format!("{}:{}", service.name(), operation.name);
        if response.status().is_success() {
            self.answered.insert(name);
        } else if response.status() == 500 {
            self.mistakes.push(format!("{name} {}", String::from_utf8_lossy(response.body())));
        }
    }
}

#[test]
fn every_answer_can_be_written() {
    let mut answered = BTreeSet::new();
    for members in [Members::Required, Members::All] {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        let mut sweep =
            Sweep { world, members, told: BTreeMap::new(), answered: BTreeSet::new(), mistakes: Vec::new() };
        for service in Service::ALL {
            sweep.run(*service);
        }
        assert_eq!(sweep.mistakes, Vec::<String>::new(), "{members:?}");
        answered.extend(sweep.answered);
    }
    // Unless the made up inputs are good enough for most operations, the sweep says nothing.
    assert!(answered.len() > 100, "{}: {answered:?}", answered.len());
}
