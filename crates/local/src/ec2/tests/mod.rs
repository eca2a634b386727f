//! EC2 as its callers see it.

mod endpoints;
mod security_groups;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{call, default_group, security_group, subnet};
use crate::apprunner;
use crate::refusal::Answer;
use crate::world::{Caller, World};

fn world() -> World {
    World::new(7, "2026-01-02T03:04:05Z".parse::<Timestamp>().unwrap())
}

fn caller(region: &str) -> Caller {
    Caller { account: "123456789012".to_owned(), region: region.to_owned(), partition: "aws" }
}

/// The answer of one call in a fresh world; a refusal as one line.
fn ask(region: &str, operation: &str, input: Value) -> Value {
    told(call(&mut world(), &caller(region), operation, &input))
}

/// An answer; a refusal as one line.
fn told(answer: Answer) -> Value {
    match answer {
        Ok(answer) => present(answer),
        Err(no) => json!(format!("{} {}: {}", no.status, no.code, no.message)),
    }
}

/// One region that is asked several times.
struct Cloud {
    world: World,
    caller: Caller,
}

impl Cloud {
    fn new(region: &str) -> Self {
        Self { world: world(), caller: caller(region) }
    }

    fn ask(&mut self, operation: &str, input: Value) -> Value {
        super::tick(&mut self.world, &self.caller);
        told(call(&mut self.world, &self.caller, operation, &input))
    }

