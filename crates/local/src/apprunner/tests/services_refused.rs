//! What is refused, and in which words.

use serde_json::{Value, json};

use super::{Bench, bench, public_image};

/// Merges `more` into the smallest create request and expects this refusal.
fn check(bench: &mut Bench, more: Value, expected: &str) {
    let mut input = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image() });
    for (name, member) in more.as_object().expect("an object") {
        input[name] = member.clone();
    }
    assert_eq!(bench.refused("CreateService", input), format!("InvalidRequestException: {expected}"));
}

fn image(identifier: &str, kind: &str, more: Value) -> Value {
    let mut source = json!({ "ImageRepository": { "ImageIdentifier": identifier, "ImageRepositoryType": kind } });
    for (name, member) in more.as_object().expect("an object") {
        source[name] = member.clone();
    }
    json!({ "SourceConfiguration": source })
}

#[test]
fn sources() {
    let own = "123456789012.dkr.ecr.us-east-2.amazonaws.com/shop:1";
    let public = "public.ecr.aws/nginx/nginx:latest";
    let both = json!({ "SourceConfiguration": { "ImageRepository": public_image()["ImageRepository"],
        "CodeRepository": { "RepositoryUrl": "https://example.com", "SourceCodeVersion": { "Type": "BRANCH", "Value": "main" } } } });
    let b = &mut bench();
    check(
        b,
        json!({ "SourceConfiguration": {} }),
        "Exactly one of CodeRepository and ImageRepository should be provided in SourceConfiguration.",
    );
    check(b, both, "Exactly one of CodeRepository and ImageRepository should be provided in SourceConfiguration.");
    check(b, image(own, "ECR", json!({})), "Authentication configuration is invalid.");
    check(
        b,
        image(public, "ECR", json!({})),
        "ImageIdentifier public.ecr.aws/nginx/nginx:latest doesn't match ImageRepositoryType ECR.",
    );
    check(
        b,
        image(public, "ECR_PUBLIC", json!({ "AutoDeploymentsEnabled": true })),
        "AutoDeploymentsEnabled can't be true for an image in ECR Public.",
    );
    check(
        b,
        image("210987654321.dkr.ecr.us-east-2.amazonaws.com/shop", "ECR", json!({ "AutoDeploymentsEnabled": true })),
        "AutoDeploymentsEnabled can't be true for an image in another account's ECR repository.",
    );
}

#[test]
fn settings() {
    let b = &mut bench();
    let with = |settings: Value| {
        let mut source = public_image();
        source["ImageRepository"]["ImageConfiguration"] = settings;
        json!({ "SourceConfiguration": source })
    };
    check(b, with(json!({ "Port": "http" })), "The port http isn't valid.");
    check(b, with(json!({ "Port": "0" })), "The port 0 isn't valid.");
    check(
        b,
        with(json!({ "RuntimeEnvironmentVariables": { "PORT": "1" } })),
        "The environment variable name PORT is reserved by App Runner.",
    );
    check(
        b,
        with(
            json!({ "RuntimeEnvironmentSecrets": { "KEY": "arn:aws:secretsmanager:us-east-2:123456789012:secret:key-a1b2c3" } }),
        ),
        "Instance Role have to be provided if passing in RuntimeEnvironmentSecrets.",
    );
    check(
        b,
        json!({ "InstanceConfiguration": { "Cpu": "0.5 vCPU", "Memory": "2 GB" } }),
        "The combination of CPU 512 and Memory 2048 isn't supported.",
    );
    check(
        b,
        json!({ "InstanceConfiguration": { "Cpu": "256" } }),
        "The combination of CPU 256 and Memory 2048 isn't supported.",
    );
}

#[test]
fn references() {
    let b = &mut bench();
    let arn = |path: &str| format!("arn:aws:apprunner:us-east-2:123456789012:{path}");
    let missing = arn("autoscalingconfiguration/high/1");
    check(
        b,
        json!({ "AutoScalingConfigurationArn": missing }),
        &format!("The auto scaling configuration ARN you specified isn't valid. ARN: '{missing}'"),
    );
    check(
        b,
        json!({ "ObservabilityConfiguration": { "ObservabilityEnabled": true } }),
        "ObservabilityConfigurationArn is required when ObservabilityEnabled is true.",
    );
    let egress = |block: Value| json!({ "NetworkConfiguration": { "EgressConfiguration": block } });
    check(b, egress(json!({ "EgressType": "VPC" })), "VpcConnectorArn is required when EgressType is VPC.");
    let connector = arn("vpcconnector/none/1/00000000000000000000000000000000");
    check(
        b,
        egress(json!({ "EgressType": "VPC", "VpcConnectorArn": connector })),
        "The VPC connector ARN you specified isn't valid. ARN: 'arn:aws:apprunner:us-east-2:123456789012:vpcconnector/none/1/<id>'",
    );
    check(b, egress(json!({ "VpcConnectorArn": connector })), "VpcConnectorArn is only valid when EgressType is VPC.");
}

#[test]
fn a_name_is_taken_as_long_as_its_service_lives() {
    let mut bench = bench();
    bench.service("shop-web");
    check(&mut bench, json!({}), "Service with the provided name already exists: shop-web.");
}

#[test]
fn thirty_services_are_the_quota() {
    let mut bench = bench();
    for number in 0..30 {
        bench.service(&format!("shop-{number}"));
    }
    let refusal =
        bench.refused("CreateService", json!({ "ServiceName": "shop-30", "SourceConfiguration": public_image() }));
    assert_eq!(refusal, "ServiceQuotaExceededException: You have reached the quota of 30 services per Region.");
}

#[test]
fn code_cannot_become_an_image() {
    let mut bench = bench();
    let arn = bench.running("shop-web");
    let source = json!({ "CodeRepository": { "RepositoryUrl": "https://example.com", "SourceCodeVersion": { "Type": "BRANCH", "Value": "main" } } });
    let refusal = bench.refused("UpdateService", json!({ "ServiceArn": arn, "SourceConfiguration": source }));
    let expected = "InvalidRequestException: You can't change the source of a service between a code repository and an image repository.";
    assert_eq!(refusal, expected);
}
