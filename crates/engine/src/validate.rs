//! Everything that can be checked without a call.

use std::collections::BTreeMap;

use config::{Known, Loaded, Reading};
use lang::Files;
use model::{Diagnostic, Schemas};

/// Checks an environment offline and gives its warnings.
///
/// # Errors
/// All mistakes at once, with the warnings.
pub fn validate(loaded: &Loaded, files: &dyn Files, schemas: &Schemas) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let known = Known { account: None, data: &BTreeMap::new(), reading: Reading::Never };
    config::expand(loaded, &known, files, schemas).map(|expanded| expanded.warnings)
}
