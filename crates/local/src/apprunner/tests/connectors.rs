//! VPC connectors, in the network that an account starts with.

use serde_json::{Value, json};

use super::{Bench, bench, bench_in, masked, public_image, text};
use crate::apprunner::interfaces;
use crate::ec2;

/// The default VPC's subnets, sorted by zone id, and its default group.
fn network(bench: &mut Bench) -> (Vec<String>, String) {
    ec2::subnet(&mut bench.world, &bench.caller, "");
    let region = &bench.world.region(&bench.caller).ec2;
    let mut subnets: Vec<_> =
        region.subnets.values().map(|subnet| (subnet.zone_id.clone(), subnet.id.clone())).collect();
    subnets.sort();
    let group = region.groups.keys().next().expect("a default group").clone();
    (subnets.into_iter().map(|(_, id)| id).collect(), group)
}

fn make(bench: &mut Bench, name: &str, subnets: &[String]) -> String {
    let answer = bench.ok("CreateVpcConnector", json!({ "VpcConnectorName": name, "Subnets": subnets }));
    text(&answer["VpcConnector"]["VpcConnectorArn"])
}

fn service(bench: &mut Bench, connector: &str) -> Result<Value, String> {
    let egress = json!({ "EgressType": "VPC", "VpcConnectorArn": connector });
    let input = json!({ "ServiceName": "shop-web", "SourceConfiguration": public_image(),
        "NetworkConfiguration": { "EgressConfiguration": egress } });
    bench.raw("CreateService", input)
}

#[test]
fn creation_fills_the_default_group_in() {
    let mut bench = bench();
    let (subnets, group) = network(&mut bench);
    let twice = json!([subnets[1], subnets[0], subnets[1]]);
    let answer = bench.ok("CreateVpcConnector", json!({ "VpcConnectorName": "shop-vpc", "Subnets": twice }));
    let shown = json!({
        "VpcConnectorName": "shop-vpc",
        "VpcConnectorArn": "arn:aws:apprunner:us-east-2:123456789012:vpcconnector/shop-vpc/1/<id>",
        "VpcConnectorRevision": 1,
        "Subnets": [subnets[1], subnets[0]],
        "SecurityGroups": [group],
        "Status": "ACTIVE",
        "CreatedAt": "2026-03-01T12:00:00Z"
    });
    assert_eq!(masked(&answer), json!({ "VpcConnector": shown }));
    assert_eq!(masked(&bench.ok("ListVpcConnectors", json!({}))), json!({ "VpcConnectors": [shown] }));
}

#[test]
fn creations_refused() {
    let mut bench = bench();
    let (subnets, group) = network(&mut bench);
    let region = &mut bench.world.region(&bench.caller).ec2;
    let mut elsewhere = region.subnets[&subnets[0]].clone();
    elsewhere.id = "subnet-0e".to_owned();
    elsewhere.vpc = "vpc-0e".to_owned();
    region.subnets.insert("subnet-0e".to_owned(), elsewhere);
    let mut check = |subnets: Value, groups: Value, expected: &str| {
        let input = json!({ "VpcConnectorName": "shop-vpc", "Subnets": subnets, "SecurityGroups": groups });
        assert_eq!(bench.refused("CreateVpcConnector", input), format!("InvalidRequestException: {expected}"));
    };
    check(json!([]), json!([]), "Subnets must have at least one subnet ID.");
    check(json!(["subnet-0none"]), json!([]), "The subnet ID 'subnet-0none' does not exist");
    check(json!([subnets[0], "subnet-0e"]), json!([]), "The subnets you specified must be in the same VPC.");
    check(json!([subnets[0]]), json!(["sg-0none"]), "The security group 'sg-0none' does not exist");
    let apart = "The security groups and the subnets you specified must be in the same VPC.";
    check(json!(["subnet-0e"]), json!([group]), apart);
    make(&mut bench, "shop-vpc", &subnets);
    let taken = bench.refused("CreateVpcConnector", json!({ "VpcConnectorName": "shop-vpc", "Subnets": subnets }));
    assert_eq!(taken, "InvalidRequestException: VPC connector with the provided name already exists: shop-vpc.");
    (1..10).for_each(|number| drop(make(&mut bench, &format!("shop-{number}"), &subnets)));
    let over = bench.refused("CreateVpcConnector", json!({ "VpcConnectorName": "shop-10", "Subnets": subnets }));
    assert_eq!(over, "ServiceQuotaExceededException: You have reached the quota of 10 VPC connectors per Region.");
}

