//! What a remote store asks of the service that keeps its objects. No SDK here: S3 is behind these traits in `aws`.

use std::time::Duration;

/// An object as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub bytes: Vec<u8>,
    /// Changes with the bytes, and with nothing else: S3 makes it of the content.
    pub etag: String,
    /// The server's `Date` less its `Last-Modified`, zero at least: no clock of ours decides what has run out.
    pub age: Duration,
}

/// An earlier content of an object, or its present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The service's name for it.
    pub id: String,
    /// When it was written by the server's clock, in seconds since the Unix epoch.
    pub written: u64,
}

/// What must hold for a put to have its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Any,
    /// No object has the name (`If-None-Match: *`).
    Absent,
    /// The object has this etag (`If-Match`).
    Match(String),
}

/// Why a request did not do what it was to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// Status 412, and 404 of a put with [`Condition::Match`].
    #[error("somebody else has written it")]
    Condition,
    /// The outcome is unknown: no answer, a 5xx, or the 409 of two conditional writes at once. It is sent again.
    #[error("there was no answer: {reason}")]
    Unanswered { reason: String },
    /// It certainly had no effect. `permission` is what is missing, as IAM calls it: `s3:PutObject`.
    #[error("`{permission}` is not allowed: {reason}")]
    Denied { permission: String, reason: String },
    #[error("there is no such bucket")]
    NoBucket,
    #[error("the bucket is in {region}")]
    Elsewhere { region: String },
    /// The credentials are missing, have run out, or a clock is wrong. It certainly had no effect.
    #[error("{reason}")]
    Credentials { reason: String, causes: Vec<String> },
    /// It certainly had no effect.
    #[error("{reason}")]
    Other { reason: String },
}

impl ObjectError {
    /// What to do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Condition => "run again",
            Self::Unanswered { .. } => "check the network, then run again: nothing is lost",
            Self::Denied { permission, .. } => {
                return vec![format!(
                    "allow `{permission}` on it to the role of this run, in its policy and in the bucket's"
                )];
            }
            Self::NoBucket => "check `bucket` in `[state] s3`, or make the bucket, with versioning",
            Self::Elsewhere { region } => return vec![format!("write region = \"{region}\" in `[state] s3`")],
            Self::Credentials { causes, .. } => return causes.clone(),
            Self::Other { .. } => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}

/// Objects with conditional writes and strong consistency, as S3 has them. Blocking, one request each; an attempt ends
/// within the margin of the store's [`Terms`](crate::remote::Terms). Names are below one prefix of one bucket.
pub trait Objects: Send + Sync {
    /// `s3://bucket/key`, for people.
    fn place(&self) -> String;

    /// An object, or nothing when there is none.
    ///
    /// # Errors
    /// Without the permission to list, S3 answers 403 for what is not there: then `s3:ListBucket` is what is missing.
    fn get(&self, name: &str) -> Result<Option<Object>, ObjectError>;

    /// Writes an object and gives its etag.
    ///
    /// # Errors
    /// [`ObjectError::Condition`] tells that it had no effect now; an earlier sending of the same may have had it.
    fn put(&self, name: &str, bytes: &[u8], condition: Condition) -> Result<String, ObjectError>;

    /// The names that begin with `prefix`, sorted, all pages.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn list(&self, prefix: &str) -> Result<Vec<String>, ObjectError>;

    /// Deletes an object; one that is not there counts as deleted.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn delete(&self, name: &str) -> Result<(), ObjectError>;

    /// Whether what is written over or deleted can still be had.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn keeps_versions(&self) -> Result<bool, ObjectError>;

    /// The newest versions of an object, newest first.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn versions(&self, name: &str, count: usize) -> Result<Vec<Version>, ObjectError>;

    /// The bytes of one version, or nothing when it is gone.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn get_version(&self, name: &str, id: &str) -> Result<Option<Vec<u8>>, ObjectError>;

    /// Several objects, in their order. A service with room for requests beside each other sends them so.
    ///
    /// # Errors
    /// As [`Self::get`].
    fn get_all(&self, names: &[String]) -> Result<Vec<Option<Object>>, ObjectError> {
        names.iter().map(|name| self.get(name)).collect()
    }

    /// Deletes several objects. A service that deletes many with one request does so.
    ///
    /// # Errors
    /// As [`Self::delete`]; some may be gone.
    fn delete_all(&self, names: &[String]) -> Result<(), ObjectError> {
        names.iter().try_for_each(|name| self.delete(name))
    }
}

/// Where a team keeps the key of its fingerprints: not beside the state, whose readers must not guess secrets offline.
pub trait Keys: Send + Sync {
    /// Where it is, for people.
    fn place(&self) -> String;

    /// The key, or nothing when there is none yet.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn read(&self) -> Result<Option<Vec<u8>>, ObjectError>;

    /// Makes the key unless there is one, and gives the one that is there now: of two makers the first wins.
    ///
    /// # Errors
    /// As [`ObjectError`].
    fn make(&self, new: &[u8]) -> Result<Vec<u8>, ObjectError>;
}
