//! Secrets: values that are used and never written down.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::fault::{Fault, is_planted};

/// Where a secret comes from; this may be written down, the value may not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// An environment variable of the run.
    Env(String),
    /// A file, relative to the project folder.
    File(String),
    /// Made once, by the resource that holds it.
    Generate { length: u32 },
    /// A secret in AWS Secrets Manager, with the JSON key inside when there is one.
    Secretsmanager { secret: String, key: Option<String> },
    /// The value of a root variable with `secret = true`.
    Variable(String),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Generate { length } => write!(f, "generated, {length} characters"),
            Self::Secretsmanager { secret, key: None } => write!(f, "Secrets Manager {secret}"),
            Self::Secretsmanager { secret, key: Some(key) } => write!(f, "Secrets Manager {secret}, key {key}"),
            Self::Variable(name) => write!(f, "variable {name}"),
        }
    }
}

/// An HMAC of a secret's text, in hex: tells equal from changed, and cannot be guessed without the key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(pub String);

/// A secret value. Its content is never serialised and never printed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    #[serde(skip)]
    content: Option<Arc<SecretString>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// Every source that went into it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SecretSource>,
}

impl Secret {
    pub fn new(text: impl Into<String>, sources: Vec<SecretSource>) -> Self {
        Self { content: Some(Arc::new(SecretString::from(text.into()))), fingerprint: None, sources }
    }

    /// A secret that is known to exist, but whose value was not given to this run.
    pub fn not_given(sources: Vec<SecretSource>) -> Self {
        Self { content: None, fingerprint: None, sources }
    }

    /// A secret of which only the fingerprint is known (from state, or observed).
    pub fn sealed(fingerprint: Fingerprint) -> Self {
        Self { content: None, fingerprint: Some(fingerprint), sources: Vec::new() }
    }

    /// The text itself. Whoever calls this sends it to AWS or feeds the scrubber, nothing else.
    pub fn expose(&self) -> Option<&str> {
        self.content.as_deref().map(ExposeSecret::expose_secret)
    }

    /// Whether it is generated and has no value yet: whoever keeps it makes a new one.
    pub fn is_made_anew(&self) -> bool {
        let generated = |source: &SecretSource| matches!(source, SecretSource::Generate { .. });
        self.expose().is_none() && self.fingerprint.is_none() && self.sources.iter().any(generated)
    }

    /// The same secret, coming from these sources.
    #[must_use]
    pub fn from_sources(mut self, sources: Vec<SecretSource>) -> Self {
        self.sources = sources;
        self
    }

    /// This and another secret's sources together, for a value made of both.
    pub fn joined(sources: impl IntoIterator<Item = SecretSource>, text: Option<String>) -> Self {
        let mut sources: Vec<_> = sources.into_iter().collect();
        sources.sort();
        sources.dedup();
        match text {
            Some(text) => Self::new(text, sources),
            None => Self::not_given(sources),
        }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        match (&self.fingerprint, &other.fingerprint) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => self.expose().is_some() && self.expose() == other.expose(),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("sources", &self.sources).finish_non_exhaustive()
    }
}

/// Makes fingerprints with the key of one state. Every secret of a run passes here, so it is here that the scrubber learns them.
#[derive(Clone)]
pub struct Fingerprinter {
    key: Arc<[u8]>,
    scrubber: Scrubber,
}

impl Fingerprinter {
    pub fn new(key: &[u8]) -> Self {
        Self { key: key.into(), scrubber: Scrubber::default() }
    }

    /// The same, teaching this scrubber.
    #[must_use]
    pub fn teaching(self, scrubber: &Scrubber) -> Self {
        Self { scrubber: scrubber.clone(), ..self }
    }

    /// The HMAC-SHA-256 of a text, 64 hex digits.
    pub fn of(&self, text: &str) -> Fingerprint {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        Fingerprint(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The same secret with its fingerprint filled in, when its content is here.
    #[must_use]
    pub fn seal(&self, mut secret: Secret) -> Secret {
        if let Some(text) = secret.expose() {
            self.scrubber.learn(text);
            secret.fingerprint = Some(self.of(text));
        }
        secret
    }
}

impl fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprinter(..)")
    }
}

/// Takes this run's secrets out of any text, in plain, base64, hex, URL and JSON encodings. Clones know what any of them learns.
#[derive(Clone, Default)]
pub struct Scrubber {
    /// The secrets and their encodings, the longest first, so that none is cut by a shorter one.
    needles: Arc<RwLock<BTreeMap<Reverse<usize>, Vec<SecretString>>>>,
}

impl Scrubber {
    /// Shorter secrets would blank out ordinary words.
    const SHORTEST: usize = 8;

    /// Remembers a secret and its encodings.
    pub fn learn(&self, text: &str) {
        let mut needles = self.needles.write().unwrap_or_else(PoisonError::into_inner);
        let is_known = |form: &str| {
            needles.get(&Reverse(form.len())).is_some_and(|same| same.iter().any(|one| one.expose_secret() == form))
        };
        if text.len() < Self::SHORTEST || is_known(text) {
            return;
        }
        for form in encodings(text) {
            needles.entry(Reverse(form.len())).or_default().push(SecretString::from(form));
        }
    }

    /// The text with every known secret replaced by `(secret)`.
    pub fn scrub(&self, text: &str) -> String {
        if is_planted(Fault::SecretInError) {
            return text.to_owned();
        }
        let needles = self.needles.read().unwrap_or_else(PoisonError::into_inner);
        let needles = needles.values().flatten().map(ExposeSecret::expose_secret);
        needles.fold(
            text.to_owned(),
            |text, needle| if text.contains(needle) { text.replace(needle, "(secret)") } else { text },
        )
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrubber(..)")
    }
}

fn encodings(text: &str) -> Vec<String> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url: String = text
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let json = serde_json::to_string(text).map(|quoted| quoted[1..quoted.len() - 1].to_owned()).unwrap_or_default();
    let mut forms = vec![text.to_owned(), hex, url, json];
    forms.extend(base64_cores(text.as_bytes()));
    forms.retain(|form| form.len() >= Scrubber::SHORTEST);
    forms.sort();
    forms.dedup();
    forms
}

/// The base64 texts of the bytes at each of the three alignments, without the characters that depend on neighbours.
fn base64_cores(bytes: &[u8]) -> Vec<String> {
    const ALPHABETS: [&[u8; 64]; 2] = [
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ];
    let mut cores = Vec::new();
    for alphabet in ALPHABETS {
        for skip in 0..3 {
            let whole = &bytes[skip.min(bytes.len())..];
            let text: String = whole
                .chunks_exact(3)
                .flat_map(|three| {
                    let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
                    [18, 12, 6, 0].map(|shift| char::from(alphabet[(bits >> shift & 63) as usize]))
                })
                .collect();
            cores.push(text);
        }
    }
    cores
}
