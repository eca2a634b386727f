//! Secrets that a test hands out.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use model::{Secret, SecretSource};

use crate::Secrets;

/// Texts by source.
#[derive(Debug, Clone, Default)]
pub struct SimSecrets(pub BTreeMap<SecretSource, String>);

impl Secrets for SimSecrets {
    fn read<'a>(
        &'a self,
        sources: &'a [SecretSource],
    ) -> BoxFuture<'a, BTreeMap<SecretSource, Result<Secret, String>>> {
        let one = |source: &SecretSource| {
            let text = self.0.get(source).ok_or_else(|| "it is not set".to_owned());
            (source.clone(), text.map(|text| Secret::new(text.clone(), vec![source.clone()])))
        };
        Box::pin(std::future::ready(sources.iter().map(one).collect()))
    }
}
