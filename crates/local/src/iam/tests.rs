//! IAM as its callers see it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Trust, call, tick};
use crate::world::{Caller, World};
use crate::{apprunner, ec2};

const ROLE: &str = "arn:aws:iam::123456789012:role/app/web";
const ECR_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";

struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new() -> Self {
        let clock: Timestamp = "2026-01-02T03:04:05.678Z".parse().unwrap();
        let caller = Caller { account: "123456789012".to_owned(), region: "us-east-2".to_owned(), partition: "aws" };
        Self { world: World::new(7, clock), caller }
    }

    /// The answer of one call; a refusal as one line.
    fn ask(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        match call(&mut self.world, &self.caller, operation, &input) {
            Ok(answer) => present(answer),
            Err(no) => json!(format!("{} {}: {}", no.status, no.code, no.message)),
        }
    }

    /// Calls that must all pass.
    fn given(calls: &[(&str, Value)]) -> Self {
        let mut cloud = Self::new();
        for (operation, input) in calls {
            let answer = cloud.ask(operation, input.clone());
            assert!(answer.is_object(), "{operation}: {answer}");
        }
        cloud
    }

    fn later(&mut self, seconds: i64) {
        self.world.advance(SignedDuration::from_secs(seconds));
    }

    fn iam(&mut self) -> &super::Iam {
        &self.world.account(&self.caller).iam
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

fn check(given: &[(&str, Value)], operation: &str, input: Value, expected: Value) {
    assert_eq!(Cloud::given(given).ask(operation, input), expected);
}

fn trust(principal: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }] })
        .to_string()
}

fn allow(action: &str, resource: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": resource }] })
        .to_string()
}

fn web() -> (&'static str, Value) {
    let trust = trust(json!({ "Service": "tasks.apprunner.amazonaws.com" }));
    ("CreateRole", json!({ "RoleName": "web", "Path": "/app/", "AssumeRolePolicyDocument": trust }))
}

fn named(name: &str) -> Value {
    json!({ "RoleName": name })
}

const ENCODED_TRUST: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22tasks.apprunner.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

#[test]
fn creates_and_shows_a_role() {
    let mut cloud = Cloud::new();
    let (operation, mut input) = web();
    input["Description"] = json!("it");
    input["Tags"] = json!([{ "Key": "Team", "Value": "a" }]);
    let common = json!({
        "Path": "/app/",
        "RoleName": "web",
        "RoleId": "AROATTKCDWGFCAJTACHBX",
        "Arn": ROLE,
        "CreateDate": "2026-01-02T03:04:05Z",
        "AssumeRolePolicyDocument": ENCODED_TRUST,
        "Tags": [{ "Key": "Team", "Value": "a" }],
    });
    let created = cloud.ask(operation, input);
    let mut expected = common.clone();
    expected["RoleId"] = created["Role"]["RoleId"].clone();
    assert_eq!(created, json!({ "Role": expected }));
    assert_eq!(created["Role"]["RoleId"].as_str().unwrap().len(), 21);

    expected["Description"] = json!("it");
    expected["MaxSessionDuration"] = json!(3600);
    expected["RoleLastUsed"] = json!({});
    assert_eq!(cloud.ask("GetRole", named("WEB")), json!({ "Role": expected }));
}

