//! The state lost when a run was killed: `state recover` finds what exists, and the next run goes on from there.
//!
//! `GROMA_KILLS=all` tries every place.

use crate::census::{agrees, essence, same};
use crate::stops::applied;
use crate::systems;
use crate::world::{ENVIRONMENT, End, World, all_asked};

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Loss {
    /// State, journal and key.
    All,
    /// The state alone: the journal knows what was on its way.
    State,
    /// The state is half a state.
    Half,
    /// Somebody has written into the journal, where its newest entries stand.
    Journal,
}

impl Loss {
    fn happens(self, world: &World) {
        const STATE: &str = "state.json";
        match self {
            Self::All => world.recorded().iter().for_each(|name| world.remove_record(name)),
            Self::State => world.remove_record(STATE),
            Self::Half => {
                let text = world.read_record(STATE).expect("there is a state");
                world.write_record(STATE, &text[..text.len() / 2]);
            }
            Self::Journal => {
                let names = world.recorded().into_iter().filter(|name| name.starts_with("journal"));
                let newest = names.max().expect("there is a journal");
                let text = world.read_record(&newest).expect("it can be read");
                let last = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
                world.write_record(&newest, &format!("{}?{}", &text[..last], &text[last..]));
            }
        }
    }
}

const RECOVER: &[&str] = &["state", "recover", ENVIRONMENT, "--auto-approve"];

/// Carries an environment out, killed at every `step`th call, loses the state and goes on.
#[track_caller]
fn check(start: &World, environment: &str, losses: &[Loss], step: usize) {
    let whole = start.fork();
    whole.write(environment);
    whole.must("apply");
    // To look through all types makes what each account starts with.
    Loss::All.happens(&whole);
    assert_eq!(whole.patiently(RECOVER).code, Some(0));
    whole.plans_nothing("apply");
    let (expected, calls) = (essence(&whole.dump()), whole.calls().len());
    let step = if all_asked() { 1 } else { step };
    for (turn, at) in (1..=calls).step_by(step).enumerate() {
        let when = if turn % 2 == 0 { "after" } else { "before" };
        let loss = losses[turn % losses.len()];
        let world = start.fork();
        world.write(environment);
        let End::Killed(call) = world.killed("apply", at, when) else { return };
        loss.happens(&world);
        let said = world.patiently(RECOVER);
        let place = format!("killed {when} call {call}, lost: {loss:?}\n{}\n{}", said.out, said.err);
        assert_eq!(said.code, Some(0), "{place}");
        let next = world.go("apply");
        assert_eq!(next.code, Some(0), "{place}\nthen: {}\n{}", next.out, next.err);
        let place = format!("{place}\nthen: {}\n{}", next.out, next.err);
        agrees(&world, &place);
        same(&essence(&world.dump()), &expected, &place);
        world.plans_nothing("apply");
    }
}

fn made(images: &[&str], environment: &str) -> World {
    applied(World::new(images), environment)
}

const EACH: &[Loss] = &[Loss::All, Loss::State, Loss::Half, Loss::Journal];

#[test]
fn while_a_repository_is_replaced() {
    let start = made(&[], &systems::repository());
    for loss in EACH {
        check(&start, &systems::repository_renamed(), &[*loss], 1);
        check(&start, &systems::repository_encrypted(), &[*loss], 1);
    }
}

#[test]
fn while_a_system_is_made() {
    check(&World::new(systems::ADVICE_IMAGES), &systems::advice(), EACH, 4);
}

#[test]
fn while_a_system_is_changed() {
    check(&made(systems::ADVICE_IMAGES, &systems::advice()), &systems::advice_changed(), EACH, 4);
}

/// What a service leaves behind carries no tags: only the journal knows whose it was.
#[test]
fn while_a_system_is_replaced() {
    let images = ["friendly-advice-columnist:latest", "friendlier-advice:latest"];
    check(&made(&images, &systems::advice()), &systems::advice_renamed(), &[Loss::State], 6);
}

#[test]
fn while_a_chatbot_is_changed() {
    check(&made(systems::CHATBOT_IMAGES, &systems::chatbot()), &systems::chatbot_changed(), EACH, 8);
}

/// The state of a team, which no folder of the one who recovers it holds.
#[test]
fn of_a_team() {
    check(&applied(World::shared(&[]), &systems::repository()), &systems::repository_renamed(), EACH, 6);
}

/// Everything is there, and nothing is recorded: after the recovery nothing is to be done.
#[test]
fn of_everything() {
    let start = made(systems::EVERYTHING_IMAGES, &systems::everything());
    for loss in &EACH[..3] {
        let world = start.fork();
        loss.happens(&world);
        let said = world.run(RECOVER);
        assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
        assert!(said.out.contains("The plan is empty"), "{}", said.out);
        agrees(&world, "a recovery");
        world.plans_nothing("apply");
        let refused = world.run(RECOVER);
        assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
        assert!(refused.err.contains("the state is there"), "{}", refused.err);
    }
}
