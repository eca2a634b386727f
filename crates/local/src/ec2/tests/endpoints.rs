//! VPC endpoints.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Cloud, filter};

const SECRETS: &str = "com.amazonaws.us-east-1.secretsmanager";

impl Cloud {
    fn endpoint(&mut self, service: &str, more: Value) -> Value {
        let (vpc, _) = self.network();
        let mut asked = json!({ "VpcId": vpc, "ServiceName": service, "VpcEndpointType": "Interface" });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask("CreateVpcEndpoint", asked)
    }

    fn state(&mut self, id: &Value) -> Value {
        let shown = self.ask("DescribeVpcEndpoints", filter("vpc-endpoint-id", id.as_str().unwrap()));
        shown["VpcEndpoints"][0]["State"].clone()
    }
}

#[test]
fn an_interface_endpoint_holds_its_groups() {
    let mut cloud = Cloud::new("us-east-1");
    let (_, subnets) = cloud.network();
    let group = cloud.group("endpoints");
    let more = json!({ "SubnetIds": subnets[..2], "SecurityGroupIds": [group], "PrivateDnsEnabled": true });
    let made = cloud.endpoint(SECRETS, more)["VpcEndpoint"].clone();
    let id = &made["VpcEndpointId"];
    assert_eq!((&made["State"], &made["PrivateDnsEnabled"]), (&json!("pending"), &json!(true)));
    assert_eq!(made["Groups"], json!([{ "GroupId": group, "GroupName": "endpoints" }]));
    assert_eq!(made["DnsEntries"].as_array().unwrap().len(), 4);
    assert_eq!(made["DnsEntries"][3]["DnsName"], "secretsmanager.us-east-1.amazonaws.com");
    let held = cloud.ask("DescribeNetworkInterfaces", filter("interface-type", "vpc_endpoint"));
    let described = format!("VPC Endpoint Interface {}", id.as_str().unwrap());
    assert_eq!(held["NetworkInterfaces"][1]["Description"], described);
    cloud.world.advance(SignedDuration::from_secs(90));
    assert_eq!(cloud.state(id), "available");

    let deleted = cloud.ask("DeleteVpcEndpoints", json!({ "VpcEndpointIds": [id] }));
    assert_eq!(deleted, json!({ "Unsuccessful": [] }));
    assert_eq!(cloud.state(id), "deleting");
    assert!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": group })).is_string());
    cloud.world.advance(SignedDuration::from_secs(120));
    assert_eq!(cloud.state(id), Value::Null);
    assert_eq!(cloud.ask("DeleteSecurityGroup", json!({ "GroupId": group }))["Return"], true);
    let again = cloud.ask("DeleteVpcEndpoints", json!({ "VpcEndpointIds": [id] }));
    assert_eq!(again["Unsuccessful"][0]["Error"]["Code"], "InvalidVpcEndpointId.NotFound");
}

#[test]
fn an_endpoint_moves() {
    let mut cloud = Cloud::new("us-east-1");
    let (_, subnets) = cloud.network();
    let group = cloud.group("endpoints");
    let made = cloud.endpoint(SECRETS, json!({ "SubnetIds": [subnets[0]], "SecurityGroupIds": [group] }));
    let id = &made["VpcEndpoint"]["VpcEndpointId"];
    let default = cloud.ask("DescribeSecurityGroups", filter("group-name", "default"));
    let default = &default["SecurityGroups"][0]["GroupId"];
    let change = json!({
        "VpcEndpointId": id, "AddSubnetIds": [subnets[1]], "RemoveSubnetIds": [subnets[0]],
        "AddSecurityGroupIds": [default], "RemoveSecurityGroupIds": [group],
    });
    assert_eq!(cloud.ask("ModifyVpcEndpoint", change), json!({ "Return": true }));
    let held = cloud.ask("DescribeNetworkInterfaces", filter("interface-type", "vpc_endpoint"));
    assert_eq!(held["NetworkInterfaces"].as_array().unwrap().len(), 1);
    let held = &held["NetworkInterfaces"][0];
    assert_eq!((&held["SubnetId"], &held["Groups"][0]["GroupId"]), (&json!(subnets[1]), default));
    let none = json!({ "VpcEndpointId": id, "RemoveSecurityGroupIds": [default] });
    let refusal = "400 InvalidParameter: An interface VPC endpoint must have at least one security group.";
    assert_eq!(cloud.ask("ModifyVpcEndpoint", none), refusal);
}