#[test]
fn refuses_a_role() {
    let create = |name: &str, trust: String| json!({ "RoleName": name, "AssumeRolePolicyDocument": trust });
    let cases = [
        (create("Web", trust(json!("*"))), "409 EntityAlreadyExists: Role with name Web already exists."),
        (create("x", "{".into()), "400 MalformedPolicyDocument: This policy contains invalid Json"),
        (create("x", "{}".into()), "400 MalformedPolicyDocument: Could not parse the policy: Statement is empty!"),
        (create("x", r#"{"Statemen":[]}"#.into()), "400 MalformedPolicyDocument: Unknown field Statemen"),
        (create("x", allow("s3:*", "*")), "400 MalformedPolicyDocument: Has prohibited field Resource"),
        (
            create("x", trust(json!({ "Service": "tasks.apprunner" }))),
            r#"400 MalformedPolicyDocument: Invalid principal in policy: "SERVICE":"tasks.apprunner""#,
        ),
        (
            create("x", trust(json!({ "AWS": "arn:aws:iam::123456789012:role/none" }))),
            r#"400 MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/none""#,
        ),
        (
            create("x", trust(json!("*")).replace("sts:AssumeRole", "s3:GetObject")),
            "400 MalformedPolicyDocument: AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            create("x", trust(json!("*")).replace("2012-10-17", "2012-10-18")),
            "400 MalformedPolicyDocument: Syntax errors in policy.",
        ),
        (
            create("x", trust(json!({ "AWS": vec!["123456789012"; 150] }))),
            "409 LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048",
        ),
    ];
    for (input, expected) in cases {
        check(&[web()], "CreateRole", input, json!(expected));
    }
}

#[test]
fn refuses_tags_that_differ_only_in_case() {
    let tags = json!([{ "Key": "Team", "Value": "a" }, { "Key": "team", "Value": "b" }]);
    let refusal = "400 InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.";
    check(&[web()], "TagRole", json!({ "RoleName": "web", "Tags": tags }), json!(refusal));

    let mut cloud = Cloud::given(&[web()]);
    for (key, value) in [("Team", "a"), ("team", "b"), ("Other", "c")] {
        cloud.ask("TagRole", json!({ "RoleName": "web", "Tags": [{ "Key": key, "Value": value }] }));
    }
    cloud.ask("UntagRole", json!({ "RoleName": "web", "TagKeys": ["OTHER"] }));
    let expected = json!({ "Tags": [{ "Key": "team", "Value": "b" }], "IsTruncated": false });
    assert_eq!(cloud.ask("ListRoleTags", named("web")), expected);
}

#[test]
fn updates_what_is_sent() {
    let mut cloud = Cloud::given(&[
        web(),
        ("UpdateRole", json!({ "RoleName": "web", "MaxSessionDuration": 7200 })),
        ("UpdateRole", json!({ "RoleName": "web", "Description": "" })),
        (
            "UpdateAssumeRolePolicy",
            json!({ "RoleName": "web", "PolicyDocument": trust(json!({ "AWS": "123456789012" })) }),
        ),
        (
            "PutRolePermissionsBoundary",
            json!({ "RoleName": "web", "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
        ),
    ]);
    let role = &cloud.ask("GetRole", named("web"))["Role"];
    assert_eq!(role["MaxSessionDuration"], 7200);
    assert_eq!(role["Description"], "");
    assert!(role["AssumeRolePolicyDocument"].as_str().unwrap().contains("arn%3Aaws%3Aiam%3A%3A123456789012%3Aroot"));
    let boundary = json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess" });
    assert_eq!(role["PermissionsBoundary"], boundary);
    assert_eq!(cloud.ask("DeleteRolePermissionsBoundary", named("web")), json!({}));
}

#[test]
fn a_recreated_role_is_another_principal() {
    let holder = json!({ "RoleName": "holder", "AssumeRolePolicyDocument": trust(json!({ "AWS": ROLE })) });
    let mut cloud = Cloud::given(&[web(), ("CreateRole", holder)]);
    let id = cloud.ask("GetRole", named("web"))["Role"]["RoleId"].as_str().unwrap().to_owned();
    let shown =
        |cloud: &mut Cloud| cloud.ask("GetRole", named("holder"))["Role"]["AssumeRolePolicyDocument"].to_string();
    assert!(shown(&mut cloud).contains("role%2Fapp%2Fweb"));
    cloud.ask("DeleteRole", named("web"));
    assert!(shown(&mut cloud).contains(&id));
    let (operation, input) = web();
    cloud.ask(operation, input);
    assert!(shown(&mut cloud).contains(&id));
}

#[test]
fn deletes_in_order() {
    let mut cloud = Cloud::given(&[
        web(),
        ("AttachRolePolicy", json!({ "RoleName": "web", "PolicyArn": ECR_POLICY })),
        (
            "PutRolePolicy",
            json!({ "RoleName": "web", "PolicyName": "table", "PolicyDocument": allow("dynamodb:*", "*") }),
        ),
    ]);
    let refused = |text: &str| json!(format!("409 DeleteConflict: {text}"));
    assert_eq!(cloud.ask("DeleteRole", named("web")), refused("Cannot delete entity, must detach all policies first."));
    assert_eq!(cloud.ask("DetachRolePolicy", json!({ "RoleName": "web", "PolicyArn": ECR_POLICY })), json!({}));
    assert_eq!(cloud.ask("DeleteRole", named("web")), refused("Cannot delete entity, must delete policies first."));
    assert_eq!(cloud.ask("DeleteRolePolicy", json!({ "RoleName": "web", "PolicyName": "table" })), json!({}));
    assert_eq!(cloud.ask("DeleteRole", named("web")), json!({}));
    assert_eq!(cloud.ask("GetRole", named("web")), json!("404 NoSuchEntity: The role with name web cannot be found."));
}

#[test]
fn inline_policies_come_back_as_sent() {
    let document = format!(" {} ", allow("dynamodb:*", "*"));
    let put = json!({ "RoleName": "web", "PolicyName": "table", "PolicyDocument": document });
    let given = [web(), ("PutRolePolicy", put)];
    let one = json!({ "RoleName": "web", "PolicyName": "table" });
    let encoded = super::text::encoded(&document);
    check(&given, "GetRolePolicy", one, json!({ "RoleName": "web", "PolicyName": "table", "PolicyDocument": encoded }));
    check(&given, "ListRolePolicies", named("web"), json!({ "PolicyNames": ["table"], "IsTruncated": false }));
    let missing = json!({ "RoleName": "web", "PolicyName": "none" });
    check(&given, "GetRolePolicy", missing, json!("404 NoSuchEntity: The role policy with name none cannot be found."));
}

#[test]
fn refuses_identity_policies() {
    let statement = |statement: Value| json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    let cases = [
        ("{".to_owned(), "Syntax errors in policy."),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), "Syntax errors in policy."),
        (statement(json!([{ "Effect": "allow", "Action": "s3:*", "Resource": "*" }])), "Syntax errors in policy."),
        (statement(json!([{ "Effect": "Allow", "Actions": "s3:*", "Resource": "*" }])), "Syntax errors in policy."),
        (statement(json!([{ "Effect": "Allow", "Resource": "*" }])), "Policy statement must contain actions."),
        (statement(json!({ "Effect": "Allow", "Action": "s3:*" })), "Policy statement must contain resources."),
        (
            statement(json!({ "Effect": "Allow", "Action": "list", "Resource": "*" })),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            statement(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "bucket" })),
            r#"Resource bucket must be in ARN format or "*"."#,
        ),
        (
            statement(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*" })),
            "Policy document should not specify a principal.",
        ),
        (
            statement(json!([{ "Sid": "a b", "Effect": "Allow", "Action": "s3:*", "Resource": "*" }])),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
    ];
    for (document, message) in cases {
        let input = json!({ "RoleName": "web", "PolicyName": "p", "PolicyDocument": document });
        check(&[web()], "PutRolePolicy", input, json!(format!("400 MalformedPolicyDocument: {message}")));
    }
    // A managed policy must be of the current version; an inline one need not.
    let old = allow("s3:*", "*").replace("2012", "2008");
    let refusal = "400 MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater.";
    check(&[], "CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": old }), json!(refusal));
    check(&[web()], "PutRolePolicy", json!({ "RoleName": "web", "PolicyName": "p", "PolicyDocument": old }), json!({}));
    let unversioned = allow("s3:*", "*").replace(r#""Version":"2012-10-17","#, "");
    check(&[], "CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": unversioned }), json!(refusal));
}

