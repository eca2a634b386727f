//! What a resource type can do. One file of `aws` implements it for one type.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    time::Duration,
};

use model::{Address, Live, Schema, Value, schema::Finding};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Call, Failure, Retry, RetryClass, Sent, Token};

/// Where calls go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub region: String,
    pub account: String,
    pub partition: String,
}

/// What one resource should be.
#[derive(Debug, Clone)]
pub struct Want<A> {
    /// What is written, typed. Attributes nobody wrote are `None` and not ours.
    pub arguments: A,
    /// The user's effective tags and, where the type takes tags, the ownership tags.
    pub tags: BTreeMap<String, String>,
    /// Attributes to be cleared (`Unset::Clear`).
    pub cleared: BTreeSet<String>,
    /// For attributes owned key by key: keys written earlier and not now (for `tags` too).
    pub dropped: BTreeMap<String, BTreeSet<String>>,
    /// The attribute names that differ from live by the schema's comparison; `next` looks at these alone,
    /// so that it never has to compare policies, sets or numbers in text itself. On a new resource: all that are written.
    pub differing: BTreeSet<String>,
    /// The values that `arguments` was made of.
    pub values: BTreeMap<String, Value>,
    /// Whether it is being made, or its making finished: what AWS gives to everything new may go then, and not later.
    pub making: bool,
    /// The environment's name, the address and so on, for descriptions.
    pub address: Address,
}

impl<A> Want<A> {
    /// Whether the attribute is to be changed.
    pub fn differs(&self, attribute: &str) -> bool {
        self.differing.contains(attribute)
    }

    /// Whether the attribute is to be cleared.
    pub fn clears(&self, attribute: &str) -> bool {
        self.cleared.contains(attribute)
    }

    /// Tags to be set: wanted ones that are missing or different on the live resource.
    pub fn tags_to_set(&self, live: &Live) -> BTreeMap<String, String> {
        self.tags
            .iter()
            .filter(|(key, value)| live_tag(live, key) != Some(value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// Tag keys that were ours, are no longer written and still there.
    pub fn tags_to_remove(&self, live: &Live) -> Vec<String> {
        let dropped = self.dropped.get("tags").into_iter().flatten();
        dropped.filter(|key| !self.tags.contains_key(*key) && live_tag(live, key).is_some()).cloned().collect()
    }
}

fn live_tag<'a>(live: &'a Live, key: &str) -> Option<&'a String> {
    match live.attributes.get("tags").and_then(Value::as_map).and_then(|tags| tags.get(key)) {
        Some(Value::Text(text)) => Some(text),
        _ => live.ownership.get(key),
    }
}

/// What a wait is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    Present,
    Gone,
}

/// One look at a resource or operation that takes its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    Ready,
    /// Look again after this time; the service's own word for what is going on.
    Again(Duration, String),
    /// It will not come. `tainted`: the service reports the create itself as failed.
    Failed {
        failure: Box<Failure>,
        tainted: bool,
    },
}

/// What stands in the way of a delete, from reads alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// What blocks: "3 images (1.2 GB)".
    pub what: String,
    /// Who uses or holds it, where that is known: ids or ARNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<String>,
    /// The TOML line that clears it: `force_delete = true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toml: Option<String>,
    /// The flag that clears it: `--delete-images`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Another line that clears it, with nothing lost: `final_db_snapshot_identifier = "shop-2"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
    /// What is lost when `toml` or `flag` clear it, where that is not `what`: "no final snapshot is made".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<String>,
    /// The arguments of the deletion clear it already: then it is a loss that the plan names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cleared: bool,
}

/// A change that is to be planned, as far as it is known: what is unknown or secret is left out.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// What is written.
    pub arguments: &'a BTreeMap<String, Value>,
    /// The attributes that the change is about: all that are written, where it makes the resource.
    pub changed: &'a BTreeSet<String>,
    /// What the same plan makes, by address.
    pub made: &'a BTreeMap<Address, BTreeMap<String, Value>>,
    /// Images, `REPOSITORY:TAG`, that come by themselves with their repository (`[environment.local] images`).
    pub expected: &'a [String],
    /// The profile that the environment names, for commands that others type.
    pub profile: Option<&'a str>,
}

/// What somebody else must bring before a change can succeed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// In words: "the image shop:latest is not in its repository".
    pub missing: String,
    /// What brings it, as it is typed.
    pub commands: Vec<String>,
    /// The same on the local cloud.
    pub local_commands: Vec<String>,
}

/// A line of a resource's own logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The service's own id of the line.
    pub id: String,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// Which of its logs: `application`.
    pub source: String,
    pub message: String,
}

/// A create that was journalled and has no answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    pub address: Address,
    pub region: String,
    pub token: Token,
    /// Of the state; with the address it tells our own from somebody else's of the same name.
    pub lineage: String,
    /// The natural name and parents, by attribute name; never secret.
    pub identity: BTreeMap<String, Value>,
}

