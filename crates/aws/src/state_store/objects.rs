//! Objects in S3 (`store::remote::Objects`). Conditional writes and strong reads: the S3 user guide, "How to prevent object
//! overwrites with conditional writes".

use std::{sync::Arc, time::Duration};

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{BucketVersioningStatus, Delete, ObjectIdentifier},
};
use aws_smithy_types::DateTime;
use futures::{StreamExt, TryStreamExt, stream};
use model::graph::S3Home;
use store::remote::{Condition, Object, ObjectError, Objects, Version};

use super::{server_date::ServerDate, told::told, worker::Worker};

/// Reads beside each other.
const AT_ONCE: usize = 8;

/// What one `DeleteObjects` takes.
const PER_DELETE: usize = 1000;

pub(super) struct S3Objects {
    client: Client,
    home: S3Home,
    worker: Arc<Worker>,
}

type Answer<T> = Result<T, ObjectError>;

impl S3Objects {
    pub(super) fn new(client: Client, home: S3Home, worker: Arc<Worker>) -> Self {
        Self { client, home, worker }
    }

    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.home.key)
    }

    fn get_one(&self, name: &str) -> impl Future<Output = Answer<Option<Object>>> + Send + 'static {
        let date = ServerDate::default();
        let request = self.client.get_object().bucket(&self.home.bucket).key(self.key(name));
        async move {
            let answer = match request.customize().interceptor(date.clone()).send().await {
                Ok(answer) => answer,
                Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => return Ok(None),
                Err(error) => return Err(told("s3:GetObject", error)),
            };
            let etag = answer.e_tag.clone().unwrap_or_default();
            let age = age(date.get(), answer.last_modified);
            Ok(Some(Object { bytes: bytes(answer.body).await?, etag, age }))
        }
    }
}

/// The body of an answer may break off.
async fn bytes(body: ByteStream) -> Answer<Vec<u8>> {
    let body = body.collect().await;
    Ok(body.map_err(|error| ObjectError::Unanswered { reason: error.to_string() })?.to_vec())
}

/// By the server's clock alone. Without one the object counts as new: then nothing is taken over.
fn age(now: Option<DateTime>, modified: Option<DateTime>) -> Duration {
    let (Some(now), Some(modified)) = (now, modified) else { return Duration::ZERO };
    Duration::from_secs(u64::try_from(now.secs() - modified.secs()).unwrap_or_default())
}

impl Objects for S3Objects {
    fn place(&self) -> String {
        format!("s3://{}/{}", self.home.bucket, self.home.key)
    }

    fn get(&self, name: &str) -> Answer<Option<Object>> {
        self.worker.wait(self.get_one(name))
    }

    fn put(&self, name: &str, bytes: &[u8], condition: Condition) -> Answer<String> {
        let request = self.client.put_object().bucket(&self.home.bucket).key(self.key(name));
        let request = request.content_type("application/json").body(ByteStream::from(bytes.to_vec()));
        let (request, matches) = match condition {
            Condition::Any => (request, false),
            Condition::Absent => (request.if_none_match("*"), false),
            Condition::Match(etag) => (request.if_match(etag), true),
        };
        self.worker.wait(async move {
            match request.send().await {
                Ok(answer) => Ok(answer.e_tag.unwrap_or_default()),
                Err(error) => {
                    let gone = error.as_service_error().and_then(|error| error.meta().code()) == Some("NoSuchKey");
                    Err(if matches && gone { ObjectError::Condition } else { told("s3:PutObject", error) })
                }
            }
        })
    }

    fn list(&self, prefix: &str) -> Answer<Vec<String>> {
        let (own, whole) = (self.key(""), self.key(prefix));
        let request = self.client.list_objects_v2().bucket(&self.home.bucket).prefix(whole);
        self.worker.wait(async move {
            let pages: Vec<_> =
                request.into_paginator().send().try_collect().await.map_err(|error| told("s3:ListBucket", error))?;
            let keys = pages.into_iter().flat_map(|page| page.contents.unwrap_or_default()).filter_map(|it| it.key);
            let mut names: Vec<String> = keys.filter_map(|key| Some(key.strip_prefix(&own)?.to_owned())).collect();
            names.sort();
            Ok(names)
        })
    }

