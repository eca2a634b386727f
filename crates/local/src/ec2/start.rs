//! The network that a fresh account has in a region: a default VPC with a subnet in each zone.

use super::Ec2;
use super::groups::SecurityGroup;
use super::ids::id;
use super::subnets::Subnet;
use super::vpcs::Vpc;
use super::zones::zones;
use crate::world::{Caller, World};

/// The region's network, made on first use.
pub(super) fn ensure<'a>(world: &'a mut World, caller: &Caller) -> &'a mut Ec2 {
    let seed = world.seed;
    let ec2 = &mut world.region(caller).ec2;
    if !std::mem::replace(&mut ec2.started, true) {
        make(ec2, seed, caller);
    }
    ec2
}

fn make(ec2: &mut Ec2, seed: u64, caller: &Caller) {
    let vpc = Vpc {
        id: id(seed, caller, "vpc-", "default vpc"),
        owner: caller.account.clone(),
        cidr: "172.31.0.0/16".to_owned(),
        association: id(seed, caller, "vpc-cidr-assoc-", "default vpc"),
        dhcp_options: id(seed, caller, "dopt-", "default"),
        route_table: id(seed, caller, "rtb-", "default vpc"),
        route_association: id(seed, caller, "rtbassoc-", "default vpc"),
        acl: id(seed, caller, "acl-", "default vpc"),
        gateway: id(seed, caller, "igw-", "default vpc"),
        is_default: true,
        dns_support: true,
        dns_hostnames: true,
        tags: Default::default(),
    };
    for (at, zone) in zones(caller).into_iter().enumerate() {
        let subnet = Subnet {
            id: id(seed, caller, "subnet-", &zone.name),
            arn: String::new(),
            owner: caller.account.clone(),
            vpc: vpc.id.clone(),
            cidr: format!("172.31.{}.0/20", at * 16),
            zone: zone.name,
            zone_id: zone.id,
            acl_association: id(seed, caller, "aclassoc-", &at.to_string()),
            free_addresses: 4091,
            default_for_zone: true,
            public: true,
            tags: Default::default(),
        };
        let arn = format!("arn:{}:ec2:{}:{}:subnet/{}", caller.partition, caller.region, caller.account, subnet.id);
        ec2.subnets.insert(subnet.id.clone(), Subnet { arn, ..subnet });
    }
    for service in ["s3", "dynamodb"] {
        let name = format!("com.amazonaws.{}.{service}", caller.region);
        ec2.prefix_lists.insert(name, id(seed, caller, "pl-", service));
    }
    let (group, rules) = SecurityGroup::default_of(seed, caller, &vpc.id);
    ec2.rules.extend(rules.into_iter().map(|rule| (rule.id.clone(), rule)));
    ec2.groups.insert(group.id.clone(), group);
    ec2.vpcs.insert(vpc.id.clone(), vpc);
}
