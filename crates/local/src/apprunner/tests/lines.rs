//! The lines that operations leave in CloudWatch Logs.

use serde_json::{Value, json};

use super::outside::shop;
use super::{Bench, bench, mask, text};
use crate::ecr::ImageMarks;
use crate::logs;

impl Bench {
    fn logs(&mut self, operation: &str, input: Value) -> Value {
        logs::call(&mut self.world, &self.caller, operation, &input).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// All lines of the service's groups: a heading for each stream, then seconds since the start and the line.
    fn lines(&mut self, arn: &str) -> String {
        let start = "2026-03-01T12:00:00Z".parse::<jiff::Timestamp>().expect("a time").as_millisecond();
        let prefix = format!("/aws/apprunner/{}/", arn.rsplit_once("service/").expect("a service").1);
        let groups = self.logs("DescribeLogGroups", json!({ "logGroupNamePrefix": prefix }))["logGroups"].clone();
        let mut shown = String::new();
        for group in groups.as_array().expect("a list").iter().map(|group| text(&group["logGroupName"])) {
            let streams = self.logs("DescribeLogStreams", json!({ "logGroupName": group }))["logStreams"].clone();
            for stream in streams.as_array().expect("a list").iter().map(|stream| text(&stream["logStreamName"])) {
                shown += &format!("{group} {stream}\n");
                let input = json!({ "logGroupName": group, "logStreamName": stream, "startFromHead": true });
                for event in self.logs("GetLogEvents", input)["events"].as_array().expect("a list") {
                    let seconds = (event["timestamp"].as_i64().expect("a time") - start) / 1000;
                    shown += &format!("{seconds:4} {}\n", text(&event["message"]));
                }
            }
        }
        mask(&shown)
    }
}

/// Creates a service from this image and compares all lines with a file of this folder.
fn check(marks: Option<ImageMarks>, health_check: Value, expected: &str) {
    let mut bench = bench();
    let role = bench.access_role();
    if let Some(marks) = marks {
        bench.push("shop", "1", marks);
    }
    let input = json!({
        "ServiceName": "web1",
        "SourceConfiguration": shop(&role, json!({})),
        "HealthCheckConfiguration": health_check
    });
    let arn = text(&bench.ok("CreateService", input)["Service"]["ServiceArn"]);
    bench.wait(700);
    let found = bench.lines(&arn);
    assert!(found == expected, "found:\n{found}");
}

fn http() -> Value {
    json!({ "Protocol": "HTTP", "Path": "/api/health" })
}

#[test]
fn of_a_creation() {
    check(Some(ImageMarks::default()), http(), include_str!("lines/creation.txt"));
}

#[test]
fn of_a_failing_health_check() {
    let marks = ImageMarks { port: Some(3000), ..ImageMarks::default() };
    check(Some(marks), http(), include_str!("lines/unhealthy.txt"));
}

#[test]
fn of_an_image_for_another_processor() {
    let marks = ImageMarks { architecture: "arm64".to_owned(), ..ImageMarks::default() };
    check(Some(marks), json!({}), include_str!("lines/arm64.txt"));
}

#[test]
fn of_a_missing_image() {
    check(None, json!({}), include_str!("lines/missing.txt"));
}

#[test]
fn of_the_other_operations() {
    let mut bench = bench();
    let arn = bench.running("web1");
    for operation in ["UpdateService", "StartDeployment", "PauseService", "ResumeService", "DeleteService"] {
        bench.ok(operation, json!({ "ServiceArn": arn }));
        bench.wait(150);
    }
    let found = bench.lines(&arn);
    let expected = include_str!("lines/operations.txt");
    assert!(found == expected, "found:\n{found}");
}
