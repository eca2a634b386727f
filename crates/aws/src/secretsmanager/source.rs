//! Secrets that are kept in Secrets Manager, as a source for others.

use std::sync::Arc;

use model::{Secret, SecretSource};

use crate::{
    client::{Attempts, Client},
    failure::failure,
};

/// Reads `{ secret = { secretsmanager = "…" } }`.
#[derive(Debug, Clone)]
pub struct StoredSecrets {
    client: Arc<Client>,
    region: String,
}

impl StoredSecrets {
    pub(crate) fn new(client: Arc<Client>, region: &str) -> Self {
        Self { client, region: region.to_owned() }
    }

    /// The current value of a secret, by name or ARN; with a key, the text of that member of its JSON.
    ///
    /// # Errors
    /// In words, why it is not to be had; never a part of the value.
    pub async fn read(&self, secret: &str, key: Option<&str>) -> Result<Secret, String> {
        let region = region_of(secret).unwrap_or(&self.region);
        let call = self.client.secretsmanager(region, Attempts::Repeat).get_secret_value().secret_id(secret);
        let answer = call.send().await.map_err(|error| failure("secretsmanager:GetSecretValue", error).to_string())?;
        let text = answer.secret_string.ok_or_else(|| format!("{secret} holds no text"))?;
        let source = SecretSource::Secretsmanager { secret: secret.to_owned(), key: key.map(str::to_owned) };
        let text = match key {
            Some(key) => member(&text, key).ok_or_else(|| format!("{secret} holds no JSON with the key `{key}`"))?,
            None => text,
        };
        Ok(Secret::new(text, vec![source]))
    }
}

/// The region in an ARN.
fn region_of(secret: &str) -> Option<&str> {
    secret.strip_prefix("arn:")?.split(':').nth(2).filter(|region| !region.is_empty())
}

fn member(text: &str, key: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    match json.get(key)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Null => None,
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_stands_in_the_arn() {
        assert_eq!(region_of("arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-a1b2c3"), Some("eu-west-1"));
        assert_eq!(region_of("x"), None);
    }

    #[test]
    fn a_member_is_its_text() {
        assert_eq!(member(r#"{"password":"p","port":5432}"#, "password").as_deref(), Some("p"));
        assert_eq!(member(r#"{"password":"p","port":5432}"#, "port").as_deref(), Some("5432"));
        assert_eq!(member(r#"{"password":"p"}"#, "user"), None);
        assert_eq!(member("p", "password"), None);
    }
}
