//! A bucket in memory with a clock of its own, for tests and simulation. Any request can be lost, late or refused.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};

use crate::remote::objects::{Condition, Keys, Object, ObjectError, Objects, Version};

/// The service's side. Copies are the same bucket.
#[derive(Clone, Default)]
pub struct Bucket(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    now: Duration,
    objects: BTreeMap<String, Kept>,
    late: Vec<Request>,
    /// What each name ever held, oldest first, once versions are kept.
    versions: Option<BTreeMap<String, Vec<Kept>>>,
}

#[derive(Clone)]
struct Kept {
    bytes: Vec<u8>,
    modified: Duration,
}

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Get { name: String },
    Put { name: String, bytes: Vec<u8>, condition: Condition },
    List { prefix: String },
    Delete { name: String },
}

impl Request {
    /// The name of its object, or the prefix of its list.
    pub fn name(&self) -> &str {
        match self {
            Self::Get { name } | Self::Put { name, .. } | Self::Delete { name } | Self::List { prefix: name } => name,
        }
    }

    /// As IAM calls it.
    pub fn permission(&self) -> &'static str {
        match self {
            Self::Get { .. } => "s3:GetObject",
            Self::Put { .. } => "s3:PutObject",
            Self::List { .. } => "s3:ListBucket",
            Self::Delete { .. } => "s3:DeleteObject",
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    /// It never arrives; the client hears nothing.
    Lost,
    /// It has its effect; the client hears nothing.
    Unheard,
    /// The client hears nothing, and it has its effect with [`Bucket::deliver_late`], if its condition still holds then.
    Late,
    /// The client may not.
    Denied,
}

enum Answer {
    Object(Option<Object>),
    Etag(String),
    Names(Vec<String>),
    Deleted,
}

impl Bucket {
    /// Moves the server's clock on.
    pub fn advance(&self, by: Duration) {
        self.inner().now += by;
    }

    /// The server's time since it was made: a clock for runs that have no other.
    pub fn now(&self) -> Duration {
        self.inner().now
    }

    /// Keeps versions from now on.
    pub fn keep_versions(&self) {
        self.inner().versions.get_or_insert_default();
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<String> {
        self.inner().objects.keys().cloned().collect()
    }

    /// The content of an object; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        let inner = self.inner();
        inner.objects.get(name).map(|kept| String::from_utf8_lossy(&kept.bytes).into_owned()).unwrap_or_default()
    }

    /// Puts an object there without any condition, as somebody else might.
    pub fn set(&self, name: &str, text: &str) {
        let mut inner = self.inner();
        let modified = inner.now;
        inner.objects.insert(name.to_owned(), Kept { bytes: text.as_bytes().to_vec(), modified });
    }

    /// Removes an object, as somebody else might.
    pub fn remove(&self, name: &str) {
        self.inner().objects.remove(name);
    }