#[test]
fn keeps_quotas() {
    let big = allow(&format!("s3:{}", "x".repeat(10_300)), "*");
    let input = json!({ "RoleName": "web", "PolicyName": "p", "PolicyDocument": big });
    let refusal = "409 LimitExceeded: Maximum policy size of 10240 bytes exceeded for role web";
    check(&[web()], "PutRolePolicy", input, json!(refusal));
    let refusal = "409 LimitExceeded: Cannot exceed quota for PolicySize: 6144";
    check(&[], "CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": big }), json!(refusal));

    let mut cloud = Cloud::given(&[web()]);
    let attach =
        |name: &str| json!({ "RoleName": "web", "PolicyArn": format!("arn:aws:iam::123456789012:policy/{name}") });
    for number in 0..11 {
        let name = format!("p{number}");
        cloud.ask("CreatePolicy", json!({ "PolicyName": name, "PolicyDocument": allow("s3:*", "*") }));
        let expected = if number < 10 {
            json!({})
        } else {
            json!("409 LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10")
        };
        assert_eq!(cloud.ask("AttachRolePolicy", attach(&name)), expected);
    }
    assert_eq!(cloud.ask("AttachRolePolicy", attach("p1")), json!({}));
}

#[test]
fn attaches_only_what_exists() {
    let attach = |arn: &str| json!({ "RoleName": "web", "PolicyArn": arn });
    let none = "arn:aws:iam::aws:policy/AWSAppRunnerServicePolicyForECRAccess";
    let refusal = format!("404 NoSuchEntity: Policy {none} does not exist or is not attachable.");
    check(&[web()], "AttachRolePolicy", attach(none), json!(refusal));
    check(
        &[web()],
        "AttachRolePolicy",
        attach("arn:aws:iam::aws:role/x"),
        json!("400 InvalidInput: ARN arn:aws:iam::aws:role/x is not valid."),
    );
    let linked = "arn:aws:iam::aws:policy/aws-service-role/AppRunnerServiceRolePolicy";
    let refusal = "400 PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.";
    check(&[web()], "AttachRolePolicy", attach(linked), json!(refusal));

    let given = [web(), ("AttachRolePolicy", attach(ECR_POLICY))];
    let attached = json!([{ "PolicyName": "AWSAppRunnerServicePolicyForECRAccess", "PolicyArn": ECR_POLICY }]);
    check(
        &given,
        "ListAttachedRolePolicies",
        named("web"),
        json!({ "AttachedPolicies": attached, "IsTruncated": false }),
    );
    let mut cloud = Cloud::given(&given);
    let entities = cloud.ask("ListEntitiesForPolicy", json!({ "PolicyArn": ECR_POLICY }));
    let id = cloud.ask("GetRole", named("web"))["Role"]["RoleId"].clone();
    let roles = json!([{ "RoleName": "web", "RoleId": id }]);
    assert_eq!(entities, json!({ "PolicyRoles": roles, "IsTruncated": false, "PolicyGroups": [], "PolicyUsers": [] }));
}

