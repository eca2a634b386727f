//! What is known about resources, data and secrets while expressions are evaluated.

use model::{Address, Secret, SecretSource, Value};

/// Values from outside the language. Whoever evaluates decides how much is known.
pub trait Facts {
    /// All attributes of a resource instance as a [`Value::Map`], with unknown leaves marked; nothing when it is not there.
    fn resource(&self, address: &Address) -> Option<Value>;

    /// All attributes of a data instance as a [`Value::Map`], unknown ones where it was not read; nothing when nobody knows
    /// what it has.
    fn data(&self, address: &Address) -> Option<Value>;

    /// A secret by its source; nothing when this run was not given it.
    fn secret(&self, source: &SecretSource) -> Option<Secret>;
}

/// Knows nothing: every resource and all data are unknown, no secret is given.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFacts;

impl Facts for NoFacts {
    fn resource(&self, _: &Address) -> Option<Value> {
        None
    }

    fn data(&self, _: &Address) -> Option<Value> {
        None
    }

    fn secret(&self, _: &SecretSource) -> Option<Secret> {
        None
    }
}
