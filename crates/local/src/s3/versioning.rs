//! Whether a bucket keeps versions.

use serde_json::{Value, json};

use super::bucket::{Versioning, open};
use super::refusals::not_implemented;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Nothing where it was never set.
pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    Ok(json!({ "Status": open(world, caller, input)?.versioning }))
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let bucket = open(world, caller, input)?;
    let wanted = &input["VersioningConfiguration"];
    if !wanted["MFADelete"].is_null() || !input["MFA"].is_null() {
        return Err(not_implemented("MfaDelete"));
    }
    bucket.versioning = Some(match wanted["Status"].as_str() {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        _ => {
            let message = "The Versioning element must be specified";
            return Err(Refusal::new("IllegalVersioningConfigurationException", message));
        }
    });
    Ok(json!({}))
}
