//! Conditions: known, secret, or not known yet.

use hcl_edit::expr::Expression as Node;
use model::{SecretSource, Value};

use super::Evaluator;
use crate::{frame::Frame, mistake::Outcome, text};

/// What a condition says.
pub(super) enum Condition {
    Known(bool),
    /// Decided by a secret: what it decides is secret too.
    Secret(bool, Vec<SecretSource>),
    /// Unknown, or a secret that was not given.
    Marked(Value),
}

impl Evaluator<'_> {
    pub(super) fn condition(&self, frame: Frame<'_>, node: &Node) -> Outcome<Condition> {
        let wrong = |found: &str| {
            let detail = format!("a condition is true or false, not {found}");
            frame.wrong("invalid condition", detail, node)
        };
        match self.node(frame, node)? {
            unknown @ Value::Unknown(_) => Ok(Condition::Marked(unknown)),
            Value::Secret(secret) => match secret.expose().map(|content| text::flag(&content.into())) {
                Some(Some(chosen)) => Ok(Condition::Secret(chosen, secret.sources)),
                Some(None) => Err(wrong("this secret")),
                None => Ok(Condition::Marked(Value::Secret(secret))),
            },
            known => text::flag(&known).map(Condition::Known).ok_or_else(|| wrong(&text::shown(&known))),
        }
    }
}