    /// The default VPC and its subnets, by zone.
    fn network(&mut self) -> (String, Vec<String>) {
        let answer = self.ask("DescribeSubnets", json!({}));
        let mut subnets = answer["Subnets"].as_array().unwrap().clone();
        subnets.sort_by_key(|subnet| subnet["AvailabilityZone"].as_str().unwrap().to_owned());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&subnets[0]["VpcId"]), subnets.iter().map(|subnet| text(&subnet["SubnetId"])).collect())
    }

    fn group(&mut self, name: &str) -> String {
        let made = self.ask("CreateSecurityGroup", json!({ "GroupName": name, "Description": "for a test" }));
        made["GroupId"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// A rule for TCP from a block of addresses.
    fn allow(&mut self, group: &str, port: u16, cidr: &str) -> Value {
        self.ask("AuthorizeSecurityGroupIngress", json!({ "GroupId": group, "IpPermissions": [tcp(port, cidr)] }))
    }
}

fn tcp(port: u16, cidr: &str) -> Value {
    json!({ "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{ "CidrIp": cidr }] })
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

fn filter(name: &str, value: &str) -> Value {
    json!({ "Filters": [{ "Name": name, "Values": [value] }] })
}

/// One member of each thing in an answer.
fn column(answer: &Value, list: &str, member: &str) -> Vec<String> {
    answer[list].as_array().unwrap().iter().map(|thing| thing[member].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fresh_region_has_a_default_vpc() {
    let answer = ask("us-east-2", "DescribeVpcs", filter("is-default", "true"));
    let vpc = &answer["Vpcs"][0];
    let expected = json!({
        "OwnerId": "123456789012",
        "InstanceTenancy": "default",
        "CidrBlockAssociationSet": [{
            "AssociationId": vpc["CidrBlockAssociationSet"][0]["AssociationId"],
            "CidrBlock": "172.31.0.0/16",
            "CidrBlockState": { "State": "associated" },
        }],
        "IsDefault": true,
        "BlockPublicAccessStates": { "InternetGatewayBlockMode": "off" },
        "VpcId": vpc["VpcId"],
        "State": "available",
        "CidrBlock": "172.31.0.0/16",
        "DhcpOptionsId": vpc["DhcpOptionsId"],
    });
    assert_eq!(answer, json!({ "Vpcs": [expected] }));
    assert_eq!(vpc["VpcId"].as_str().unwrap().len(), "vpc-".len() + 17);
}

#[test]
fn a_subnet_stands_in_each_zone() {
    let answer = ask("us-east-2", "DescribeSubnets", filter("availability-zone", "us-east-2b"));
    let subnet = &answer["Subnets"][0];
    assert_eq!(answer["Subnets"].as_array().unwrap().len(), 1);
    assert_eq!(subnet["AvailabilityZoneId"], "use2-az2");
    assert_eq!(subnet["CidrBlock"], "172.31.16.0/20");
    assert_eq!((&subnet["DefaultForAz"], &subnet["MapPublicIpOnLaunch"]), (&json!(true), &json!(true)));
    let all = ask("us-east-1", "DescribeSubnets", json!({}));
    let mut zones = column(&all, "Subnets", "AvailabilityZoneId");
    zones.sort();
    assert_eq!(zones, ["use1-az1", "use1-az2", "use1-az3", "use1-az4", "use1-az5", "use1-az6"]);
}

#[test]
fn zones_are_mapped_by_account_in_old_regions_only() {
    let ids = |account: &str, region: &str| {
        let caller = Caller { account: account.to_owned(), ..caller(region) };
        super::zones::zones(&caller).into_iter().map(|zone| zone.id).collect::<Vec<_>>()
    };
    assert_ne!(ids("123456789012", "us-east-1"), ids("210987654321", "us-east-1"));
    assert_eq!(ids("123456789012", "us-east-2"), ids("210987654321", "us-east-2"));
    assert_eq!(ids("123456789012", "ap-southeast-3"), ["apse3-az1", "apse3-az2", "apse3-az3"]);
    assert_eq!(ids("123456789012", "us-gov-west-1")[0], "usgw1-az1");
    let answer = ask("ca-central-1", "DescribeAvailabilityZones", json!({ "ZoneIds": ["cac1-az4"] }));
    assert_eq!(column(&answer, "AvailabilityZones", "ZoneName"), ["ca-central-1d"]);
}

#[test]
fn the_default_group_talks_to_itself_and_outwards() {
    let answer = ask("us-east-2", "DescribeSecurityGroups", filter("group-name", "def*"));
    let group = &answer["SecurityGroups"][0];
    let rule = |groups: Value, ranges: Value| {
        json!([{
            "IpProtocol": "-1", "UserIdGroupPairs": groups, "IpRanges": ranges, "Ipv6Ranges": [], "PrefixListIds": [],
        }])
    };
    assert_eq!(
        group["IpPermissions"],
        rule(json!([{ "UserId": "123456789012", "GroupId": group["GroupId"] }]), json!([]))
    );
    assert_eq!(group["IpPermissionsEgress"], rule(json!([]), json!([{ "CidrIp": "0.0.0.0/0" }])));
    let rules = ask("us-east-2", "DescribeSecurityGroupRules", filter("group-id", group["GroupId"].as_str().unwrap()));
    assert_eq!(rules["SecurityGroupRules"].as_array().unwrap().len(), 2);
}

#[test]
fn refuses() {
    let missing = "subnet-00000000000000000";
    let cases = [
        (
            "DescribeVpcs",
            json!({ "VpcIds": ["vpc-12345678"] }),
            "400 InvalidVpcID.NotFound: The vpc ID 'vpc-12345678' does not exist",
        ),
        (
            "DescribeSubnets",
            json!({ "SubnetIds": [missing] }),
            "400 InvalidSubnetID.NotFound: The subnet ID 'subnet-00000000000000000' does not exist",
        ),
        (
            "DescribeSubnets",
            json!({ "SubnetIds": [missing, "subnet-11111111"] }),
            "400 InvalidSubnetID.NotFound: The subnet IDs 'subnet-00000000000000000, subnet-11111111' do not exist",
        ),
        (
            "DescribeSecurityGroups",
            json!({ "GroupIds": ["web"] }),
            "400 InvalidGroupId.Malformed: Invalid id: \"web\" (expecting \"sg-...\")",
        ),
        (
            "DescribeSecurityGroups",
            json!({ "GroupIds": ["sg-12345678"] }),
            "400 InvalidGroup.NotFound: The security group 'sg-12345678' does not exist",
        ),
        ("DescribeSubnets", filter("zone", "a"), "400 InvalidParameterValue: The filter 'zone' is invalid"),
        (
            "DescribeSubnets",
            json!({ "SubnetIds": [missing], "MaxResults": 5 }),
            "400 InvalidParameterCombination: The parameter MaxResults cannot be used with a list of ids",
        ),
        (
            "DescribeAvailabilityZones",
            json!({ "ZoneNames": ["us-east-2z"] }),
            "400 InvalidParameterValue: Invalid availability zone: [us-east-2z]",
        ),
        (
            "DescribeVpcs",
            json!({ "DryRun": true }),
            "412 DryRunOperation: Request would have succeeded, but DryRun flag is set.",
        ),
    ];
    for (operation, input, refusal) in cases {
        assert_eq!(ask("us-east-2", operation, input), json!(refusal));
    }
}

#[test]
fn pages_cover_everything_once() {
    let first = ask("us-east-1", "DescribeSubnets", json!({ "MaxResults": 5 }));
    let rest = ask("us-east-1", "DescribeSubnets", json!({ "MaxResults": 5, "NextToken": first["NextToken"] }));
    let all = ask("us-east-1", "DescribeSubnets", json!({}));
    let ids = |answer: &Value| column(answer, "Subnets", "SubnetId");
    assert_eq!([ids(&first), ids(&rest)].concat(), ids(&all));
    assert_eq!((ids(&first).len(), rest.get("NextToken")), (5, None));
}

#[test]
fn a_vpc_has_its_fittings() {
    let vpc = ask("us-east-2", "DescribeVpcs", json!({}))["Vpcs"][0]["VpcId"].as_str().unwrap().to_owned();
    let tables = ask("us-east-2", "DescribeRouteTables", filter("association.main", "true"));
    assert_eq!(column(&tables, "RouteTables", "VpcId"), std::slice::from_ref(&vpc));
    let acls = ask("us-east-2", "DescribeNetworkAcls", filter("vpc-id", &vpc));
    assert_eq!(acls["NetworkAcls"][0]["Associations"].as_array().unwrap().len(), 3);
    let gateways = ask("us-east-2", "DescribeInternetGateways", filter("attachment.vpc-id", &vpc));
    assert_eq!(gateways["InternetGateways"][0]["Attachments"][0]["VpcId"], vpc);
    assert_eq!(ask("us-east-2", "DescribeNetworkInterfaces", json!({})), json!({ "NetworkInterfaces": [] }));
    let hostnames =
        ask("us-east-2", "DescribeVpcAttribute", json!({ "VpcId": vpc, "Attribute": "enableDnsHostnames" }));
    assert_eq!(hostnames, json!({ "VpcId": vpc, "EnableDnsHostnames": { "Value": true } }));
    let default = ask("us-east-2", "DescribeAccountAttributes", json!({ "AttributeNames": ["default-vpc"] }));
    let expected = json!([{ "AttributeName": "default-vpc", "AttributeValues": [{ "AttributeValue": vpc }] }]);
    assert_eq!(default["AccountAttributes"], expected);
}

#[test]
fn regions_are_those_of_the_partition() {
    let answer = ask("us-east-2", "DescribeRegions", json!({ "RegionNames": ["eu-west-1"] }));
    let region = json!({ "OptInStatus": "opt-in-not-required", "RegionName": "eu-west-1", "Endpoint": "ec2.eu-west-1.amazonaws.com" });
    assert_eq!(answer, json!({ "Regions": [region] }));
    let china = Caller { partition: "aws-cn", ..caller("cn-north-1") };
    let answer = call(&mut world(), &china, "DescribeRegions", &json!({})).unwrap();
    assert_eq!(column(&answer, "Regions", "RegionName"), ["cn-north-1", "cn-northwest-1"]);
}

#[test]
fn a_connector_holds_an_interface() {
    let (mut world, caller) = (world(), caller("us-east-2"));
    let one_subnet = filter("availability-zone", "us-east-2b");
    let answer = call(&mut world, &caller, "DescribeSubnets", &one_subnet).unwrap();
    let (subnet, vpc) = (answer["Subnets"][0]["SubnetId"].clone(), answer["Subnets"][0]["VpcId"].clone());
    let group = default_group(&mut world, &caller, vpc.as_str().unwrap()).unwrap().id.clone();
    let connector = json!({ "VpcConnectorName": "data", "Subnets": [subnet], "SecurityGroups": [group] });
    apprunner::call(&mut world, &caller, "CreateVpcConnector", &connector).unwrap();
    let held = apprunner::Interface {
        id: "eni-00000000000000001".to_owned(),
        subnet: subnet.as_str().unwrap().to_owned(),
        security_groups: vec![group.clone()],
        created_at: world.now(),
    };
    world.region(&caller).apprunner.connectors.values_mut().for_each(|one| one.interfaces.push(held.clone()));

    let answer = call(&mut world, &caller, "DescribeNetworkInterfaces", &filter("group-id", &group)).unwrap();
    let interface = &answer["NetworkInterfaces"][0];
    assert_eq!((&interface["SubnetId"], &interface["VpcId"]), (&subnet, &vpc));
    assert_eq!(interface["Groups"], json!([{ "GroupId": group, "GroupName": "default" }]));
    assert_eq!(interface["TagSet"], json!([{ "Key": "AWSAppRunnerManaged", "Value": "true" }]));
    let answer = call(&mut world, &caller, "DescribeSubnets", &one_subnet).unwrap();
    assert_eq!(answer["Subnets"][0]["AvailableIpAddressCount"], 4090);
}

#[test]
fn other_services_look_things_up() {
    let (mut world, caller) = (world(), caller("us-east-2"));
    let answer = call(&mut world, &caller, "DescribeSubnets", &json!({})).unwrap();
    let id = answer["Subnets"][0]["SubnetId"].as_str().unwrap();
    let vpc = subnet(&mut world, &caller, id).unwrap().vpc.clone();
    let group = default_group(&mut world, &caller, &vpc).unwrap().id.clone();
    assert_eq!(security_group(&mut world, &caller, &group).unwrap().vpc, vpc);
    assert_eq!(subnet(&mut world, &caller, "subnet-0"), None);
}
