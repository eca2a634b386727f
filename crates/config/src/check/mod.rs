//! What can be refused before anything is evaluated, and what is refused once values are known.

use model::Schemas;

use crate::{load::Loaded, mistakes::Mistakes};

/// Checks everything that is written out.
pub(crate) fn everything(_loaded: &Loaded, _schemas: &Schemas, _mistakes: &mut Mistakes) {}
