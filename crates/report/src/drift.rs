//! What differs between the state and what lives.

use model::{Address, Place, plan::Difference};

use crate::Style;

/// One resource that is not as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    pub address: Address,
    pub id: String,
    /// Where it is written, when that is known.
    pub place: Option<Place>,
    pub found: Drifted,
}

/// How it differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Drifted {
    Gone,
    /// `before` is what was last applied, `after` what lives.
    Differs(Vec<Difference>),
}

/// `checked` counts all resources that were compared.
pub fn drift_text(_drift: &[Drift], _checked: usize, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as JSON.
pub fn drift_json(_drift: &[Drift], _checked: usize) -> String {
    String::new()
}