#[test]
fn a_policy_has_five_versions() {
    let arn = "arn:aws:iam::123456789012:policy/p";
    let mut cloud =
        Cloud::given(&[("CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": allow("s3:*", "*") }))]);
    let again =
        cloud.ask("CreatePolicy", json!({ "PolicyName": "P", "Path": "/x/", "PolicyDocument": allow("s3:*", "*") }));
    assert_eq!(
        again,
        json!("409 EntityAlreadyExists: A policy called P already exists. Duplicate names are not allowed.")
    );
    let version = json!({ "PolicyArn": arn, "PolicyDocument": allow("s3:Get*", "*"), "SetAsDefault": true });
    for number in 2..=5 {
        let made = cloud.ask("CreatePolicyVersion", version.clone());
        let line = json!({ "VersionId": format!("v{number}"), "IsDefaultVersion": true, "CreateDate": "2026-01-02T03:04:05Z" });
        assert_eq!(made, json!({ "PolicyVersion": line }));
    }
    let refusal = "409 LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.";
    assert_eq!(cloud.ask("CreatePolicyVersion", version), json!(refusal));
    let one = |id: &str| json!({ "PolicyArn": arn, "VersionId": id });
    assert_eq!(
        cloud.ask("DeletePolicyVersion", one("v5")),
        json!("409 DeleteConflict: Cannot delete the default version of a policy.")
    );
    let refusal = "409 DeleteConflict: This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
    assert_eq!(cloud.ask("DeletePolicy", json!({ "PolicyArn": arn })), json!(refusal));
    for id in ["v1", "v2", "v3", "v4"] {
        assert_eq!(cloud.ask("DeletePolicyVersion", one(id)), json!({}));
    }
    let refusal = format!("404 NoSuchEntity: Policy {arn} version v1 does not exist or is not attachable.");
    assert_eq!(cloud.ask("GetPolicyVersion", one("v1")), json!(refusal));
    assert_eq!(cloud.ask("DeletePolicy", json!({ "PolicyArn": arn })), json!({}));
    assert_eq!(
        cloud.ask("GetPolicy", json!({ "PolicyArn": arn })),
        json!(format!("404 NoSuchEntity: Policy {arn} was not found."))
    );
}

