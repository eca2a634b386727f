//! What exists, by the local cloud's own account.

use serde_json::Value;

use crate::project::Project;

const ACCOUNT: &str = "/accounts/123456789012";

/// A role; null when there is none.
pub(crate) fn role(project: &Project, name: &str) -> Value {
    pick(&project.dump(), &format!("{ACCOUNT}/iam/roles/{name}"))
}

/// What there is of one kind in the environment's region: `apprunner/services`.
pub(crate) fn things(project: &Project, kind: &str) -> Vec<Value> {
    let found = pick(&project.dump(), &format!("{ACCOUNT}/regions/us-east-2/{kind}"));
    found.as_object().into_iter().flatten().map(|(_, thing)| thing.clone()).collect()
}

/// The role in a world that a hand is to change.
pub(crate) fn role_in<'w>(world: &'w mut Value, name: &str) -> &'w mut Value {
    world.pointer_mut(&format!("{ACCOUNT}/iam/roles/{name}")).expect("there is such a role")
}

fn pick(value: &Value, pointer: &str) -> Value {
    value.pointer(pointer).cloned().unwrap_or_default()
}
