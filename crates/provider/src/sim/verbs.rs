//! The verbs of all simulated types.

use std::{collections::BTreeMap, marker::PhantomData, time::Duration};

use model::{Health, Kind, Live, Schema, Value, observed::ownership};

use super::{
    Object, World,
    cloud::Shared,
    kinds::{Habit, written},
    world::ARN,
};
use crate::{
    Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};

/// One simulated type.
pub(super) struct Sim<H: Habit> {
    habit: PhantomData<fn() -> H>,
}

/// Nothing here needs its arguments typed.
pub(super) type Arguments = serde_json::Map<String, serde_json::Value>;

const NEXT: &str = "sim:Update";

fn refused(operation: &str, code: &str) -> Failure {
    Failure {
        code: Some(code.to_owned()),
        ..Failure::new(FailureKind::Refused, operation, "the simulated cloud refuses")
    }
}

impl<H: Habit> Sim<H> {
    fn make(world: &mut World, want: &Want<Arguments>, token: &Token) -> Result<Sent, Failure> {
        let fail = |kind| Err(Failure::new(kind, Self::CREATE.0, "the simulated cloud refuses"));
        let name = written(&want.values, "name").and_then(Value::as_text);
        if let Some((id, _)) = world.objects.iter().find(|(_, object)| object.token == token.0) {
            if H::CLASS == RetryClass::Token {
                return Ok(Sent::id(id.clone()));
            }
            let breach = format!("{} was created twice", want.address);
            world.breaches.push(breach);
        }
        let id = match name {
            Some(name) if H::SCHEMA.revisions => format!("{name}/{}", world.number()),
            Some(name) => name.to_owned(),
            None => format!("{}-{}", H::SCHEMA.name, world.number()),
        };
        if world.objects.contains_key(&id) {
            return fail(FailureKind::Exists);
        }
        for used in used(&want.values) {
            if !world.objects.contains_key(&used) {
                return Err(refused(Self::CREATE.0, "NoSuchThing"));
            }
        }
        let attributes = answered::<H>(&want.values, false);
        let failing = H::LOOKS > 0 && attributes.get("size").and_then(Value::as_i64) == Some(13);
        let object = Object {
            type_name: H::SCHEMA.name.to_owned(),
            attributes,
            tags: want.tags.clone(),
            token: token.0.clone(),
            looks: H::LOOKS,
            operation: world.number(),
            rollback: failing.then_some(None),
            ..Object::default()
        };
        let operation = (H::LOOKS > 0).then(|| object.operation.to_string());
        world.hide(&id);
        world.effects.push(format!("{} {id}", Self::CREATE.0));
        world.objects.insert(id.clone(), object);
        Ok(Sent::id(id).operation(operation))
    }

    fn change(world: &mut World, id: &str, what: &str, change: impl FnOnce(&mut Object)) -> Result<Sent, Failure> {
        let operation = world.number();
        let gone = || Failure::new(FailureKind::NotFound, NEXT, "it is not there");
        let object = world.objects.get_mut(id).ok_or_else(gone)?;
        if object.looks > 0 {
            return Err(refused(NEXT, "OperationInProgress"));
        }
        let before = object.attributes.clone();
        change(object);
        object.looks = H::LOOKS;
        object.operation = operation;
        let failing = H::LOOKS > 0 && object.attributes.get("size").and_then(Value::as_i64) == Some(13);
        object.rollback = (failing && before != object.attributes).then_some(Some(before));
        world.effects.push(format!("{what} {id}"));
        Ok(Sent { id: None, operation: (H::LOOKS > 0).then(|| operation.to_string()) })
    }

    /// Changes several attributes, or one part.
    fn set<'a>(client: &'a Shared, live: &'a Live, values: BTreeMap<String, Value>, does: String) -> Call<'a> {
        Call::new(NEXT, RetryClass::Upsert, does, async move {
            client
                .mutate(NEXT, &live.id, |world| {
                    for used in used(&values) {
                        if !world.objects.contains_key(&used) {
                            return Err(refused(NEXT, "NoSuchThing"));
                        }
                    }
                    Self::change(world, &live.id, NEXT, |object| {
                        for (name, value) in values {
                            match value {
                                Value::Null => object.attributes.remove(&name),
                                value => object.attributes.insert(name, value),
                            };
                        }
                    })
                })
                .await
        })
    }

    fn retag<'a>(client: &'a Shared, live: &'a Live, tags: BTreeMap<String, Option<String>>) -> Call<'a> {
        let does = format!("sets {} tags", tags.len());
        Call::new("sim:Tag", RetryClass::Upsert, does, async move {
            client
                .mutate("sim:Tag", &live.id, |world| {
                    let gone = || Failure::new(FailureKind::NotFound, "sim:Tag", "it is not there");
                    let object = world.objects.get_mut(&live.id).ok_or_else(gone)?;
                    for (key, value) in tags {
                        match value {
                            Some(value) => object.tags.insert(key, value),
                            None => object.tags.remove(&key),
                        };
                    }
                    world.effects.push(format!("sim:Tag {}", live.id));
                    Ok(Sent::default())
                })
                .await
        })
    }

