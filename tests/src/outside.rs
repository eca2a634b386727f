//! Calls of somebody else: the local cloud is served for one call, which no part of groma makes.

use serde_json::Value;

use crate::http;
use crate::local_cloud::LocalCloud;
use crate::project::Project;

/// The local cloud of a project, served with the wall clock as long as this lives.
///
/// # Panics
/// When it does not start.
pub fn served(project: &Project) -> LocalCloud {
    LocalCloud::serve_at(&project.path(""), "1")
}

/// How a service is spoken to: the prefix of its JSON target, or the version of its query protocol.
fn dialect(service: &str) -> (&'static str, &'static str) {
    match service {
        "ecr" => ("AmazonEC2ContainerRegistry_V20150921", "1.1"),
        "dynamodb" => ("DynamoDB_20120810", "1.0"),
        "logs" => ("Logs_20140328", "1.1"),
        "apprunner" => ("AppRunner", "1.0"),
        "secretsmanager" => ("secretsmanager", "1.1"),
        "ssm" => ("AmazonSSM", "1.1"),
        "iam" => ("2010-05-08", "query"),
        "ec2" => ("2016-11-15", "query"),
        "rds" => ("2014-10-31", "query"),
        other => panic!("nobody has said how to speak to `{other}`"),
    }
}

/// Makes one call, in us-east-2. Members of the query protocol stand as they are sent: `SecurityGroupId.1`.
///
/// # Panics
/// When it is refused, with the answer.
pub fn call(project: &Project, service: &str, operation: &str, input: &str) -> String {
    let (target, version) = dialect(service);
    let (mut headers, body) = if version == "query" {
        (vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())], form(operation, target, input))
    } else {
        let kind = ("Content-Type", format!("application/x-amz-json-{version}"));
        (vec![kind, ("X-Amz-Target", format!("{target}.{operation}"))], input.to_owned())
    };
    let scope = format!("Credential=123456789012/20260101/us-east-2/{service}/aws4_request");
    headers.push(("Authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0")));
    let answer =
        http::request_with(served(project).port, "POST", "/", &headers, &body).expect("the local cloud answers");
    let body = String::from_utf8(answer.body.clone()).expect("the answer is text");
    assert_eq!(answer.status(), 200, "{service}:{operation} was refused: {body}");
    body
}

/// Moves the local cloud's clock on: `30m`.
///
/// # Panics
/// When that is no time.
pub fn passes(project: &Project, time: &str) {
    served(project).advance(time);
}

fn form(operation: &str, version: &str, input: &str) -> String {
    let input: Value = serde_json::from_str(input).expect("the input is JSON");
    let members = input.as_object().expect("the input is an object").iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation).append_pair("Version", version);
    form.extend_pairs(members.map(|(name, value)| (name, text(value)))).finish()
}
