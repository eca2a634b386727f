//! CloudWatch Logs as its callers see it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{append, call, tick};
use crate::world::{Caller, World};

const NOW: i64 = 1_767_323_045_678;
const ARN: &str = "arn:aws:logs:us-east-2:123456789012:log-group:/app/web";

struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new() -> Self {
        let clock = Timestamp::from_millisecond(NOW).unwrap();
        let caller = Caller { account: "123456789012".to_owned(), region: "us-east-2".to_owned(), partition: "aws" };
        Self { world: World::new(7, clock), caller }
    }

    /// A cloud with the group `/app/web` and its stream `a`.
    fn with_stream() -> Self {
        let mut cloud = Self::new();
        append(&mut cloud.world, &cloud.caller, "/app/web", "a", &[]);
        cloud
    }

    /// The answer of one call; a refusal as one line.
    fn ask(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        match call(&mut self.world, &self.caller, operation, &input) {
            Ok(answer) => present(answer),
            Err(no) => json!(format!("{}: {}", no.code, no.message)),
        }
    }

    fn put(&mut self, events: &[(i64, &str)]) -> Value {
        let events: Vec<_> = events.iter().map(|(at, text)| json!({ "timestamp": at, "message": text })).collect();
        self.ask("PutLogEvents", json!({ "logGroupName": "/app/web", "logStreamName": "a", "logEvents": events }))
    }

    fn messages(&mut self, operation: &str, input: Value) -> Vec<String> {
        let answer = self.ask(operation, input);
        answer["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap().to_owned()).collect()
    }
}

/// Without the members that the protocol layer leaves out.
fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, present(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(present).collect(),
        other => other,
    }
}

fn group(name: &str) -> Value {
    json!({ "logGroupName": name })
}

#[test]
fn creates_describes_and_deletes() {
    let mut cloud = Cloud::new();
    let tags = json!({ "team": "a" });
    let wanted = json!({ "logGroupName": "/app/web", "tags": tags });
    assert_eq!(cloud.ask("CreateLogGroup", wanted.clone()), json!({}));
    assert_eq!(
        cloud.ask("CreateLogGroup", wanted),
        json!("ResourceAlreadyExistsException: The specified log group already exists")
    );
    cloud.ask("CreateLogGroup", group("/app/web-2"));
    let mut expected = json!({
        "logGroupName": "/app/web",
        "creationTime": NOW,
        "metricFilterCount": 0,
        "arn": format!("{ARN}:*"),
        "storedBytes": 0,
        "logGroupClass": "STANDARD",
        "logGroupArn": ARN,
        "deletionProtectionEnabled": false,
    });
    let describe = json!({ "logGroupNamePrefix": "/app/web", "limit": 1 });
    let answer = cloud.ask("DescribeLogGroups", describe.clone());
    assert_eq!(answer, json!({ "logGroups": [expected], "nextToken": "L2FwcC93ZWI=" }));
    let next = json!({ "logGroupNamePrefix": "/app/web", "limit": 1, "nextToken": "L2FwcC93ZWI=" });
    assert_eq!(cloud.ask("DescribeLogGroups", next)["logGroups"][0]["logGroupName"], "/app/web-2");

    cloud.ask("PutRetentionPolicy", json!({ "logGroupName": "/app/web", "retentionInDays": 30 }));
    cloud.ask("PutLogGroupDeletionProtection", json!({ "logGroupIdentifier": ARN, "deletionProtectionEnabled": true }));
    expected["retentionInDays"] = json!(30);
    expected["deletionProtectionEnabled"] = json!(true);
    let answer = cloud.ask("DescribeLogGroups", json!({ "logGroupIdentifiers": [ARN] }));
    assert_eq!(answer["logGroups"][0], expected);
    assert_eq!(cloud.ask("ListTagsForResource", json!({ "resourceArn": ARN })), json!({ "tags": tags }));

    let protected =
        "ValidationException: Log group /app/web is protected from deletion. Disable deletion protection first.";
    assert_eq!(cloud.ask("DeleteLogGroup", group("/app/web")), json!(protected));
    cloud.ask(
        "PutLogGroupDeletionProtection",
        json!({ "logGroupIdentifier": "/app/web", "deletionProtectionEnabled": false }),
    );
    assert_eq!(cloud.ask("DeleteLogGroup", group("/app/web")), json!({}));
    let missing = "ResourceNotFoundException: The specified log group does not exist.";
    assert_eq!(cloud.ask("DeleteLogGroup", group("/app/web")), json!(missing));
}

#[test]
fn refuses() {
    let cases = [
        (
            "CreateLogGroup",
            group("aws/x"),
            "InvalidParameterException: Log groups starting with AWS/ are reserved for AWS.",
        ),
        (
            "DescribeLogGroups",
            json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "b" }),
            "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "/app/web", "retentionInDays": 2 }),
            "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "none", "retentionInDays": 1 }),
            "ResourceNotFoundException: The specified log group does not exist.",
        ),
        (
            "CreateLogStream",
            json!({ "logGroupName": "/app/web", "logStreamName": "a" }),
            "ResourceAlreadyExistsException: The specified log stream already exists",
        ),
        (
            "GetLogEvents",
            json!({ "logGroupName": "/app/web", "logStreamName": "b" }),
            "ResourceNotFoundException: The specified log stream does not exist.",
        ),
        (
            "TagLogGroup",
            json!({ "logGroupName": "/app/web", "tags": { "aws:x": "y" } }),
            "InvalidParameterException: aws: prefixed tag key names are not allowed for external use.",
        ),
    ];
    for (operation, input, refusal) in cases {
        assert_eq!(Cloud::with_stream().ask(operation, input), json!(refusal));
    }
}