    /// Late requests arrive, oldest first.
    pub fn deliver_late(&self) {
        let late = std::mem::take(&mut self.inner().late);
        for request in &late {
            let _ = self.carry_out(request);
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry_out(&self, request: &Request) -> Result<Answer, ObjectError> {
        let mut inner = self.inner();
        let now = inner.now;
        match request {
            Request::Get { name } => Ok(Answer::Object(inner.objects.get(name).map(|kept| kept.object(now)))),
            Request::List { prefix } => {
                Ok(Answer::Names(inner.objects.keys().filter(|name| name.starts_with(prefix)).cloned().collect()))
            }
            Request::Delete { name } => {
                inner.objects.remove(name);
                Ok(Answer::Deleted)
            }
            Request::Put { name, bytes, condition } => {
                let there = inner.objects.get(name).map(|kept| etag(&kept.bytes));
                let holds = match condition {
                    Condition::Any => true,
                    Condition::Absent => there.is_none(),
                    Condition::Match(etag) => there.as_ref() == Some(etag),
                };
                if !holds {
                    return Err(ObjectError::Condition);
                }
                let kept = Kept { bytes: bytes.clone(), modified: now };
                if let Some(versions) = &mut inner.versions {
                    versions.entry(name.clone()).or_default().push(kept.clone());
                }
                inner.objects.insert(name.clone(), kept);
                Ok(Answer::Etag(etag(bytes)))
            }
        }
    }
}

impl Kept {
    /// Both of S3's headers are whole seconds.
    fn object(&self, now: Duration) -> Object {
        let age = Duration::from_secs(now.as_secs().saturating_sub(self.modified.as_secs()));
        Object { bytes: self.bytes.clone(), etag: etag(&self.bytes), age }
    }
}

/// Made of the content alone, as S3 does it.
fn etag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A client's way to a bucket. What happens on it is asked before each request: the function may also let time pass, let
/// others work, or wait for its turn.
pub struct MemoryObjects {
    bucket: Bucket,
    before: Box<dyn Fn(&Request) -> Trouble + Send + Sync>,
    after: Box<dyn Fn(&Request) + Send + Sync>,
}

impl MemoryObjects {
    /// A way without trouble.
    pub fn new(bucket: &Bucket) -> Self {
        Self::troubled(bucket, |_| Trouble::None)
    }

    /// A way with the trouble that a function makes.
    pub fn troubled(bucket: &Bucket, before: impl Fn(&Request) -> Trouble + Send + Sync + 'static) -> Self {
        Self { bucket: bucket.clone(), before: Box::new(before), after: Box::new(|_| {}) }
    }

    /// Calls a function between the effect of a request and its answer.
    #[must_use]
    pub fn then(self, after: impl Fn(&Request) + Send + Sync + 'static) -> Self {
        Self { after: Box::new(after), ..self }
    }

    fn send(&self, request: &Request) -> Result<Answer, ObjectError> {
        let silence = || ObjectError::Unanswered { reason: "the connection was closed".to_owned() };
        match (self.before)(request) {
            Trouble::None => {
                let answer = self.bucket.carry_out(request);
                (self.after)(request);
                answer
            }
            Trouble::Lost => Err(silence()),
            Trouble::Unheard => {
                let _ = self.bucket.carry_out(request);
                (self.after)(request);
                Err(silence())
            }
            Trouble::Late => {
                self.bucket.inner().late.push(request.clone());
                Err(silence())
            }
            Trouble::Denied => {
                let permission = request.permission().to_owned();
                Err(ObjectError::Denied { permission, reason: "AccessDenied".to_owned() })
            }
        }
    }
}

/// A bucket in memory answers each request with its own kind.
fn unfit<T>() -> Result<T, ObjectError> {
    Err(ObjectError::Other { reason: "the answer does not fit the request".to_owned() })
}

impl Objects for MemoryObjects {
    fn place(&self) -> String {
        "memory://bucket".to_owned()
    }

    fn get(&self, name: &str) -> Result<Option<Object>, ObjectError> {
        match self.send(&Request::Get { name: name.to_owned() })? {
            Answer::Object(object) => Ok(object),
            _ => unfit(),
        }
    }

    fn put(&self, name: &str, bytes: &[u8], condition: Condition) -> Result<String, ObjectError> {
        match self.send(&Request::Put { name: name.to_owned(), bytes: bytes.to_vec(), condition })? {
            Answer::Etag(etag) => Ok(etag),
            _ => unfit(),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, ObjectError> {
        match self.send(&Request::List { prefix: prefix.to_owned() })? {
            Answer::Names(names) => Ok(names),
            _ => unfit(),
        }
    }

    fn keeps_versions(&self) -> Result<bool, ObjectError> {
        Ok(self.bucket.inner().versions.is_some())
    }

    fn versions(&self, name: &str, count: usize) -> Result<Vec<Version>, ObjectError> {
        let inner = self.bucket.inner();
        let kept =
            inner.versions.as_ref().and_then(|versions| versions.get(name)).map(Vec::as_slice).unwrap_or_default();
        let version = |(id, kept): (usize, &Kept)| Version { id: id.to_string(), written: kept.modified.as_secs() };
        Ok(kept.iter().enumerate().rev().take(count).map(version).collect())
    }

    fn get_version(&self, name: &str, id: &str) -> Result<Option<Vec<u8>>, ObjectError> {
        let inner = self.bucket.inner();
        let kept = inner.versions.as_ref().and_then(|versions| versions.get(name)?.get(id.parse::<usize>().ok()?));
        Ok(kept.map(|kept| kept.bytes.clone()))
    }

    fn delete(&self, name: &str) -> Result<(), ObjectError> {
        self.send(&Request::Delete { name: name.to_owned() }).map(drop)
    }
}

/// A key in memory. Copies are the same key.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeys {
    key: Arc<Mutex<Option<Vec<u8>>>>,
    readable_only: bool,
}

impl MemoryKeys {
    /// The same key, for one that may not make it.
    #[must_use]
    pub fn for_reader(&self) -> Self {
        Self { readable_only: true, ..self.clone() }
    }
}

impl Keys for MemoryKeys {
    fn place(&self) -> String {
        "memory://key".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, ObjectError> {
        Ok(self.key.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn make(&self, new: &[u8]) -> Result<Vec<u8>, ObjectError> {
        if self.readable_only {
            let permission = "ssm:PutParameter".to_owned();
            return Err(ObjectError::Denied { permission, reason: "AccessDenied".to_owned() });
        }
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(key.get_or_insert_with(|| new.to_vec()).clone())
    }
}