    /// Where the bucket's setting cannot be had, its objects tell: without versions each has the one that is called `null`.
    fn keeps_versions(&self) -> Answer<bool> {
        let request = self.client.get_bucket_versioning().bucket(&self.home.bucket);
        let objects = self.client.list_object_versions().bucket(&self.home.bucket).prefix(self.key("")).max_keys(1);
        self.worker.wait(async move {
            if let Ok(answer) = request.send().await {
                return Ok(answer.status == Some(BucketVersioningStatus::Enabled));
            }
            let answer = objects.send().await.map_err(|error| told("s3:ListBucketVersions", error))?;
            let versions = answer.versions.unwrap_or_default();
            Ok(versions.iter().any(|version| version.version_id.as_deref().is_some_and(|id| id != "null")))
        })
    }

    fn versions(&self, name: &str, count: usize) -> Answer<Vec<Version>> {
        let key = self.key(name);
        let limit = i32::try_from(count).unwrap_or(i32::MAX);
        let request = self.client.list_object_versions().bucket(&self.home.bucket).prefix(&key).max_keys(limit);
        self.worker.wait(async move {
            let answer = request.send().await.map_err(|error| told("s3:ListBucketVersions", error))?;
            let versions = answer.versions.unwrap_or_default().into_iter();
            let version = |version: aws_sdk_s3::types::ObjectVersion| {
                let written = version.last_modified.map_or(0, |time| time.secs());
                Some(Version { id: version.version_id?, written: u64::try_from(written).unwrap_or_default() })
            };
            Ok(versions.filter(|version| version.key.as_ref() == Some(&key)).filter_map(version).take(count).collect())
        })
    }

    fn get_version(&self, name: &str, id: &str) -> Answer<Option<Vec<u8>>> {
        let request = self.client.get_object().bucket(&self.home.bucket).key(self.key(name)).version_id(id);
        self.worker.wait(async move {
            match request.send().await {
                Ok(answer) => bytes(answer.body).await.map(Some),
                // What is no version's name at all is an invalid argument.
                Err(error) => match error.as_service_error().and_then(|error| error.meta().code()) {
                    Some("NoSuchVersion" | "NoSuchKey" | "InvalidArgument") => Ok(None),
                    _ => Err(told("s3:GetObjectVersion", error)),
                },
            }
        })
    }

    fn delete(&self, name: &str) -> Answer<()> {
        let request = self.client.delete_object().bucket(&self.home.bucket).key(self.key(name));
        self.worker.wait(async move { request.send().await.map(drop).map_err(|error| told("s3:DeleteObject", error)) })
    }

    fn get_all(&self, names: &[String]) -> Answer<Vec<Option<Object>>> {
        let reads: Vec<_> = names.iter().map(|name| self.get_one(name)).collect();
        self.worker.wait(stream::iter(reads).buffered(AT_ONCE).try_collect())
    }

    fn delete_all(&self, names: &[String]) -> Answer<()> {
        for some in names.chunks(PER_DELETE) {
            let ids = some.iter().map(|name| ObjectIdentifier::builder().key(self.key(name)).build());
            let ids: Result<Vec<_>, _> = ids.collect();
            let delete = ids.and_then(|ids| Delete::builder().set_objects(Some(ids)).quiet(true).build());
            let delete = delete.map_err(|error| ObjectError::Other { reason: error.to_string() })?;
            let request = self.client.delete_objects().bucket(&self.home.bucket).delete(delete);
            self.worker.wait(async move {
                let answer = request.send().await.map_err(|error| told("s3:DeleteObject", error))?;
                match answer.errors.unwrap_or_default().into_iter().next() {
                    None => Ok(()),
                    Some(error) => Err(ObjectError::Other {
                        reason: format!("s3:DeleteObject: {}", error.message.or(error.code).unwrap_or_default()),
                    }),
                }
            })?;
        }
        Ok(())
    }
}