    fn remove(world: &mut World, id: &str) -> Result<Sent, Failure> {
        let users: Vec<String> = world.users(id).into_iter().cloned().collect();
        if !users.is_empty() {
            world.breaches.push(format!("{id} was to be deleted while {} used it", users.join(", ")));
            return Err(refused(Self::DELETE, "DependencyViolation"));
        }
        let operation = world.number();
        let gone = || Failure::new(FailureKind::NotFound, Self::DELETE, "it is not there");
        let object = world.objects.get_mut(id).ok_or_else(gone)?;
        if H::PARTS.iter().any(|part| object.attributes.contains_key(*part)) {
            return Err(refused(Self::DELETE, "StillHasParts"));
        }
        object.operation = operation;
        object.rollback = None;
        if H::LOOKS > 0 {
            object.deleting = true;
            object.looks = H::LOOKS;
        } else {
            world.objects.remove(id);
        }
        if !H::PARTS.is_empty() {
            world.leftovers.insert(format!("logs of {id}"));
        }
        world.effects.push(format!("{} {id}", Self::DELETE));
        Ok(Sent { id: None, operation: (H::LOOKS > 0).then(|| operation.to_string()) })
    }

    fn live(world: &World, id: &str) -> Option<Live> {
        let object = world.objects.get(id).filter(|object| object.type_name == H::SCHEMA.name)?;
        let mut live = Live::new(id).with("arn", format!("{ARN}{id}"));
        let answered =
            H::SCHEMA.attributes.iter().filter(|spec| spec.is_argument() && !spec.write_only && !spec.deletion);
        for spec in answered.filter(|spec| spec.name != "tags") {
            let value = object.attributes.get(spec.name).cloned().unwrap_or_default();
            // Sets come back in whatever order.
            let value = match (spec.kind, value) {
                (Kind::Set(_), Value::List(items)) => Value::List(items.into_iter().rev().collect()),
                (_, value) => value,
            };
            live.attributes.insert(spec.name.to_owned(), value);
        }
        live = live.tagged(object.tags.clone());
        live.health = match (object.failed, object.looks) {
            (true, _) => Health::Failed("CREATE_FAILED".to_owned()),
            (false, 0) => Health::Ready,
            (false, _) => Health::Busy("OPERATION_IN_PROGRESS".to_owned()),
        };
        Some(live)
    }
}

/// The ids of what a resource uses.
fn used(values: &BTreeMap<String, Value>) -> Vec<String> {
    let used = values.get("uses").and_then(Value::as_list).unwrap_or_default();
    used.iter().filter_map(Value::as_text).map(|arn| arn.strip_prefix(ARN).unwrap_or(arn).to_owned()).collect()
}

/// What the service keeps of what is written.
fn answered<H: Habit>(values: &BTreeMap<String, Value>, parts: bool) -> BTreeMap<String, Value> {
    let kept = |name: &str| {
        let spec = H::SCHEMA.attribute(name);
        name != "tags"
            && spec.is_some_and(|spec| !spec.write_only && !spec.deletion)
            && (parts || !H::PARTS.contains(&name))
    };
    values.iter().filter(|(name, value)| kept(name) && !value.is_null()).map(|(n, v)| (n.clone(), v.clone())).collect()
}

