//! Laws, and a generator that attacks them.

use model::plan::Phase;
use proptest::prelude::*;

use super::*;

/// One resource as the generator thinks of it: a type, an argument, and what it may use among those before it.
#[derive(Debug, Clone)]
struct Wish {
    kind: usize,
    value: u8,
    uses: Vec<u8>,
    tags: u8,
}

const KINDS: &[&str] = &["vpc", "subnet", "repo", "rev", "apprunner_service", "apprunner_vpc_connector"];

/// An attribute that can be referred to.
const ATTRIBUTES: &[&str] = &["vpc_id", "subnet_id", "digest", "arn", "url", "arn"];

fn wish() -> impl Strategy<Value = Option<Wish>> {
    let present = (0..KINDS.len(), 0u8..3, prop::collection::vec(0u8..8, 0..3), 0u8..4);
    prop::option::weighted(0.8, present.prop_map(|(kind, value, uses, tags)| Wish { kind, value, uses, tags }))
}

/// Up to eight places; the kind of a place never changes, so that the same address stays the same type.
fn wishes() -> impl Strategy<Value = Vec<Option<Wish>>> {
    prop::collection::vec(wish(), 1..8)
}

fn kind(at: usize) -> usize {
    (at * 5 + at / 3) % KINDS.len()
}

/// The wishes as text.
fn written(wishes: &[Option<Wish>]) -> String {
    let lines: Vec<String> =
        wishes.iter().enumerate().filter_map(|(at, wish)| wish.as_ref().map(|wish| block(wishes, at, wish))).collect();
    lines.join("\n")
}

fn block(wishes: &[Option<Wish>], at: usize, wish: &Wish) -> String {
    let used: Vec<usize> =
        wish.uses.iter().map(|used| usize::from(*used)).filter(|used| *used < at && wishes[*used].is_some()).collect();
    let reference = used.first().map(|used| format!("${}.r{used}.{}", KINDS[kind(*used)], ATTRIBUTES[kind(*used)]));
    let from = reference.clone().unwrap_or_else(|| format!("v{}", wish.value));
    let tags = (0..wish.tags).map(|tag| format!("t{tag}: {}", wish.value)).collect::<Vec<_>>().join(", ");
    let value = wish.value;
    let arguments = match KINDS[kind(at)] {
        "vpc" if wish.tags > 2 => format!("cidr=c{value}, dns=false"),
        "vpc" => format!("cidr=c{value}, tags={{{tags}}}"),
        "subnet" if wish.kind < 3 => format!("vpc_id={from}, size={}, note={from}", value + 1),
        "subnet" => format!("note={from}, tags={{{tags}}}"),
        "repo" if wish.kind < 2 => format!("name=repo{at}, rules={{a: {value}}}, days={value}"),
        "repo" if wish.kind < 4 => format!("name=repo{at}, encryption=e{value}, days={value}"),
        "repo" => format!("name=repo{at}-{value}, policy={{Statement: [{{Action: {from}}}]}}"),
        "rev" => format!("name=rev, value={value}"),
        "apprunner_service" => format!("name=s{at}, image={from}, env={{A: {from}, B: {value}}}"),
        _ if wish.kind < 3 => format!("name_prefix=c{at}-, subnets=[{from}, s]"),
        _ => format!("name=c{at}-{value}, subnets=[{from}]"),
    };
    let depends: Vec<String> = used.iter().skip(1).map(|used| format!("{}.r{used}", KINDS[kind(*used)])).collect();
    let depends = if depends.is_empty() { String::new() } else { format!(" -> {}", depends.join(", ")) };
    format!("{}.r{at}({arguments}){depends}", KINDS[kind(at)])
}

