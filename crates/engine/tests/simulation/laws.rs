//! What must hold: at each call, after each run, and when a run was not disturbed.

use std::collections::{BTreeMap, BTreeSet};

use model::{Condition, Scrubber, State, Value, observed::ownership};
use provider::sim::{Object, Request, World};
use store::StateStore;

use super::{
    environment::{Environment, Instance},
    process::Process,
    stage::Stage,
};

/// A broken law: its name, and what was found.
pub(crate) type Breach = (&'static str, String);

/// Checked when a mutating call leaves: it is announced where it lasts, by a process whose lease nobody has taken.
pub(crate) fn may_be_sent(process: &Process, request: Request<'_>) {
    if !is_announced(&process.home.lasting_journal(), request) {
        process.stage.breach("announced", format!("{} {} stands in no journal", request.operation, request.subject));
    }
    if let Some((owner, released)) = process.home.lease()
        && (released || owner != process.letter.to_string())
    {
        process.stage.breach(
            "fencing held",
            format!(
                "{} {} was sent by {}, and {owner} has the lease",
                request.operation, request.subject, process.letter
            ),
        );
    }
}

/// Whether the last intent of this call has no answer yet.
fn is_announced(journal: &str, request: Request<'_>) -> bool {
    let operation = format!("\"operation\":\"{}\"", request.operation);
    let subject = format!("\":\"{}\"", request.subject);
    let mut answered = BTreeSet::new();
    for line in journal.lines().rev() {
        if line.contains("\"intent\"") {
            if line.contains(&operation) && line.contains(&subject) {
                let entry: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
                if entry["n"].as_u64().is_some_and(|n| !answered.contains(&n)) {
                    return true;
                }
            }
        } else if line.contains("\"result\"") {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            answered.extend(entry["result"]["of"].as_u64());
        }
    }
    false
}

/// Checked after each run, however it ended.
pub(crate) fn after_run(world: &World, store: &dyn StateStore, free: &BTreeSet<String>) -> Result<(), Breach> {
    let loaded = store::load(store)
        .map_err(|error| ("the state is readable", format!("{error}: {error:?}")))?
        .unwrap_or_default();
    let mut known: BTreeSet<&str> = recorded(&loaded.state).into_iter().collect();
    known.extend(loaded.open.iter().filter_map(|intent| intent.id.as_deref()));
    let tokens: BTreeSet<&str> = loaded.open.iter().filter_map(|intent| intent.token.as_deref()).collect();
    for (id, object) in ours(world) {
        if !known.contains(id) && !tokens.contains(object.token.as_str()) && !is_free(object, free) {
            return Err((
                "nothing live is unrecorded",
                format!("{id} lives, and the state knows {known:?}, open {tokens:?}"),
            ));
        }
    }
    if !world.breaches.is_empty() {
        return Err(("nothing twice, nothing before its users", world.breaches.join("; ")));
    }
    Ok(())
}

/// Checked after a run that nobody disturbed.
pub(crate) fn after_rest(
    world: &World,
    store: &dyn StateStore,
    wanted: &Environment,
    destroys: bool,
    free: &BTreeSet<String>,
) -> Result<(), Breach> {
    after_run(world, store, free)?;
    let loaded = store::load(store).map_err(|error| ("the state is readable", error.to_string()))?.unwrap_or_default();
    if loaded.unfinished || !loaded.open.is_empty() {
        return Err(("nothing is open", format!("{:?}", loaded.open)));
    }
    let state = &loaded.state;
    let mut seen = BTreeSet::new();
    if let Some(twice) = recorded(state).into_iter().find(|id| !seen.insert(*id)) {
        return Err(("nothing twice", format!("{twice} is recorded twice")));
    }
    if let Some(gone) = recorded(state).into_iter().find(|id| !world.objects.contains_key(*id)) {
        return Err(("the state is true", format!("{gone} is recorded and not there")));
    }
    if !world.leftovers.is_empty() {
        return Err(("nothing is left behind", format!("{:?}", world.leftovers)));
    }
    let instances = if destroys { Vec::new() } else { wanted.instances() };
    let expected: BTreeSet<String> = instances.iter().map(|instance| instance.address.to_string()).collect();
    let found: BTreeSet<String> = state.resources.keys().map(ToString::to_string).collect();
    if expected != found {
        return Err(("the desired set is reached", format!("wanted {expected:?}\nrecorded {found:?}")));
    }
    if !destroys {
        outputs(state, wanted, &instances)?;
    }
    instances.iter().try_for_each(|instance| {
        is_as_written(world, state, wanted, &instances, instance)
            .map_err(|words| ("the desired set is reached", format!("{}: {words}", instance.address)))
    })
}

/// Each output lists the ARNs of the instances of its block.
fn outputs(state: &State, wanted: &Environment, all: &[Instance<'_>]) -> Result<(), Breach> {
    for block in wanted.blocks.iter().filter(|block| !block.in_module) {
        let arn = |instance: &Instance<'_>| format!("arn:sim:{}", state.resources[&instance.address].id);
        let arns: BTreeSet<String> = all.iter().filter(|one| one.block.name == block.name).map(arn).collect();
        let found = state.outputs.get(&block.name).and_then(|output| output.value.as_list()).unwrap_or_default();
        let found: BTreeSet<String> = found.iter().filter_map(Value::as_text).map(str::to_owned).collect();
        if found != arns {
            return Err(("outputs are true", format!("{} is {found:?} instead of {arns:?}", block.name)));
        }
    }
    Ok(())
}

/// The ids that a state holds.
fn recorded(state: &State) -> Vec<&str> {
    let all =
        state.resources.values().flat_map(|one| one.deposed.iter().map(|old| old.id.as_str()).chain([one.id.as_str()]));
    all.filter(|id| !id.is_empty()).collect()
}

/// What groma has made, and what it has taken over.
fn ours(world: &World) -> impl Iterator<Item = (&str, &Object)> {
    let made = |object: &Object| !object.token.is_empty() || object.tags.contains_key(ownership::LINEAGE);
    world.objects.iter().filter(move |(_, object)| made(object)).map(|(id, object)| (id.as_str(), object))
}

/// Whether it may live without being recorded: its address was let go.
fn is_free(object: &Object, free: &BTreeSet<String>) -> bool {
    object
        .tags
        .get(ownership::ADDRESS)
        .is_none_or(|address| free.iter().any(|name| address.split(['.', '/']).any(|part| part == name)))
}

fn is_as_written(
    world: &World,
    state: &State,
    wanted: &Environment,
    all: &[Instance<'_>],
    instance: &Instance<'_>,
) -> Result<(), String> {
    let (block, recorded) = (instance.block, &state.resources[&instance.address]);
    let object = world.objects.get(&recorded.id).ok_or("it is not there")?;
    if recorded.condition != Condition::Ready || !recorded.deposed.is_empty() {
        return Err(format!("it is {:?} with {} deposed", recorded.condition, recorded.deposed.len()));
    }
    let mut expected: BTreeMap<&str, Value> = BTreeMap::new();
    let mut expect = |name: &'static str, value: Option<Value>| drop(value.map(|value| expected.insert(name, value)));
    expect("name", instance.name.clone().map(Value::from));
    expect("size", block.size.filter(|_| !block.ignores_size).map(|size| (size as i64).into()));
    expect("zone", block.zone.map(|zone| format!("z{zone}").into()));
    expect("policy", block.policy.map(|policy| format!("p{policy}").into()));
    expect("ttl", block.ttl.map(|ttl| (ttl as i64).into()));
    for (name, value) in &expected {
        let found = object.attributes.get(*name);
        if found != Some(value) {
            return Err(format!("{name} is {found:?} instead of {value:?}"));
        }
    }
    let cleared = ["policy", "ttl"]
        .into_iter()
        .find(|name| !expected.contains_key(name) && object.attributes.contains_key(*name));
    if let Some(name) = cleared {
        return Err(format!("{name} is still there"));
    }
    let arns: BTreeSet<String> = all
        .iter()
        .filter(|other| block.uses.contains(&other.block.name) && (!block.in_module || other.module == instance.module))
        .map(|other| format!("arn:sim:{}", state.resources[&other.address].id))
        .collect();
    let used = object.attributes.get("uses").and_then(Value::as_list).unwrap_or_default();
    let used: BTreeSet<String> = used.iter().filter_map(Value::as_text).map(str::to_owned).collect();
    if used != arns {
        return Err(format!("it uses {used:?} instead of {arns:?}"));
    }
    let own = block.tags.iter().chain(wanted.tags.iter().filter(|(key, _)| !block.tags.contains_key(*key)));
    let tags: BTreeMap<String, String> = own.map(|(key, value)| (key.clone(), format!("v{value}"))).collect();
    let found: BTreeMap<String, String> = object
        .tags
        .iter()
        .filter(|(key, _)| !key.starts_with("groma:") && *key != "theirs")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // What was let go and taken back has kept tags that nobody answers for.
    let found: BTreeMap<String, String> =
        found.into_iter().filter(|(key, _)| !block.retain || tags.contains_key(key)).collect();
    if tags != found {
        return Err(format!("its tags are {found:?} instead of {tags:?}"));
    }
    // Tags that somebody took are not set again.
    match object.tags.get(ownership::ADDRESS) {
        Some(tag) if *tag != ownership::address_tag(&instance.address) => Err(format!("its address tag is {tag}")),
        _ => Ok(()),
    }
}

/// Nothing that was written or told since the last look holds a secret in any encoding.
pub(crate) fn secrets_nowhere(stage: &Stage, secrets: &[String]) -> Result<(), Breach> {
    let written = std::mem::take(&mut stage.notes().written);
    let text = written.join("\n");
    match holds(&text, secrets) {
        Some(line) => Err(("secrets are nowhere", line)),
        None => Ok(()),
    }
}

/// The first line with a secret in it.
pub(crate) fn holds(text: &str, secrets: &[String]) -> Option<String> {
    let scrubber = Scrubber::default();
    secrets.iter().for_each(|secret| scrubber.learn(secret));
    let scrubbed = scrubber.scrub(text);
    if scrubbed == text {
        return None;
    }
    let differing = text.lines().zip(scrubbed.lines()).find(|(before, after)| before != after);
    Some(differing.map_or("across lines", |(_, after)| after).to_owned())
}
