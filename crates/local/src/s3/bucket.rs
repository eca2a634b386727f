//! A bucket, and how calls reach it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::names;
use super::object::Version;
use super::refusals::{denied, elsewhere, no_bucket};
use crate::checksum::{self, Algorithm};
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// A bucket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bucket {
    pub created: Timestamp,
    /// None where it was never set; it is never taken away again.
    pub versioning: Option<Versioning>,
    pub tags: BTreeMap<String, String>,
    /// By key; the versions of each, the newest first, at least one.
    pub objects: BTreeMap<String, Vec<Version>>,
}

/// Whether an object that is written again keeps what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    Enabled,
    Suspended,
}

impl Bucket {
    pub(super) fn new(created: Timestamp, tags: BTreeMap<String, String>) -> Self {
        Self { created, versioning: None, tags, objects: BTreeMap::new() }
    }

    /// The newest version of an object that is not deleted.
    pub(super) fn current(&self, key: &str) -> Option<&Version> {
        self.objects.get(key)?.first().filter(|version| version.content.is_some())
    }

    /// Makes a version the newest of its key. Without versions, or with those suspended, it takes the place of the one
    /// whose id is `null`.
    pub(super) fn add(&mut self, key: &str, version: Version) {
        let versions = self.objects.entry(key.to_owned()).or_default();
        if self.versioning != Some(Versioning::Enabled) {
            versions.retain(|version| version.id != NO_VERSION);
        }
        versions.insert(0, version);
    }

    /// Takes one version away for ever.
    pub(super) fn remove(&mut self, key: &str, id: &str) -> Option<Version> {
        let versions = self.objects.get_mut(key)?;
        let at = versions.iter().position(|version| version.id == id)?;
        let removed = versions.remove(at);
        if versions.is_empty() {
            self.objects.remove(key);
        }
        Some(removed)
    }
}

/// The id of what was written without versions.
pub(super) const NO_VERSION: &str = "null";

/// The id of a version that is being written.
pub(super) fn version_id(world: &mut World, versioning: Option<Versioning>) -> String {
    if versioning != Some(Versioning::Enabled) {
        return NO_VERSION.to_owned();
    }
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    let hex = world.hex(64);
    let pairs =
        hex.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.map(|byte| char::from(LETTERS[usize::from(byte % 64)])).collect()
}

/// The bucket of a call, if it is where the caller is and belongs to the caller.
pub(super) fn open<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Bucket, Refusal> {
    let name = input["Bucket"].as_str().unwrap_or_default();
    let home = home(world, caller, name)?;
    if home.region != caller.region {
        return Err(elsewhere(name, &home.region));
    }
    own(caller, &home, input)?;
    world.region(caller).s3.buckets.get_mut(name).ok_or_else(|| no_bucket(name))
}

/// Refuses a caller of another account than the bucket's, and one who expects another owner.
pub(super) fn own(caller: &Caller, home: &Caller, input: &Value) -> Result<(), Refusal> {
    let expected = input["ExpectedBucketOwner"].as_str().unwrap_or(&home.account);
    if home.account == caller.account && home.account == expected { Ok(()) } else { Err(denied()) }
}

/// The account and the region of a bucket that exists.
pub(super) fn home(world: &World, caller: &Caller, name: &str) -> Result<Caller, Refusal> {
    names::check(name)?;
    find(world, caller, name).ok_or_else(|| no_bucket(name))
}

/// The account and the region that hold the name in the caller's partition.
pub(super) fn find(world: &World, caller: &Caller, name: &str) -> Option<Caller> {
    let regions = world.accounts.iter().flat_map(|(id, account)| account.regions.iter().map(move |held| (id, held)));
    let holders = regions.filter(|(_, (_, region))| region.s3.buckets.contains_key(name));
    let mut homes = holders.map(|(id, (region, _))| Caller::new(id, region));
    homes.find(|home| home.partition == caller.partition)
}

/// S3's own id of an account.
pub(super) fn owner(account: &str) -> Value {
    serde_json::json!({ "ID": checksum::hex(Algorithm::Sha256, format!("canonical user {account}").as_bytes()) })
}
