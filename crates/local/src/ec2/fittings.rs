//! What AWS puts into a VPC: main route table, network ACL, internet gateway.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Ec2;
use super::filter::Filtered;
use super::refusals::{ACL, GATEWAY, Kind, ROUTE_TABLE};
use super::selection::Selection;
use super::start;
use super::vpcs::Vpc;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default, alias = "RouteTableIds", alias = "InternetGatewayIds", alias = "NetworkAclIds")]
    ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

/// A thing that exists once per VPC, with its answer and the filters it knows.
#[derive(Clone)]
struct Fitting {
    id: String,
    view: Value,
    filters: Vec<(&'static str, Vec<String>)>,
}

impl Filtered for Fitting {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        self.filters.iter().find(|(name, _)| *name == filter).map(|(_, values)| values.clone())
    }
}

fn describe(
    world: &mut World,
    caller: &Caller,
    input: &Value,
    kind: Kind,
    member: &str,
    fitting: impl Fn(&Ec2, &Vpc) -> Fitting,
) -> Answer {
    let Describe { ids, selection } = read(input)?;
    let ec2 = start::ensure(world, caller);
    let mut all: Vec<_> = ec2.vpcs.values().map(|vpc| fitting(ec2, vpc)).map(|one| (one.id.clone(), one)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    selection.answer(member, selection.by_ids(kind, &ids, all)?, |fitting| fitting.view.clone())
}

pub(super) fn route_tables(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    describe(world, caller, input, ROUTE_TABLE, "RouteTables", |ec2, vpc| Fitting {
        id: vpc.route_table.clone(),
        view: json!({
            "Associations": [{
                "Main": true,
                "RouteTableAssociationId": vpc.route_association,
                "RouteTableId": vpc.route_table,
                "AssociationState": { "State": "associated" },
            }],
            "PropagatingVgws": [],
            "RouteTableId": vpc.route_table,
            "Routes": routes(ec2, vpc),
            "Tags": [],
            "VpcId": vpc.id,
            "OwnerId": vpc.owner,
        }),
        filters: vec![
            ("vpc-id", vec![vpc.id.clone()]),
            ("route-table-id", vec![vpc.route_table.clone()]),
            ("owner-id", vec![vpc.owner.clone()]),
            ("association.main", vec!["true".to_owned()]),
            ("association.route-table-association-id", vec![vpc.route_association.clone()]),
            ("association.route-table-id", vec![vpc.route_table.clone()]),
            // The main table is associated with no subnet by name.
            ("association.subnet-id", vec![]),
            ("route.gateway-id", vec!["local".to_owned(), vpc.gateway.clone()]),
            ("route.destination-cidr-block", vec![vpc.cidr.clone(), "0.0.0.0/0".to_owned()]),
        ],
    })
}

/// Inside the VPC, to the internet, and to the services that a gateway endpoint leads to.
fn routes(ec2: &Ec2, vpc: &Vpc) -> Vec<Value> {
    let mut routes = vec![
        json!({ "DestinationCidrBlock": vpc.cidr, "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active" }),
        json!({ "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": vpc.gateway, "Origin": "CreateRoute", "State": "active" }),
    ];
    let leading = ec2.endpoints.values().filter(|endpoint| endpoint.route_tables.contains(&vpc.route_table));
    routes.extend(leading.map(|endpoint| {
        json!({
            "DestinationPrefixListId": ec2.prefix_lists.get(&endpoint.service),
            "GatewayId": endpoint.id,
            "Origin": "CreateRoute",
            "State": "active",
        })
    }));
    routes
}

pub(super) fn gateways(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    describe(world, caller, input, GATEWAY, "InternetGateways", |_, vpc| Fitting {
        id: vpc.gateway.clone(),
        view: json!({
            "Attachments": [{ "State": "available", "VpcId": vpc.id }],
            "InternetGatewayId": vpc.gateway,
            "OwnerId": vpc.owner,
            "Tags": [],
        }),
        filters: vec![
            ("attachment.vpc-id", vec![vpc.id.clone()]),
            ("attachment.state", vec!["available".to_owned()]),
            ("internet-gateway-id", vec![vpc.gateway.clone()]),
            ("owner-id", vec![vpc.owner.clone()]),
        ],
    })
}

pub(super) fn acls(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    describe(world, caller, input, ACL, "NetworkAcls", |ec2, vpc| {
        let subnets: Vec<_> = ec2.subnets.values().filter(|subnet| subnet.vpc == vpc.id).collect();
        let associations = subnets.iter().map(|subnet| {
            json!({ "NetworkAclAssociationId": subnet.acl_association, "NetworkAclId": vpc.acl, "SubnetId": subnet.id })
        });
        let entry = |egress: bool, number: u32, action: &str| {
            json!({
                "CidrBlock": "0.0.0.0/0",
                "Egress": egress,
                "Protocol": "-1",
                "RuleAction": action,
                "RuleNumber": number,
            })
        };
        Fitting {
            id: vpc.acl.clone(),
            view: json!({
                "Associations": associations.collect::<Vec<_>>(),
                "Entries": [
                    entry(true, 100, "allow"),
                    entry(true, 32767, "deny"),
                    entry(false, 100, "allow"),
                    entry(false, 32767, "deny"),
                ],
                "IsDefault": true,
                "NetworkAclId": vpc.acl,
                "Tags": [],
                "VpcId": vpc.id,
                "OwnerId": vpc.owner,
            }),
            filters: vec![
                ("vpc-id", vec![vpc.id.clone()]),
                ("default", vec!["true".to_owned()]),
                ("network-acl-id", vec![vpc.acl.clone()]),
                ("owner-id", vec![vpc.owner.clone()]),
                ("association.subnet-id", subnets.iter().map(|subnet| subnet.id.clone()).collect()),
            ],
        }
    })
}
