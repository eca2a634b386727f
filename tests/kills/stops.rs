//! Killed at each call, before and after its effect: the next run finds out, goes on, and ends where an undisturbed one does.
//!
//! `GROMA_KILLS=all` tries every place; without it the systems are killed at every ninth call or fewer, before and after it in turn.

use crate::census::{agrees, essence, same};
use crate::systems;
use crate::world::{End, World, all_asked};

/// Which places are tried.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Places {
    All,
    /// Before one call, after the ninth next, and so on, unless all are asked for.
    Few,
    /// A third of those.
    Rare,
}

impl Places {
    fn holds(self, at: usize, when: &str) -> bool {
        let step = match self {
            Self::All => 1,
            Self::Few => 9,
            Self::Rare => 27,
        };
        self == Self::All || all_asked() || at % step == 1 && (when == "before") == (at % 2 == 1)
    }
}

/// From a world, an environment is carried out: undisturbed, and killed at each of its calls.
#[track_caller]
pub(crate) fn check(start: &World, environment: &str, verb: &str, places: Places) {
    let whole = start.fork();
    whole.write(environment);
    whole.must(verb);
    agrees(&whole, "without a kill");
    whole.plans_nothing(verb);
    let (expected, calls) = (essence(&whole.dump()), whole.calls().len());
    assert!(calls > 0, "nothing was called, so nothing is tested");
    for at in 1.. {
        let mut ended = false;
        for when in ["before", "after"] {
            if places.holds(at, when) {
                ended |= !killed(start, environment, verb, at, when, &expected);
            }
        }
        if ended {
            // Some calls are repeated until the service is ready, so their number is not the same each time.
            assert!(at > calls / 2, "call {at} of {calls} was never reached");
            return;
        }
    }
}

/// Whether the run came as far as that call.
#[track_caller]
fn killed(start: &World, environment: &str, verb: &str, at: usize, when: &str, expected: &[String]) -> bool {
    let world = start.fork();
    world.write(environment);
    let call = match world.killed(verb, at, when) {
        End::Killed(call) => call,
        End::Finished(said) => {
            assert_eq!(said.code, Some(0), "{said:?}");
            return false;
        }
    };
    let place = format!("killed {when} call {call} of {verb}");
    let said = world.go(verb);
    assert_eq!(said.code, Some(0), "{place}, the next run:\n{}\n{}", said.out, said.err);
    agrees(&world, &place);
    same(&essence(&world.dump()), expected, &place);
    world.plans_nothing(verb);
    true
}

/// Killed at one call, then at a call of the run that was to mend it, and once more.
#[track_caller]
fn again_and_again(start: &World, environment: &str, verb: &str, at: usize) {
    let whole = start.fork();
    whole.write(environment);
    whole.must(verb);
    let world = start.fork();
    world.write(environment);
    let mut places = Vec::new();
    for (at, when) in [(at, "after"), (1, "before"), (1, "after"), (2, "after")] {
        if let End::Killed(call) = world.killed(verb, at, when) {
            places.push(format!("{when} call {call}"));
        }
    }
    let places = format!("{verb} killed {}", places.join(", then "));
    let said = world.go(verb);
    assert_eq!(said.code, Some(0), "{places}, the next run:\n{}\n{}", said.out, said.err);
    agrees(&world, &places);
    same(&essence(&world.dump()), &essence(&whole.dump()), &places);
    world.plans_nothing(verb);
}

/// A world in which an environment was applied.
fn made(images: &[&str], environment: &str) -> World {
    applied(World::new(images), environment)
}

pub(crate) fn applied(world: World, environment: &str) -> World {
    let world = world.written(environment);
    world.must("apply");
    world
}

#[test]
fn a_repository_is_made() {
    check(&World::new(&[]), &systems::repository(), "apply", Places::All);
}

#[test]
fn a_repository_is_changed() {
    check(&made(&[], &systems::repository()), &systems::repository_changed(), "apply", Places::All);
}

#[test]
fn a_repository_is_replaced_by_one_of_another_name() {
    check(&made(&[], &systems::repository()), &systems::repository_renamed(), "apply", Places::All);
}

#[test]
fn a_repository_is_replaced_by_one_of_its_name() {
    check(&made(&[], &systems::repository()), &systems::repository_encrypted(), "apply", Places::All);
}

#[test]
fn a_repository_is_destroyed() {
    let environment = systems::repository();
    check(&made(&[], &environment), &environment, "destroy", Places::All);
}

#[test]
fn a_system_is_made() {
    check(&World::new(systems::ADVICE_IMAGES), &systems::advice(), "apply", Places::Few);
}

#[test]
fn a_system_is_changed() {
    check(&made(systems::ADVICE_IMAGES, &systems::advice()), &systems::advice_changed(), "apply", Places::Few);
}

#[test]
fn a_system_is_replaced() {
    let images = ["friendly-advice-columnist:latest", "friendlier-advice:latest"];
    check(&made(&images, &systems::advice()), &systems::advice_renamed(), "apply", Places::Few);
}

#[test]
fn a_system_is_destroyed() {
    let environment = systems::advice();
    check(&made(systems::ADVICE_IMAGES, &environment), &environment, "destroy", Places::Few);
}

#[test]
fn a_chatbot_is_made() {
    check(&World::new(systems::CHATBOT_IMAGES), &systems::chatbot(), "apply", Places::Rare);
}

#[test]
fn a_chatbot_is_changed() {
    check(&made(systems::CHATBOT_IMAGES, &systems::chatbot()), &systems::chatbot_changed(), "apply", Places::Rare);
}

#[test]
fn a_chatbot_is_destroyed() {
    let environment = systems::chatbot();
    check(&made(systems::CHATBOT_IMAGES, &environment), &environment, "destroy", Places::Rare);
}

#[test]
fn those_who_mend_are_killed_too() {
    let environment = systems::everything();
    let (nothing, everything) =
        (World::new(systems::EVERYTHING_IMAGES), made(systems::EVERYTHING_IMAGES, &environment));
    for at in if all_asked() { 2..40 } else { 9..10 } {
        again_and_again(&nothing, &environment, "apply", at);
        again_and_again(&everything, &systems::everything_changed(), "apply", at);
        again_and_again(&everything, &environment, "destroy", at);
    }
}
