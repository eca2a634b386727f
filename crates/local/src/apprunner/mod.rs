//! AWS App Runner of the local cloud: all 37 operations of the model `2020-05-15`.
//!
//! A call changes the stored state at once; whatever AWS does afterwards is a [`operations::Step`] with a due time, done by
//! [`tick`]. What comes of an operation follows from the input and the neighbours (images in ECR, roles in IAM, subnets in EC2).
//! Message texts that AWS is known to send are quoted from public reports; the others only follow their style.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

mod answer;
mod arn;
mod auto_scaling;
mod blocks;
mod complete;
mod connections;
mod connectors;
mod deployments;
mod domains;
mod image;
mod ingress;
mod lifecycle;
mod logs;
mod neighbours;
mod observability;
mod operations;
mod outcome;
mod phases;
mod revisions;
mod route;
mod services;
mod tags;
mod validate;

#[cfg(test)]
mod tests;

pub use connections::finish_handshake;
pub use connectors::{Interface, interfaces};
pub use deployments::image_pushed;

/// What exists in this service, in one account and region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AppRunner {
    /// By service id; deleted services stay for a while.
    pub services: BTreeMap<String, services::Service>,
    /// By ARN, as are the next four.
    pub auto_scaling: BTreeMap<String, auto_scaling::AutoScaling>,
    pub observability: BTreeMap<String, observability::Observability>,
    pub connectors: BTreeMap<String, connectors::Connector>,
    pub ingress: BTreeMap<String, ingress::Ingress>,
    pub connections: BTreeMap<String, connections::Connection>,
    /// Tags of every kind of resource, by ARN.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// The ARN of the account's default auto scaling configuration; empty until the region is first used.
    pub default_auto_scaling: String,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    auto_scaling::ensure_default(world, caller);
    let answer = match operation {
        "CreateService" => services::create(world, caller, input),
        "DescribeService" => services::describe(world, caller, input),
        "ListServices" => services::list(world, caller, input),
        "UpdateService" => services::update(world, caller, input),
        "DeleteService" => lifecycle::delete(world, caller, input),
        "PauseService" => lifecycle::pause(world, caller, input),
        "ResumeService" => lifecycle::resume(world, caller, input),
        "StartDeployment" => deployments::start(world, caller, input),
        "ListOperations" => operations::list(world, caller, input),
        "TagResource" => tags::tag(world, caller, input),
        "UntagResource" => tags::untag(world, caller, input),
        "ListTagsForResource" => tags::list(world, caller, input),
        "AssociateCustomDomain" => domains::associate(world, caller, input),
        "DescribeCustomDomains" => domains::describe(world, caller, input),
        "DisassociateCustomDomain" => domains::disassociate(world, caller, input),
        _ => call_of_a_part(world, caller, operation, input),
    };
    answer.map(answer::pruned)
}

/// The operations on what services refer to.
fn call_of_a_part(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateAutoScalingConfiguration" => auto_scaling::create(world, caller, input),
        "DescribeAutoScalingConfiguration" => auto_scaling::describe(world, caller, input),
        "ListAutoScalingConfigurations" => auto_scaling::list(world, caller, input),
        "DeleteAutoScalingConfiguration" => auto_scaling::delete(world, caller, input),
        "UpdateDefaultAutoScalingConfiguration" => auto_scaling::make_default(world, caller, input),
        "ListServicesForAutoScalingConfiguration" => auto_scaling::services(world, caller, input),
        "CreateObservabilityConfiguration" => observability::create(world, caller, input),
        "DescribeObservabilityConfiguration" => observability::describe(world, caller, input),
        "ListObservabilityConfigurations" => observability::list(world, caller, input),
        "DeleteObservabilityConfiguration" => observability::delete(world, caller, input),
        "CreateVpcConnector" => connectors::create(world, caller, input),
        "DescribeVpcConnector" => connectors::describe(world, caller, input),
        "ListVpcConnectors" => connectors::list(world, caller, input),
        "DeleteVpcConnector" => connectors::delete(world, caller, input),
        "CreateVpcIngressConnection" => ingress::create(world, caller, input),
        "DescribeVpcIngressConnection" => ingress::describe(world, caller, input),
        "ListVpcIngressConnections" => ingress::list(world, caller, input),
        "UpdateVpcIngressConnection" => ingress::update(world, caller, input),
        "DeleteVpcIngressConnection" => ingress::delete(world, caller, input),
        "CreateConnection" => connections::create(world, caller, input),
        "ListConnections" => connections::list(world, caller, input),
        "DeleteConnection" => connections::delete(world, caller, input),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }
}

/// Does what has become due by the world's clock, in the order of the due times.
pub fn tick(world: &mut World, caller: &Caller) {
    phases::tick(world, caller);
    domains::tick(world, caller);
    ingress::tick(world, caller);
    forget(world, caller);
}

/// Drops what AWS no longer shows some time after its deletion.
fn forget(world: &mut World, caller: &Caller) {
    let now = world.now();
    let state = &mut world.region(caller).apprunner;
    let old =
        |deleted: &Option<jiff::Timestamp>| deleted.is_some_and(|at| answer::passed(at, answer::KEPT_DELETED, now));
    state.services.retain(|_, service| !old(&service.deleted_at));
    state.auto_scaling.retain(|_, revision| !old(&revision.head.deleted_at));
    state.observability.retain(|_, revision| !old(&revision.head.deleted_at));
    state.connectors.retain(|_, connector| !old(&connector.deleted_at) || connector.holds_interfaces(now));
    state.ingress.retain(|_, connection| !old(&connection.deleted_at));
}
