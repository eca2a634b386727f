//! AWS's own prefix lists: the addresses of S3 and DynamoDB in the region.

use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::Filtered;
use super::refusals::PREFIX_LIST;
use super::selection::Selection;
use super::start;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// How many entries the list of this name may have: so many rules it counts as.
pub(super) fn entries(name: &str) -> usize {
    if name.ends_with(".dynamodb") { 1 } else { 5 }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default)]
    prefix_list_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

struct PrefixList {
    id: String,
    name: String,
}

fn answer(world: &mut World, caller: &Caller, input: &Value, view: impl Fn(&PrefixList) -> Value) -> Answer {
    let Describe { prefix_list_ids, selection } = read(input)?;
    let known = start::ensure(world, caller).prefix_lists.clone();
    let mut all: Vec<_> = known.into_iter().map(|(name, id)| (id.clone(), PrefixList { id, name })).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    selection.answer("PrefixLists", selection.by_ids(PREFIX_LIST, &prefix_list_ids, all)?, view)
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    answer(world, caller, input, |list| {
        let cidrs = if list.name.ends_with(".dynamodb") { json!(["3.218.180.0/22"]) } else { json!(["3.5.128.0/22"]) };
        json!({ "Cidrs": cidrs, "PrefixListId": list.id, "PrefixListName": list.name })
    })
}

pub(super) fn managed(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = |list: &PrefixList| format!("arn:{}:ec2:{}:aws:prefix-list/{}", caller.partition, caller.region, list.id);
    answer(world, caller, input, |list| {
        json!({
            "PrefixListId": list.id,
            "AddressFamily": "IPv4",
            "State": "create-complete",
            "PrefixListArn": arn(list),
            "PrefixListName": list.name,
            "OwnerId": "AWS",
        })
    })
}

impl Filtered for PrefixList {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        match filter {
            "prefix-list-id" => Some(vec![self.id.clone()]),
            "prefix-list-name" => Some(vec![self.name.clone()]),
            "owner-id" => Some(vec!["AWS".to_owned()]),
            _ => None,
        }
    }
}
