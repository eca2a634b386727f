//! What a resource type is: data and pure functions. The constants stand in `aws`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Value, graph::EnvironmentFacts};

/// All resource and data types that a program knows, by name.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    pub resources: BTreeMap<&'static str, &'static Schema>,
    pub data: BTreeMap<&'static str, &'static DataSchema>,
}

impl Schemas {
    pub fn resource(&self, type_name: &str) -> Option<&'static Schema> {
        self.resources.get(type_name).copied()
    }

    pub fn data(&self, type_name: &str) -> Option<&'static DataSchema> {
        self.data.get(type_name).copied()
    }
}

/// One resource type.
#[derive(Debug)]
pub struct Schema {
    /// `<service>_<thing>`, for example `ecr_repository`.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    pub attributes: &'static [Attribute],
    /// The attributes that AWS keeps unique in a region (or account), in the order of the identity; empty when there are none.
    pub natural_name: &'static [&'static str],
    /// What `groma import ADDR ID` expects, in words.
    pub import_id: &'static str,
    /// The id, where it follows from arguments, account and region alone.
    pub predict_id: Option<fn(&Prediction<'_>) -> Option<String>>,
    /// Whether each create makes a new revision of the same name, so that old and new live side by side.
    pub revisions: bool,
    /// Kept in the account and not in a region (IAM).
    pub global: bool,
    /// Whether `tags` and the ownership tags can be written.
    pub taggable: bool,
    /// What is lost when it is deleted, for the plan; nothing for types that hold nothing.
    pub loses: Option<&'static str>,
    /// Default seconds that each kind of operation may take.
    pub timeouts: DefaultTimeouts,
    /// Mistakes that no single attribute shows. Values are known, unknown or absent.
    pub check: fn(&BTreeMap<String, Value>) -> Vec<Finding>,
}

/// Seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultTimeouts {
    pub create: u64,
    pub update: u64,
    pub delete: u64,
}

/// A mistake found by a check, at an attribute path like `health_check_configuration.interval`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub summary: &'static str,
    pub detail: String,
    pub hint: Option<String>,
    /// A warning instead of an error.
    pub warning: bool,
}

/// A check that finds nothing.
pub fn nothing_to_check(_: &BTreeMap<String, Value>) -> Vec<Finding> {
    Vec::new()
}

/// What a prediction may look at.
#[derive(Debug, Clone, Copy)]
pub struct Prediction<'a> {
    /// The written arguments, as far as they are known.
    pub arguments: &'a BTreeMap<String, Value>,
    pub environment: &'a EnvironmentFacts,
    /// The resource's region.
    pub region: &'a str,
}

impl Prediction<'_> {
    /// A written text argument, or nothing when absent or not known.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).and_then(Value::as_text)
    }
}

