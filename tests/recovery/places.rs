//! Killed at each call, before and after its effect: one more run ends where an undisturbed one does.

use crate::cloud::Kind;
use crate::counts::{Counts, Undisturbed};
use crate::plays::{Play, System, Verb};
use crate::proxy::Instant;
use crate::world::{End, Stage};

/// Of so many places one is tried, unless all are asked for; another one for each play.
const SPREAD: usize = 9;

/// Whether a place is tried: before and after a call in turn.
fn is_tried(play: &Play, at: usize, instant: Instant) -> bool {
    let place = 2 * at + usize::from(instant == Instant::After);
    tests::running::all_asked() || place % (2 * SPREAD + 1) == play.verb as usize + 2
}

#[track_caller]
fn check(system: System, verb: Verb, kind: Kind) {
    let play = Play::of(system, verb, kind);
    let test = format!("kills-{}-{}", system.name(), verb.name());
    let Some(stage) = Stage::of(&play, &test) else { return };
    let undisturbed = Undisturbed::of(&stage.world(), &play);
    let mut counts = Counts::default();
    for at in 1.. {
        let tried = Instant::BOTH.into_iter().filter(|instant| is_tried(&play, at, *instant));
        // Beyond the last call of an undisturbed run each place is tried, to find where the killed ones end.
        let reached = tried.map(|instant| killed(&stage, &play, &undisturbed, at, instant, &mut counts));
        if reached.fold(false, |ended, reached| ended || !reached) {
            // Some calls are repeated until the service is ready, so their number is not the same each time.
            assert!(at > undisturbed.calls / 2, "call {at} of {} was never reached", undisturbed.calls);
            break;
        }
    }
    counts.tell(&play, "kills");
}

/// Whether the run came as far as that call.
fn killed(
    stage: &Stage,
    play: &Play,
    undisturbed: &Undisturbed,
    at: usize,
    instant: Instant,
    counts: &mut Counts,
) -> bool {
    let world = stage.world();
    world.write(&play.written);
    let call = match world.killed(play.command(), at, instant) {
        End::Killed(call) => call,
        End::Finished(said) => {
            assert_eq!(said.code, Some(0), "{said:?}");
            return false;
        }
    };
    let said = world.run(play.command());
    let ended =
        (said.code != Some(0)).then(|| format!("one more run ended with {:?}:\n{}\n{}", said.code, said.out, said.err));
    let place = format!("killed {} call {call} of {} {}", instant.name(), play.verb.name(), play.system.name());
    counts.add(&place, ended, undisturbed.judge(&world, play));
    true
}

#[test]
fn friendly_advice_is_made_on_the_local_cloud() {
    check(System::Advice, Verb::Apply, Kind::Local);
}

#[test]
fn friendly_advice_is_changed_on_the_local_cloud() {
    check(System::Advice, Verb::Update, Kind::Local);
}

#[test]
fn friendly_advice_is_replaced_on_the_local_cloud() {
    check(System::Advice, Verb::Replace, Kind::Local);
}

#[test]
fn friendly_advice_is_destroyed_on_the_local_cloud() {
    check(System::Advice, Verb::Destroy, Kind::Local);
}

#[test]
fn friendly_advice_is_made_on_moto() {
    check(System::Advice, Verb::Apply, Kind::Moto);
}

#[test]
fn friendly_advice_is_changed_on_moto() {
    check(System::Advice, Verb::Update, Kind::Moto);
}

#[test]
fn friendly_advice_is_replaced_on_moto() {
    check(System::Advice, Verb::Replace, Kind::Moto);
}

#[test]
fn friendly_advice_is_destroyed_on_moto() {
    check(System::Advice, Verb::Destroy, Kind::Moto);
}

#[test]
fn the_chatbot_is_made_on_the_local_cloud() {
    check(System::Chatbot, Verb::Apply, Kind::Local);
}

#[test]
fn the_chatbot_is_changed_on_the_local_cloud() {
    check(System::Chatbot, Verb::Update, Kind::Local);
}

#[test]
fn the_chatbot_is_replaced_on_the_local_cloud() {
    check(System::Chatbot, Verb::Replace, Kind::Local);
}

#[test]
fn the_chatbot_is_destroyed_on_the_local_cloud() {
    check(System::Chatbot, Verb::Destroy, Kind::Local);
}

#[test]
fn the_chatbot_is_made_on_moto() {
    check(System::Chatbot, Verb::Apply, Kind::Moto);
}

#[test]
fn the_chatbot_is_changed_on_moto() {
    check(System::Chatbot, Verb::Update, Kind::Moto);
}

#[test]
fn the_chatbot_is_replaced_on_moto() {
    check(System::Chatbot, Verb::Replace, Kind::Moto);
}

#[test]
fn the_chatbot_is_destroyed_on_moto() {
    check(System::Chatbot, Verb::Destroy, Kind::Moto);
}
