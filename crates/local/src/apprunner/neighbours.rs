//! What App Runner asks of the other services of the world.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::world::{Caller, World};

use super::image::Reference;

/// Whether a service principal may assume a role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Trust {
    Assumable,
    Missing,
    NotTrusted,
    /// Right, but not yet known everywhere.
    TooFresh,
}

/// An image that App Runner has copied: what decides how its instances behave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    pub digest: String,
    /// The port that the program listens on; `None` = any.
    pub port: Option<u16>,
    /// Paths that answer 200; `None` = all.
    pub healthy_paths: Option<Vec<String>>,
    /// `amd64` unless the image says otherwise.
    pub architecture: Option<String>,
    /// The last lines of a program that ends at once.
    pub crash: Option<Vec<String>>,
}

/// A subnet as far as connectors need it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subnet {
    pub vpc: String,
    pub zone_id: String,
}

pub(super) fn trust(_world: &World, _caller: &Caller, _role: &str, _principal: &str) -> Trust {
    Trust::Assumable
}

pub(super) fn allows(_world: &World, _caller: &Caller, _role: &str, _action: &str, _resource: &str) -> bool {
    true
}

pub(super) fn image(_world: &World, _reference: &Reference<'_>) -> Option<Artifact> {
    None
}

pub(super) fn subnet(_world: &mut World, _caller: &Caller, _id: &str) -> Option<Subnet> {
    None
}

pub(super) fn group_vpc(_world: &mut World, _caller: &Caller, _id: &str) -> Option<String> {
    None
}

pub(super) fn default_group(_world: &mut World, _caller: &Caller, _vpc: &str) -> Option<String> {
    None
}

pub(super) fn log(_world: &mut World, _caller: &Caller, _group: &str, _stream: &str, _lines: &[(Timestamp, String)]) {}

/// Whether the secret or parameter exists. Neither Secrets Manager nor SSM is served, so none does.
pub(super) fn secret_exists(_world: &World, _caller: &Caller, _value: &str) -> bool {
    false
}

/// Makes the service-linked roles that the first use of App Runner brings into being.
pub(super) fn service_linked_roles(_world: &mut World, _caller: &Caller, _networking: bool) {}
