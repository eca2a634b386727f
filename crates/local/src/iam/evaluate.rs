//! What a role may do and who may assume it, for the services that act with it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::document::{self, Effect, Many, Statement};
use super::wildcard::matches;
use super::{Iam, Role};

/// Whether a service can assume a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Assumable,
    /// No role has this ARN.
    Missing,
    /// Its trust policy does not name the service.
    NotTrusted,
    /// It exists and trusts the service, but has not yet reached it.
    TooFresh,
}

impl Iam {
    /// Whether `service_principal` (such as `tasks.apprunner.amazonaws.com`) can assume the role at `now`.
    /// `propagation` is how long a new role takes to reach other services: 5-15 s in AWS, up to 2 minutes.
    pub fn trusts(
        &self,
        role_arn: &str,
        service_principal: &str,
        now: Timestamp,
        propagation: SignedDuration,
    ) -> Trust {
        let Some(role) = self.role_by_arn(role_arn) else {
            return Trust::Missing;
        };
        if !names_service(role, service_principal) {
            return Trust::NotTrusted;
        }
        if role.created + propagation > now { Trust::TooFresh } else { Trust::Assumable }
    }

    /// Whether the role's policies allow an action on a resource. A denial wins; a boundary must allow it too.
    /// Conditions count as met where they allow and as unmet where they deny.
    pub fn allows(&self, role_arn: &str, action: &str, resource: &str) -> bool {
        let Some(role) = self.role_by_arn(role_arn) else {
            return false;
        };
        let attached = role.attached.iter().filter_map(|arn| self.document_of(arn));
        let own: Vec<String> = role.inline.values().cloned().chain(attached).collect();
        let bounded = role.boundary.as_ref().is_none_or(|arn| {
            self.document_of(arn).is_some_and(|document| verdict([document], action, resource) == Some(Effect::Allow))
        });
        bounded && verdict(own, action, resource) == Some(Effect::Allow)
    }
}

fn names_service(role: &Role, service: &str) -> bool {
    let Ok(document) = document::parse(&role.trust) else {
        return false;
    };
    let named = |statement: &&Statement| match statement.principal.as_ref().and_then(|kinds| kinds.get("Service")) {
        Some(Value::Array(names)) => names.iter().any(|name| name == service),
        Some(name) => name == service,
        None => false,
    };
    let assumes = |statement: &&Statement| {
        listed(&statement.action).iter().any(|action| matches(&action.to_lowercase(), "sts:assumerole"))
    };
    let effects: Vec<Effect> =
        document.statements.as_slice().iter().filter(named).filter(assumes).map(|statement| statement.effect).collect();
    effects.contains(&Effect::Allow) && !effects.contains(&Effect::Deny)
}

/// `Deny` where a statement denies, else `Allow` where one allows, else nothing.
fn verdict(documents: impl IntoIterator<Item = String>, action: &str, resource: &str) -> Option<Effect> {
    let mut verdict = None;
    for text in documents {
        let Ok(document) = document::parse(&text) else {
            continue;
        };
        for statement in document.statements.as_slice().iter().filter(|s| covers(s, action, resource)) {
            match (statement.effect, &statement.condition) {
                (Effect::Deny, None) => return Some(Effect::Deny),
                (Effect::Deny, Some(_)) => {}
                (Effect::Allow, _) => verdict = Some(Effect::Allow),
            }
        }
    }
    verdict
}

fn covers(statement: &Statement, action: &str, resource: &str) -> bool {
    let action = action.to_lowercase();
    let is_action = |pattern: &String| matches(&pattern.to_lowercase(), &action);
    let is_resource = |pattern: &String| matches(pattern, resource);
    let actions = match &statement.not_action {
        Some(not) => !not.as_slice().iter().any(is_action),
        None => listed(&statement.action).iter().any(is_action),
    };
    let resources = match &statement.not_resource {
        Some(not) => !not.as_slice().iter().any(is_resource),
        None => listed(&statement.resource).iter().any(is_resource),
    };
    actions && resources
}

fn listed(values: &Option<Many<String>>) -> &[String] {
    values.as_ref().map_or(&[], Many::as_slice)
}
