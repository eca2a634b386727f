//! Tags of all kinds of resources.

use serde_json::{Value, json};

use super::{Bench, bench, public_image, text};

fn tags(bench: &mut Bench, arn: &str) -> Value {
    bench.ok("ListTagsForResource", json!({ "ResourceArn": arn }))["Tags"].clone()
}

#[test]
fn tags_are_added_changed_and_removed() {
    let mut bench = bench();
    let create = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(), "Tags": [{ "Key": "team", "Value": "shop" }] });
    let arn = text(&bench.ok("CreateService", create)["Service"]["ServiceArn"]);
    assert_eq!(tags(&mut bench, &arn), json!([{ "Key": "team", "Value": "shop" }]));
    bench.ok(
        "TagResource",
        json!({ "ResourceArn": arn, "Tags": [{ "Key": "team", "Value": "web" }, { "Key": "stage", "Value": "" }] }),
    );
    assert_eq!(tags(&mut bench, &arn), json!([{ "Key": "stage", "Value": "" }, { "Key": "team", "Value": "web" }]));
    bench.ok("UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["team", "none"] }));
    assert_eq!(tags(&mut bench, &arn), json!([{ "Key": "stage", "Value": "" }]));
}

#[test]
fn tags_refused() {
    let mut bench = bench();
    let arn = bench.service("shop-web");
    let reserved =
        bench.refused("TagResource", json!({ "ResourceArn": arn, "Tags": [{ "Key": "aws:x", "Value": "" }] }));
    assert_eq!(
        reserved,
        "InvalidRequestException: The tag key aws:x isn't valid: keys that start with aws: are reserved."
    );
    let many: Vec<_> = (0..51).map(|number| json!({ "Key": format!("k{number}"), "Value": "" })).collect();
    let over = bench.refused("TagResource", json!({ "ResourceArn": arn, "Tags": many }));
    assert_eq!(over, "InvalidRequestException: A resource can have at most 50 tags.");
    assert_eq!(tags(&mut bench, &arn), json!([]));
    let missing = bench.refused(
        "ListTagsForResource",
        json!({ "ResourceArn": "arn:aws:apprunner:us-east-2:123456789012:service/x/y" }),
    );
    assert_eq!(
        missing,
        "ResourceNotFoundException: Resource with the provided ARN doesn't exist: arn:aws:apprunner:us-east-2:123456789012:service/x/y"
    );
}

#[test]
fn every_kind_has_tags_and_loses_them() {
    let mut bench = bench();
    let tag = json!([{ "Key": "team", "Value": "shop" }]);
    let input = json!({ "AutoScalingConfigurationName": "high", "Tags": tag });
    let made = bench.ok("CreateAutoScalingConfiguration", input);
    let arn = text(&made["AutoScalingConfiguration"]["AutoScalingConfigurationArn"]);
    assert_eq!(tags(&mut bench, &arn), tag);
    bench.ok("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn }));
    let gone = bench.refused("ListTagsForResource", json!({ "ResourceArn": arn }));
    assert!(gone.starts_with("ResourceNotFoundException: "), "{gone}");
}
