//! Calls in, whole answers out.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;

struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        Self { world, caller: Caller::new("123456789012", "us-east-2") }
    }

    fn ask(&mut self, operation: &str, input: Value) -> Value {
        tick(&mut self.world, &self.caller);
        let answer = call(&mut self.world, &self.caller, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{}: {}", refusal.code, refusal.message)))
    }

    fn put(&mut self, name: &str, kind: &str, value: &str) -> Value {
        self.ask("PutParameter", json!({ "Name": name, "Type": kind, "Value": value }))
    }

    fn names(&mut self, operation: &str, input: Value) -> Vec<String> {
        let answer = self.ask(operation, input);
        let list = answer["Parameters"].as_array().cloned().unwrap_or_default();
        list.iter().map(|one| one["Name"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_parameter_is_put_read_and_described() {
    let mut cloud = Cloud::new();
    assert_eq!(cloud.put("/app/port", "String", "8080"), json!({ "Version": 1, "Tier": "Standard" }));
    let arn = "arn:aws:ssm:us-east-2:123456789012:parameter/app/port";
    let view = json!({
        "Name": "/app/port", "Type": "String", "Value": "8080", "Version": 1, "LastModifiedDate": "2026-01-01T00:00:00Z",
        "ARN": arn, "DataType": "text", "Selector": null,
    });
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": "/app/port" })), json!({ "Parameter": view }));
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": arn }))["Parameter"], view);
    let described = json!({
        "Name": "/app/port", "ARN": arn, "Type": "String", "KeyId": null, "LastModifiedDate": "2026-01-01T00:00:00Z",
        "LastModifiedUser": "arn:aws:iam::123456789012:root", "Description": null, "AllowedPattern": null, "Version": 1,
        "Tier": "Standard", "Policies": [], "DataType": "text",
    });
    assert_eq!(cloud.ask("DescribeParameters", json!({}))["Parameters"], json!([described]));
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": "none" })), json!("ParameterNotFound: "));
    let some = cloud.ask("GetParameters", json!({ "Names": ["/app/port", "none"] }));
    assert_eq!((&some["Parameters"][0]["Value"], &some["InvalidParameters"]), (&json!("8080"), &json!(["none"])));
}

#[test]
fn a_put_overwrites_only_when_told() {
    let mut cloud = Cloud::new();
    cloud.put("a", "String", "1");
    let exists = "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
    assert_eq!(cloud.put("a", "String", "2"), json!(exists));
    let over = json!({ "Name": "a", "Value": "2", "Overwrite": true, "Description": "more" });
    assert_eq!(cloud.ask("PutParameter", over), json!({ "Version": 2, "Tier": "Standard" }));
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": "a:1" }))["Parameter"]["Value"], "1");
    let history = cloud.ask("GetParameterHistory", json!({ "Name": "a" }));
    let values: Vec<&Value> = history["Parameters"].as_array().unwrap().iter().map(|one| &one["Value"]).collect();
    assert_eq!(values, ["1", "2"]);
    let other = json!({ "Name": "a", "Value": "2", "Type": "SecureString", "Overwrite": true });
    let mismatch = "HierarchyTypeMismatchException: You can't change the type of a parameter: delete it and create one with the new type.";
    assert_eq!(cloud.ask("PutParameter", other), json!(mismatch));
}

#[test]
fn a_secure_string_is_sealed_unless_asked() {
    let mut cloud = Cloud::new();
    cloud.put("/app/key", "SecureString", "planted");
    let sealed = cloud.ask("GetParameter", json!({ "Name": "/app/key" }))["Parameter"]["Value"].clone();
    assert!(sealed.as_str().unwrap().starts_with("AQICAHj"), "{sealed}");
    let plain = cloud.ask("GetParameter", json!({ "Name": "/app/key", "WithDecryption": true }));
    assert_eq!(plain["Parameter"]["Value"], "planted");
    assert_eq!(cloud.ask("DescribeParameters", json!({}))["Parameters"][0]["KeyId"], "alias/aws/ssm");
}

#[test]
fn tiers_bound_the_value() {
    let mut cloud = Cloud::new();
    let long = "x".repeat(4097);
    let refused = cloud.put("a", "String", &long);
    let words = "ValidationException: Standard tier parameters support a maximum parameter value of 4096 characters.";
    assert!(refused.as_str().unwrap().starts_with(words), "{refused}");
    let tiered = json!({ "Name": "a", "Type": "String", "Value": long, "Tier": "Intelligent-Tiering" });
    assert_eq!(cloud.ask("PutParameter", tiered), json!({ "Version": 1, "Tier": "Advanced" }));
    let back = json!({ "Name": "a", "Value": "x", "Tier": "Standard", "Overwrite": true });
    let refused = cloud.ask("PutParameter", back);
    assert!(refused.as_str().unwrap().contains("You can't downgrade a parameter"), "{refused}");
}

#[test]
fn names_and_values_are_held_to_their_rules() {
    let mut cloud = Cloud::new();
    assert!(cloud.put("ssm-key", "String", "1").as_str().unwrap().starts_with("ValidationException: Parameter name"));
    assert_eq!(
        cloud.put("/aws/x", "String", "1"),
        json!("AccessDeniedException: No access to reserved parameter name: /aws/x.")
    );
    assert_eq!(
        cloud.put("a/b", "String", "1"),
        json!("ValidationException: Parameter name must be a fully qualified name.")
    );
    let deep = "HierarchyLevelLimitExceededException: Parameter hierarchies can have at most 15 levels.";
    assert_eq!(cloud.put(&"/x".repeat(16), "String", "1"), json!(deep));
    let pattern = json!({ "Name": "n", "Type": "String", "Value": "x1", "AllowedPattern": "[0-9]+" });
    let mismatch =
        "ParameterPatternMismatchException: Parameter value, cannot be validated against allowedPattern: [0-9]+";
    assert_eq!(cloud.ask("PutParameter", pattern), json!(mismatch));
}

#[test]
fn the_hundred_and_first_version_pushes_out_the_first_unless_it_is_labelled() {
    let mut cloud = Cloud::new();
    let over = |value: u32| json!({ "Name": "a", "Type": "String", "Value": value.to_string(), "Overwrite": true });
    for value in 1..=101 {
        assert_eq!(cloud.ask("PutParameter", over(value))["Version"], value);
    }
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": "a:2" }))["Parameter"]["Value"], "2");
    assert!(
        cloud.ask("GetParameter", json!({ "Name": "a:1" })).as_str().unwrap().starts_with("ParameterVersionNotFound")
    );
    cloud.ask("LabelParameterVersion", json!({ "Name": "a", "ParameterVersion": 2, "Labels": ["old"] }));
    assert_eq!(cloud.ask("GetParameter", json!({ "Name": "a:old" }))["Parameter"]["Version"], 2);
    let refused = cloud.ask("PutParameter", over(102));
    assert!(refused.as_str().unwrap().starts_with("ParameterMaxVersionLimitExceeded"), "{refused}");
}

#[test]
fn paths_and_filters_choose() {
    let mut cloud = Cloud::new();
    for name in ["/app/a", "/app/b/c", "/application", "top"] {
        cloud.put(name, "String", "1");
    }
    assert_eq!(cloud.names("GetParametersByPath", json!({ "Path": "/app" })), ["/app/a"]);
    assert_eq!(
        cloud.names("GetParametersByPath", json!({ "Path": "/app/", "Recursive": true })),
        ["/app/a", "/app/b/c"]
    );
    let filter = |option: &str, value: &str| json!({ "ParameterFilters": [{ "Key": "Name", "Option": option, "Values": [value] }] });
    assert_eq!(cloud.names("DescribeParameters", filter("BeginsWith", "/app")), ["/app/a", "/app/b/c", "/application"]);
    assert_eq!(cloud.names("DescribeParameters", filter("Equals", "top")), ["top"]);
    let first = cloud.ask("DescribeParameters", json!({ "MaxResults": 3 }));
    let rest = json!({ "MaxResults": 3, "NextToken": first["NextToken"] });
    assert_eq!(cloud.names("DescribeParameters", rest), ["top"]);
}

#[test]
fn tags_come_with_the_first_put_and_by_their_own_calls() {
    let mut cloud = Cloud::new();
    let tag = |key: &str| json!([{ "Key": key, "Value": "1" }]);
    cloud.ask("PutParameter", json!({ "Name": "a", "Type": "String", "Value": "1", "Tags": tag("one") }));
    let of = json!({ "ResourceType": "Parameter", "ResourceId": "a" });
    let mut more = of.clone();
    more["Tags"] = tag("two");
    cloud.ask("AddTagsToResource", more);
    let mut less = of.clone();
    less["TagKeys"] = json!(["one"]);
    cloud.ask("RemoveTagsFromResource", less);
    assert_eq!(cloud.ask("ListTagsForResource", of)["TagList"], tag("two"));
    let both = json!({ "Name": "a", "Value": "1", "Tags": tag("x"), "Overwrite": true });
    let refused = cloud.ask("PutParameter", both);
    assert!(refused.as_str().unwrap().contains("tags and overwrite can't be used together"), "{refused}");
    let none = json!({ "ResourceType": "Parameter", "ResourceId": "none" });
    assert!(cloud.ask("ListTagsForResource", none).as_str().unwrap().starts_with("InvalidResourceId"));
}

#[test]
fn a_deleted_name_rests() {
    let mut cloud = Cloud::new();
    cloud.put("a", "String", "1");
    assert_eq!(cloud.ask("DeleteParameter", json!({ "Name": "a" })), json!({}));
    assert_eq!(cloud.ask("DeleteParameter", json!({ "Name": "a" })), json!("ParameterNotFound: "));
    assert!(cloud.put("a", "String", "1").as_str().unwrap().starts_with("ParameterAlreadyExists"));
    cloud.world.advance(SignedDuration::from_secs(30));
    assert!(cloud.put("a", "String", "1").is_object());
    let answer = cloud.ask("DeleteParameters", json!({ "Names": ["a", "b"] }));
    assert_eq!(answer, json!({ "DeletedParameters": ["a"], "InvalidParameters": ["b"] }));
}

#[test]
fn public_parameters_name_the_images_of_the_region() {
    let mut cloud = Cloud::new();
    let name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    let found = cloud.ask("GetParameter", json!({ "Name": name }))["Parameter"].clone();
    assert_eq!(found["ARN"], format!("arn:aws:ssm:us-east-2::parameter{name}"));
    assert!(found["Value"].as_str().is_some_and(|id| id.starts_with("ami-") && id.len() == 21), "{found}");
    let all = cloud.names("GetParametersByPath", json!({ "Path": "/aws/service/ami-amazon-linux-latest" }));
    assert_eq!(all.len(), 9);
    cloud.caller = Caller::new("123456789012", "eu-west-1");
    assert!(cloud.ask("GetParameter", json!({ "Name": name }))["Parameter"]["Value"] != found["Value"]);
}