#[test]
fn tags_by_both_interfaces() {
    let mut cloud = Cloud::with_stream();
    cloud.ask("TagResource", json!({ "resourceArn": ARN, "tags": { "a": "1", "b": "2" } }));
    cloud.ask("TagLogGroup", json!({ "logGroupName": "/app/web", "tags": { "c": "3" } }));
    cloud.ask("UntagLogGroup", json!({ "logGroupName": "/app/web", "tags": ["a"] }));
    cloud.ask("UntagResource", json!({ "resourceArn": ARN, "tagKeys": ["b"] }));
    assert_eq!(cloud.ask("ListTagsLogGroup", group("/app/web")), json!({ "tags": { "c": "3" } }));
}

#[test]
fn reads_what_was_written() {
    let mut cloud = Cloud::with_stream();
    let put = cloud.put(&[(NOW, "one"), (NOW + 1, "two"), (NOW + 2, "three")]);
    assert_eq!(put.as_object().unwrap().keys().collect::<Vec<_>>(), ["nextSequenceToken"]);
    let get = |more: Value| {
        let mut input = json!({ "logGroupName": "/app/web", "logStreamName": "a", "limit": 2 });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    assert_eq!(cloud.messages("GetLogEvents", get(json!({}))), ["two", "three"]);
    let first = cloud.ask("GetLogEvents", get(json!({ "startFromHead": true })));
    assert_eq!(first["events"][0], json!({ "timestamp": NOW, "message": "one", "ingestionTime": NOW }));
    let next = get(json!({ "nextToken": first["nextForwardToken"] }));
    assert_eq!(cloud.messages("GetLogEvents", next.clone()), ["three"]);
    let end = cloud.ask("GetLogEvents", next)["nextForwardToken"].clone();
    let last = cloud.ask("GetLogEvents", get(json!({ "nextToken": end })));
    assert_eq!((&last["events"], &last["nextForwardToken"]), (&json!([]), &end));
    assert_eq!(cloud.messages("GetLogEvents", get(json!({ "startTime": NOW + 1, "endTime": NOW + 2 }))), ["two"]);
    let streams = cloud.ask("DescribeLogStreams", group("/app/web"));
    assert_eq!(streams["logStreams"][0]["lastEventTimestamp"], NOW + 2);
}

#[test]
fn rejects_events_out_of_time() {
    let mut cloud = Cloud::with_stream();
    let order =
        "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.";
    assert_eq!(cloud.put(&[(NOW, "a"), (NOW - 1, "b")]), json!(order));
    let old = cloud.put(&[(NOW - 15 * 86_400_000, "old")]);
    assert_eq!(old["rejectedLogEventsInfo"], json!({ "tooOldLogEventEndIndex": 1 }));
    let new = cloud.put(&[(NOW, "now"), (NOW + 3 * 3_600_000, "new")]);
    assert_eq!(new["rejectedLogEventsInfo"], json!({ "tooNewLogEventStartIndex": 1 }));
    assert_eq!(cloud.messages("FilterLogEvents", group("/app/web")), ["now"]);
}

#[test]
fn filters_all_streams_by_time() {
    let mut cloud = Cloud::new();
    let line = |at: i64, text: &str| (Timestamp::from_millisecond(NOW + at).unwrap(), text.to_owned());
    append(&mut cloud.world, &cloud.caller, "/app/web", "b", &[line(0, "start"), line(3, "ERROR port")]);
    append(&mut cloud.world, &cloud.caller, "/app/web", "a", &[line(1, "ERROR path"), line(2, "fine")]);
    assert_eq!(cloud.messages("FilterLogEvents", group("/app/web")), ["start", "ERROR path", "fine", "ERROR port"]);
    let errors = json!({ "logGroupName": "/app/web", "filterPattern": "ERROR", "limit": 1 });
    let first = cloud.ask("FilterLogEvents", errors.clone());
    assert_eq!(first["events"][0]["logStreamName"], "a");
    let mut next = errors;
    next["nextToken"] = first["nextToken"].clone();
    assert_eq!(cloud.messages("FilterLogEvents", next), ["ERROR port"]);
    let one = json!({ "logGroupName": "/app/web", "logStreamNames": ["b"], "startTime": NOW + 1 });
    assert_eq!(cloud.messages("FilterLogEvents", one), ["ERROR port"]);
}

#[test]
fn lists_names_and_empty_parts() {
    let mut cloud = Cloud::with_stream();
    let line = json!({ "logGroupName": "/app/web", "logGroupArn": ARN, "logGroupClass": "STANDARD" });
    let found = json!({ "logGroups": [line] });
    assert_eq!(cloud.ask("ListLogGroups", json!({ "logGroupNamePattern": "^/app|none" })), found);
    assert_eq!(cloud.ask("ListLogGroups", json!({ "logGroupNamePattern": "^app" })), json!({ "logGroups": [] }));
    assert_eq!(cloud.ask("DescribeSubscriptionFilters", group("/app/web")), json!({ "subscriptionFilters": [] }));
    let missing = "ResourceNotFoundException: The specified log group does not exist.";
    assert_eq!(cloud.ask("DescribeSubscriptionFilters", group("none")), json!(missing));
}

#[test]
fn forgets_after_the_retention() {
    let mut cloud = Cloud::with_stream();
    cloud.put(&[(NOW, "one")]);
    cloud.ask("PutRetentionPolicy", json!({ "logGroupName": "/app/web", "retentionInDays": 1 }));
    cloud.world.advance(SignedDuration::from_hours(24));
    assert_eq!(cloud.messages("FilterLogEvents", group("/app/web")), ["one"]);
    cloud.world.advance(SignedDuration::from_secs(1));
    assert!(cloud.messages("FilterLogEvents", group("/app/web")).is_empty());
}