#[test]
fn a_gateway_makes_routes() {
    let mut cloud = Cloud::new("us-east-1");
    let tables = cloud.ask("DescribeRouteTables", json!({}));
    let table = &tables["RouteTables"][0]["RouteTableId"];
    let asked = json!({ "VpcEndpointType": "Gateway", "RouteTableIds": [table] });
    let made = cloud.endpoint("com.amazonaws.us-east-1.s3", asked.clone());
    assert_eq!(
        (&made["VpcEndpoint"]["State"], &made["VpcEndpoint"]["RouteTableIds"]),
        (&json!("available"), &json!([table]))
    );
    let lists = cloud.ask("DescribePrefixLists", filter("prefix-list-name", "com.amazonaws.us-east-1.s3"));
    let list = &lists["PrefixLists"][0]["PrefixListId"];
    let routes = cloud.ask("DescribeRouteTables", json!({}))["RouteTables"][0]["Routes"].clone();
    assert_eq!(&routes[2]["DestinationPrefixListId"], list);
    let refusal = format!(
        "400 RouteAlreadyExists: route table {} already has a route with destination-prefix-list-id {}",
        table.as_str().unwrap(),
        list.as_str().unwrap()
    );
    assert_eq!(cloud.endpoint("com.amazonaws.us-east-1.s3", asked), refusal);
    cloud.ask("DeleteVpcEndpoints", json!({ "VpcEndpointIds": [made["VpcEndpoint"]["VpcEndpointId"]] }));
    assert_eq!(cloud.ask("DescribeVpcEndpoints", json!({}))["VpcEndpoints"], json!([]));
}

#[test]
fn a_token_makes_one_endpoint() {
    let mut cloud = Cloud::new("us-east-1");
    let asked = json!({ "ClientToken": "t" });
    let made = cloud.endpoint(SECRETS, asked.clone());
    assert_eq!(cloud.endpoint(SECRETS, asked), made);
    let other = cloud.endpoint("com.amazonaws.us-east-1.sqs", json!({ "ClientToken": "t" }));
    assert!(other.as_str().unwrap().starts_with("400 IdempotentParameterMismatch: "), "{other}");
}

#[test]
fn endpoints_are_refused() {
    let mut cloud = Cloud::new("us-east-1");
    let (vpc, subnets) = cloud.network();
    let described = cloud.ask("DescribeSubnets", filter("availability-zone-id", "use1-az3"));
    let unsupported = described["Subnets"][0]["SubnetId"].as_str().unwrap();
    let bedrock = "com.amazonaws.us-east-1.bedrock-runtime";
    cloud.endpoint(bedrock, json!({}));
    let conflict = format!(
        "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for \
         bedrock-runtime.us-east-1.amazonaws.com in the VPC {vpc}"
    );
    let zone = format!(
        "InvalidParameter: The VPC endpoint service {bedrock} does not support the availability zone of the subnet: {unsupported}."
    );
    let twice = format!(
        "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of {}",
        subnets[0]
    );
    let cases = [
        (bedrock, json!({}), conflict.as_str()),
        (bedrock, json!({ "SubnetIds": [unsupported] }), &zone),
        (SECRETS, json!({ "SubnetIds": [subnets[0], subnets[0]] }), &twice),
        (
            "com.amazonaws.us-east-1.teapot",
            json!({}),
            "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-1.teapot' does not exist",
        ),
        (
            SECRETS,
            json!({ "VpcEndpointType": "Gateway" }),
            "InvalidParameter: Endpoint type (Gateway) does not match available service types ([Interface]).",
        ),
        (SECRETS, json!({ "PolicyDocument": "{" }), "InvalidPolicyDocument: The policy document is malformed"),
        (
            "com.amazonaws.us-east-1.s3",
            json!({ "VpcEndpointType": "Gateway", "SubnetIds": [subnets[0]] }),
            "InvalidParameter: Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.",
        ),
    ];
    for (service, more, refusal) in cases {
        assert_eq!(cloud.endpoint(service, more), format!("400 {refusal}"));
    }
}

#[test]
fn services_are_listed() {
    let mut cloud = Cloud::new("us-east-1");
    let answer = cloud.ask("DescribeVpcEndpointServices", json!({ "ServiceNames": [SECRETS] }));
    let detail = &answer["ServiceDetails"][0];
    assert_eq!(answer["ServiceNames"], json!([SECRETS]));
    assert_eq!(detail["ServiceType"], json!([{ "ServiceType": "Interface" }]));
    assert_eq!(detail["AvailabilityZones"].as_array().unwrap().len(), 6);
}
