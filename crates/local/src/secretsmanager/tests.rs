//! Calls in, whole answers out.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;

struct Cloud {
    world: World,
    caller: Caller,
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";

impl Cloud {
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        Self { world, caller: Caller::new("123456789012", "us-east-2") }
    }

    /// A cloud with the secret `app/key`, its ARN beside it.
    fn with_secret() -> (Self, String) {
        let mut cloud = Self::new();
        let input = json!({ "Name": "app/key", "SecretString": "one", "ClientRequestToken": TOKEN });
        let arn = cloud.ask("CreateSecret", input)["ARN"].as_str().unwrap().to_owned();
        (cloud, arn)
    }

    fn ask(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        let answer = call(&mut self.world, &self.caller, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{}: {}", refusal.code, refusal.message)))
    }

    #[track_caller]
    fn check(&mut self, operation: &str, input: Value, expected: &str) {
        let shown = match self.ask(operation, input) {
            Value::String(refused) => refused,
            answer => answer.to_string(),
        };
        assert_eq!(shown, expected, "{operation}");
    }

    fn value(&mut self, id: &str) -> Value {
        match self.ask("GetSecretValue", json!({ "SecretId": id })) {
            Value::String(refused) => json!(refused),
            answer => answer["SecretString"].clone(),
        }
    }

    fn wait(&mut self, seconds: i64) {
        self.world.advance(SignedDuration::from_secs(seconds));
    }
}

fn id() -> Value {
    json!({ "SecretId": "app/key" })
}

#[test]
fn a_secret_is_made_described_and_read() {
    let (mut cloud, arn) = Cloud::with_secret();
    let (name, random) = arn.split_at(arn.len() - 7);
    assert_eq!(name, "arn:aws:secretsmanager:us-east-2:123456789012:secret:app/key");
    assert!(random[1..].chars().all(|character| character.is_ascii_alphanumeric()), "{random}");
    let described = json!({
        "ARN": arn, "Name": "app/key", "Description": null, "KmsKeyId": null, "CreatedDate": "2026-01-01T00:00:00Z",
        "LastChangedDate": "2026-01-01T00:00:00Z", "DeletedDate": null, "Tags": [],
        "VersionIdsToStages": { TOKEN: ["AWSCURRENT"] },
    });
    assert_eq!(cloud.ask("DescribeSecret", id()), described);
    assert_eq!(cloud.value("app/key"), "one");
    assert_eq!(cloud.value(&arn), "one");
    assert_eq!(cloud.value(name), "one");
    let missing = "ResourceNotFoundException: Secrets Manager can't find the specified secret.";
    assert_eq!(cloud.value("key"), missing);
    cloud.ask("CreateSecret", json!({ "Name": "empty" }));
    let empty = "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
    assert_eq!(cloud.value("empty"), empty);
}

#[test]
fn the_same_create_again_is_the_same_secret() {
    let (mut cloud, arn) = Cloud::with_secret();
    let create =
        |token: &str, value: &str| json!({ "Name": "app/key", "SecretString": value, "ClientRequestToken": token });
    let again = cloud.ask("CreateSecret", create(TOKEN, "one"));
    assert_eq!(again, json!({ "ARN": arn, "Name": "app/key", "VersionId": TOKEN }));
    let taken = "ResourceExistsException: The operation failed because the secret app/key already exists.";
    cloud.check("CreateSecret", create(OTHER, "one"), taken);
    let other = format!(
        "ResourceExistsException: You can't use ClientRequestToken {TOKEN} because that value is already in use for a version of secret {arn}."
    );
    cloud.check("CreateSecret", create(TOKEN, "two"), &other);
    let wrong = "ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!";
    cloud.check("CreateSecret", json!({ "Name": "a b" }), wrong);
}

#[test]
fn what_was_current_becomes_previous() {
    let (mut cloud, arn) = Cloud::with_secret();
    let put = json!({ "SecretId": "app/key", "SecretString": "two", "ClientRequestToken": OTHER });
    let answer = json!({ "ARN": arn, "Name": "app/key", "VersionId": OTHER, "VersionStages": ["AWSCURRENT"] });
    assert_eq!(cloud.ask("PutSecretValue", put.clone()), answer);
    assert_eq!(cloud.ask("PutSecretValue", put), answer);
    assert_eq!(cloud.value("app/key"), "two");
    let previous = json!({ "SecretId": "app/key", "VersionStage": "AWSPREVIOUS" });
    assert_eq!(cloud.ask("GetSecretValue", previous)["SecretString"], "one");
    let stages = cloud.ask("DescribeSecret", id())["VersionIdsToStages"].clone();
    assert_eq!(stages, json!({ TOKEN: ["AWSPREVIOUS"], OTHER: ["AWSCURRENT"] }));
    let back = json!({ "SecretId": "app/key", "VersionStage": "AWSCURRENT", "MoveToVersionId": TOKEN, "RemoveFromVersionId": OTHER });
    cloud.ask("UpdateSecretVersionStage", back);
    assert_eq!(cloud.value("app/key"), "one");
    let gone = json!({ "SecretId": "app/key", "VersionStage": "AWSCURRENT", "RemoveFromVersionId": TOKEN });
    let refused = "InvalidParameterException: You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.";
    cloud.check("UpdateSecretVersionStage", gone, refused);
}

#[test]
fn old_versions_make_room_but_not_those_of_today() {
    let (mut cloud, _) = Cloud::with_secret();
    let put = |number: usize| json!({ "SecretId": "app/key", "SecretString": number.to_string() });
    for number in 0..99 {
        assert!(cloud.ask("PutSecretValue", put(number)).is_object(), "{number}");
    }
    let full = "LimitExceededException: The secret has reached the limit of versions.";
    cloud.check("PutSecretValue", put(99), full);
    cloud.wait(24 * 3600);
    assert!(cloud.ask("PutSecretValue", put(99)).is_object());
    let all = json!({ "SecretId": "app/key", "IncludeDeprecated": true });
    assert_eq!(cloud.ask("ListSecretVersionIds", all)["Versions"].as_array().unwrap().len(), 100);
    assert_eq!(cloud.ask("ListSecretVersionIds", id())["Versions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_deleted_secret_waits_and_keeps_its_name() {
    let (mut cloud, arn) = Cloud::with_secret();
    let deleted = cloud.ask("DeleteSecret", json!({ "SecretId": "app/key", "RecoveryWindowInDays": 7 }));
    assert_eq!(deleted, json!({ "ARN": arn, "Name": "app/key", "DeletionDate": "2026-01-08T00:00:00Z" }));
    assert_eq!(cloud.ask("DescribeSecret", id())["DeletedDate"], "2026-01-08T00:00:00Z");
    let marked =
        "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.";
    cloud.check("GetSecretValue", id(), marked);
    cloud.check("DeleteSecret", id(), marked);
    let taken = "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.";
    cloud.check("CreateSecret", json!({ "Name": "app/key" }), taken);
    assert_eq!(cloud.ask("ListSecrets", json!({}))["SecretList"], json!([]));
    let all = cloud.ask("ListSecrets", json!({ "IncludePlannedDeletion": true }));
    assert_eq!(all["SecretList"][0]["Name"], "app/key");
    assert_eq!(cloud.ask("RestoreSecret", id()), json!({ "ARN": arn, "Name": "app/key" }));
    assert_eq!(cloud.value("app/key"), "one");
    cloud.ask("DeleteSecret", id());
    cloud.wait(30 * 24 * 3600);
    assert!(cloud.ask("CreateSecret", json!({ "Name": "app/key" }))["ARN"] != arn);
}

#[test]
fn a_forced_deletion_takes_a_moment() {
    let (mut cloud, _) = Cloud::with_secret();
    let force = json!({ "SecretId": "app/key", "ForceDeleteWithoutRecovery": true });
    cloud.ask("DeleteSecret", force.clone());
    assert!(cloud.ask("DescribeSecret", id())["DeletedDate"].is_string());
    let taken = "InvalidRequestException: You can't create this secret because a secret with this name was deleted.";
    cloud.check("CreateSecret", json!({ "Name": "app/key" }), taken);
    cloud.check("RestoreSecret", id(), "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
    cloud.wait(10);
    cloud.check("DescribeSecret", id(), "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
    assert_eq!(cloud.ask("DeleteSecret", force)["Name"], "app/key");
    let both = json!({ "SecretId": "app/key", "ForceDeleteWithoutRecovery": true, "RecoveryWindowInDays": 7 });
    let refused =
        "InvalidParameterException: You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
    cloud.check("DeleteSecret", both, refused);
}

#[test]
fn many_values_are_read_at_once() {
    let (mut cloud, _) = Cloud::with_secret();
    let answer = cloud.ask("BatchGetSecretValue", json!({ "SecretIdList": ["app/key", "none"] }));
    assert_eq!(answer["SecretValues"][0]["SecretString"], "one");
    let error = json!({ "SecretId": "none", "ErrorCode": "ResourceNotFoundException", "Message": "Secrets Manager can't find the specified secret." });
    assert_eq!(answer["Errors"], json!([error]));
}

#[test]
fn lists_are_filtered_and_paged() {
    let mut cloud = Cloud::new();
    for name in ["app/a", "app/b", "web"] {
        cloud.ask("CreateSecret", json!({ "Name": name, "Tags": [{ "Key": "for", "Value": name }] }));
        cloud.wait(1);
    }
    let names = |answer: Value| -> Vec<String> {
        let list = answer["SecretList"].as_array().unwrap().clone();
        list.iter().map(|secret| secret["Name"].as_str().unwrap().to_owned()).collect()
    };
    let filter = |key: &str, value: &str| json!({ "Filters": [{ "Key": key, "Values": [value] }] });
    assert_eq!(names(cloud.ask("ListSecrets", filter("name", "app/"))), ["app/b", "app/a"]);
    assert_eq!(names(cloud.ask("ListSecrets", filter("name", "!app/"))), ["web"]);
    assert_eq!(names(cloud.ask("ListSecrets", filter("tag-value", "web"))), ["web"]);
    let first = cloud.ask("ListSecrets", json!({ "MaxResults": 2, "SortOrder": "asc" }));
    let rest = json!({ "MaxResults": 2, "SortOrder": "asc", "NextToken": first["NextToken"] });
    assert_eq!(names(first), ["app/a", "app/b"]);
    assert_eq!(names(cloud.ask("ListSecrets", rest)), ["web"]);
}

#[test]
fn policies_and_tags_are_kept() {
    let (mut cloud, _) = Cloud::with_secret();
    let policy = |principal: &str| {
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "secretsmanager:GetSecretValue", "Resource": "*" });
        json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
    };
    let put = |text: &str| json!({ "SecretId": "app/key", "ResourcePolicy": text });
    let given = policy("arn:aws:iam::210987654321:root");
    cloud.ask("PutResourcePolicy", put(&given));
    assert_eq!(cloud.ask("GetResourcePolicy", id())["ResourcePolicy"], json!(given));
    let unknown = "MalformedPolicyDocumentException: This resource policy contains an unsupported principal.";
    cloud.check("PutResourcePolicy", put(&policy("arn:aws:iam::123456789012:role/none")), unknown);
    cloud.check(
        "PutResourcePolicy",
        put("{}"),
        "MalformedPolicyDocumentException: This resource policy contains a syntax error.",
    );
    cloud.ask("DeleteResourcePolicy", id());
    assert_eq!(cloud.ask("GetResourcePolicy", id())["ResourcePolicy"], Value::Null);
    cloud.ask(
        "TagResource",
        json!({ "SecretId": "app/key", "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }] }),
    );
    cloud.ask("UntagResource", json!({ "SecretId": "app/key", "TagKeys": ["a"] }));
    assert_eq!(cloud.ask("DescribeSecret", id())["Tags"], json!([{ "Key": "b", "Value": "2" }]));
}

#[test]
fn random_passwords_are_as_asked() {
    let mut cloud = Cloud::new();
    let input = json!({ "PasswordLength": 40, "ExcludePunctuation": true, "ExcludeUppercase": true });
    let one = cloud.ask("GetRandomPassword", input.clone())["RandomPassword"].as_str().unwrap().to_owned();
    assert!(one.len() == 40 && one.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()), "{one}");
    assert!(cloud.ask("GetRandomPassword", input)["RandomPassword"] != one);
}

#[test]
fn services_refer_to_values_by_arn_key_and_stage() {
    let (mut cloud, arn) = Cloud::with_secret();
    cloud.ask("PutSecretValue", json!({ "SecretId": "app/key", "SecretString": r#"{"user":"x"}"# }));
    let mut is_there = |more: &str| super::is_there(&mut cloud.world, &cloud.caller, &format!("{arn}{more}"));
    assert!(is_there("") && is_there(":user") && is_there(":user::") && is_there("::AWSPREVIOUS:"));
    assert!(!is_there(":password::") && !is_there("::AWSPENDING:") && !is_there("x"));
}
