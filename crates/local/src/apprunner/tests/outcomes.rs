//! What comes of an operation, by the image, the roles and the secrets.

use serde_json::{Value, json};

use super::outside::shop;
use super::{Bench, bench, text};
use crate::ecr::ImageMarks;

/// Creates `shop-web` with this source and more; gives its ARN.
fn create(bench: &mut Bench, source: Value, more: Value) -> String {
    let mut input = json!({ "ServiceName": "shop-web", "SourceConfiguration": source });
    for (name, member) in more.as_object().expect("an object") {
        input[name] = member.clone();
    }
    text(&bench.ok("CreateService", input)["Service"]["ServiceArn"])
}

/// Creates with this image and expects this status first at this second.
fn check(marks: Option<ImageMarks>, more: Value, seconds: i64, expected: &str) {
    let mut bench = bench();
    let role = bench.access_role();
    if let Some(marks) = marks {
        bench.push("shop", "1", marks);
    }
    let arn = create(&mut bench, shop(&role, json!({})), more);
    bench.wait(seconds - 1);
    assert_eq!(bench.status(&arn), "OPERATION_IN_PROGRESS");
    bench.wait(1);
    assert_eq!(bench.status(&arn), expected);
    let operation = if expected == "RUNNING" { "CREATE_SERVICE SUCCEEDED" } else { "CREATE_SERVICE FAILED" };
    assert_eq!(bench.operations(&arn), [operation]);
}

fn http(path: &str) -> Value {
    json!({ "HealthCheckConfiguration": { "Protocol": "HTTP", "Path": path, "Interval": 20, "UnhealthyThreshold": 3 } })
}

#[test]
fn creation_follows_from_the_image() {
    let good =
        ImageMarks { port: Some(8080), healthy_paths: Some(vec!["/api/health".to_owned()]), ..ImageMarks::default() };
    check(Some(good.clone()), http("/api/health"), 240, "RUNNING");
    check(Some(good.clone()), json!({}), 240, "RUNNING");
    check(Some(good.clone()), http("/"), 660, "CREATE_FAILED");
    check(Some(ImageMarks { port: Some(3000), ..good.clone() }), json!({}), 625, "CREATE_FAILED");
    check(Some(ImageMarks { architecture: "arm64".to_owned(), ..good.clone() }), json!({}), 193, "CREATE_FAILED");
    check(Some(ImageMarks { crash: Some(vec!["no".to_owned()]), ..good }), json!({}), 193, "CREATE_FAILED");
    check(None, json!({}), 600, "CREATE_FAILED");
}

#[test]
fn a_role_must_be_assumable() {
    let mut bench = bench();
    bench.push("shop", "1", ImageMarks::default());
    let refused = |bench: &mut Bench, role: &str, instance: Option<&str>| {
        let instance = json!({ "InstanceRoleArn": instance });
        let input = json!({ "ServiceName": "shop-web", "SourceConfiguration": shop(role, json!({})), "InstanceConfiguration": instance });
        bench.refused("CreateService", input)
    };
    let arn = |name: &str| format!("arn:aws:iam::123456789012:role/{name}");
    let access = |role: &str| format!("InvalidRequestException: Error in assuming access role {}", arn(role));
    assert_eq!(refused(&mut bench, &arn("none"), None), access("none"));
    let tasks = bench.role("tasks", "tasks.apprunner.amazonaws.com");
    assert_eq!(refused(&mut bench, &tasks, None), access("tasks"));
    let role = bench.access_role();
    let instance = refused(&mut bench, &role, Some(&role));
    assert_eq!(instance, format!("InvalidRequestException: Error in assuming instance role {role}"));
}

