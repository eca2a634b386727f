//! What a service looks like, from its creation to after its deletion.

use serde_json::json;

use super::{bench, masked, public_image, text};

const ARN: &str = "arn:aws:apprunner:us-east-2:123456789012:service/shop-web/<id>";

#[test]
fn creation_fills_everything_in() {
    let mut bench = bench();
    let answer = bench.ok("CreateService", json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image() }));
    let expected = json!({
        "Service": {
            "ServiceName": "shop-web",
            "ServiceId": "<id>",
            "ServiceArn": ARN,
            "ServiceUrl": "<label>.us-east-2.awsapprunner.com",
            "CreatedAt": "2026-03-01T12:00:00Z",
            "UpdatedAt": "2026-03-01T12:00:00Z",
            "Status": "OPERATION_IN_PROGRESS",
            "SourceConfiguration": {
                "ImageRepository": {
                    "ImageIdentifier": "public.ecr.aws/nginx/nginx:latest",
                    "ImageRepositoryType": "ECR_PUBLIC"
                },
                "AutoDeploymentsEnabled": false
            },
            "InstanceConfiguration": { "Cpu": "1024", "Memory": "2048" },
            "HealthCheckConfiguration": {
                "Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 5
            },
            "AutoScalingConfigurationSummary": {
                "AutoScalingConfigurationArn":
                    "arn:aws:apprunner:us-east-2:123456789012:autoscalingconfiguration/DefaultConfiguration/1/<id>",
                "AutoScalingConfigurationName": "DefaultConfiguration",
                "AutoScalingConfigurationRevision": 1
            },
            "NetworkConfiguration": {
                "EgressConfiguration": { "EgressType": "DEFAULT" },
                "IngressConfiguration": { "IsPubliclyAccessible": true },
                "IpAddressType": "IPV4"
            }
        },
        "OperationId": "<uuid>"
    });
    assert_eq!(masked(&answer), expected);
}

#[test]
fn sizes_come_back_in_units() {
    let mut bench = bench();
    let sizes = [("0.25 vCPU", "0.5 GB", "256 512"), ("2 vCPU", "4 GB", "2048 4096"), ("4096", "12 GB", "4096 12288")];
    for (at, (cpu, memory, expected)) in sizes.into_iter().enumerate() {
        let input = json!({
            "ServiceName": format!("size-{at}"),
            "SourceConfiguration": public_image(),
            "InstanceConfiguration": { "Cpu": cpu, "Memory": memory }
        });
        let instance = bench.ok("CreateService", input)["Service"]["InstanceConfiguration"].clone();
        assert_eq!(format!("{} {}", text(&instance["Cpu"]), text(&instance["Memory"])), expected);
    }
}

#[test]
fn an_image_configuration_gets_its_port() {
    let mut source = public_image();
    source["ImageRepository"]["ImageConfiguration"] = json!({ "RuntimeEnvironmentVariables": { "MODE": "test" } });
    let made = bench().ok("CreateService", json!({ "ServiceName": "shop-web", "SourceConfiguration": source }));
    let settings = made["Service"]["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"].clone();
    assert_eq!(settings, json!({ "RuntimeEnvironmentVariables": { "MODE": "test" }, "Port": "8080" }));
}

#[test]
fn a_private_service_shows_no_address() {
    let shown = |network: serde_json::Value| {
        let input = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(), "NetworkConfiguration": network });
        bench().ok("CreateService", input)["Service"].get("ServiceUrl").is_some()
    };
    assert!(shown(json!({})));
    assert!(shown(json!({ "IngressConfiguration": { "IsPubliclyAccessible": true } })));
    assert!(!shown(json!({ "IngressConfiguration": { "IsPubliclyAccessible": false } })));
    assert!(!shown(json!({ "IngressConfiguration": {} })));
}

#[test]
fn an_update_replaces_the_blocks_it_sends() {
    let mut bench = bench();
    let arn = bench.running("shop-web");
    let first = json!({ "ServiceArn": arn, "InstanceConfiguration": { "Cpu": "2 vCPU", "Memory": "4 GB" },
        "HealthCheckConfiguration": { "Protocol": "HTTP", "Path": "/health", "Interval": 20 } });
    bench.ok("UpdateService", first);
    bench.wait(150);
    let second = bench.ok("UpdateService", json!({ "ServiceArn": arn, "HealthCheckConfiguration": { "Timeout": 9 } }));
    let service = &second["Service"];
    assert_eq!(service["InstanceConfiguration"], json!({ "Cpu": "2048", "Memory": "4096" }));
    let check = json!({ "Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 9, "HealthyThreshold": 1, "UnhealthyThreshold": 5 });
    assert_eq!(service["HealthCheckConfiguration"], check);
}

#[test]
fn a_deleted_service_is_described_for_an_hour_and_its_name_is_free() {
    let mut bench = bench();
    let arn = bench.running("shop-web");
    let input = json!({ "ServiceArn": arn });
    assert_eq!(bench.ok("DeleteService", input.clone())["Service"]["Status"], "OPERATION_IN_PROGRESS");
    bench.wait(90);
    let service = bench.ok("DescribeService", input.clone())["Service"].clone();
    assert_eq!(
        (text(&service["Status"]), text(&service["DeletedAt"])),
        ("DELETED".to_owned(), "2026-03-01T12:05:30Z".to_owned())
    );
    assert_eq!(bench.ok("ListServices", json!({})), json!({ "ServiceSummaryList": [] }));
    let gone = format!("ResourceNotFoundException: Service with the provided ARN doesn't exist: {ARN}");
    assert_eq!(bench.refused("DeleteService", input.clone()), gone);
    bench.service("shop-web");
    bench.wait(3600);
    assert_eq!(bench.refused("DescribeService", input), gone);
}

#[test]
fn services_are_listed_in_pages() {
    let mut bench = bench();
    for name in ["shop-a", "shop-b", "shop-c"] {
        bench.service(name);
        bench.wait(1);
    }
    let names = |answer: &serde_json::Value| -> Vec<String> {
        answer["ServiceSummaryList"].as_array().expect("a list").iter().map(|one| text(&one["ServiceName"])).collect()
    };
    let first = bench.ok("ListServices", json!({ "MaxResults": 2 }));
    assert_eq!(names(&first), ["shop-a", "shop-b"]);
    let second = bench.ok("ListServices", json!({ "MaxResults": 2, "NextToken": first["NextToken"] }));
    assert_eq!((names(&second), second.get("NextToken")), (vec!["shop-c".to_owned()], None));
    assert_eq!(names(&bench.ok("ListServices", json!({}))), ["shop-a", "shop-b", "shop-c"]);
    let wrong = bench.refused("ListServices", json!({ "NextToken": "abc" }));
    assert_eq!(wrong, "InvalidRequestException: The NextToken you specified isn't valid.");
}
