//! What the tests set up in the neighbouring services.

use serde_json::{Value, json};

use super::Bench;
use crate::ecr::images::{self, Made};
use crate::ecr::{self, ImageMarks};
use crate::iam;

/// The repository of these tests.
pub(super) const SHOP: &str = "123456789012.dkr.ecr.us-east-2.amazonaws.com/shop";

impl Bench {
    /// Makes a role that this service may assume and gives its ARN.
    pub(super) fn role(&mut self, name: &str, service: &str) -> String {
        let trust = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole" }] });
        let input = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
        self.iam("CreateRole", input)["Role"]["Arn"].as_str().expect("an ARN").to_owned()
    }

    /// An access role that may pull from every repository of its account.
    pub(super) fn access_role(&mut self) -> String {
        let arn = self.role("access", "build.apprunner.amazonaws.com");
        let policy = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";
        self.iam("AttachRolePolicy", json!({ "RoleName": "access", "PolicyArn": policy }));
        arn
    }

    pub(super) fn allow(&mut self, role: &str, actions: &[&str], resource: &str) {
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": actions, "Resource": resource }] });
        let input = json!({ "RoleName": role, "PolicyName": "own", "PolicyDocument": document.to_string() });
        self.iam("PutRolePolicy", input);
    }

    pub(super) fn iam(&mut self, operation: &str, input: Value) -> Value {
        iam::call(&mut self.world, &self.caller, operation, &input).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    /// Pushes an image to a repository of the caller's registry.
    pub(super) fn push(&mut self, repository: &str, tag: &str, marks: ImageMarks) {
        let (world, caller) = (&mut self.world, &self.caller);
        if !world.region(caller).ecr.repositories.contains_key(repository) {
            let input = json!({ "repositoryName": repository });
            ecr::call(world, caller, "CreateRepository", &input).expect("a repository");
        }
        let content = world.hex(64);
        images::add(world, caller, repository, Made::new(&content, None, marks), Some(tag)).expect("an image");
    }
}

/// A source of `shop:1`, pulled with this role.
pub(super) fn shop(role: &str, more: Value) -> Value {
    let mut source = json!({
        "AuthenticationConfiguration": { "AccessRoleArn": role },
        "ImageRepository": { "ImageIdentifier": format!("{SHOP}:1"), "ImageRepositoryType": "ECR" }
    });
    for (name, member) in more.as_object().expect("an object") {
        source["ImageRepository"]["ImageConfiguration"][name] = member.clone();
    }
    source
}