impl<H: Habit> Resource for Sim<H> {
    const SCHEMA: &'static Schema = H::SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("sim:Create", H::CLASS);
    const DELETE: &'static str = "sim:Delete";
    const RETRIES: &'static [Retry] = &[
        Retry {
            code: "NotYet",
            fragment: "",
            phases: &[RetryPhase::Create, RetryPhase::Update, RetryPhase::Delete],
            window: 120,
            fresh_only: false,
            waiting_for: "the simulation",
        },
        Retry {
            code: "TooNew",
            fragment: "",
            phases: &[RetryPhase::Create, RetryPhase::Update],
            window: 120,
            fresh_only: true,
            waiting_for: "what it uses",
        },
        Retry {
            code: "OperationInProgress",
            fragment: "",
            phases: &[RetryPhase::Update],
            window: 120,
            fresh_only: false,
            waiting_for: "the operation under way",
        },
    ];

    type Client = Shared;
    type Arguments = Arguments;

    async fn create(client: &Shared, _place: &Place, want: &Want<Arguments>, token: &Token) -> Result<Sent, Failure> {
        client.mutate(Self::CREATE.0, &token.0, |world| Self::make(world, want, token)).await
    }

    fn next<'a>(client: &'a Shared, _place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        for part in H::PARTS {
            if want.differs(part) {
                let value = want.values.get(*part).cloned().unwrap_or_default();
                let values = BTreeMap::from([((*part).to_owned(), value)]);
                return Some(Self::set(client, live, values, format!("sets the {part}")));
            }
        }
        if let Some(name) = want.cleared.iter().find(|name| written(&live.attributes, name).is_some()) {
            let values = BTreeMap::from([(name.clone(), Value::Null)]);
            return Some(Self::set(client, live, values, format!("clears the {name}")));
        }
        let differs = |name: &str| want.differs(name) && name != "tags";
        if want.differing.iter().any(|name| differs(name)) {
            let values = answered::<H>(&want.values, true);
            let values = values.into_iter().filter(|(name, _)| differs(name)).collect();
            return Some(Self::set(client, live, values, "changes it".to_owned()));
        }
        let mut tags: BTreeMap<String, Option<String>> =
            want.tags_to_set(live).into_iter().map(|(key, value)| (key, Some(value))).collect();
        tags.extend(want.tags_to_remove(live).into_iter().map(|key| (key, None)));
        (!tags.is_empty()).then(|| Self::retag(client, live, tags))
    }

    async fn settle(
        client: &Shared,
        _place: &Place,
        id: &str,
        operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        client.ask("sim:Describe", id).await?;
        let mut world = client.world();
        let Some(object) = world.objects.get_mut(id) else {
            return if goal == Goal::Gone {
                Ok(Settled::Ready)
            } else {
                Err(Failure::new(FailureKind::NotFound, "sim:Describe", "it is not there"))
            };
        };
        if object.looks > 0 {
            world.look(id);
            return Ok(Settled::Again(Duration::from_secs(5), "OPERATION_IN_PROGRESS".to_owned()));
        }
        if object.deleting {
            world.objects.remove(id);
            return Ok(Settled::Ready);
        }
        let judged = operation.is_none_or(|operation| operation == object.operation.to_string());
        if let Some(rollback) = object.rollback.clone().filter(|_| judged) {
            let tainted = rollback.is_none();
            object.failed = tainted;
            if let Some(before) = rollback {
                object.attributes = before;
            }
            let failure = Box::new(Failure::new(FailureKind::Refused, "sim:Operation", "13 brings bad luck"));
            return Ok(Settled::Failed { failure, tainted });
        }
        Ok(if goal == Goal::Present {
            Settled::Ready
        } else {
            Settled::Again(Duration::from_secs(1), "still there".to_owned())
        })
    }

    async fn read(client: &Shared, _place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        client.ask("sim:Read", &ids.join(" ")).await?;
        let mut world = client.world();
        ids.iter().for_each(|id| world.look(id));
        Ok(ids.iter().map(|id| if world.shows(id) { Self::live(&world, id) } else { None }).collect())
    }

    async fn delete(
        client: &Shared,
        _place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        client.mutate(Self::DELETE, id, |world| Self::remove(world, id)).await
    }

    fn dismantle<'a>(
        client: &'a Shared,
        _place: &'a Place,
        live: &'a Live,
        _arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let part = H::PARTS.iter().find(|part| written(&live.attributes, part).is_some())?;
        let values = BTreeMap::from([((*part).to_owned(), Value::Null)]);
        Some(Self::set(client, live, values, format!("takes the {part} off")))
    }

    fn sweep<'a>(client: &'a Shared, _place: &'a Place, lived: &'a Live, done: usize) -> Option<Call<'a>> {
        if H::PARTS.is_empty() || done > 0 {
            return None;
        }
        Some(Call::new("sim:DeleteLogs", RetryClass::Upsert, "removes its logs", async move {
            client
                .mutate("sim:DeleteLogs", &lived.id, |world| {
                    world.leftovers.remove(&format!("logs of {}", lived.id));
                    world.effects.push(format!("sim:DeleteLogs {}", lived.id));
                    Ok(Sent::default())
                })
                .await
        }))
    }

    async fn find(client: &Shared, _place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        client.ask("sim:Find", &intent.token.0).await?;
        let world = client.world();
        let tag = |object: &Object| object.tags.get(ownership::CREATE) == Some(&intent.token.0);
        let found = world.objects.iter().find(|(_, object)| object.type_name == H::SCHEMA.name && tag(object));
        let found = found.map(|(id, _)| id.clone());
        Ok(found.filter(|id| world.shows(id)))
    }

    async fn list(client: &Shared, _place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let world = client.world();
        let made_for =
            |object: &Object| object.tags.get(ownership::ENVIRONMENT).is_some_and(|name| name == environment);
        let ours = world.objects.iter().filter(|(_, object)| object.type_name == H::SCHEMA.name && made_for(object));
        Ok(ours.map(|(id, _)| id.clone()).filter(|id| world.shows(id)).collect())
    }

    async fn namesake(
        client: &Shared,
        _place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = written(identity, "name").and_then(Value::as_text) else { return Ok(None) };
        if H::SCHEMA.natural_name.is_empty() {
            return Ok(None);
        }
        client.ask("sim:Lookup", name).await?;
        Ok(client.world().shows(name).then(|| name.to_owned()))
    }
}