/// Plans and applies; nothing when the plan is refused, which must be for a reason that a person can act on.
fn step(world: &mut World, text: &str) -> Option<Plan> {
    match ask(world, text, &Ask::default()) {
        Ok(plan) => {
            world.apply(&plan);
            Some(plan)
        }
        Err(error) => {
            const ALLOWED: &[&str] = &[
                "something in use would be deleted first",
                "changes that wait for each other",
                "looks like a move",
                "one name for two resources",
            ];
            for diagnostic in &error.diagnostics {
                assert!(ALLOWED.contains(&diagnostic.summary.as_str()), "{text}\n{diagnostic:?}");
            }
            None
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The simulated cloud asserts on the way that nothing goes before its users.
    #[test]
    fn after_apply_the_plan_is_empty(first in wishes(), second in wishes()) {
        let mut world = World::new();
        for text in [written(&first), written(&second), String::new()] {
            if step(&mut world, &text).is_some() {
                let again = ask(&world, &text, &Ask::default()).unwrap();
                prop_assert!(again.is_empty(), "{}\n{}", text, shown(&Ok(again)));
            }
        }
        prop_assert!(world.things.is_empty() && world.state.resources.is_empty());
    }

    #[test]
    fn equal_inputs_give_equal_bytes(first in wishes(), second in wishes()) {
        let mut world = World::new();
        step(&mut world, &written(&first));
        let bytes = || ask(&world, &written(&second), &Ask::default()).map(|plan| serde_json::to_string(&plan).unwrap());
        prop_assert_eq!(bytes().ok(), bytes().ok());
    }

    #[test]
    fn a_plan_survives_its_file(first in wishes(), second in wishes()) {
        let mut world = World::new();
        step(&mut world, &written(&first));
        if let Ok(plan) = ask(&world, &written(&second), &Ask::default()) {
            let json = serde_json::to_string(&plan).unwrap();
            let read: Plan = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(crate::verify(&read), Ok(()));
            prop_assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
    }

    /// A run that stops after any step converges with the next.
    #[test]
    fn an_interrupted_run_converges(first in wishes(), second in wishes(), stop in 0usize..12) {
        let mut world = World::new();
        step(&mut world, &written(&first));
        let text = written(&second);
        if let Ok(plan) = ask(&world, &text, &Ask::default()) {
            world.apply_until(&plan, stop);
            if step(&mut world, &text).is_some() {
                let again = ask(&world, &text, &Ask::default()).unwrap();
                prop_assert!(again.is_empty(), "{}\n{}", text, shown(&Ok(again)));
            }
        }
    }

    /// What somebody deletes by hand comes back.
    #[test]
    fn what_is_gone_comes_back(first in wishes(), victim in 0usize..8) {
        let mut world = World::new();
        let text = written(&first);
        step(&mut world, &text);
        let ids: Vec<String> = world.things.keys().cloned().collect();
        if let Some(id) = ids.get(victim) {
            world.things.remove(id);
            if step(&mut world, &text).is_some() {
                let again = ask(&world, &text, &Ask::default()).unwrap();
                prop_assert!(again.is_empty(), "{}\n{}", text, shown(&Ok(again)));
            }
        }
    }

    /// Targets: nothing outside the plan's own addresses is touched, and the plan after it is smaller.
    #[test]
    fn a_target_touches_only_what_it_needs(first in wishes(), second in wishes(), at in 0usize..8) {
        let mut world = World::new();
        step(&mut world, &written(&first));
        let target = format!("{}.r{at}", KINDS[kind(at)]);
        let how = Ask { targets: &[&target], ..Ask::default() };
        let text = written(&second);
        if let (Ok(whole), Ok(part)) = (ask(&world, &text, &Ask::default()), ask(&world, &text, &how)) {
            for (address, change) in &part.changes {
                prop_assert_eq!(change.action.mark(), whole.changes[address].action.mark());
            }
            world.apply(&part);
            // A target that was deleted names nothing any more.
            if let Ok(again) = ask(&world, &text, &how) {
                prop_assert!(again.shown().next().is_none(), "{}\n{}", text, shown(&Ok(again)));
            }
        }
    }

    #[test]
    fn destroy_leaves_nothing(first in wishes(), second in wishes()) {
        let mut world = World::new();
        step(&mut world, &written(&first));
        let plan = ask(&world, &written(&second), &Ask { destroy: true, ..Ask::default() }).unwrap();
        let only_removes = plan.steps.iter().all(|step| matches!(step.id.phase, Phase::Remove { .. }));
        prop_assert!(only_removes);
        world.apply(&plan);
        prop_assert!(world.things.is_empty() && world.state.resources.is_empty());
    }
}
