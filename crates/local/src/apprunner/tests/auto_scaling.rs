//! Auto scaling and observability configurations: revisions, defaults, limits.

use serde_json::{Value, json};

use super::{Bench, bench, masked, public_image, text};

const PREFIX: &str = "arn:aws:apprunner:us-east-2:123456789012:autoscalingconfiguration";

fn make(bench: &mut Bench, name: &str) -> String {
    let answer = bench.ok("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": name }));
    text(&answer["AutoScalingConfiguration"]["AutoScalingConfigurationArn"])
}

fn describe(bench: &mut Bench, arn: &str) -> Value {
    bench.ok("DescribeAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }))["AutoScalingConfiguration"].clone()
}

fn listed(bench: &mut Bench, input: Value) -> Vec<String> {
    let answer = bench.ok("ListAutoScalingConfigurations", input);
    let list = answer["AutoScalingConfigurationSummaryList"].as_array().expect("a list");
    list.iter()
        .map(|one| {
            format!("{}/{}", text(&one["AutoScalingConfigurationName"]), one["AutoScalingConfigurationRevision"])
        })
        .collect()
}

#[test]
fn every_account_has_a_default() {
    let mut bench = bench();
    let answer = bench.ok("ListAutoScalingConfigurations", json!({}));
    let expected = json!({ "AutoScalingConfigurationSummaryList": [{
        "AutoScalingConfigurationArn": format!("{PREFIX}/DefaultConfiguration/1/00000000000000000000000000000001"),
        "AutoScalingConfigurationName": "DefaultConfiguration",
        "AutoScalingConfigurationRevision": 1,
        "Status": "active",
        "CreatedAt": "2026-03-01T12:00:00Z",
        "HasAssociatedService": false,
        "IsDefault": true
    }] });
    assert_eq!(answer, expected);
}

#[test]
fn creation_makes_revisions() {
    let mut bench = bench();
    make(&mut bench, "high");
    let input = json!({ "AutoScalingConfigurationName": "high", "MaxConcurrency": 50, "MinSize": 2, "MaxSize": 4 });
    let second = bench.ok("CreateAutoScalingConfiguration", input);
    let expected = json!({ "AutoScalingConfiguration": {
        "AutoScalingConfigurationArn": format!("{PREFIX}/high/2/<id>"),
        "AutoScalingConfigurationName": "high",
        "AutoScalingConfigurationRevision": 2,
        "Latest": true,
        "Status": "active",
        "MaxConcurrency": 50,
        "MinSize": 2,
        "MaxSize": 4,
        "CreatedAt": "2026-03-01T12:00:00Z",
        "HasAssociatedService": false,
        "IsDefault": false
    } });
    assert_eq!(masked(&second), expected);
    let first = describe(&mut bench, &format!("{PREFIX}/high/1"));
    assert_eq!(
        (&first["Latest"], &first["MaxConcurrency"], &first["MinSize"], &first["MaxSize"]),
        (&json!(false), &json!(100), &json!(1), &json!(25))
    );
    assert_eq!(describe(&mut bench, &format!("{PREFIX}/high"))["AutoScalingConfigurationRevision"], 2);
    assert_eq!(listed(&mut bench, json!({})), ["DefaultConfiguration/1", "high/2"]);
    assert_eq!(
        listed(&mut bench, json!({ "AutoScalingConfigurationName": "high", "LatestOnly": false })),
        ["high/2", "high/1"]
    );
}

#[test]
fn limits() {
    let mut bench = bench();
    for _ in 0..5 {
        make(&mut bench, "high");
    }
    let refused = |bench: &mut Bench, input: Value| bench.refused("CreateAutoScalingConfiguration", input);
    assert_eq!(
        refused(&mut bench, json!({ "AutoScalingConfigurationName": "high" })),
        "ServiceQuotaExceededException: You have reached the quota of 5 revisions of the auto scaling configuration high."
    );
    (1..10).for_each(|number| drop(make(&mut bench, &format!("name-{number}"))));
    assert_eq!(
        refused(&mut bench, json!({ "AutoScalingConfigurationName": "eleven" })),
        "ServiceQuotaExceededException: You have reached the quota of 10 auto scaling configuration names per Region."
    );
    let sizes = json!({ "AutoScalingConfigurationName": "name-1", "MinSize": 5, "MaxSize": 4 });
    assert_eq!(refused(&mut bench, sizes), "InvalidRequestException: MinSize 5 can't be greater than MaxSize 4.");
}

#[test]
fn deletion_leaves_an_inactive_revision() {
    let mut bench = bench();
    make(&mut bench, "high");
    let second = make(&mut bench, "high");
    let answer =
        bench.ok("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/high") }));
    let shown = &answer["AutoScalingConfiguration"];
    assert_eq!(
        (text(&shown["AutoScalingConfigurationArn"]), text(&shown["Status"])),
        (second.clone(), "inactive".to_owned())
    );
    assert_eq!(describe(&mut bench, &format!("{PREFIX}/high/1"))["Latest"], true);
    let again = bench.refused("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": second }));
    assert_eq!(
        again,
        format!(
            "InvalidRequestException: The auto scaling configuration you specified has been deleted. ARN: {PREFIX}/high/2/<id>"
        )
    );
    // A deleted number is not given out again while it is remembered.
    assert!(make(&mut bench, "high").contains("/high/3/"));
    let all = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/high"), "DeleteAllRevisions": true });
    bench.ok("DeleteAutoScalingConfiguration", all);
    assert_eq!(listed(&mut bench, json!({ "LatestOnly": false })), ["DefaultConfiguration/1"]);
    bench.wait(3600);
    let gone = bench.refused("DescribeAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": second }));
    assert_eq!(
        gone,
        format!(
            "ResourceNotFoundException: The auto scaling configuration you specified doesn't exist. ARN: {PREFIX}/high/2/<id>"
        )
    );
}