/// Who sets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Required,
    Optional,
    Computed,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text,
    Number,
    Flag,
    /// A JSON document: a TOML table or JSON text. Policies compare by [`Compare::Policy`].
    Document,
    List(&'static Kind),
    /// A list whose order means nothing.
    Set(&'static Kind),
    Map(&'static Kind),
    Object(&'static [Attribute]),
    Any,
}

/// What changing an attribute does.
#[derive(Debug, Clone, Copy)]
pub enum Effect {
    InPlace,
    Replaces,
    /// Replaces when the test says so of (live, wanted).
    ReplacesIf(fn(&Value, &Value) -> bool),
}

/// When two values are the same.
#[derive(Debug, Clone, Copy)]
pub enum Compare {
    Exact,
    CaseInsensitive,
    /// JSON by meaning: key order and white space do not count.
    Json,
    /// An IAM-style policy document by meaning (`aws-behaviour.md` 18.1).
    Policy,
    /// Own rule: whether (wanted, live) mean the same.
    Same(fn(&Value, &Value) -> bool),
}

/// What happens when an attribute that was written is no longer written.
#[derive(Debug, Clone, Copy)]
pub enum Unset {
    /// It stays as it is and is no longer ours.
    Leave,
    /// This value is sent.
    Default(Preset),
    /// The type's `next` knows the call that removes it.
    Clear,
}

/// A constant value of a schema.
#[derive(Debug, Clone, Copy)]
pub enum Preset {
    Flag(bool),
    Whole(i64),
    Text(&'static str),
}

impl Preset {
    pub fn value(self) -> Value {
        match self {
            Self::Flag(flag) => Value::Flag(flag),
            Self::Whole(whole) => whole.into(),
            Self::Text(text) => text.into(),
        }
    }
}

/// Whether a written collection is ours as a whole or key by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owns {
    Whole,
    /// Each key on its own: keys nobody wrote are left alone. For lists of objects the member named here is the key.
    PerKey(&'static str),
}

/// The limits that AWS's own model states for a member; generated by `cargo xtask gen`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// The name on the wire.
    pub wire: &'static str,
    pub required: bool,
    /// Smallest length of text, lists and maps, or smallest number.
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub pattern: Option<&'static str>,
    pub values: &'static [&'static str],
}

/// One attribute of a type or of a nested object.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    pub name: &'static str,
    pub kind: Kind,
    pub role: Role,
    pub doc: &'static str,
    /// AWS's member; `None` for attributes of our own.
    pub member: Option<&'static Member>,
    pub effect: Effect,
    pub compare: Compare,
    pub on_unset: Unset,
    pub owns: Owns,
    /// Always secret, also when written in plain.
    pub secret: bool,
    /// May be a secret that groma makes itself (`{ secret = { generate = … } }`): the type keeps it where it can be read again.
    pub generates: bool,
    /// A reference here to a resource of this type, in which that attribute is written, is a mistake.
    pub excludes: Option<(&'static str, &'static str)>,
    /// Never answered by AWS: only the last applied value can be compared.
    pub write_only: bool,
    /// An argument of deletion (`force_delete`): kept in state, never compared with live.
    pub deletion: bool,
    /// A reference in this attribute does not order deletion the usual way: this resource goes after what it refers to.
    pub deletes_after: bool,
    /// The start of a fixed name that may be written instead of the attribute named here; eight hex digits follow.
    pub begins: Option<&'static str>,
    /// For computed attributes: the value where it follows from arguments, account and region.
    pub predicted: Option<fn(&Prediction<'_>) -> Option<Value>>,
    /// For computed attributes: the arguments whose change makes it change; empty: only a replacement does.
    pub changes_with: &'static [&'static str],
}

impl Attribute {
    const fn new(name: &'static str, kind: Kind, role: Role) -> Self {
        Self {
            name,
            kind,
            role,
            doc: "",
            member: None,
            effect: Effect::InPlace,
            compare: Compare::Exact,
            on_unset: Unset::Leave,
            owns: Owns::Whole,
            secret: false,
            generates: false,
            excludes: None,
            write_only: false,
            deletion: false,
            deletes_after: false,
            begins: None,
            predicted: None,
            changes_with: &[],
        }
    }

    /// `…_name_prefix`, beside the required attribute `whole`; `.member` states the limits of the whole name.
    pub const fn name_prefix(name: &'static str, whole: &'static str) -> Self {
        let mut attribute = Self::optional(name, Kind::Text).replaces();
        attribute.begins = Some(whole);
        attribute.doc = "Instead of the name: its start. Eight digits of what forces a replacement follow, so that old and new can live side by side.";
        attribute
    }

    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Role::Required)
    }

    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Role::Optional)
    }

    pub const fn computed(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Role::Computed)
    }

    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    pub const fn member(mut self, member: &'static Member) -> Self {
        self.member = Some(member);
        self
    }

    pub const fn replaces(mut self) -> Self {
        self.effect = Effect::Replaces;
        self
    }

    pub const fn replaces_if(mut self, test: fn(&Value, &Value) -> bool) -> Self {
        self.effect = Effect::ReplacesIf(test);
        self
    }

    pub const fn compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    pub const fn on_unset(mut self, unset: Unset) -> Self {
        self.on_unset = unset;
        self
    }

    pub const fn per_key(mut self, key: &'static str) -> Self {
        self.owns = Owns::PerKey(key);
        self
    }

    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Whoever refers here to a resource of this type must find that attribute unwritten: two owners of one thing.
    pub const fn excludes(mut self, type_name: &'static str, attribute: &'static str) -> Self {
        self.excludes = Some((type_name, attribute));
        self
    }

    /// A home for generated secrets; always secret.
    pub const fn generates(self) -> Self {
        self.may_generate().secret()
    }

    /// A home for generated secrets, whose value need not be one.
    pub const fn may_generate(mut self) -> Self {
        self.generates = true;
        self
    }

    pub const fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// An argument of deletion; always groma's own.
    pub const fn deletion(mut self) -> Self {
        self.deletion = true;
        self
    }

    pub const fn deletes_after(mut self) -> Self {
        self.deletes_after = true;
        self
    }

    pub const fn predicted(mut self, predict: fn(&Prediction<'_>) -> Option<Value>) -> Self {
        self.predicted = Some(predict);
        self
    }

    pub const fn changes_with(mut self, arguments: &'static [&'static str]) -> Self {
        self.changes_with = arguments;
        self
    }

    pub fn is_argument(&self) -> bool {
        self.role != Role::Computed
    }
}

impl Schema {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub fn arguments(&self) -> impl Iterator<Item = &'static Attribute> {
        self.attributes.iter().filter(|attribute| attribute.is_argument())
    }

    pub fn computed(&self) -> impl Iterator<Item = &'static Attribute> {
        self.attributes.iter().filter(|attribute| !attribute.is_argument())
    }

    /// The names of the arguments of deletion.
    pub fn deletion_arguments(&self) -> BTreeSet<&'static str> {
        self.attributes.iter().filter(|attribute| attribute.deletion).map(|attribute| attribute.name).collect()
    }
}

/// Arguments in, arguments and computed attributes out.
pub type LocalAnswer = fn(&BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, Finding>;

/// One data type: something that is looked up and never changed.
#[derive(Debug)]
pub struct DataSchema {
    pub name: &'static str,
    pub doc: &'static str,
    /// Arguments and computed attributes.
    pub attributes: &'static [Attribute],
    /// Answered from the arguments alone, without a call (`iam_policy`).
    pub local: Option<LocalAnswer>,
    pub check: fn(&BTreeMap<String, Value>) -> Vec<Finding>,
}

impl DataSchema {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}
