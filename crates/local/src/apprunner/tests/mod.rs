//! Tests by area. Each makes calls in one world and compares whole answers, with ids masked.

mod auto_scaling;
mod connections;
mod connectors;
mod domains;
mod lines;
mod operations;
mod outcomes;
mod outside;
mod services;
mod services_refused;
mod tags;

use jiff::SignedDuration;
use regex::Regex;
use serde_json::{Value, json};

use crate::world::{Caller, World};

/// A world with one caller, where every call is preceded by what became due.
pub(super) struct Bench {
    pub(super) world: World,
    pub(super) caller: Caller,
}

/// A new world, in us-east-2.
pub(super) fn bench() -> Bench {
    bench_in("us-east-2")
}

pub(super) fn bench_in(region: &str) -> Bench {
    let start = "2026-03-01T12:00:00Z".parse().expect("a time");
    let caller = Caller { account: "123456789012".to_owned(), region: region.to_owned(), partition: "aws" };
    Bench { world: World::new(1, start), caller }
}

impl Bench {
    /// The answer with its ids, or the refusal as `Code: message`.
    pub(super) fn raw(&mut self, operation: &str, input: Value) -> Result<Value, String> {
        self.tick();
        super::call(&mut self.world, &self.caller, operation, &input)
            .map_err(|refusal| format!("{}: {}", refusal.code, refusal.message))
    }

    /// The answer of a call that has to succeed, with its ids.
    pub(super) fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.raw(operation, input).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
    }

    /// The masked refusal of a call that has to be refused.
    pub(super) fn refused(&mut self, operation: &str, input: Value) -> String {
        match self.raw(operation, input) {
            Ok(answer) => panic!("{operation} succeeded: {answer}"),
            Err(refusal) => mask(&refusal),
        }
    }

    pub(super) fn tick(&mut self) {
        super::tick(&mut self.world, &self.caller);
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.world.advance(SignedDuration::from_secs(seconds));
        self.tick();
    }

    /// Creates a service from a public image and gives its ARN; it is running after 240 seconds.
    pub(super) fn service(&mut self, name: &str) -> String {
        let answer = self.ok("CreateService", json!({ "ServiceName": name, "SourceConfiguration": public_image() }));
        text(&answer["Service"]["ServiceArn"])
    }

    /// As [`Bench::service`], and waits for it.
    pub(super) fn running(&mut self, name: &str) -> String {
        let arn = self.service(name);
        self.wait(240);
        arn
    }

    /// The status of a service.
    pub(super) fn status(&mut self, arn: &str) -> String {
        text(&self.ok("DescribeService", json!({ "ServiceArn": arn }))["Service"]["Status"])
    }

    /// Type and status of its operations, newest first.
    pub(super) fn operations(&mut self, arn: &str) -> Vec<String> {
        let answer = self.ok("ListOperations", json!({ "ServiceArn": arn }));
        let list = answer["OperationSummaryList"].as_array().expect("a list");
        list.iter().map(|one| format!("{} {}", text(&one["Type"]), text(&one["Status"]))).collect()
    }
}

pub(super) fn public_image() -> Value {
    json!({ "ImageRepository": { "ImageIdentifier": "public.ecr.aws/nginx/nginx:latest", "ImageRepositoryType": "ECR_PUBLIC" } })
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// The text with every random part replaced by what it is.
pub(super) fn mask(text: &str) -> String {
    let masks = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", "<uuid>"),
        (r"[0-9a-f]{32}", "<id>"),
        (r"\b[a-z][a-z0-9]{9}\.([a-z0-9-]+\.awsapprunner|acm-validations|example)", "<label>.$1"),
        (r"eni-0[0-9a-f]{16}", "<eni>"),
    ];
    masks.iter().fold(text.to_owned(), |text, (pattern, name)| {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.replace_all(&text, *name).into_owned()
    })
}

/// The answer with masked ids.
pub(super) fn masked(answer: &Value) -> Value {
    serde_json::from_str(&mask(&answer.to_string())).expect("JSON stays JSON")
}
