//! What the tests set up in the neighbouring services.

use serde_json::{Value, json};

use super::Bench;
use crate::ecr::{Image, ImageMarks, Repository};
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

    /// Puts an image into a repository of the caller's registry and tells App Runner.
    pub(super) fn push(&mut self, repository: &str, tag: &str, marks: ImageMarks) {
        let now = self.world.now();
        let digest = format!("sha256:{}", self.world.hex(64));
        let image = Image {
            digest: digest.clone(),
            manifest: "{}".to_owned(),
            media_type: String::new(),
            artifact_media_type: String::new(),
            size_in_bytes: 1,
            pushed_at: now,
            pulled_at: None,
            tags: [tag.to_owned()].into(),
            marks,
        };
        let repositories = &mut self.world.region(&self.caller).ecr.repositories;
        let target = repositories.entry(repository.to_owned()).or_insert_with(|| Repository {
            name: repository.to_owned(),
            created_at: now,
            mutability: "MUTABLE".to_owned(),
            exclusions: Vec::new(),
            scan_on_push: false,
            encryption: "AES256".to_owned(),
            kms_key: None,
            tags: Default::default(),
            policy: None,
            lifecycle: None,
            images: Default::default(),
        });
        for other in target.images.values_mut() {
            other.tags.remove(tag);
        }
        target.images.insert(digest, image);
        super::super::image_pushed(&mut self.world, &self.caller, repository, tag);
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
