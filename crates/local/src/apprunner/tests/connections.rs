//! Connections to source code, and services built from it.

use serde_json::{Value, json};

use super::{bench, masked, text};
use crate::apprunner::finish_handshake;

fn from_code(connection: &str, port: &str) -> Value {
    json!({
        "AuthenticationConfiguration": { "ConnectionArn": connection },
        "CodeRepository": {
            "RepositoryUrl": "https://github.com/example/shop",
            "SourceCodeVersion": { "Type": "BRANCH", "Value": "main" },
            "CodeConfiguration": { "ConfigurationSource": "API", "CodeConfigurationValues": { "Runtime": "PYTHON_3", "Port": port } }
        }
    })
}

#[test]
fn a_service_from_code_needs_a_finished_handshake() {
    let mut bench = bench();
    let answer = bench.ok("CreateConnection", json!({ "ConnectionName": "github", "ProviderType": "GITHUB" }));
    let shown = |status: &str| {
        json!({ "ConnectionName": "github", "ConnectionArn": "arn:aws:apprunner:us-east-2:123456789012:connection/github/<id>",
            "ProviderType": "GITHUB", "Status": status, "CreatedAt": "2026-03-01T12:00:00Z" })
    };
    assert_eq!(masked(&answer), json!({ "Connection": shown("PENDING_HANDSHAKE") }));
    let connection = text(&answer["Connection"]["ConnectionArn"]);
    let create = json!({ "ServiceName": "shop-web", "SourceConfiguration": from_code(&connection, "8000") });
    let pending = bench.refused("CreateService", create.clone());
    assert!(
        pending.starts_with("InvalidRequestException: The connection you specified isn't in AVAILABLE state."),
        "{pending}"
    );
    assert!(finish_handshake(&mut bench.world, &bench.caller, "github"));
    let service = text(&bench.ok("CreateService", create)["Service"]["ServiceArn"]);
    bench.wait(539);
    assert_eq!(bench.status(&service), "OPERATION_IN_PROGRESS");
    bench.wait(1);
    assert_eq!(bench.status(&service), "RUNNING");
    bench.ok("UpdateService", json!({ "ServiceArn": service, "SourceConfiguration": from_code(&connection, "9000") }));
    bench.wait(400);
    assert_eq!(bench.operations(&service), ["UPDATE_SERVICE SUCCEEDED", "CREATE_SERVICE SUCCEEDED"]);
    let input = json!({ "ConnectionArn": connection });
    let used = bench.refused("DeleteConnection", input.clone());
    assert!(
        used.starts_with("InvalidRequestException: Provided connection arn is being used by other services."),
        "{used}"
    );
    bench.ok("DeleteService", json!({ "ServiceArn": service }));
    bench.wait(105);
    assert_eq!(masked(&bench.ok("DeleteConnection", input)), json!({ "Connection": shown("DELETED") }));
    assert_eq!(bench.ok("ListConnections", json!({})), json!({ "ConnectionSummaryList": [] }));
}

#[test]
fn names_are_unique() {
    let mut bench = bench();
    let input = json!({ "ConnectionName": "github", "ProviderType": "GITHUB" });
    bench.ok("CreateConnection", input.clone());
    let twice = bench.refused("CreateConnection", input);
    assert_eq!(twice, "InvalidRequestException: Connection with the provided name already exists: github.");
}