/// The verbs of one resource type over one cloud's client.
///
/// `read` fills [`Live::attributes`] with every argument the service answers and every computed attribute, in the schema's
/// names; attributes that AWS reports as absent are `Value::Null`. Observed secrets never leave `read`.
pub trait Resource: Send + Sync + 'static {
    const SCHEMA: &'static Schema;
    /// What sending its create twice does.
    const CREATE: (&'static str, RetryClass);
    /// What sending its delete twice does: always harmless, since "not found" counts as done; the operation's name.
    const DELETE: &'static str;
    /// Refusals that pass by themselves.
    const RETRIES: &'static [Retry] = &[];
    /// Seconds after which a create that cannot be found was not made (`semantics.md` 4).
    const CONSISTENCY_WINDOW: u64 = 30;

    /// Whether it has deployments and logs of its own ([`Resource::deploy`], [`Resource::logs`]).
    const RUNS: bool = false;

    type Client: Send + Sync + 'static;
    /// serde from the written values.
    type Arguments: DeserializeOwned + Send + Sync;

    /// Exactly one mutating call: the one that brings the identity into being, with tags where it takes them.
    fn create(
        client: &Self::Client,
        place: &Place,
        want: &Want<Self::Arguments>,
        token: &Token,
    ) -> impl Future<Output = Result<Sent, Failure>> + Send;

    /// The next call still to send, from what is wanted and what lives; nothing when all holds.
    fn next<'a>(
        client: &'a Self::Client,
        place: &'a Place,
        want: &'a Want<Self::Arguments>,
        live: &'a Live,
    ) -> Option<Call<'a>>;

    /// One look, never a loop. `operation` is what the call brought back; without it the newest is judged.
    fn settle(
        client: &Self::Client,
        place: &Place,
        id: &str,
        operation: Option<&str>,
        goal: Goal,
    ) -> impl Future<Output = Result<Settled, Failure>> + Send;

    /// Reads many at once, in the order of the ids; nothing where one is gone.
    fn read(
        client: &Self::Client,
        place: &Place,
        ids: &[String],
    ) -> impl Future<Output = Result<Vec<Option<Live>>, Failure>> + Send;

    /// The call that removes it. "Not found" is success. `arguments` are the arguments of deletion.
    fn delete(
        client: &Self::Client,
        place: &Place,
        id: &str,
        arguments: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<Sent, Failure>> + Send;

    /// Calls that must be made before the delete (detach policies), from what lives; asked again until nothing is left.
    fn dismantle<'a>(
        _client: &'a Self::Client,
        _place: &'a Place,
        _live: &'a Live,
        _arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        None
    }

    /// Calls after the delete has settled (log groups that the service leaves behind), from what lived before it; asked until
    /// nothing is left. `done` counts the calls already made.
    fn sweep<'a>(_client: &'a Self::Client, _place: &'a Place, _lived: &'a Live, _done: usize) -> Option<Call<'a>> {
        None
    }

    /// What AWS would refuse of a create, found by reads while planning: subnets that are not there, zones a service does not
    /// run in. `arguments` are those that are known.
    fn examine(
        _client: &Self::Client,
        _place: &Place,
        _arguments: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<Vec<Finding>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What must be brought by others before the change can succeed: an image that is not in its repository. What cannot be
    /// read is no gate.
    fn gates(
        _client: &Self::Client,
        _place: &Place,
        _proposal: &Proposal<'_>,
    ) -> impl Future<Output = Result<Vec<Gate>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What would stop a delete, from reads alone.
    fn blockers(
        _client: &Self::Client,
        _place: &Place,
        _live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<Vec<Blocker>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// The call that deploys it anew as it is written: the image that its tag names now.
    fn deploy<'a>(_client: &'a Self::Client, _place: &'a Place, _id: &'a str) -> Option<Call<'a>> {
        None
    }

    /// Lines of its logs from a time on (milliseconds since the Unix epoch), in any order.
    fn logs(
        _client: &Self::Client,
        _place: &Place,
        _id: &str,
        _since: i64,
    ) -> impl Future<Output = Result<Vec<LogLine>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// The id of what an interrupted create may have made, from the intent alone.
    fn find(
        client: &Self::Client,
        place: &Place,
        intent: &Intent,
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send;

    /// The ids of everything of this type that carries the ownership tag of an environment, by the service's own lists (the
    /// tagging API lags). Where those name no tags, all ids: whoever asks reads them and looks. A type without tags has none.
    fn list(
        _client: &Self::Client,
        _place: &Place,
        _environment: &str,
    ) -> impl Future<Output = Result<Vec<String>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// The id of what already has this natural name, whoever made it.
    fn namesake(
        client: &Self::Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send;
}
