//! Endpoints are changed, deleted, and in the end gone.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint_checks::{self as checks, DnsOptions};
use super::endpoint_services;
use super::endpoints::Endpoint;
use super::refusals::ENDPOINT;
use super::{Ec2, hold, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// How long an interface endpoint is pending again when its subnets or its private DNS change.
const CHANGING: SignedDuration = SignedDuration::from_secs(30);
/// How long its interfaces stay after its deletion: one to five minutes are usual.
const LEAVING: SignedDuration = SignedDuration::from_secs(120);

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Modify {
    vpc_endpoint_id: String,
    reset_policy: bool,
    policy_document: Option<String>,
    add_route_table_ids: Vec<String>,
    remove_route_table_ids: Vec<String>,
    add_subnet_ids: Vec<String>,
    remove_subnet_ids: Vec<String>,
    add_security_group_ids: Vec<String>,
    remove_security_group_ids: Vec<String>,
    private_dns_enabled: Option<bool>,
    dns_options: Option<DnsOptions>,
}

fn living<'a>(ec2: &'a Ec2, id: &str) -> Result<&'a Endpoint, Refusal> {
    ENDPOINT.check(id)?;
    ec2.endpoints.get(id).filter(|one| one.gone.is_none()).ok_or_else(|| ENDPOINT.missing(&[id]))
}

pub(super) fn modify(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Modify = read(input)?;
    let now = world.now();
    let ec2 = start::ensure(world, caller);
    let before = living(ec2, &asked.vpc_endpoint_id)?.clone();
    let after = changed(ec2, caller, &asked, &before)?;
    let (subnets, groups) = (wanted_subnets(&before, &asked), after.groups.clone());
    let slow = subnets.iter().ne(before.subnets.keys()) || after.private_dns != before.private_dns;
    let mut ways = before.subnets.clone();
    for gone in before.subnets.keys().filter(|id| !subnets.contains(id)) {
        hold::release(world, caller, &before.subnets[gone]);
        ways.remove(gone);
    }
    let description = format!("VPC Endpoint Interface {}", before.id);
    for new in subnets.iter().filter(|id| !before.subnets.contains_key(*id)) {
        let held = hold::insert(world, caller, ("vpc_endpoint", "amazon-aws"), &description, new, &groups);
        ways.insert(new.clone(), held);
    }
    ways.values().for_each(|id| hold::regroup(world, caller, id, &groups));
    let ready = if slow { now + CHANGING } else { before.ready };
    let after = Endpoint { subnets: ways, ready, ..after };
    start::ensure(world, caller).endpoints.insert(after.id.clone(), after);
    Ok(json!({ "Return": true }))
}

/// What it becomes, apart from its interfaces.
fn changed(ec2: &Ec2, caller: &Caller, asked: &Modify, before: &Endpoint) -> Result<Endpoint, Refusal> {
    let offer = endpoint_services::offer(caller, &before.service, &before.kind)?;
    let mut after = before.clone();
    checks::policy(asked.policy_document.as_deref())?;
    if asked.reset_policy {
        Endpoint::default_policy(&before.kind).clone_into(&mut after.policy);
    }
    after.policy = asked.policy_document.clone().unwrap_or(after.policy);
    if before.is_interface() {
        if !asked.add_route_table_ids.is_empty() {
            return Err(not_for("Route table IDs", "Gateway"));
        }
        checks::subnets(ec2, &before.vpc, &wanted_subnets(before, asked), &offer)?;
        after.groups = merged(&before.groups, &asked.add_security_group_ids, &asked.remove_security_group_ids);
        checks::groups(ec2, &before.vpc, &after.groups)?;
        if after.groups.is_empty() {
            let message = "An interface VPC endpoint must have at least one security group.";
            return Err(Refusal::new("InvalidParameter", message));
        }
    } else {
        if !asked.add_subnet_ids.is_empty() || !asked.add_security_group_ids.is_empty() {
            return Err(not_for("Subnet IDs and security group IDs", "Interface"));
        }
        if asked.private_dns_enabled == Some(true) {
            return Err(not_for("Private DNS", "Interface"));
        }
        let new: Vec<String> =
            asked.add_route_table_ids.iter().filter(|id| !before.route_tables.contains(id)).cloned().collect();
        checks::route_tables(ec2, &before.vpc, &before.service, &new)?;
        after.route_tables = merged(&before.route_tables, &new, &asked.remove_route_table_ids);
    }
    if asked.private_dns_enabled == Some(true) && !before.private_dns {
        checks::private_dns(ec2, &before.vpc, &offer, &before.id)?;
    }
    after.private_dns = asked.private_dns_enabled.unwrap_or(before.private_dns);
    if let Some(options) = &asked.dns_options {
        after.dns_record_ip_type = options.dns_record_ip_type.clone().or(after.dns_record_ip_type);
    }
    Ok(after)
}

fn not_for(what: &str, kind: &str) -> Refusal {
    Refusal::new("InvalidParameter", format!("{what} are only supported for {kind} type VPC Endpoints."))
}

/// Subnets in the order in which an endpoint keeps them.
fn wanted_subnets(before: &Endpoint, asked: &Modify) -> Vec<String> {
    let present: Vec<String> = before.subnets.keys().cloned().collect();
    let mut wanted = merged(&present, &asked.add_subnet_ids, &asked.remove_subnet_ids);
    wanted.sort();
    wanted
}

fn merged(present: &[String], added: &[String], removed: &[String]) -> Vec<String> {
    let all: Vec<String> = present.iter().chain(added).filter(|id| !removed.contains(id)).cloned().collect();
    checks::distinct(&all)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    vpc_endpoint_ids: Vec<String>,
}

/// What cannot be deleted is told in the answer; the rest is.
pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Delete = read(input)?;
    let now = world.now();
    asked.vpc_endpoint_ids.iter().try_for_each(|id| ENDPOINT.check(id))?;
    let mut unsuccessful = Vec::new();
    for id in &asked.vpc_endpoint_ids {
        let ec2 = start::ensure(world, caller);
        match ec2.endpoints.get_mut(id) {
            None => {
                let no = ENDPOINT.missing(&[id]);
                let error = json!({ "Code": no.code, "Message": no.message });
                unsuccessful.push(json!({ "Error": error, "ResourceId": id }));
            }
            Some(endpoint) if endpoint.is_interface() => {
                endpoint.gone.get_or_insert(now + LEAVING);
            }
            Some(_) => drop(ec2.endpoints.remove(id)),
        }
    }
    Ok(json!({ "Unsuccessful": unsuccessful }))
}

/// Removes what has been leaving for long enough, with its interfaces.
pub(super) fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    let ec2 = &mut world.region(caller).ec2;
    let left = |one: &&Endpoint| one.gone.is_some_and(|at| at <= now);
    let left: Vec<Endpoint> = ec2.endpoints.values().filter(left).cloned().collect();
    for endpoint in left {
        endpoint.subnets.values().for_each(|id| drop(ec2.interfaces.remove(id)));
        ec2.endpoints.remove(&endpoint.id);
    }
}
