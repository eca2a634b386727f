//! Secrets from the environment and from files.

use std::{collections::BTreeMap, fs, path::PathBuf};

use futures::future::BoxFuture;
use model::{Secret, SecretSource};
use provider::Secrets;

/// Reads what this process can reach.
#[derive(Debug, Clone)]
pub(crate) struct ProcessSecrets {
    /// The project folder, which secret files are relative to.
    pub(crate) root: PathBuf,
}

impl ProcessSecrets {
    fn one(&self, source: &SecretSource) -> Result<Secret, String> {
        let text = match source {
            SecretSource::Env(name) => {
                std::env::var(name).map_err(|_| format!("the environment variable {name} is not set"))?
            }
            SecretSource::File(path) => {
                let text = fs::read_to_string(self.root.join(path)).map_err(|error| format!("{path}: {error}"))?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
            SecretSource::Variable(name) => return Err(format!("the variable {name} was not given")),
            SecretSource::Generate { .. } => return Err("it is made by the resource that holds it".to_owned()),
            SecretSource::Secretsmanager { secret, .. } => {
                return Err(format!("{secret}: Secrets Manager is not among the services of this version"));
            }
        };
        Ok(Secret::new(text, vec![source.clone()]))
    }
}

impl Secrets for ProcessSecrets {
    fn read<'a>(
        &'a self,
        sources: &'a [SecretSource],
    ) -> BoxFuture<'a, BTreeMap<SecretSource, Result<Secret, String>>> {
        let read = sources.iter().map(|source| (source.clone(), self.one(source))).collect();
        Box::pin(async move { read })
    }
}
