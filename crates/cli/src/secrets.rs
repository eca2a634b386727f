//! Secrets: from the environment, from files, from Secrets Manager, or made.

use std::{collections::BTreeMap, fs, path::PathBuf};

use aws::StoredSecrets;
use futures::{StreamExt, future::BoxFuture, stream};
use model::{Secret, SecretSource};
use provider::Secrets;

/// Reads what this process can reach.
#[derive(Debug, Clone)]
pub(crate) struct ProcessSecrets {
    /// The project folder, which secret files are relative to.
    pub(crate) root: PathBuf,
    /// The way to Secrets Manager.
    pub(crate) stored: StoredSecrets,
}

/// What a generated secret is made of: nothing that an address, a shell or a JSON text would have to escape.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Reads of Secrets Manager at once.
const AT_ONCE: usize = 8;

impl ProcessSecrets {
    async fn one(&self, source: &SecretSource) -> Result<Secret, String> {
        let text = match source {
            SecretSource::Env(name) => std::env::var(name).map_err(|_| "it is not set".to_owned())?,
            SecretSource::File(path) => {
                let text = fs::read_to_string(self.root.join(path)).map_err(|error| error.to_string())?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
            SecretSource::Variable(name) => return Err(format!("the variable {name} was not given")),
            SecretSource::Generate { length } => generate(*length)?,
            SecretSource::Secretsmanager { secret, key } => {
                return self.stored.read(secret, key.as_deref()).await;
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
        let read = sources.iter().map(|source| async move { (source.clone(), self.one(source).await) });
        Box::pin(stream::iter(read.collect::<Vec<_>>()).buffered(AT_ONCE).collect())
    }
}

/// A new secret of so many characters, each as likely as any other.
fn generate(length: u32) -> Result<String, String> {
    // Bytes beyond the last whole round of the alphabet would favour its beginning.
    let fair = u8::MAX - u8::MAX % ALPHABET.len() as u8;
    let mut text = String::new();
    let mut bytes = [0; 64];
    while text.len() < length as usize {
        getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no randomness: {error}"))?;
        let picked = bytes.iter().filter(|byte| **byte < fair);
        let picked = picked.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        text.extend(picked.take(length as usize - text.len()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_secret_has_its_length_and_no_twin() {
        let one = generate(100).unwrap();
        assert!(one.len() == 100 && one.bytes().all(|byte| ALPHABET.contains(&byte)), "{one}");
        assert_ne!(one, generate(100).unwrap());
    }
}
