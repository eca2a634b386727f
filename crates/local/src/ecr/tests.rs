//! Calls in, whole answers out.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::images::{Made, add};
use super::*;

struct Registry {
    world: World,
    caller: Caller,
}

impl Registry {
    /// A registry with one repository, `app`.
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        let mut registry = Self { world, caller: Caller::new("123456789012", "us-east-2") };
        registry.call("CreateRepository", json!({ "repositoryName": "app" }));
        registry
    }

    fn call(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        let answer = call(&mut self.world, &self.caller, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{}: {}", refusal.code, refusal.message)))
    }

    fn push(&mut self, content: &str, tag: Option<&str>) -> String {
        let made = Made::new(content, None, ImageMarks::default());
        let digest = made.digest.clone();
        match add(&mut self.world, &self.caller, "app", made, tag) {
            Ok(()) => digest,
            Err(refusal) => refusal.message,
        }
    }

    fn check(&mut self, operation: &str, input: Value, expected: Value) {
        assert_eq!(self.call(operation, input), expected, "{operation}");
    }

    /// The tags of the images that are there.
    fn tags(&mut self) -> Vec<String> {
        let images = self.call("ListImages", json!({ "repositoryName": "app" }));
        let mut tags: Vec<_> = images["imageIds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id["imageTag"].as_str().unwrap_or("-").to_owned())
            .collect();
        tags.sort();
        tags
    }
}

const APP: &str = "arn:aws:ecr:us-east-2:123456789012:repository/app";

#[test]
fn a_repository_is_made_with_its_defaults() {
    Registry::new().check(
        "DescribeRepositories",
        json!({}),
        json!({
            "repositories": [{
                "repositoryArn": APP,
                "registryId": "123456789012",
                "repositoryName": "app",
                "repositoryUri": "123456789012.dkr.ecr.us-east-2.amazonaws.com/app",
                "createdAt": "2026-01-01T00:00:00Z",
                "imageTagMutability": "MUTABLE",
                "imageTagMutabilityExclusionFilters": null,
                "imageScanningConfiguration": { "scanOnPush": false },
                "encryptionConfiguration": { "encryptionType": "AES256", "kmsKey": null },
            }],
            "nextToken": null,
        }),
    );
}

#[test]
fn a_key_comes_back_as_an_arn() {
    let mut registry = Registry::new();
    let mut key = |name: &str, encryption: Value| {
        let made =
            registry.call("CreateRepository", json!({ "repositoryName": name, "encryptionConfiguration": encryption }));
        made["repository"]["encryptionConfiguration"]["kmsKey"].clone()
    };
    let default = key("a", json!({ "encryptionType": "KMS" }));
    assert!(default.as_str().unwrap().starts_with("arn:aws:kms:us-east-2:123456789012:key/"));
    assert_eq!(key("b", json!({ "encryptionType": "KMS_DSSE", "kmsKey": "alias/aws/ecr" })), default);
    let id = "11111111-2222-4333-8444-555555555555";
    let by_id = format!("arn:aws:kms:us-east-2:123456789012:key/{id}");
    assert_eq!(key("c", json!({ "encryptionType": "KMS", "kmsKey": id })), json!(by_id));
    assert_eq!(key("d", json!({ "encryptionType": "KMS", "kmsKey": by_id })), json!(by_id));
}

#[test]
fn names_are_refused_as_ecr_does() {
    let mut registry = Registry::new();
    registry.check(
        "CreateRepository",
        json!({ "repositoryName": "app" }),
        json!("RepositoryAlreadyExistsException: The repository with name 'app' already exists in the registry with id '123456789012'"),
    );
    registry.check(
        "DescribeRepositories",
        json!({ "repositoryNames": ["app", "gone"] }),
        json!("RepositoryNotFoundException: The repository with name 'gone' does not exist in the registry with id '123456789012'"),
    );
    registry.check(
        "DescribeRepositories",
        json!({ "repositoryNames": ["app"], "maxResults": 5 }),
        json!("InvalidParameterException: Invalid parameter at 'maxResults' failed to satisfy constraint: 'maxResults cannot be specified together with repositoryNames'"),
    );
    registry.check(
        "DescribeRepositories",
        json!({ "registryId": "210987654321" }),
        json!(
            "AccessDeniedException: User: arn:aws:iam::123456789012:root is not authorized to perform: ecr:DescribeRepositories on resource: * because no resource-based policy allows the ecr:DescribeRepositories action"
        ),
    );
}

#[test]
fn lists_come_in_pages() {
    let mut registry = Registry::new();
    for name in ["b", "c", "d"] {
        registry.call("CreateRepository", json!({ "repositoryName": name }));
    }
    let mut token = Value::Null;
    let mut pages = Vec::new();
    loop {
        let page = registry.call("DescribeRepositories", json!({ "maxResults": 3, "nextToken": token }));
        let names: Vec<_> =
            page["repositories"].as_array().unwrap().iter().map(|held| held["repositoryName"].clone()).collect();
        pages.push(json!(names));
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(json!(pages), json!([["app", "b", "c"], ["d"]]));
    registry.check(
        "DescribeRepositories",
        json!({ "nextToken": "?" }),
        json!(
            "InvalidParameterException: Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'"
        ),
    );
}

#[test]
fn a_repository_with_images_goes_by_force_alone() {
    let mut registry = Registry::new();
    registry.push("one", Some("v1"));
    registry.check(
        "DeleteRepository",
        json!({ "repositoryName": "app" }),
        json!(
            "RepositoryNotEmptyException: The repository with name 'app' in registry with id '123456789012' cannot be deleted because it still contains images"
        ),
    );
    let gone = registry.call("DeleteRepository", json!({ "repositoryName": "app", "force": true }));
    assert_eq!(gone["repository"]["repositoryArn"], APP);
    registry.check("DescribeRepositories", json!({}), json!({ "repositories": [], "nextToken": null }));
}

#[test]
fn tags_are_merged_checked_and_taken_away() {
    let mut registry = Registry::new();
    let tag = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    registry.check("TagResource", json!({ "resourceArn": APP, "tags": [tag("b", "1"), tag("a", "2")] }), json!({}));
    registry.check("TagResource", json!({ "resourceArn": APP, "tags": [tag("b", "3")] }), json!({}));
    registry.check(
        "ListTagsForResource",
        json!({ "resourceArn": APP }),
        json!({ "tags": [tag("a", "2"), tag("b", "3")] }),
    );
    registry.check("UntagResource", json!({ "resourceArn": APP, "tagKeys": ["a", "gone"] }), json!({}));
    registry.check("ListTagsForResource", json!({ "resourceArn": APP }), json!({ "tags": [tag("b", "3")] }));
    let many: Vec<_> = (0..50).map(|number| tag(&format!("k{number}"), "")).collect();
    registry.check(
        "TagResource",
        json!({ "resourceArn": APP, "tags": many }),
        json!(
            "TooManyTagsException: The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a repository is 50."
        ),
    );
    registry.check(
        "TagResource",
        json!({ "resourceArn": APP, "tags": [tag("aws:x", "")] }),
        json!("InvalidTagParameterException: Tag keys beginning with 'aws:' are reserved for system use"),
    );
    registry.check(
        "ListTagsForResource",
        json!({ "resourceArn": "arn:aws:ecr:us-east-2:123456789012:app" }),
        json!(
            "InvalidParameterException: Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'"
        ),
    );
}

#[test]
fn immutable_tags_stay_where_they_are() {
    let set = |registry: &mut Registry, mutability: &str, filters: &[&str]| {
        let filters: Vec<_> =
            filters.iter().map(|filter| json!({ "filterType": "WILDCARD", "filter": filter })).collect();
        let filters = if filters.is_empty() { Value::Null } else { json!(filters) };
        registry.call(
            "PutImageTagMutability",
            json!({ "repositoryName": "app", "imageTagMutability": mutability, "imageTagMutabilityExclusionFilters": filters }),
        )
    };
    let moves = |mutability: &str, filters: &[&str], tag: &str| {
        let mut registry = Registry::new();
        set(&mut registry, mutability, filters);
        registry.push("one", Some(tag));
        registry.push("two", Some(tag)).starts_with("sha256:")
    };
    assert!(moves("MUTABLE", &[], "v1"));
    assert!(!moves("IMMUTABLE", &[], "v1"));
    assert!(moves("IMMUTABLE_WITH_EXCLUSION", &["dev-*"], "dev-1"));
    assert!(!moves("IMMUTABLE_WITH_EXCLUSION", &["dev-*"], "v1"));
    assert!(!moves("MUTABLE_WITH_EXCLUSION", &["v*"], "v1"));
    let mut registry = Registry::new();
    assert_eq!(
        set(&mut registry, "IMMUTABLE_WITH_EXCLUSION", &[]),
        "InvalidParameterException: Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: \
         'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as IMMUTABLE_WITH_EXCLUSION'"
    );
    set(&mut registry, "IMMUTABLE", &[]);
    registry.push("one", Some("v1"));
    assert_eq!(
        registry.push("two", Some("v1")),
        "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable."
    );
}

#[test]
fn images_are_found_by_tag_and_by_digest() {
    let mut registry = Registry::new();
    let digest = registry.push("one", Some("v1"));
    let moved = registry.push("two", Some("v1"));
    let details = |registry: &mut Registry, id: Value| {
        let found = registry.call("DescribeImages", json!({ "repositoryName": "app", "imageIds": [id] }));
        found["imageDetails"]
            .as_array()
            .map_or(found.clone(), |details| json!([details[0]["imageDigest"], details[0]["imageTags"]]))
    };
    assert_eq!(details(&mut registry, json!({ "imageTag": "v1" })), json!([moved, ["v1"]]));
    assert_eq!(details(&mut registry, json!({ "imageDigest": digest })), json!([digest, null]));
    assert_eq!(
        details(&mut registry, json!({ "imageTag": "v2" })),
        "ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name 'app' \
         in the registry with id '123456789012'"
    );
    let found = registry.call(
        "BatchGetImage",
        json!({ "repositoryName": "app", "imageIds": [{ "imageTag": "v1" }, { "imageTag": "v2" }, {}] }),
    );
    assert_eq!(found["images"][0]["imageId"], json!({ "imageDigest": moved, "imageTag": "v1" }));
    assert_eq!(super::images::sha256(found["images"][0]["imageManifest"].as_str().unwrap()), moved);
    assert_eq!(
        found["failures"],
        json!([
            { "imageId": { "imageTag": "v2" }, "failureCode": "ImageNotFound", "failureReason": "Requested image not found" },
            { "imageId": {}, "failureCode": "MissingDigestAndTag", "failureReason": "Invalid request parameters: both tag and digest cannot be null" },
        ])
    );
}

#[test]
fn deleting_the_last_tag_deletes_the_image() {
    let mut registry = Registry::new();
    let digest = registry.push("one", Some("v1"));
    registry.push("one", Some("v2"));
    let delete = |tag: &str| json!({ "repositoryName": "app", "imageIds": [{ "imageTag": tag }] });
    let gone = |tag: &str| json!({ "imageIds": [{ "imageDigest": digest, "imageTag": tag }], "failures": [] });
    registry.check("BatchDeleteImage", delete("v1"), gone("v1"));
    assert_eq!(registry.tags(), ["v2"]);
    registry.check("BatchDeleteImage", delete("v2"), gone("v2"));
    assert_eq!(registry.tags(), Vec::<String>::new());
}

#[test]
fn a_manifest_can_be_put_once() {
    let mut registry = Registry::new();
    let manifest = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": { "size": 7 }, "layers": [{ "size": 5 }] });
    let put = |tag: &str| json!({ "repositoryName": "app", "imageManifest": manifest.to_string(), "imageTag": tag });
    let digest = super::images::sha256(&manifest.to_string());
    registry.check(
        "PutImage",
        put("v1"),
        json!({ "image": {
            "registryId": "123456789012",
            "repositoryName": "app",
            "imageId": { "imageDigest": digest, "imageTag": "v1" },
            "imageManifest": manifest.to_string(),
            "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
        } }),
    );
    let again = format!(
        "ImageAlreadyExistsException: Image with digest '{digest}' and tag 'v1' already exists in the repository with name 'app' in registry with id '123456789012'"
    );
    registry.check("PutImage", put("v1"), json!(again));
    registry.call("PutImage", put("v2"));
    assert_eq!(registry.tags(), ["v1", "v2"]);
}

fn rule(priority: i64, selection: Value) -> Value {
    json!({ "rulePriority": priority, "selection": selection, "action": { "type": "expire" } })
}

#[test]
fn a_lifecycle_policy_comes_back_in_order() {
    let mut registry = Registry::new();
    let put = |rules: Value| json!({ "repositoryName": "app", "lifecyclePolicyText": format!("{:#}", json!({ "rules": rules })) });
    let any = rule(9, json!({ "countNumber": 5, "countType": "imageCountMoreThan", "tagStatus": "any" }));
    let old = rule(
        1,
        json!({ "tagStatus": "untagged", "tagPrefixList": [], "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1 }),
    );
    let text = "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\",\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\
                \"countNumber\":1},\"action\":{\"type\":\"expire\"}},{\"rulePriority\":9,\"selection\":{\"tagStatus\":\"any\",\
                \"countType\":\"imageCountMoreThan\",\"countNumber\":5},\"action\":{\"type\":\"expire\"}}]}";
    let expected = json!({ "registryId": "123456789012", "repositoryName": "app", "lifecyclePolicyText": text });
    registry.check("PutLifecyclePolicy", put(json!([any, old])), expected);
    registry.call("DeleteLifecyclePolicy", json!({ "repositoryName": "app" }));
    registry.check(
        "GetLifecyclePolicy",
        json!({ "repositoryName": "app" }),
        json!(
            "LifecyclePolicyNotFoundException: Lifecycle policy does not exist for the repository with name 'app' in the registry with id '123456789012'"
        ),
    );
}

#[test]
fn lifecycle_policies_are_refused_with_their_reason() {
    let any =
        |priority| rule(priority, json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5 }));
    let untagged = |priority| {
        rule(priority, json!({ "tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 5 }))
    };
    let cases = [
        ("not json".to_owned(), "Could not map policyString into LifecyclePolicy."),
        (json!({}).to_string(), "object has missing required properties ([\"rules\"])"),
        (json!({ "rules": [{ "rulePriority": 1 }] }).to_string(), "object has missing required properties ([\"action\",\"selection\"])"),
        (json!({ "rules": [any(0)] }).to_string(), "numeric instance is lower than the required minimum (minimum: 1, found: 0)"),
        (json!({ "rules": [untagged(1), any(1)] }).to_string(), "Rule priorities must be unique."),
        (json!({ "rules": [untagged(1), untagged(2)] }).to_string(), "Only one rule can select Untagged images per storage class."),
        (json!({ "rules": [any(1), untagged(2)] }).to_string(), "Rules that select Any images must have the highest rulePriority."),
        (
            json!({ "rules": [rule(1, json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countUnit": "days", "countNumber": 5 }))] }).to_string(),
            "instance failed to match exactly one schema (matched 0 out of 2)",
        ),
        (
            json!({ "rules": [rule(1, json!({ "tagStatus": "tagged", "countType": "imageCountMoreThan", "countNumber": 5 }))] }).to_string(),
            "tagPrefixList or tagPatternList is required when tagStatus is tagged",
        ),
    ];
    for (text, why) in cases {
        let expected = format!(
            "InvalidParameterException: Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: {why}'"
        );
        Registry::new().check(
            "PutLifecyclePolicy",
            json!({ "repositoryName": "app", "lifecyclePolicyText": text }),
            json!(expected),
        );
    }
}

#[test]
fn rules_expire_images_once_a_day() {
    let mut registry = Registry::new();
    let rules = json!([
        rule(
            1,
            json!({ "tagStatus": "tagged", "tagPrefixList": ["keep"], "countType": "imageCountMoreThan", "countNumber": 9 })
        ),
        rule(2, json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1 })),
    ]);
    registry.call(
        "PutLifecyclePolicy",
        json!({ "repositoryName": "app", "lifecyclePolicyText": json!({ "rules": rules }).to_string() }),
    );
    for tag in ["keep-1", "old", "new"] {
        registry.push(tag, Some(tag));
        registry.world.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(registry.tags(), ["keep-1", "new", "old"]);
    registry.world.advance(SignedDuration::from_hours(21));
    assert_eq!(registry.tags(), ["keep-1", "new"]);
}

#[test]
fn a_repository_policy_is_checked_and_comes_back_indented() {
    let mut registry = Registry::new();
    let set = |policy: Value| json!({ "repositoryName": "app", "policyText": policy.to_string() });
    let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"] });
    let text = "{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : \"*\",\n    \"Action\" : [ \"ecr:BatchGetImage\" ]\n  } ]\n}";
    let expected = json!({ "registryId": "123456789012", "repositoryName": "app", "policyText": text });
    registry.check(
        "SetRepositoryPolicy",
        set(json!({ "Version": "2012-10-17", "Statement": [statement] })),
        expected.clone(),
    );
    registry.check("DeleteRepositoryPolicy", json!({ "repositoryName": "app" }), expected);
    registry.check(
        "GetRepositoryPolicy",
        json!({ "repositoryName": "app" }),
        json!(
            "RepositoryPolicyNotFoundException: Repository policy does not exist for the repository with name 'app' in the registry with id '123456789012'"
        ),
    );
    let nobody = "arn:aws:iam::123456789012:role/nobody";
    let wrong = [
        json!({ "Statement": [] }),
        json!({ "Statement": [{ "Effect": "Allow", "Action": "ecr:*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "ecr:*", "Resource": "*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": nobody }, "Action": "ecr:*" }] }),
    ];
    let refused = "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'";
    for policy in wrong {
        registry.check("SetRepositoryPolicy", set(policy), json!(refused));
    }
}

#[test]
fn scanning_is_told_for_many_repositories() {
    let mut registry = Registry::new();
    registry.call(
        "PutImageScanningConfiguration",
        json!({ "repositoryName": "app", "imageScanningConfiguration": { "scanOnPush": true } }),
    );
    registry.check(
        "BatchGetRepositoryScanningConfiguration",
        json!({ "repositoryNames": ["app", "gone"] }),
        json!({
            "scanningConfigurations": [
                { "repositoryArn": APP, "repositoryName": "app", "scanOnPush": true, "scanFrequency": "SCAN_ON_PUSH", "appliedScanFilters": [] },
            ],
            "failures": [{ "repositoryName": "gone", "failureCode": "REPOSITORY_NOT_FOUND", "failureReason": "REPOSITORY_NOT_FOUND" }],
        }),
    );
}
