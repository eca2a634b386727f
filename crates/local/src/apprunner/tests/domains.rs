//! Custom domains, and the way in from a VPC.

use serde_json::{Value, json};

use super::{Bench, bench, masked, public_image, text};

fn domains(bench: &mut Bench, arn: &str) -> Value {
    masked(&bench.ok("DescribeCustomDomains", json!({ "ServiceArn": arn })))
}

#[test]
fn the_records_come_seconds_later() {
    let mut bench = bench();
    let arn = bench.running("shop-web");
    let answer = bench.ok("AssociateCustomDomain", json!({ "ServiceArn": arn, "DomainName": "example.com" }));
    let shown = |records: Value, status: &str| json!({ "DomainName": "example.com", "EnableWWWSubdomain": true, "CertificateValidationRecords": records, "Status": status });
    let target = "<label>.us-east-2.awsapprunner.com";
    let service = "arn:aws:apprunner:us-east-2:123456789012:service/shop-web/<id>";
    let expected = json!({ "CustomDomain": shown(json!([]), "creating"), "DNSTarget": target, "ServiceArn": service, "VpcDNSTargets": [] });
    assert_eq!(masked(&answer), expected);
    bench.wait(8);
    let record = |name: &str, status: &str| json!({ "Name": format!("_<id>.{name}."), "Type": "CNAME", "Value": "_<id>.<label>.acm-validations.aws.", "Status": status });
    let all = |status: &str| {
        json!([record("example.com", status), record("www.example.com", status), record("<label>.example.com", status)])
    };
    let answer = |records: Value, status: &str| json!({ "CustomDomains": [shown(records, status)], "DNSTarget": target, "ServiceArn": service, "VpcDNSTargets": [] });
    assert_eq!(domains(&mut bench, &arn), answer(all("PENDING_VALIDATION"), "pending_certificate_dns_validation"));
    bench.wait(900);
    assert_eq!(domains(&mut bench, &arn), answer(all("SUCCESS"), "binding_certificate"));
    bench.wait(180);
    assert_eq!(domains(&mut bench, &arn), answer(all("SUCCESS"), "active"));
    let gone = bench.ok("DisassociateCustomDomain", json!({ "ServiceArn": arn, "DomainName": "example.com" }));
    assert_eq!(gone["CustomDomain"]["Status"], "deleting");
    bench.wait(20);
    assert_eq!(domains(&mut bench, &arn)["CustomDomains"], json!([]));
    let again = bench.refused("DisassociateCustomDomain", json!({ "ServiceArn": arn, "DomainName": "example.com" }));
    assert_eq!(again, "ResourceNotFoundException: No custom domain example.com found for the provided service.");
}

#[test]
fn associations_refused() {
    let mut bench = bench();
    let arn = bench.service("shop-web");
    let domain = |name: &str| json!({ "ServiceArn": arn, "DomainName": name, "EnableWWWSubdomain": false });
    let busy = bench.refused("AssociateCustomDomain", domain("example.com"));
    assert!(
        busy.starts_with("InvalidStateException: ") && busy.ends_with("in the current state: OPERATION_IN_PROGRESS."),
        "{busy}"
    );
    bench.wait(240);
    for number in 1..=5 {
        bench.ok("AssociateCustomDomain", domain(&format!("shop-{number}.example.com")));
    }
    let sixth = bench.refused("AssociateCustomDomain", domain("shop-6.example.com"));
    assert_eq!(sixth, "InvalidRequestException: A service can have at most 5 custom domains.");
    let twice = bench.refused("AssociateCustomDomain", domain("shop-1.example.com"));
    let holder = "arn:aws:apprunner:us-east-2:123456789012:service/shop-web/<id>";
    assert_eq!(
        twice,
        format!("InvalidRequestException: shop-1.example.com is already associated with the service {holder}")
    );
    bench.wait(8);
    let page = bench.ok("DescribeCustomDomains", json!({ "ServiceArn": arn, "MaxResults": 2 }));
    assert_eq!((page["CustomDomains"].as_array().map(Vec::len), page["NextToken"].is_string()), (Some(2), true));
    assert_eq!(page["CustomDomains"][0]["CertificateValidationRecords"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_private_service_is_entered_through_an_endpoint() {
    let mut bench = bench();
    let public = bench.running("shop-public");
    let ends = json!({ "VpcId": "vpc-0a", "VpcEndpointId": "vpce-0a" });
    let input = |arn: &str| json!({ "ServiceArn": arn, "VpcIngressConnectionName": "shop-door", "IngressVpcConfiguration": ends });
    let refused = bench.refused("CreateVpcIngressConnection", input(&public));
    assert_eq!(
        refused,
        "InvalidRequestException: VPC Ingress Connections are only supported for services that aren't publicly accessible."
    );
    let private = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(),
        "NetworkConfiguration": { "IngressConfiguration": { "IsPubliclyAccessible": false } } });
    let arn = text(&bench.ok("CreateService", private)["Service"]["ServiceArn"]);
    bench.wait(240);
    let answer = bench.ok("CreateVpcIngressConnection", input(&arn));
    let door = text(&answer["VpcIngressConnection"]["VpcIngressConnectionArn"]);
    let expected = json!({ "VpcIngressConnection": {
        "VpcIngressConnectionArn": "arn:aws:apprunner:us-east-2:123456789012:vpcingressconnection/shop-door/1/<id>",
        "VpcIngressConnectionName": "shop-door",
        "ServiceArn": "arn:aws:apprunner:us-east-2:123456789012:service/shop-web/<id>",
        "Status": "PENDING_CREATION",
        "AccountId": "123456789012",
        "DomainName": "<label>.us-east-2.awsapprunner.com",
        "IngressVpcConfiguration": ends,
        "CreatedAt": "2026-03-01T12:08:00Z"
    } });
    assert_eq!(masked(&answer), expected);
    bench.wait(60);
    let targets = bench.ok("DescribeCustomDomains", json!({ "ServiceArn": arn }))["VpcDNSTargets"].clone();
    assert_eq!(targets[0]["VpcIngressConnectionArn"], json!(door));
    let held = bench.refused("DeleteService", json!({ "ServiceArn": arn }));
    assert!(held.starts_with("InvalidRequestException: The service has active VPC Ingress Connections."), "{held}");
    let by_endpoint = json!({ "Filter": { "VpcEndpointId": "vpce-0b" } });
    assert_eq!(bench.ok("ListVpcIngressConnections", by_endpoint), json!({ "VpcIngressConnectionSummaryList": [] }));
    let delete = json!({ "VpcIngressConnectionArn": door });
    bench.ok("UpdateVpcIngressConnection", json!({ "VpcIngressConnectionArn": door, "IngressVpcConfiguration": { "VpcId": "vpc-0a", "VpcEndpointId": "vpce-0b" } }));
    let busy = bench.refused("DeleteVpcIngressConnection", delete.clone());
    assert_eq!(
        busy,
        "InvalidStateException: VPC Ingress Connection cannot be deleted in the current state: PENDING_UPDATE."
    );
    bench.wait(60);
    bench.ok("DeleteVpcIngressConnection", delete.clone());
    bench.wait(60);
    assert_eq!(bench.ok("DescribeVpcIngressConnection", delete)["VpcIngressConnection"]["Status"], "DELETED");
    bench.ok("DeleteService", json!({ "ServiceArn": arn }));
}
