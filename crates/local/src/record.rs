//! The log of mutating calls.

use serde::Serialize;

use crate::refusal::Answer;
use crate::wire::Call;
use crate::world::Caller;

/// One mutating call, as the cloud saw it. Never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    pub service: &'static str,
    pub operation: &'static str,
    /// What the call is about: a name or an ARN.
    pub identity: String,
    pub account: String,
    pub region: String,
    /// `ok`, or the code of the refusal.
    pub outcome: String,
}

impl CallRecord {
    pub(crate) fn of(call: &Call, caller: &Caller, answer: &Answer) -> Self {
        Self {
            service: call.service.name(),
            operation: &call.operation.name,
            identity: call.identity(),
            account: caller.account.clone(),
            region: caller.region.clone(),
            outcome: answer.as_ref().err().map_or("ok", |refusal| &refusal.code).to_owned(),
        }
    }
}
