//! What the last run recorded. Formats on disk belong to `store`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Address, Value,
    graph::{Lifecycle, Timeouts},
};

/// Where a run happens; states of different worlds never meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum World {
    #[default]
    Aws,
    Local,
    Endpoint,
}

impl World {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Local => "local",
            Self::Endpoint => "endpoint",
        }
    }
}

/// How far a recorded resource is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    #[default]
    Ready,
    /// Created, but calls or waits are missing: the next run finishes it.
    Incomplete,
    /// The service itself reported the create as failed: the next run replaces it.
    Tainted,
}

/// An old object that a create-first replacement has left and that must still go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deposed {
    pub id: String,
    pub region: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub delete_arguments: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dependencies: BTreeSet<Address>,
}

/// One resource as the last run left it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    #[serde(rename = "type")]
    pub type_name: String,
    /// Empty only while nothing but deposed objects is left.
    pub id: String,
    pub region: String,
    pub condition: Condition,
    /// The written attributes as last applied; secrets as fingerprints.
    pub applied: BTreeMap<String, Value>,
    /// What AWS answered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub computed: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dependencies: BTreeSet<Address>,
    #[serde(default)]
    pub lifecycle: Lifecycle,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub delete_arguments: BTreeMap<String, Value>,
    /// The token of the create call; also the tag `groma:create`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_token: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deposed: Vec<Deposed>,
}

/// An output as it was last computed. Secret outputs are pointers to their home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedOutput {
    pub value: Value,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// Everything recorded of one environment in one world.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The version of the format.
    pub format: u32,
    pub world: World,
    /// Made once; also the tag `groma:lineage`.
    pub lineage: String,
    /// Grows by one with each write.
    pub serial: u64,
    /// Journal entries up to this number are folded in.
    pub folded_through: u64,
    pub account: Option<String>,
    pub region: String,
    /// The version of groma that wrote it.
    pub written_by: String,
    #[serde(default)]
    pub outputs: BTreeMap<String, RecordedOutput>,
    #[serde(default)]
    pub resources: BTreeMap<Address, Recorded>,
    /// The object at each address that a replacement deletes, until its successor is made.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced: BTreeMap<Address, String>,
}

impl State {
    /// Whether a replacement that was interrupted has deleted this object: an `[import]` that took it over need not find it
    /// any more.
    pub fn has_replaced(&self, address: &Address, id: &str) -> bool {
        self.replaced.get(address).is_some_and(|replaced| replaced == id)
    }
}