#[test]
fn policies_of_aws_are_there_and_fixed() {
    let mut cloud = Cloud::new();
    let policy = cloud.ask("GetPolicy", json!({ "PolicyArn": ECR_POLICY }))["Policy"].clone();
    assert_eq!(policy["Path"], "/service-role/");
    let version =
        cloud.ask("GetPolicyVersion", json!({ "PolicyArn": ECR_POLICY, "VersionId": policy["DefaultVersionId"] }));
    assert!(version["PolicyVersion"]["Document"].as_str().unwrap().contains("ecr%3ABatchGetImage"));
    let refusal = format!(
        "403 AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: iam:DeletePolicy on resource: policy {ECR_POLICY}"
    );
    assert_eq!(cloud.ask("DeletePolicy", json!({ "PolicyArn": ECR_POLICY })), json!(refusal));
    for policy in super::managed::all() {
        super::document::parse(&policy.document.to_string()).unwrap();
    }
}

#[test]
fn service_linked_roles_belong_to_their_service() {
    let create = json!({ "AWSServiceName": "apprunner.amazonaws.com" });
    let mut cloud = Cloud::given(&[("CreateServiceLinkedRole", create.clone())]);
    let refusal = "400 InvalidInput: Service role name AWSServiceRoleForAppRunner has been taken in this account, please try a different suffix.";
    assert_eq!(cloud.ask("CreateServiceLinkedRole", create), json!(refusal));
    let name = named("AWSServiceRoleForAppRunner");
    assert_eq!(cloud.ask("GetRole", name.clone())["Role"]["Path"], "/aws-service-role/apprunner.amazonaws.com/");
    let refusal = "400 UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForAppRunner' - this role is only modifiable by AWS";
    assert_eq!(cloud.ask("DeleteRole", name.clone()), json!(refusal));
    let task = cloud.ask("DeleteServiceLinkedRole", name.clone());
    assert_eq!(cloud.ask("GetServiceLinkedRoleDeletionStatus", task.clone()), json!({ "Status": "IN_PROGRESS" }));
    cloud.later(5);
    assert_eq!(cloud.ask("GetServiceLinkedRoleDeletionStatus", task), json!({ "Status": "SUCCEEDED" }));
    assert_eq!(
        cloud.ask("GetRole", name),
        json!("404 NoSuchEntity: The role with name AWSServiceRoleForAppRunner cannot be found.")
    );
}

#[test]
fn a_service_linked_role_in_use_stays() {
    let mut cloud =
        Cloud::given(&[("CreateServiceLinkedRole", json!({ "AWSServiceName": "networking.apprunner.amazonaws.com" }))]);
    let answer = ec2::call(&mut cloud.world, &cloud.caller, "DescribeSubnets", &json!({})).unwrap();
    let connector = json!({ "VpcConnectorName": "data", "Subnets": [answer["Subnets"][0]["SubnetId"]] });
    let made = apprunner::call(&mut cloud.world, &cloud.caller, "CreateVpcConnector", &connector).unwrap();
    let task = cloud.ask("DeleteServiceLinkedRole", named("AWSServiceRoleForAppRunnerNetworking"));
    cloud.later(5);
    let usage = json!([{ "Region": "us-east-2", "Resources": [made["VpcConnector"]["VpcConnectorArn"]] }]);
    let reason = "A service-linked role is required for one or more resources.";
    let failed = json!({ "Status": "FAILED", "Reason": { "Reason": reason, "RoleUsageList": usage } });
    assert_eq!(cloud.ask("GetServiceLinkedRoleDeletionStatus", task), failed);
    assert!(cloud.ask("GetRole", named("AWSServiceRoleForAppRunnerNetworking")).is_object());
}