#[test]
fn the_access_role_must_be_allowed_to_pull() {
    let mut bench = bench();
    bench.push("shop", "1", ImageMarks::default());
    let role = bench.role("access", "build.apprunner.amazonaws.com");
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    bench.wait(600);
    assert_eq!(bench.status(&arn), "CREATE_FAILED");
    bench.ok("DeleteService", json!({ "ServiceArn": arn }));
    bench.wait(90);
    bench.allow(
        "access",
        &["ecr:GetAuthorizationToken", "ecr:GetDownload*", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"],
        "*",
    );
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    bench.wait(240);
    assert_eq!(bench.status(&arn), "RUNNING");
}

#[test]
fn a_failed_service_can_only_be_deleted() {
    let mut bench = bench();
    let role = bench.access_role();
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    bench.wait(600);
    bench.push("shop", "1", ImageMarks::default());
    let input = json!({ "ServiceArn": arn });
    let update = bench.refused("UpdateService", input.clone());
    assert_eq!(update, "InvalidStateException: Service cannot be updated in the current state: CREATE_FAILED.");
    let twice = bench
        .refused("CreateService", json!({ "ServiceName": "shop-web", "SourceConfiguration": shop(&role, json!({})) }));
    assert_eq!(twice, "InvalidRequestException: Service with the provided name already exists: shop-web.");
    bench.ok("DeleteService", input);
    bench.wait(90);
    create(&mut bench, shop(&role, json!({})), json!({}));
}

#[test]
fn an_image_pushed_in_time_is_found() {
    let mut bench = bench();
    let role = bench.access_role();
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    bench.wait(19);
    bench.push("shop", "1", ImageMarks::default());
    bench.wait(221);
    assert_eq!(bench.status(&arn), "RUNNING");
}

/// Creates a service with this secret in its environment, read by a role that may read `allowed`.
fn with_secret(bench: &mut Bench, value: &str, allowed: &str) -> String {
    bench.push("shop", "1", ImageMarks::default());
    let role = bench.access_role();
    let tasks = bench.role("tasks", "tasks.apprunner.amazonaws.com");
    bench.allow("tasks", &["secretsmanager:GetSecretValue", "ssm:GetParameters"], allowed);
    let source = shop(&role, json!({ "RuntimeEnvironmentSecrets": { "KEY": value } }));
    let arn = create(bench, source, json!({ "InstanceConfiguration": { "InstanceRoleArn": tasks } }));
    bench.wait(240);
    bench.status(&arn)
}

#[test]
fn secrets_that_are_not_there_stop_the_instances() {
    let mut bench = bench();
    let secret = "arn:aws:secretsmanager:us-east-2:123456789012:secret:key-a1b2c3";
    assert_eq!(with_secret(&mut bench, secret, secret), "CREATE_FAILED");
}

#[test]
fn secrets_that_are_there_must_be_readable_and_hold_the_key() {
    let secret = |bench: &mut Bench| {
        let input = json!({ "Name": "key", "SecretString": "{\"user\":\"x\"}" });
        let made = crate::secretsmanager::call(&mut bench.world, &bench.caller, "CreateSecret", &input);
        text(&made.unwrap()["ARN"])
    };
    let outcome = |more: &str, allowed: Option<&str>| {
        let mut bench = bench();
        let arn = secret(&mut bench);
        with_secret(&mut bench, &format!("{arn}{more}"), allowed.unwrap_or(&arn))
    };
    assert_eq!(outcome("", None), "RUNNING");
    assert_eq!(outcome(":user::", None), "RUNNING");
    assert_eq!(outcome(":password::", None), "CREATE_FAILED");
    assert_eq!(outcome("", Some("arn:aws:secretsmanager:us-east-2:123456789012:secret:other-*")), "CREATE_FAILED");
}

#[test]
fn parameters_are_found_by_name_and_by_arn() {
    let outcome = |value: &str| {
        let mut bench = bench();
        let input = json!({ "Name": "/app/key", "Type": "SecureString", "Value": "x" });
        crate::ssm::call(&mut bench.world, &bench.caller, "PutParameter", &input).unwrap();
        with_secret(&mut bench, value, "*")
    };
    assert_eq!(outcome("/app/key"), "RUNNING");
    assert_eq!(outcome("arn:aws:ssm:us-east-2:123456789012:parameter/app/key"), "RUNNING");
    assert_eq!(outcome("/app/none"), "CREATE_FAILED");
}

#[test]
fn a_failing_update_rolls_back() {
    let mut bench = bench();
    bench.push("shop", "1", ImageMarks { port: Some(8080), ..ImageMarks::default() });
    let role = bench.access_role();
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    bench.wait(240);
    let before = bench.ok("DescribeService", json!({ "ServiceArn": arn }))["Service"]["SourceConfiguration"].clone();
    let update = json!({ "ServiceArn": arn, "SourceConfiguration": shop(&role, json!({ "Port": "3000" })) });
    let shown = bench.ok("UpdateService", update)["Service"]["SourceConfiguration"].clone();
    assert_eq!(shown["ImageRepository"]["ImageConfiguration"]["Port"], "3000");
    bench.wait(624);
    assert_eq!(bench.operations(&arn)[0], "UPDATE_SERVICE IN_PROGRESS");
    bench.wait(1);
    assert_eq!(bench.operations(&arn)[0], "UPDATE_SERVICE ROLLBACK_IN_PROGRESS");
    assert_eq!(bench.status(&arn), "OPERATION_IN_PROGRESS");
    bench.wait(60);
    assert_eq!(bench.operations(&arn)[0], "UPDATE_SERVICE ROLLBACK_SUCCEEDED");
    let after = bench.ok("DescribeService", json!({ "ServiceArn": arn }))["Service"].clone();
    assert_eq!((text(&after["Status"]), &after["SourceConfiguration"]), ("RUNNING".to_owned(), &before));
    let missing = json!({ "ServiceArn": arn, "SourceConfiguration": {
        "AuthenticationConfiguration": { "AccessRoleArn": role },
        "ImageRepository": { "ImageIdentifier": format!("{}:2", super::outside::SHOP), "ImageRepositoryType": "ECR" } } });
    bench.ok("UpdateService", missing);
    bench.wait(660);
    assert_eq!(bench.operations(&arn)[0], "UPDATE_SERVICE ROLLBACK_SUCCEEDED");
}

#[test]
fn a_push_to_the_tracked_tag_deploys() {
    let mut bench = bench();
    let good = ImageMarks { port: Some(8080), ..ImageMarks::default() };
    bench.push("shop", "1", good.clone());
    let role = bench.access_role();
    let arn = create(&mut bench, shop(&role, json!({})), json!({}));
    // While it is created: afterwards.
    bench.wait(200);
    bench.push("shop", "1", good.clone());
    bench.wait(40);
    assert_eq!(bench.operations(&arn), ["START_DEPLOYMENT PENDING", "CREATE_SERVICE SUCCEEDED"]);
    bench.wait(150);
    // Another tag or repository does nothing; a bad image is rolled back.
    bench.push("shop", "2", good.clone());
    bench.push("other", "1", good.clone());
    assert_eq!(bench.status(&arn), "RUNNING");
    bench.push("shop", "1", ImageMarks { crash: Some(vec![]), ..good.clone() });
    bench.wait(300);
    assert_eq!(bench.operations(&arn)[0], "START_DEPLOYMENT ROLLBACK_SUCCEEDED");
    // What ran before goes on running, whatever the tag names now.
    bench.ok("UpdateService", json!({ "ServiceArn": arn, "HealthCheckConfiguration": { "Interval": 9 } }));
    bench.wait(150);
    assert_eq!(bench.operations(&arn)[0], "UPDATE_SERVICE SUCCEEDED");
    bench.ok("PauseService", json!({ "ServiceArn": arn }));
    bench.wait(60);
    bench.push("shop", "1", good);
    bench.ok("ResumeService", json!({ "ServiceArn": arn }));
    bench.wait(60);
    assert_eq!(bench.operations(&arn)[0], "RESUME_SERVICE SUCCEEDED");
}

#[test]
fn another_account_must_share_its_repository() {
    let mut bench = bench();
    let own = bench.caller.clone();
    bench.caller.account = "210987654321".to_owned();
    bench.push("shop", "1", ImageMarks::default());
    let other = std::mem::replace(&mut bench.caller, own);
    let role = bench.role("access", "build.apprunner.amazonaws.com");
    bench.allow("access", &["ecr:*"], "*");
    let mut source = shop(&role, json!({}));
    source["ImageRepository"]["ImageIdentifier"] = json!("210987654321.dkr.ecr.us-east-2.amazonaws.com/shop:1");
    let arn = create(&mut bench, source.clone(), json!({}));
    bench.wait(600);
    assert_eq!(bench.status(&arn), "CREATE_FAILED");
    bench.ok("DeleteService", json!({ "ServiceArn": arn }));
    bench.wait(90);
    let repository = bench.world.region(&other).ecr.repositories.get_mut("shop").expect("the repository");
    repository.policy =
        Some(json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] }] }));
    let answer = bench.ok("CreateService", json!({ "ServiceName": "shop-web", "SourceConfiguration": source }));
    assert_eq!(answer["Service"]["SourceConfiguration"]["AutoDeploymentsEnabled"], false);
    bench.wait(240);
    assert_eq!(bench.status(&text(&answer["Service"]["ServiceArn"])), "RUNNING");
}

#[test]
fn a_new_role_takes_its_time() {
    let mut bench = bench();
    bench.world.settings.role_propagation = jiff::SignedDuration::from_secs(10);
    bench.push("shop", "1", ImageMarks::default());
    let role = bench.access_role();
    let input = json!({ "ServiceName": "shop-web", "SourceConfiguration": shop(&role, json!({})) });
    let early = bench.refused("CreateService", input.clone());
    assert_eq!(early, format!("InvalidRequestException: Error in assuming access role {role}"));
    bench.wait(10);
    bench.ok("CreateService", input);
}