#[test]
fn an_unsupported_zone_comes_out_with_the_service() {
    let mut bench = bench_in("us-east-1");
    let (subnets, _) = network(&mut bench);
    let connector = make(&mut bench, "shop-vpc", &subnets);
    let refusal = service(&mut bench, &connector).expect_err("a refusal");
    let bad = &subnets[2];
    let expected = format!(
        "InvalidRequestException: The following subnets of the VPC connector are in Availability Zones \
         that App Runner doesn't support: {bad} (use1-az3)"
    );
    assert_eq!(refusal, expected);
    let good: Vec<_> = subnets.iter().filter(|id| *id != bad).cloned().collect();
    let connector = make(&mut bench, "shop-good", &good);
    service(&mut bench, &connector).expect("a service");
}

#[test]
fn a_connector_in_use_stays_and_its_interfaces_stay_longer() {
    let mut bench = bench();
    let (subnets, group) = network(&mut bench);
    let connector = make(&mut bench, "shop-vpc", &subnets[..2]);
    let input = json!({ "VpcConnectorArn": connector });
    let arn = text(&service(&mut bench, &connector).expect("a service")["Service"]["ServiceArn"]);
    assert_eq!(interfaces(&bench.world, &bench.caller), []);
    // The first use of a connector takes three minutes longer.
    bench.wait(419);
    assert_eq!(bench.status(&arn), "OPERATION_IN_PROGRESS");
    bench.wait(1);
    assert_eq!(bench.status(&arn), "RUNNING");
    let held = |bench: &Bench| -> Vec<_> {
        let held = interfaces(&bench.world, &bench.caller);
        held.into_iter().map(|one| (one.subnet, one.security_groups)).collect()
    };
    let both = vec![(subnets[0].clone(), vec![group.clone()]), (subnets[1].clone(), vec![group])];
    assert_eq!(held(&bench), both);
    let used = "InvalidRequestException: Provided VPC connector arn is being used by other services. \
                ARN:  arn:aws:apprunner:us-east-2:123456789012:vpcconnector/shop-vpc/1/<id>";
    assert_eq!(bench.refused("DeleteVpcConnector", input.clone()), used);
    bench.ok("DeleteService", json!({ "ServiceArn": arn }));
    bench.wait(90);
    assert_eq!(bench.refused("DeleteVpcConnector", input.clone()), used);
    bench.wait(15);
    assert_eq!(bench.ok("DeleteVpcConnector", input.clone())["VpcConnector"]["Status"], "INACTIVE");
    let missing = "ResourceNotFoundException: VPC connector with the provided ARN doesn't exist: \
                   arn:aws:apprunner:us-east-2:123456789012:vpcconnector/shop-vpc/1/<id>";
    assert_eq!(bench.refused("DeleteVpcConnector", input.clone()), missing);
    assert_eq!(bench.ok("DescribeVpcConnector", input)["VpcConnector"]["DeletedAt"], "2026-03-01T12:08:45Z");
    bench.wait(599);
    assert_eq!(held(&bench), both);
    bench.wait(1);
    assert_eq!(held(&bench), []);
    make(&mut bench, "shop-vpc", &subnets);
}

#[test]
fn moving_to_another_connector_frees_the_first_when_it_is_done() {
    let mut bench = bench();
    let (subnets, _) = network(&mut bench);
    let first = make(&mut bench, "shop-first", &subnets[..1]);
    let second = make(&mut bench, "shop-second", &subnets[..1]);
    let arn = text(&service(&mut bench, &first).expect("a service")["Service"]["ServiceArn"]);
    bench.wait(420);
    let egress = json!({ "EgressType": "VPC", "VpcConnectorArn": second });
    bench.ok("UpdateService", json!({ "ServiceArn": arn, "NetworkConfiguration": { "EgressConfiguration": egress } }));
    // A rollback would need it again.
    let used = bench.refused("DeleteVpcConnector", json!({ "VpcConnectorArn": first }));
    assert!(used.starts_with("InvalidRequestException: Provided VPC connector arn is being used"), "{used}");
    bench.wait(330);
    bench.ok("DeleteVpcConnector", json!({ "VpcConnectorArn": first }));
}