#[test]
fn pages_cover_everything_once() {
    let mut cloud = Cloud::given(&[web()]);
    let mut names = Vec::new();
    let mut input = json!({ "MaxItems": 1 });
    loop {
        let page = cloud.ask("ListRoles", input.clone());
        names.push(page["Roles"][0]["RoleName"].as_str().unwrap().to_owned());
        if page["IsTruncated"] == false {
            break;
        }
        input["Marker"] = page["Marker"].clone();
    }
    assert_eq!(names, ["AWSServiceRoleForSupport", "AWSServiceRoleForTrustedAdvisor", "web"]);
    assert_eq!(cloud.ask("ListRoles", json!({ "Marker": "?" })), json!("400 ValidationError: Invalid Marker."));

    let details = cloud.ask("GetAccountAuthorizationDetails", json!({ "Filter": ["Role"], "MaxItems": 1000 }));
    let web = &details["RoleDetailList"][2];
    let shown: Vec<&str> = web.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "Path",
        "RoleName",
        "RoleId",
        "Arn",
        "CreateDate",
        "AssumeRolePolicyDocument",
        "InstanceProfileList",
        "RolePolicyList",
        "AttachedManagedPolicies",
        "RoleLastUsed",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn says_who_may_assume_a_role() {
    let mut cloud = Cloud::given(&[web()]);
    let wait = SignedDuration::from_secs(10);
    let ask = |cloud: &mut Cloud, arn: &str, service: &str| {
        let now = cloud.world.now();
        cloud.iam().trusts(arn, service, now, wait)
    };
    assert_eq!(ask(&mut cloud, ROLE, "tasks.apprunner.amazonaws.com"), Trust::TooFresh);
    assert_eq!(ask(&mut cloud, ROLE, "build.apprunner.amazonaws.com"), Trust::NotTrusted);
    assert_eq!(ask(&mut cloud, "arn:aws:iam::123456789012:role/web", "tasks.apprunner.amazonaws.com"), Trust::Missing);
    cloud.later(10);
    assert_eq!(ask(&mut cloud, ROLE, "tasks.apprunner.amazonaws.com"), Trust::Assumable);
}

#[test]
fn says_what_a_role_may_do() {
    let table = "arn:aws:dynamodb:us-east-2:123456789012:table/sessions";
    let deny = allow("dynamodb:DeleteItem", "*").replace("Allow", "Deny");
    let mut cloud = Cloud::given(&[
        web(),
        (
            "PutRolePolicy",
            json!({ "RoleName": "web", "PolicyName": "a", "PolicyDocument": allow("dynamodb:*Item", table) }),
        ),
        ("PutRolePolicy", json!({ "RoleName": "web", "PolicyName": "b", "PolicyDocument": deny })),
        ("AttachRolePolicy", json!({ "RoleName": "web", "PolicyArn": ECR_POLICY })),
    ]);
    let iam = cloud.iam();
    assert!(iam.allows(ROLE, "dynamodb:PutItem", table));
    assert!(!iam.allows(ROLE, "dynamodb:DeleteItem", table));
    assert!(!iam.allows(ROLE, "dynamodb:PutItem", "arn:aws:dynamodb:us-east-2:123456789012:table/other"));
    assert!(iam.allows(ROLE, "ecr:GetAuthorizationToken", "*"));
    assert!(!iam.allows("arn:aws:iam::123456789012:role/none", "ecr:GetAuthorizationToken", "*"));
    cloud.ask(
        "PutRolePermissionsBoundary",
        json!({ "RoleName": "web", "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
    );
    assert!(!cloud.iam().allows(ROLE, "dynamodb:PutItem", table));
}

#[test]
fn equal_calls_make_equal_worlds() {
    let make = || serde_json::to_string(&Cloud::given(&[web()]).world).unwrap();
    assert_eq!(make(), make());
}