#[test]
fn deletion_is_refused_while_in_use_or_default() {
    let mut bench = bench();
    let arn = make(&mut bench, "high");
    let service = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(), "AutoScalingConfigurationArn": format!("{PREFIX}/high") });
    let service_arn = text(&bench.ok("CreateService", service)["Service"]["ServiceArn"]);
    let delete = |bench: &mut Bench, arn: &str| {
        bench.refused("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }))
    };
    let used = "InvalidRequestException: You can't delete the auto scaling configuration. It's used by one or more services. \
                To delete it, update the services to use other auto scaling configurations.";
    assert_eq!(delete(&mut bench, &arn), used);
    assert_eq!(describe(&mut bench, &arn)["HasAssociatedService"], true);
    let users = bench.ok("ListServicesForAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }));
    assert_eq!(users, json!({ "ServiceArnList": [service_arn] }));
    bench.wait(240);
    bench.ok("DeleteService", json!({ "ServiceArn": service_arn }));
    bench.wait(90);
    assert_eq!(delete(&mut bench, &arn), used);
    bench.wait(15);
    bench.ok("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }));
    let default = delete(&mut bench, &format!("{PREFIX}/DefaultConfiguration"));
    assert_eq!(default, "InvalidRequestException: You can't delete the default auto scaling configuration.");
}

#[test]
fn another_can_become_the_default() {
    let mut bench = bench();
    let arn = make(&mut bench, "high");
    let answer = bench.ok("UpdateDefaultAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }));
    assert_eq!(answer["AutoScalingConfiguration"]["IsDefault"], true);
    let service = bench.service("shop-web");
    let described = bench.ok("DescribeService", json!({ "ServiceArn": service }));
    assert_eq!(described["Service"]["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"], json!(arn));
    bench.ok(
        "DeleteAutoScalingConfiguration",
        json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/DefaultConfiguration") }),
    );
    assert_eq!(listed(&mut bench, json!({})), ["high/1"]);
}

#[test]
fn observability_configurations_are_alike() {
    let mut bench = bench();
    let name = json!({ "ObservabilityConfigurationName": "xray", "TraceConfiguration": { "Vendor": "AWSXRAY" } });
    let answer = bench.ok("CreateObservabilityConfiguration", name);
    let prefix = PREFIX.replace("autoscaling", "observability");
    let expected = json!({ "ObservabilityConfiguration": {
        "ObservabilityConfigurationArn": format!("{prefix}/xray/1/<id>"),
        "ObservabilityConfigurationName": "xray",
        "TraceConfiguration": { "Vendor": "AWSXRAY" },
        "ObservabilityConfigurationRevision": 1,
        "Latest": true,
        "Status": "ACTIVE",
        "CreatedAt": "2026-03-01T12:00:00Z"
    } });
    assert_eq!(masked(&answer), expected);
    let arn = text(&answer["ObservabilityConfiguration"]["ObservabilityConfigurationArn"]);
    let service = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(),
        "ObservabilityConfiguration": { "ObservabilityEnabled": true, "ObservabilityConfigurationArn": format!("{prefix}/xray") } });
    let made = bench.ok("CreateService", service);
    let block = json!({ "ObservabilityEnabled": true, "ObservabilityConfigurationArn": arn });
    assert_eq!(made["Service"]["ObservabilityConfiguration"], block);
    let used = bench.refused("DeleteObservabilityConfiguration", json!({ "ObservabilityConfigurationArn": arn }));
    assert!(
        used.starts_with("InvalidRequestException: You can't delete the observability configuration. It's used by"),
        "{used}"
    );
    let reserved = bench.refused(
        "CreateObservabilityConfiguration",
        json!({ "ObservabilityConfigurationName": "DefaultConfiguration" }),
    );
    assert_eq!(
        reserved,
        "InvalidRequestException: The observability configuration name DefaultConfiguration is reserved."
    );
    let list = bench.ok("ListObservabilityConfigurations", json!({}));
    assert_eq!(list["ObservabilityConfigurationSummaryList"][0]["ObservabilityConfigurationArn"], json!(arn));
}
