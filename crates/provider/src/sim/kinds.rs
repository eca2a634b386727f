//! The types of the simulated cloud.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Schema, Value,
    schema::{DefaultTimeouts, Prediction, Unset, nothing_to_check},
};

use crate::RetryClass;

/// How one type behaves.
pub(super) trait Habit: Send + Sync + 'static {
    const SCHEMA: &'static Schema;
    const CLASS: RetryClass;
    /// Looks until an operation is done; nothing for types without operations.
    const LOOKS: u32 = 0;
    /// Attributes with calls of their own, which the create does not take.
    const PARTS: &'static [&'static str] = &[];
}

const TIMEOUTS: DefaultTimeouts = DefaultTimeouts { create: 600, update: 600, delete: 600 };

macro_rules! schema {
    ($name:literal, $doc:literal, natural: $natural:expr, predict: $predict:expr, arn: $arn:expr, revisions: $revisions:expr, [$($more:expr),* $(,)?]) => {
        Schema {
            name: $name,
            doc: $doc,
            attributes: &[
                $($more,)*
                Attribute::optional("size", Kind::Number).doc("Changed in place; 13 makes slow types fail."),
                Attribute::optional("zone", Kind::Text).replaces().doc("Changed by replacement."),
                Attribute::optional("uses", Kind::Set(&Kind::Text))
                    .on_unset(Unset::Clear)
                    .doc("The ARNs of what cannot go before this does."),
                Attribute::optional("password", Kind::Text).secret().write_only().doc("Never answered."),
                Attribute::optional("tags", Kind::Map(&Kind::Text)).per_key("").doc("Tags."),
                Attribute::optional("force", Kind::Flag).deletion().doc("Deletes it with what is in it."),
                $arn,
            ],
            natural_name: $natural,
            import_id: "the id",
            predict_id: $predict,
            revisions: $revisions,
            global: false,
            taggable: true,
            loses: None,
            timeouts: TIMEOUTS,
            check: nothing_to_check,
        }
    };
}

fn predict_id(prediction: &Prediction<'_>) -> Option<String> {
    prediction.text("name").map(str::to_owned)
}

fn predict_arn(prediction: &Prediction<'_>) -> Option<Value> {
    Some(format!("arn:sim:{}", prediction.text("name")?).into())
}

const ARN: Attribute = Attribute::computed("arn", Kind::Text).doc("Its name all over the world.");
const NAME: Attribute = Attribute::required("name", Kind::Text).replaces().doc("Unique in the cloud.");

/// Keeps its name unique.
pub static NAMED: Schema = schema!("sim_named", "Has a natural name.", natural: &["name"], predict: Some(predict_id), arn: ARN.predicted(predict_arn), revisions: false, [NAME]);
/// Gives the same object for the same token.
pub static TOKEN: Schema =
    schema!("sim_token", "Takes a token.", natural: &[], predict: None, arn: ARN, revisions: false, []);
/// Makes another object with each create.
pub static MEMBER: Schema = schema!("sim_member", "Has neither name nor token.", natural: &[], predict: None, arn: ARN, revisions: false, [
    Attribute::optional("owner", Kind::Text).replaces().doc("The id of what it belongs to."),
]);
/// Old and new live side by side.
pub static REVISION: Schema = schema!("sim_revision", "Each create makes a new revision.", natural: &[], predict: None, arn: ARN, revisions: true, [
    Attribute::required("name", Kind::Text).replaces().doc("The name of all revisions."),
]);
/// Every operation takes a few looks; with size 13 it fails and is rolled back.
pub static SLOW: Schema = schema!("sim_slow", "Takes its time.", natural: &["name"], predict: Some(predict_id), arn: ARN.predicted(predict_arn), revisions: false, [NAME]);
/// Its policy and ttl have calls of their own, must go before it goes, and it leaves logs behind.
pub static PARTS: Schema = schema!("sim_parts", "Needs further calls.", natural: &["name"], predict: Some(predict_id), arn: ARN.predicted(predict_arn), revisions: false, [
    NAME,
    Attribute::optional("policy", Kind::Text).on_unset(Unset::Clear).doc("Set by a call of its own."),
    Attribute::optional("ttl", Kind::Number).on_unset(Unset::Clear).doc("Set by a call of its own."),
]);

pub(super) struct Named;
pub(super) struct Tokened;
pub(super) struct Member;
pub(super) struct Revision;
pub(super) struct Slow;
pub(super) struct Parts;

impl Habit for Named {
    const SCHEMA: &'static Schema = &NAMED;
    const CLASS: RetryClass = RetryClass::NaturalName;
}

impl Habit for Tokened {
    const SCHEMA: &'static Schema = &TOKEN;
    const CLASS: RetryClass = RetryClass::Token;
}

impl Habit for Member {
    const SCHEMA: &'static Schema = &MEMBER;
    const CLASS: RetryClass = RetryClass::None;
}

impl Habit for Revision {
    const SCHEMA: &'static Schema = &REVISION;
    const CLASS: RetryClass = RetryClass::None;
}

impl Habit for Slow {
    const SCHEMA: &'static Schema = &SLOW;
    const CLASS: RetryClass = RetryClass::NaturalName;
    const LOOKS: u32 = 3;
}

impl Habit for Parts {
    const SCHEMA: &'static Schema = &PARTS;
    const CLASS: RetryClass = RetryClass::NaturalName;
    const PARTS: &'static [&'static str] = &["policy", "ttl"];
}

/// The value of an attribute, when it is written.
pub(super) fn written<'v>(values: &'v BTreeMap<String, Value>, name: &str) -> Option<&'v Value> {
    values.get(name).filter(|value| !value.is_null())
}
